// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"slicestat.test/targets/internal/callers"
	"slicestat.test/targets/sites/queue"
)

// Slices that grow lie outside of the functions that grow them: else the compiler may begin them on
// the stack, which is the matter of stackBuffer alone.
var (
	ints    []int
	strings []string
	numbers queue.Ints
)

//go:noinline
func appendInt(s []int, v int) []int { return callers.Grown(cap(s), append(s, v)) }

//go:noinline
func appendString(s []string, v string) []string { return callers.Grown(cap(s), append(s, v)) }

func plain(n int) {
	ints, strings = nil, nil
	for i := 0; i < n; i++ {
		ints = appendInt(ints, i)
		strings = appendString(strings, "slice")
	}
}

func made(n int) {
	ints = callers.Made(make([]int, n))
	ints, strings = callers.Made(make([]int, 0, n)), callers.Made(make([]string, n, 2*n))
}

// Four levels, each inlined into the next.
func push1(v int) { ints = callers.Grown(cap(ints), append(ints, v)) }
func push2(v int) { push1(v) }
func push3(v int) { push2(v) }
func push4(v int) { push3(v) }

func inlined(n int) {
	ints = nil
	for i := 0; i < n; i++ {
		push4(i)
	}
	push4(n)
}

// inlinedFar has functions of other packages inlined.
func inlinedFar(n int) {
	numbers.All = nil
	for i := 0; i < n; i++ {
		numbers.Push(i)
		numbers.PushFar(i)
	}
}

func pushed(v int) bool {
	push1(v)
	return true
}

// inlinedTwice has one body at two places of one line.
func inlinedTwice(n int) {
	ints = nil
	for i := 0; i < n; i++ {
		if pushed(i) != pushed(i) {
			return
		}
	}
}

var five = [5]int{1, 2, 3, 4, 5}

// stackBuffer grows a slice that does not leave the function. Since Go 1.26 its first 32 bytes may be
// on the stack: five numbers are more.
func stackBuffer(n int) {
	var s []int
	for i := 0; i < n; i++ {
		s = callers.GrownLocal(cap(s), append(s, five[:]...))
	}
}
