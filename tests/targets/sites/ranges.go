// SPDX-License-Identifier: BSD-2-Clause

//go:build go1.23

package main

import (
	"iter"
	"slices"

	"slicestat.test/targets/internal/callers"
)

func upTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

//go:noinline
func farUpTo(n int) iter.Seq[int] {
	return upTo(n)
}

// ranges grows slices in bodies of loops over functions, which are functions themselves.
func ranges(n int) {
	ints = nil
	for i := range upTo(n) {
		ints = callers.Grown(cap(ints), append(ints, i))
	}
	for i := range farUpTo(n) {
		ints = callers.Grown(cap(ints), append(ints, i))
		push2(i)
		for range farUpTo(2) {
			defer pushGlobal(i)
		}
	}
	ints = slices.AppendSeq(ints[:0], pushing(n))
}

// pushing grows another slice while its values are collected.
func pushing(n int) iter.Seq[int] {
	strings = nil
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
			strings = appendString(strings, "slice")
		}
	}
}
