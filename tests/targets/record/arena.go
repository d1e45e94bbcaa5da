// SPDX-License-Identifier: BSD-2-Clause

package main

import "unsafe"

const arenaWords = 1 << 20

// arena hands out memory of its own: no function of the runtime sees the slices made of it. Nothing
// is ever stored there.
type arena struct {
	words *[arenaWords]uint64
	next  uint32
}

// One for each worker, in .bss.
var memory [4][arenaWords]uint64

// carve returns a slice behind the one before. The arena begins anew when it is used up, so that
// bases come again.
func carve[T any](a *arena, n, c int) []T {
	var elem T
	words := uint32((unsafe.Sizeof(elem)*uintptr(c) + 7) / 8)
	if a.next+words > arenaWords {
		a.next = 0
	}
	first := unsafe.Pointer(&a.words[a.next])
	a.next += words
	return unsafe.Slice((*T)(first), c)[:n]
}

// A small random generator: lengths and capacities differ from call to call.
type lottery uint64

func (l *lottery) draw(limit int) int {
	*l = *l*6364136223846793005 + 1442695040888963407
	return int(uint64(*l>>33) % uint64(limit))
}

// sizes are those of a slice that takes memory.
func (l *lottery) sizes() (n, c int) {
	c = 1 + l.draw(40)
	return l.draw(c + 1), c
}
