// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"slicestat.test/targets/internal/callers"
	"slicestat.test/targets/sites/queue"
)

type point struct{ x, y, z int64 }

type pair[K comparable, V any] struct {
	key   K
	value V
}

//go:noinline
func grow[T any](s []T, v T) []T { return callers.Grown(cap(s), append(s, v)) }

func growInlined[T any](s []T, v T) []T { return callers.Grown(cap(s), append(s, v)) }

//go:noinline
func growPairs[K comparable, V any](s []pair[K, V], k K, v V) []pair[K, V] {
	return callers.Grown(cap(s), append(s, pair[K, V]{k, v}))
}

// growAll calls generic functions from a generic function.
//
//go:noinline
func growAll[T any](n int, v T) []T {
	all := callers.Made(make([]T, n))
	for i := 0; i < n; i++ {
		all = growInlined(grow(all, v), v)
	}
	return all
}

var generics [6]any

func genericTypes(n int) {
	generics[0] = growAll(n, uint16(n))
	generics[1] = growAll(n, &numbers)
	generics[2] = growAll(n, &ints)
	generics[3] = growAll(n, point{})
	generics[4] = growAll(n, pair[int, string]{n, "slice"})
	generics[5] = growPairs(nil, n, n)
	generics[5] = growPairs(nil, "slice", &numbers)
}

var (
	points queue.Of[point]
	texts  queue.Of[string]
	pairs  queue.Of[pair[string, []int]]
)

func genericMethods(n int) {
	points.All, texts.All, pairs.All = nil, nil, nil
	for i := 0; i < n; i++ {
		points.Push(point{})
		texts.Push("slice")
		pairs.Push(pair[string, []int]{})
	}
}

func genericMade(n int) {
	points.Renew(n)
	texts.Renew(n)
	pairs.Renew(n)
}

//go:noinline
func eachOf[T any](n int, v T) {
	var s []T
	f := func(i int) { s = callers.Grown(cap(s), append(s, v)) }
	for i := 0; i < n; i++ {
		f(i)
	}
	called = func(i int) { s = callers.Grown(cap(s), append(s, v)) }
	called(n)
}

func genericClosure(n int) {
	eachOf(1+n%3, point{})
	eachOf(1+n%3, "slice")
}

type tree[T any] struct {
	left  *tree[T]
	leafs []T
}

func (t *tree[T]) add(n int, v T) {
	if n > 0 {
		t.left = new(tree[T])
		t.left.add(n-1, v)
	}
	t.leafs = callers.Grown(cap(t.leafs), append(t.leafs, v))
}

func genericNested(n int) {
	new(tree[byte]).add(n%4, 'x')
	new(tree[tree[point]]).add(n%4, tree[point]{})
}
