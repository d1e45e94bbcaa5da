// SPDX-License-Identifier: BSD-2-Clause

package main

import "slicestat.test/targets/internal/live"

// Each append and make has a function of its own that is not inlined and gets the slice or the
// length from outside: the compiler can neither keep the slice on the stack nor leave the call out.

//go:noinline
func appendBytes(log *live.Log, s []byte, v byte) []byte {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

func growBytes(log *live.Log, s *sink, n int) {
	s.bytes = nil
	for i := 0; i < n && !log.Full(); i++ {
		s.bytes = appendBytes(log, s.bytes, byte(i))
	}
}

//go:noinline
func appendInts(log *live.Log, s []int, v int) []int {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

func growInts(log *live.Log, s *sink, n int) {
	s.ints = nil
	for i := 0; i < n && !log.Full(); i++ {
		s.ints = appendInts(log, s.ints, i)
	}
}

//go:noinline
func appendStrings(log *live.Log, s []string, v string) []string {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

func growStrings(log *live.Log, s *sink, n int) {
	s.strings = nil
	for i := 0; i < n && !log.Full(); i++ {
		s.strings = appendStrings(log, s.strings, "slice")
	}
}

//go:noinline
func appendPoints(log *live.Log, s []point, v point) []point {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

func growPoints(log *live.Log, s *sink, n int) {
	s.points = nil
	for i := 0; i < n && !log.Full(); i++ {
		s.points = appendPoints(log, s.points, point{x: int64(i)})
	}
}

//go:noinline
func appendNodes(log *live.Log, s []node, v node) []node {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

func growNodes(log *live.Log, s *sink, n int) {
	s.nodes = nil
	for i := 0; i < n && !log.Full(); i++ {
		s.nodes = appendNodes(log, s.nodes, node{name: "slice"})
	}
}

//go:noinline
func appendBlocks(log *live.Log, s []block, v block) []block {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

func growBlocks(log *live.Log, s *sink, n int) {
	s.blocks = nil
	for i := 0; i < n && !log.Full(); i++ {
		s.blocks = appendBlocks(log, s.blocks, block{})
	}
}

//go:noinline
func appendPages(log *live.Log, s []page, v page) []page {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

func growPages(log *live.Log, s *sink, n int) {
	s.pages = nil
	for i := 0; i < n && !log.Full(); i++ {
		s.pages = appendPages(log, s.pages, page{})
	}
}

//go:noinline
func appendRows(log *live.Log, s [][]int, v []int) [][]int {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

// growRows grows a slice of slices and each of those.
func growRows(log *live.Log, s *sink, n int) {
	s.rows = nil
	for i := 0; i < n && !log.Full(); i++ {
		growInts(log, s, 1+i%3)
		if !log.Full() {
			s.rows = appendRows(log, s.rows, s.ints)
		}
	}
}

//go:noinline
func appendMany(log *live.Log, s, more []string) []string {
	old := cap(s)
	s = append(s, more...)
	live.Grown(log, old, s)
	return s
}

// growMany appends several elements at once.
func growMany(log *live.Log, s *sink, n int) {
	words := [...]string{"a", "b", "c", "d", "e"}
	s.strings = nil
	for i := 0; i < n && !log.Full(); i++ {
		s.strings = appendMany(log, s.strings, words[:1+i%len(words)])
	}
}

//go:noinline
func appendNothing(log *live.Log, s []struct{}) []struct{} {
	old := cap(s)
	s = append(s, struct{}{})
	live.Grown(log, old, s)
	return s
}

// growNothing grows elements without a size: growslice is called, but hands out no address.
func growNothing(log *live.Log, s *sink, n int) {
	s.nothing = nil
	for i := 0; i < 1+n%3; i++ {
		s.nothing = appendNothing(log, s.nothing)
	}
}
