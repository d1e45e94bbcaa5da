// SPDX-License-Identifier: BSD-2-Clause

package main

import "strings"

// Lines marked "slices" allocate nothing but slices. Where they are of one size, "one size" says so,
// and "pointers" that the elements have such: then the bytes that Go takes for each are known.
// Slices of less than 16 bytes without pointers are none of them: Go packs several into one object,
// which its profile counts as one.

const times = 200

type point struct{ x, y, z int64 } // 24 bytes

type entry struct {
	key   string
	value *point
	next  []entry
} // 48 bytes

var (
	bytes   []byte
	ints    []int
	pairs   [][2]int64
	points  []point
	strs    []string
	entries []entry
	anys    []any
)

//go:noinline
func growPairs(n int) {
	var s [][2]int64
	for i := 0; i < n; i++ {
		s = append(s, [2]int64{int64(i)}) // slices
	}
	pairs = s
}

//go:noinline
func growInts(n int) {
	s := make([]int, 2, 4) // slices, one size
	for i := 0; i < n; i++ {
		s = append(s, i) // slices
	}
	ints = s
}

// Of lengths that no size class fits.
//
//go:noinline
func makeSome(n int) {
	bytes = make([]byte, n+1000)  // slices, one size
	points = make([]point, n+107) // slices, one size
	strs = make([]string, n+3)    // slices, one size, pointers
	strs = make([]string, n+100)  // slices, one size, pointers
	entries = make([]entry, n+11) // slices, one size, pointers
	entries = make([]entry, n+50) // slices, one size, pointers
	anys = make([]any, n+33)      // slices, one size, pointers
}

// Of more than 32 KiB: whole pages.
//
//go:noinline
func makeLarge(n int) {
	bytes = make([]byte, n+40000)                    // slices, one size
	points = make([]point, n+3000)                   // slices, one size
	strs = make([]string, n+5000)                    // slices, one size, pointers
	entries = make([]entry, n+1000)                  // slices, one size, pointers
	entries = append(entries[:n+900:n+900], entry{}) // slices, one size, pointers
}

// Around the sizes where headers and pages begin, 512, 32760 and 32768 bytes, and two that are classes
// (576 and 1024), which a header makes too small.
//
//go:noinline
func makeAtEdges(n int) {
	strs = make([]string, n+32)   // slices, one size, pointers
	strs = make([]string, n+36)   // slices, one size, pointers
	strs = make([]string, n+64)   // slices, one size, pointers
	strs = make([]string, n+33)   // slices, one size, pointers
	strs = make([]string, n+2047) // slices, one size, pointers
	strs = make([]string, n+2048) // slices, one size, pointers
	bytes = make([]byte, n+32768) // slices, one size
	bytes = make([]byte, n+32769) // slices, one size
}

//go:noinline
func growOnce(n int) {
	points = append(points[:n+10:n+10], point{})   // slices, one size
	strs = append(strs[:n+40:n+40], "more")        // slices, one size, pointers
	strs = append(strs[:n+31:n+31], "more")        // slices, one size, pointers
	entries = append(entries[:n+9:n+9], entry{})   // slices, one size, pointers
	bytes = append(bytes[:n+33:n+33], 1)           // slices, one size
	points = append([]point(nil), points[:n+5]...) // slices, one size
}

// Inlined, and generic.
func add[T any](s []T, v T) []T {
	return append(s, v) // slices
}

func pushPair(v int64) { pairs = add(pairs, [2]int64{v, v}) }

//go:noinline
func push(n int) {
	pairs = nil
	for i := 0; i < n; i++ {
		pushPair(int64(i))
	}
}

// A line that allocates more than slices: its figures are larger in Go's profile.
//
//go:noinline
func mixed(n int) {
	entries = append(entries[:n+5:n+5], entry{value: &point{x: 1}, key: strings.Repeat("k", n+20)})
}

func allocate() {
	for i := 0; i < times; i++ {
		makeSome(0)
		entries = make([]entry, 901, 1000) // slices, one size, pointers
		growOnce(0)
		growPairs(300)
		growInts(3000)
		push(100)
		mixed(0)
		makeAtEdges(0)
		if i%10 == 0 {
			makeLarge(0)
		}
	}
}
