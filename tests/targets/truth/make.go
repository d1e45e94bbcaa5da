// SPDX-License-Identifier: BSD-2-Clause

package main

import "slicestat.test/targets/internal/live"

//go:noinline
func makeBytes(log *live.Log, s *sink, n int) {
	s.bytes = make([]byte, n)
	live.Made(log, s.bytes)
}

//go:noinline
func makeInts(log *live.Log, s *sink, n int) {
	s.ints = make([]int, n)
	live.Made(log, s.ints)
}

//go:noinline
func makeStrings(log *live.Log, s *sink, n int) {
	s.strings = make([]string, n)
	live.Made(log, s.strings)
}

//go:noinline
func makePoints(log *live.Log, s *sink, n int) {
	s.points = make([]point, n)
	live.Made(log, s.points)
}

//go:noinline
func makeNodes(log *live.Log, s *sink, n int) {
	s.nodes = make([]node, n)
	live.Made(log, s.nodes)
}

//go:noinline
func makeBlocks(log *live.Log, s *sink, n int) {
	s.blocks = make([]block, n)
	live.Made(log, s.blocks)
}

//go:noinline
func makePages(log *live.Log, s *sink, n int) {
	s.pages = make([]page, n)
	live.Made(log, s.pages)
}

//go:noinline
func makeRows(log *live.Log, s *sink, n int) {
	s.rows = make([][]int, n)
	live.Made(log, s.rows)
}

// makeRoomier makes a slice with a capacity beyond its length.
//
//go:noinline
func makeRoomier(log *live.Log, s *sink, n int) {
	s.points = make([]point, n, 2*n)
	live.Made(log, s.points)
}

// none is 0, but the compiler cannot know.
var none int

// makeNothing makes a slice without elements: makeslice is called, but hands out no address.
//
//go:noinline
func makeNothing(log *live.Log, s *sink, _ int) {
	s.bytes = make([]byte, none)
	live.Made(log, s.bytes)
}
