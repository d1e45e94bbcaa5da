// SPDX-License-Identifier: BSD-2-Clause

package main

// Record is the stub that a program would have to tell of slices: without a stack check, and its
// first instruction may be its return.
//
//go:noinline
func Record(s []byte) {}

// RecordAny has a body for each shape of T, with a dictionary before s.
//
//go:noinline
func RecordAny[T any](s []T) {}

// sum has a loop, but no stack check.
//
//go:noinline
func sum(s []int64) (total int64) {
	for _, v := range s {
		total += v
	}
	return total
}

// behind takes a word for a, two for name and none for f before s.
//
//go:noinline
func behind(a int, name string, f float64, s []int64) int {
	return a + len(name) + int(f) + len(s)
}

// last is in the last three registers.
//
//go:noinline
func last(a, b, c, d, e, f int, s []byte) int {
	return a + b + c + d + e + f + len(s)
}

// onStack would need one register more.
//
//go:noinline
func onStack(a, b, c, d, e, f, g int, s []byte) int {
	return a + b + c + d + e + f + g + len(s)
}

// inlined exists as code nowhere.
func inlined(s []byte) int {
	return len(s)
}

// switched leaves by a jump table.
//
//go:noinline
func switched(op int, s []int64) int64 {
	switch op {
	case 0:
		return sum(s)
	case 1:
		return int64(len(s))
	case 2:
		return int64(cap(s))
	case 3:
		return sum(s) * 3
	case 4:
		return sum(s[:len(s)/2])
	case 5:
		return ^sum(s)
	case 6:
		return sum(s) >> 1
	case 7:
		return sum(s) - 7
	case 8:
		return sum(s) << 2
	case 9:
		return -sum(s)
	}
	return 0
}

// descend outgrows a new stack: its stack check runs again, more than once.
//
//go:noinline
func descend(depth int, s []int64) byte {
	var frame [500]byte
	if depth > 0 {
		frame[depth] = descend(depth-1, s)
	}
	return frame[depth/2]
}

type ring struct{ pushed int }

//go:noinline
func (r *ring) push(s []int64) {
	r.pushed += len(s)
}

// Ring is a generic type: the receiver comes first, then the dictionary.
type Ring[T any] struct{ pushed int }

//go:noinline
func (r *Ring[T]) Push(weight int, s []T) {
	r.pushed += weight * len(s)
}

// Stack is itself the slice.
type Stack[T any] []T

//go:noinline
func (s Stack[T]) Note(weight int) int {
	return weight * len(s)
}

// pusher is called through a wrapper that knows the dictionary.
type pusher[T any] interface{ Push(weight int, s []T) }
