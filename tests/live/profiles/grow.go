// SPDX-License-Identifier: BSD-2-Clause

package main

import "runtime/debug"

// Four lines that do nothing but grow, with costs as 8 to 4 to 2 to 1.

const rounds = 9000

type block [4]int64

var blocks []block

//go:noinline
func grow8(n int) {
	for i := 0; i < 8*n; i++ {
		blocks = append(blocks[:2000:2000], block{}) // hot 8
	}
}

//go:noinline
func grow4(n int) {
	for i := 0; i < 4*n; i++ {
		blocks = append(blocks[:2000:2000], block{}) // hot 4
	}
}

//go:noinline
func grow2(n int) {
	for i := 0; i < 2*n; i++ {
		blocks = append(blocks[:2000:2000], block{}) // hot 2
	}
}

//go:noinline
func grow1(n int) {
	for i := 0; i < n; i++ {
		blocks = append(blocks[:2000:2000], block{}) // hot 1
	}
}

func grow() {
	// Little of the time is to be the collector's.
	debug.SetGCPercent(1000)
	blocks = make([]block, 2001)
	for i := 0; i < rounds; i++ {
		grow1(3)
		grow4(3)
		grow8(3)
		grow2(3)
	}
}
