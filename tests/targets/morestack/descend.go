// SPDX-License-Identifier: BSD-2-Clause

package main

// frameStep is what one call of step takes from the stack: its frame, the frame pointer and the
// return address.
const frameStep = 32

// descend calls f with about so many bytes of stack in use, in steps of one word.
func descend(bytes int, f func()) {
	odd[bytes%frameStep/wordSize](bytes/frameStep, f)
}

//go:noinline
func step(n int, f func()) {
	if n == 0 {
		f()
		return
	}
	step(n-1, f)
}

// odd are functions whose frames differ by one word each.
var odd = [frameStep / wordSize]func(int, func()){odd0, odd1, odd2, odd3}

func odd0(n int, f func()) { var pad [1]uint64; fill(pad[:]); step(n, f); fill(pad[:]) }
func odd1(n int, f func()) { var pad [2]uint64; fill(pad[:]); step(n, f); fill(pad[:]) }
func odd2(n int, f func()) { var pad [3]uint64; fill(pad[:]); step(n, f); fill(pad[:]) }
func odd3(n int, f func()) { var pad [4]uint64; fill(pad[:]); step(n, f); fill(pad[:]) }

//go:nosplit
//go:noinline
func fill(words []uint64) {
	for i := range words {
		words[i]++
	}
}
