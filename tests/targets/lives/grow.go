// SPDX-License-Identifier: BSD-2-Clause

package main

// Each append and make has a function of its own that is not inlined and gets the slice or the
// length from outside: the compiler can neither keep the slice on the stack nor leave the call out.

//go:noinline
func pushByte(l *notes, a slice[byte], v byte) slice[byte] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func pushInt(l *notes, a slice[int], v int) slice[int] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func pushString(l *notes, a slice[string], v string) slice[string] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func pushPoint(l *notes, a slice[point], v point) slice[point] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func pushNode(l *notes, a slice[node], v node) slice[node] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func pushBlock(l *notes, a slice[block], v block) slice[block] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func pushPage(l *notes, a slice[page], v page) slice[page] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func pushLink(l *notes, a slice[*node], v *node) slice[*node] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func push[T any](l *notes, a slice[T], v T) slice[T] {
	return grown(l, a.newest, a.s, append(a.s, v))
}

//go:noinline
func pushAll[T any](l *notes, a slice[T], v ...T) slice[T] {
	return grown(l, a.newest, a.s, append(a.s, v...))
}

//go:noinline
func pushInts(l *notes, a slice[int], v []int) slice[int] {
	return grown(l, a.newest, a.s, append(a.s, v...))
}

//go:noinline
func makeBytes(l *notes, n, c int) slice[byte] { return made(l, make([]byte, n, c)) }

//go:noinline
func makeInts(l *notes, n, c int) slice[int] { return made(l, make([]int, n, c)) }

//go:noinline
func makeStrings(l *notes, n, c int) slice[string] { return made(l, make([]string, n, c)) }

//go:noinline
func makePoints(l *notes, n, c int) slice[point] { return made(l, make([]point, n, c)) }

//go:noinline
func makeNodes(l *notes, n, c int) slice[node] { return made(l, make([]node, n, c)) }

//go:noinline
func makeBlocks(l *notes, n, c int) slice[block] { return made(l, make([]block, n, c)) }

//go:noinline
func makePages(l *notes, n, c int) slice[page] { return made(l, make([]page, n, c)) }

//go:noinline
func makeLinks(l *notes, n, _ int) slice[*node] { return made(l, make([]*node, n)) }

//go:noinline
func makeOf[T any](l *notes, n, c int) slice[T] { return made(l, make([]T, n, c)) }

// lead lets a slice begin in one of several ways and grow by n elements, one at a time.
func lead[T any](l *notes, n int, v T, mk func(l *notes, n, c int) slice[T],
	push func(l *notes, a slice[T], v T) slice[T]) slice[T] {
	var a slice[T]
	switch n % 5 {
	case 1:
		a = mk(l, 0, n)
	case 2:
		a = mk(l, n, n)
	case 3:
		a = mk(l, n/2, n)
	case 4:
		a = mk(l, 0, 1)
	}
	for i := 0; i < 2*n+1; i++ {
		a = push(l, a, v)
	}
	return a
}

func growBytes(l *notes, s *sink, n int) { s.bytes = lead(l, n, 'x', makeBytes, pushByte) }

func growInts(l *notes, s *sink, n int) { s.ints = lead(l, n, n, makeInts, pushInt) }

func growStrings(l *notes, s *sink, n int) {
	s.strings = lead(l, n, "slice", makeStrings, pushString)
}

func growPoints(l *notes, s *sink, n int) { s.points = lead(l, n, point{}, makePoints, pushPoint) }

func growNodes(l *notes, s *sink, n int) { s.nodes = lead(l, n, node{}, makeNodes, pushNode) }

func growBlocks(l *notes, s *sink, n int) { s.blocks = lead(l, n, block{}, makeBlocks, pushBlock) }

func growPages(l *notes, s *sink, n int) { s.pages = lead(l, n, page{}, makePages, pushPage) }

func growLinks(l *notes, s *sink, n int) { s.links = lead(l, n, nil, makeLinks, pushLink) }

func growGeneric(l *notes, s *sink, n int) {
	s.bytes = lead(l, n, 'x', makeOf[byte], push[byte])
	s.ints = lead(l, n, n, makeOf[int], push[int])
	s.points = lead(l, n, point{}, makeOf[point], push[point])
	s.links = lead(l, n, nil, makeOf[*node], push[*node])
	s.pairs = lead(l, n, pair[string, []int]{}, makeOf[pair[string, []int]],
		push[pair[string, []int]])
}

var five = [...]int{1, 2, 3, 4, 5}

// growMany appends several elements at once.
func growMany(l *notes, s *sink, n int) {
	s.ints, s.strings = slice[int]{}, slice[string]{}
	s.second = makeInts(l, 0, n)
	for i := 0; i < n; i++ {
		s.ints = pushInts(l, s.ints, five[:1+i%len(five)])
		s.second = pushInts(l, s.second, five[:])
		s.strings = pushAll(l, s.strings, "a", "b", "c")
	}
}

// growLong grows slices of bytes to more than the small size classes.
func growLong(l *notes, s *sink, n int) {
	s.bytes = slice[byte]{}
	for i := 0; i < n*n; i++ {
		s.bytes = pushByte(l, s.bytes, 'x')
	}
}

// growLocal grows slices that begin on the stack where the compiler knows how.
func growLocal(l *notes, _ *sink, n int) {
	onDeepStack(func() { sumLocal(l, n) })
}

//go:noinline
func sumLocal(l *notes, n int) int {
	var newest array
	var s []int
	for i := 0; i < n; i++ {
		s = grownLocal(l, &newest, s, append(s, i))
	}
	sum := 0
	for _, v := range s {
		sum += v
	}
	return sum
}
