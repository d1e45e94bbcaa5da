// SPDX-License-Identifier: BSD-2-Clause

// Sites_cgo grows slices in Go functions that C code calls.
package main

/*
extern void pushOne(int v);
extern void pushAndReturn(int v, int depth);

static void call_back(int v) { pushOne(v); }

static int call_back_often(int n)
{
	for (int i = 0; i < n; i++)
		pushOne(i);
	return n;
}

static void call_deeper(int v, int depth) { pushAndReturn(v, depth); }
*/
import "C"

import "slicestat.test/targets/internal/callers"

var ints []int

//go:noinline
func push(v int) { ints = callers.Grown(cap(ints), append(ints, v)) }

//export pushOne
func pushOne(v C.int) {
	push(int(v))
	ints = callers.Grown(cap(ints), append(ints, int(v)))
}

//export pushAndReturn
func pushAndReturn(v, depth C.int) {
	push(int(v))
	if depth > 0 {
		C.call_deeper(v, depth-1)
	}
	func() { ints = callers.Made(make([]int, v)) }()
}

func before(n int) {
	push(n)
	C.call_back(C.int(n))
}

func often(n int) {
	ints = nil
	C.call_back_often(C.int(n))
	ints = nil
	before(n)
}

func deep(n int) {
	ints = nil
	C.call_deeper(C.int(n), C.int(n%3))
}

func main() {
	callers.Run(5000, []callers.Step{before, often, deep})
}
