// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"reflect"
	"unsafe"
)

// n is 3, but the compiler cannot know.
var n = elements

// of takes functions whose make and append have a place of their own in the code.
func of[T any](makeNew func(n int) []T, grow func(s []T, v T) []T) slices {
	return slices{
		elem:    reflect.TypeOf((*T)(nil)).Elem(),
		newOp:   "make",
		newBase: func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(makeNew(n))) },
		grown: func() unsafe.Pointer {
			var v T
			return unsafe.Pointer(unsafe.SliceData(grow(nil, v)))
		},
	}
}

//go:noinline
func makeNew[T any](n int) []T {
	return make([]T, n)
}

//go:noinline
func grow[T any](s []T, v T) []T {
	return append(s, v)
}

// dynamic gets its type from a dictionary, as all generic code does.
func dynamic[T any]() slices {
	return of(makeNew[T], grow[T])
}
