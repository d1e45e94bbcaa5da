// SPDX-License-Identifier: BSD-2-Clause

package main

import "slicestat.test/targets/internal/live"

// pair is instantiated with and without pointers.
type pair[K comparable, V any] struct {
	key   K
	value V
}

//go:noinline
func grow[T any](log *live.Log, s []T, v T) []T {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}

//go:noinline
func makeNew[T any](log *live.Log, n int) []T {
	s := make([]T, n)
	live.Made(log, s)
	return s
}

// growAll calls a generic function from a generic function.
func growAll[T any](log *live.Log, n int, v T) []T {
	var s []T
	for i := 0; i < n && !log.Full(); i++ {
		s = grow(log, s, v)
	}
	return s
}

func growGeneric(log *live.Log, s *sink, n int) {
	s.generic[0] = growAll(log, n, uint16(n))
	s.generic[1] = growAll(log, n, &s.points)
	s.generic[2] = growAll(log, n, pair[int, int]{n, n})
	s.generic[3] = growAll(log, n, pair[string, []int]{"slice", s.ints})
}

func makeGeneric(log *live.Log, s *sink, n int) {
	switch n % 4 {
	case 0:
		s.generic[0] = makeNew[uint16](log, n)
	case 1:
		s.generic[1] = makeNew[*[]point](log, n)
	case 2:
		s.generic[2] = makeNew[pair[int, int]](log, n)
	case 3:
		s.generic[3] = makeNew[pair[string, []int]](log, n)
	}
}
