// SPDX-License-Identifier: BSD-2-Clause

// Package queue has what another package inlines.
package queue

import "slicestat.test/targets/internal/callers"

// Ints is small enough for its methods to be inlined.
type Ints struct {
	All []int
}

// Push is inlined.
func (q *Ints) Push(v int) {
	q.All = push(q.All, v)
}

func push(s []int, v int) []int { return callers.Grown(cap(s), append(s, v)) }

// PushFar is not inlined, but what it calls is.
//
//go:noinline
func (q *Ints) PushFar(v int) {
	q.Push(v)
}

// Of is a queue of any type.
type Of[T any] struct {
	All []T
}

// Push is inlined where the compiler can.
func (q *Of[T]) Push(v T) { q.All = callers.Grown(cap(q.All), append(q.All, v)) }

// Renew is not inlined.
//
//go:noinline
func (q *Of[T]) Renew(n int) { q.All = callers.Made(make([]T, 0, n)) }

// Each calls f with each element.
func Each[T any](all []T, f func(T)) {
	for _, v := range all {
		f(v)
	}
}
