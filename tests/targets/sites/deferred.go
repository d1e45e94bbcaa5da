// SPDX-License-Identifier: BSD-2-Clause

package main

import "slicestat.test/targets/internal/callers"

//go:noinline
func pushGlobal(v int) { ints = callers.Grown(cap(ints), append(ints, v)) }

func deferredCall(n int) {
	ints = nil
	deferOne(n)
	deferOne(n)
}

//go:noinline
func deferOne(n int) {
	defer pushGlobal(n)
	defer push3(n)
}

//go:noinline
func deferredClosure(n int) {
	ints = nil
	defer func() {
		ints = callers.Grown(cap(ints), append(ints, five[:]...))
		func() { ints = callers.Made(make([]int, n)) }()
	}()
	push1(n)
}

// deferredInLoop has no fixed number of deferred calls: the runtime makes them.
//
//go:noinline
func deferredInLoop(n int) {
	ints = nil
	for i := 0; i < n%7; i++ {
		defer pushGlobal(i)
		defer func() { ints = callers.Grown(cap(ints), append(ints, n, n)) }()
	}
}

//go:noinline
func deferredMethod(n int) {
	ints = nil
	defer nearValue{ints: &ints}.push(n)
	defer pusher(&embedsNear{}).push(n)
	defer (&embedsPointer{&far{}}).push(n)
}

// panicked grows slices in calls that a panic makes.
func panicked(n int) {
	ints = nil
	recovers(n)
}

//go:noinline
func recovers(n int) {
	defer func() {
		recover()
		ints = callers.Grown(cap(ints), append(ints, n))
	}()
	defer pushGlobal(n)
	panics(n)
}

//go:noinline
func panics(n int) {
	defer push1(n)
	panic("on purpose")
}

// wrapped has a wrapper panic, which is shown then.
func wrapped(n int) {
	ints = nil
	defer func() {
		recover()
		push2(n)
	}()
	pushTo((*farValue)(nil), n)
}

var nothing *point

// faulted is interrupted by a fault: at an instruction that is no call, but the first of its line.
func faulted(n int) {
	ints = nil
	survives(n)
}

//go:noinline
func survives(n int) {
	defer func() {
		recover()
		push2(n)
	}()
	push1(n)
	p := nothing
	p.z = 1
}
