// SPDX-License-Identifier: BSD-2-Clause

package main

import "slices"

func queues(l *notes, s *sink, n int) {
	q := makeInts(l, 0, n%4)
	for i := 0; i < 12*n; i++ {
		q = pushInt(l, q, i)
		if i%3 > 0 && len(q.s) > n%5 {
			q.s = q.s[1:]
		}
	}
	s.ints = q
}

func queuesOfStrings(l *notes, s *sink, n int) {
	var q slice[string]
	for i := 0; i < 12*n; i++ {
		q = pushString(l, q, "slice")
		if len(q.s) > n%9 {
			q.s = q.s[1:]
		}
	}
	s.strings = q
}

// queuesInBulk append to queues that are not full.
func queuesInBulk(l *notes, s *sink, n int) {
	q := makeInts(l, n, 2*n)
	for i := 0; i < n; i++ {
		q = pushInts(l, q, five[:1+i%len(five)])
		q.s = q.s[min(len(q.s), 1+i%4):]
	}
	s.ints = q
}

// queuesEmptied lose all that they have, and their capacity with it now and then.
func queuesEmptied(l *notes, s *sink, n int) {
	q := makeInts(l, 0, 1+n%3)
	for i := 0; i < 4*n; i++ {
		q = pushInt(l, q, i)
		q.s = q.s[1:]
	}
	s.ints = q
}

// forks append to one slice twice, and keep what comes of both.
func forks(l *notes, s *sink, n int) {
	a := makeInts(l, n, n)
	for i := 0; i < n; i++ {
		s.ints = pushInt(l, a, i)
		s.second = pushInt(l, a, -i)
		a = s.second
	}
	for i := 0; i < n; i++ {
		s.ints = pushInt(l, s.ints, i)
		s.second = pushInt(l, s.second, i)
	}
}

// forksOfForks append to one slice many times, the first one last.
func forksOfForks(l *notes, s *sink, n int) {
	var a slice[string]
	for i := 0; i < n; i++ {
		a = pushString(l, a, "slice")
	}
	a.s = a.s[:cap(a.s)]
	for i := 0; i < n%7; i++ {
		s.strings = pushString(l, a, "another")
		s.third = pushAll(l, s.strings, "a", "b")
		s.strings = pushAll(l, s.strings, "a", "b", "c", "d")
	}
	for i := 0; i < n; i++ {
		a = pushString(l, a, "slice")
	}
	s.strings = a
}

func forksOfQueues(l *notes, s *sink, n int) {
	a := makeInts(l, 1+n, 1+n)
	rest := a
	rest.s = a.s[1+n/2:]
	if n%2 > 0 {
		s.ints = pushInt(l, rest, n)
		s.second = pushInt(l, a, n)
		return
	}
	s.ints = pushInt(l, a, n)
	s.second = pushInt(l, rest, n)
}

// reused slices begin anew in the array that they have.
func reused(l *notes, s *sink, n int) {
	var a slice[int]
	for i := 0; i < 4; i++ {
		for k := 0; k < n*(1+i); k++ {
			a = pushInt(l, a, k)
		}
		a.s = a.s[:0]
	}
	s.ints = a
}

func reusedInBulk(l *notes, s *sink, n int) {
	a := makeInts(l, 0, n)
	for i := 0; i < n; i++ {
		a = pushInts(l, a, five[:1+i%len(five)])
		if i%3 == 0 {
			a.s = a.s[:0]
		}
	}
	s.ints = a
}

//go:noinline
func pushCopying(l *notes, a slice[int], n, v int) slice[int] {
	return grown(l, a.newest, a.s[:n:n], append(a.s[:n:n], v))
}

// threeIndices append to a slice of no more capacity than its length, and then to the whole.
func threeIndices(l *notes, s *sink, n int) {
	a := makeInts(l, n/2, n)
	for i := 0; i < n; i++ {
		s.second = pushCopying(l, a, len(a.s)-i%2*len(a.s)/2, i)
		s.second = pushInt(l, s.second, i)
		a = pushInt(l, a, i)
	}
	s.ints = a
}

func clipped(l *notes, s *sink, n int) {
	a := makeInts(l, 0, n)
	for i := 0; i < n; i++ {
		a = pushInt(l, a, i)
		if i%3 == 0 {
			a.s = slices.Clip(a.s)
		}
	}
	s.ints = a
}

//go:noinline
func clone(l *notes, a slice[int]) slice[int] {
	return grown(l, a.newest, a.s[:0:0], append(a.s[:0:0], a.s...))
}

// copied slices have an array of their own, but were appended to the beginning of another.
func copied(l *notes, s *sink, n int) {
	a := makeInts(l, 0, n)
	for i := 0; i < 2*n; i++ {
		a = pushInt(l, a, i)
		if i%8 == n%8 {
			s.second = clone(l, a)
		}
	}
	s.ints = a
}

//go:noinline
func growFor(l *notes, a slice[int], n int) slice[int] {
	return grown(l, a.newest, a.s[:cap(a.s)], slices.Grow(a.s, n)[:len(a.s)+n])
}

func grownBySlices(l *notes, s *sink, n int) {
	var a slice[int]
	for i := 0; i < n; i++ {
		a = growFor(l, a, 1+i%5)
		a.s = a.s[:len(a.s)-i%2]
		a = pushInt(l, a, i)
	}
	s.ints = a
}

//go:noinline
func insert(l *notes, a slice[string], i int, v ...string) slice[string] {
	return grown(l, a.newest, a.s[:i], slices.Insert(a.s, i, v...))
}

func inserted(l *notes, s *sink, n int) {
	a := makeStrings(l, n, n)
	for i := 0; i < n; i++ {
		a = insert(l, a, len(a.s)-i%3*len(a.s)/2, "a", "b")
		a = pushString(l, a, "slice")
	}
	s.strings = a
}
