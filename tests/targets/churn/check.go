// SPDX-License-Identifier: BSD-2-Clause

package main

// item has a pointer, so that a wrong copy also misleads the collector.
type item struct {
	number uint64
	self   *item
	pad    [3]uint64
}

func checkAll(r *random) {
	n := 1 + r.below(300)
	checkGrown(n, r.next(), func(x uint64) byte { return byte(x) })
	checkGrown(n, r.next(), func(x uint64) uint64 { return x })
	checkGrown(n, r.next(), func(x uint64) string { return words[x%uint64(len(words))] })
	checkMade(n, r.next())
	checkItems(1+n/8, r.next())
}

var words = [...]string{"", "a", "growslice", "makeslice", "memmove"}

// pattern is what element i of a slice with this seed holds.
func pattern(seed uint64, i int) uint64 {
	return (seed + uint64(i)) * 0x9e3779b97f4a7c15
}

// checkGrown appends one by one; each growth copies all earlier elements.
func checkGrown[T comparable](n int, seed uint64, value func(uint64) T) {
	var s []T
	for i := 0; i < n; i++ {
		s = grow(s, value(pattern(seed, i)))
	}
	for i, got := range s {
		if want := value(pattern(seed, i)); got != want {
			corrupt("append", want, got)
		}
	}
	if len(s) != n {
		corrupt("len", n, len(s))
	}
}

//go:noinline
func grow[T any](s []T, v T) []T {
	return append(s, v)
}

// checkMade expects a made slice to be zero and to keep what is written.
func checkMade(n int, seed uint64) {
	s := makeNumbers(n)
	for i := range s {
		if s[i] != 0 {
			corrupt("make", 0, s[i])
		}
		s[i] = pattern(seed, i)
	}
	copied := append(makeNumbers(0), s...)
	for i := range copied {
		if want := pattern(seed, i); copied[i] != want {
			corrupt("copy", want, copied[i])
		}
	}
}

//go:noinline
func makeNumbers(n int) []uint64 {
	return make([]uint64, n)
}

func checkItems(n int, seed uint64) {
	var s []*item
	for i := 0; i < n; i++ {
		it := &item{number: pattern(seed, i)}
		it.self = it
		s = grow(s, it)
	}
	for i, it := range s {
		if want := pattern(seed, i); it.self != it || it.number != want {
			corrupt("item", want, it.number)
		}
	}
}
