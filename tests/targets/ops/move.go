// SPDX-License-Identifier: BSD-2-Clause

//go:build go1.26 && !nomerge

package main

import "slicestat.test/targets/internal/live"

// From Go 1.26 on, where the compiler optimises and does not instrument, the first appends stay on
// the stack; a slice that escapes is moved to the heap.
func init() {
	steps = append(steps, moveInts, movePointers, moveBytes)
}

//go:noinline
func moveInts(log *live.Log, s *sink, n int) {
	var ints []int
	for i := 0; i < 1+n%3; i++ {
		ints = append(ints, i)
	}
	s.ints = ints
	noteMoved(log, s.ints)
}

//go:noinline
func movePointers(log *live.Log, s *sink, n int) {
	var list []*node
	for i := 0; i < 1+n%3; i++ {
		list = append(list, &nodes[i])
	}
	s.pointers = list
	noteMoved(log, s.pointers)
}

//go:noinline
func moveBytes(log *live.Log, s *sink, n int) {
	var b []byte
	for i := 0; i < 1+n%30; i++ {
		b = append(b, byte(i))
	}
	s.bytes = b
	noteMoved(log, s.bytes)
}

// noteMoved asks for the capacity out of the compiler's sight: it would move otherwise.
//
//go:noinline
func noteMoved[T any](log *live.Log, s []T) {
	live.Made(log, s)
}
