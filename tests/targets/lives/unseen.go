// SPDX-License-Identifier: BSD-2-Clause

package main

import "sync"

// Arrays that neither growslice nor makeslice makes.

//go:noinline
func literal(n int) slice[int] { return slice[int]{s: []int{n, n, n, n, n}} }

//go:noinline
func literalOfStrings(v string) slice[string] { return slice[string]{s: []string{v, v, v}} }

func literals(l *notes, s *sink, n int) {
	s.ints, s.strings = literal(n), literalOfStrings("slice")
	for i := 0; i < n; i++ {
		s.ints = pushInt(l, s.ints, i)
		s.strings = pushString(l, s.strings, "slice")
	}
}

func variables(l *notes, s *sink, n int) {
	s.array = new([6]int)
	s.ints = slice[int]{s: s.array[n%5:][:1:2]}
	s.second = slice[int]{s: s.array[:n%6]}
	for i := 0; i < n; i++ {
		s.ints = pushInt(l, s.ints, i)
		s.second = pushInt(l, s.second, i)
	}
}

var eight = [8]int{1, 2, 3, 4, 5, 6, 7, 8}

// emptyVariables append more than fits to slices of variables that lie in a row with the arrays of
// slices.
func emptyVariables(l *notes, s *sink, n int) {
	s.second = makeInts(l, 0, 6)
	s.array = new([6]int)
	s.ints = pushInts(l, slice[int]{s: s.array[:0]}, eight[:])
	s.ints = pushInt(l, s.ints, n)
}

func fromNothing(l *notes, s *sink, n int) {
	s.ints = makeInts(l, none, none)
	s.second = slice[int]{s: []int{}}
	for i := 0; i < n; i++ {
		s.ints = pushInt(l, s.ints, i)
		s.second = pushInt(l, s.second, i)
	}
}

// The first growth of an array that nobody saw being made has lines of its own: no chain goes on there.

//go:noinline
func extendInt(l *notes, s []int, v int) slice[int] { return grown(l, 0, s, append(s, v)) }

//go:noinline
func extendInts(l *notes, s, v []int) slice[int] { return grown(l, 0, s, append(s, v...)) }

//go:noinline
func extendString(l *notes, s []string, v string) slice[string] {
	return grown(l, 0, s, append(s, v))
}

// No slice of 45 elements is made in this program, and none grows to that: it would have 48.
type odd [45]int

var manyInts [45]int

//go:noinline
func oddLiteral(n int) []int {
	return []int{n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
		24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44}
}

func oddLiterals(l *notes, s *sink, n int) {
	for i := 0; i < n; i++ {
		s.ints = extendInt(l, oddLiteral(i), i)
		s.ints = pushInt(l, s.ints, i)
		s.second = extendInts(l, oddLiteral(i), five[:1+i%len(five)])
	}
}

func oddVariables(l *notes, s *sink, n int) {
	for i := 0; i < n; i++ {
		s.odd = new(odd)
		s.ints = extendInt(l, s.odd[:], i)
		s.odd = new(odd)
		s.second = extendInts(l, s.odd[:n], manyInts[:])
	}
}

// evens grow to 48 elements, and die.
func evens(l *notes, s *sink, n int) {
	for i := 0; i < n; i++ {
		s.ints = makeInts(l, 24, 24)
		s.ints = pushInts(l, s.ints, five[:1+i%5])
		s.ints = pushInts(l, s.ints, manyInts[:20])
	}
}

// withinCapacity fills slices without ever growing them.
func withinCapacity(l *notes, s *sink, n int) {
	s.ints, s.strings = makeInts(l, 0, n), makeStrings(l, 0, n)
	for i := 0; i < n; i++ {
		s.ints = pushInt(l, s.ints, i)
		s.strings = pushString(l, s.strings, "slice")
	}
}

var pool = sync.Pool{New: func() any { return new(slice[int]) }}

// pooled slices begin anew in the array that they have, if the collector leaves it to them.
func pooled(l *notes, _ *sink, n int) {
	a := pool.Get().(*slice[int])
	if !l.isNew(a.newest) {
		*a = slice[int]{}
	}
	a.s = a.s[:0]
	for i := 0; i < 3*n; i++ {
		*a = pushInt(l, *a, i)
	}
	pool.Put(a)
}

//go:noinline
func twin(n int) []int { return []int{n, n, n, n, n, n, n, n} }

// twins have eight elements and room for no more, as many slices had that are dead.
func twins(l *notes, s *sink, n int) {
	for i := 0; i < n; i++ {
		s.ints = slice[int]{}
		for k := 0; k < 8; k++ {
			s.ints = pushInt(l, s.ints, k)
		}
		s.second = extendInt(l, twin(n), i)
	}
}
