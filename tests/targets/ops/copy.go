// SPDX-License-Identifier: BSD-2-Clause

//go:build !nomerge

package main

import "slicestat.test/targets/internal/live"

// Where the compiler optimises, and does not instrument, a make and the copy into it are one call.
func init() {
	steps = append(steps, copyNodes, copyBytes, copyNothing)
}

//go:noinline
func copyNodes(log *live.Log, s *sink, n int) {
	from := nodes[:n]
	c := make([]node, len(from))
	copy(c, from)
	s.nodes = c
	live.Made(log, c)
}

// copyBytes copies less than it makes: without pointers the compiler would not call makeslicecopy.
//
//go:noinline
func copyBytes(log *live.Log, s *sink, n int) {
	from := source[:n]
	c := make([]byte, 2*n)
	copy(c, from)
	s.bytes = c
	live.Made(log, c)
}

//go:noinline
func copyNothing(log *live.Log, s *sink, _ int) {
	from := nodes[:s.length]
	c := make([]node, len(from))
	copy(c, from)
	s.nodes = c
	live.Made(log, c)
}
