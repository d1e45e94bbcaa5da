// SPDX-License-Identifier: BSD-2-Clause

package main

import "slicestat.test/targets/internal/callers"

//go:noinline
func descend(n int) int {
	if n == 0 {
		pushGlobal(n)
		ints = callers.Made(make([]int, 1+len(ints)))
		return 0
	}
	return 1 + descend(n-1)
}

// recursion goes less deep, about as deep and deeper than stacks that are kept.
func recursion(n int) {
	for _, depth := range [...]int{n, 100 + n, 300 + n} {
		ints = nil
		descend(depth)
	}
}

//go:noinline
func descendEven(n int) int {
	if n == 0 {
		push4(n)
		return 0
	}
	return 2 + descendOdd(n-1)
}

//go:noinline
func descendOdd(n int) int {
	called := func(n int) int { return descendEven(n) }
	return 3 + called(n-1)
}

func recursionMutual(n int) {
	ints = nil
	descendEven(2 * n)
}

// growing grows a slice on each level.
//
//go:noinline
func growing(s []string, n int) []string {
	if n > 0 {
		s = growing(s, n-1)
		s = callers.Grown(cap(s), append(s, "slice"))
	}
	return s
}

func recursionGrowing(n int) {
	growing(nil, n)
}
