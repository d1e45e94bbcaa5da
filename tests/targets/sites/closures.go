// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"slicestat.test/targets/internal/callers"
	"slicestat.test/targets/sites/queue"
)

// called is no constant: what it holds cannot be inlined.
var called func(v int)

func closureInlined(n int) {
	ints = nil
	push := func(v int) { ints = callers.Grown(cap(ints), append(ints, v)) }
	for i := 0; i < n; i++ {
		push(i)
		func() { ints = callers.Grown(cap(ints), append(ints, i)) }()
	}
}

func closureCalled(n int) {
	ints = nil
	called = func(v int) { ints = callers.Grown(cap(ints), append(ints, v)) }
	for i := 0; i < n; i++ {
		called(i)
	}
}

func closureNested(n int) {
	ints = nil
	called = func(v int) {
		inner := func() {
			func() { ints = callers.Grown(cap(ints), append(ints, v, n)) }()
		}
		inner()
		push4(v)
	}
	for i := 0; i < n; i++ {
		called(i)
	}
}

// newPusher is inlined where it is called; the closure that it returns belongs to both then.
func newPusher(s *[]int) func(v int) {
	return func(v int) { *s = callers.Grown(cap(*s), append(*s, v)) }
}

func closureReturned(n int) {
	ints = nil
	called = newPusher(&ints)
	for i := 0; i < n; i++ {
		called(i)
		newPusher(&ints)(i)
	}
}

func closurePassed(n int) {
	ints = nil
	queue.Each(five[:1+n%5], func(v int) { ints = callers.Grown(cap(ints), append(ints, v)) })
	queue.Each(five[:1+n%5], func(v int) { push2(v) })
	queue.Each(five[:1+n%5], push1)
}
