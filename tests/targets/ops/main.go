// SPDX-License-Identifier: BSD-2-Clause

// Ops makes slices and strings in all ways but append beyond capacity and make, and writes down
// every base, len and cap.
package main

import (
	"reflect"
	"strings"
	"unsafe"

	"slicestat.test/targets/internal/live"
)

type node struct { // with pointers: a copy of it takes another way than that of bytes
	next *node
	name string
}

// sink keeps the newest results reachable, so that they escape.
type sink struct {
	bytes    []byte
	ints     []int
	runes    []rune
	nodes    []node
	pointers []*node
	text     string
	any      any
	value    reflect.Value
	length   int
}

// step causes some events; n varies from call to call.
type step func(log *live.Log, s *sink, n int)

var steps = []step{
	buildString, buildNothing,
	makeByReflect,
	bytesOfString, bytesOfShort, runesOfString, runesOfShort, bytesOfNothing,
	stringOfBytes, stringOfShort, stringOfOne, stringOfRunes, stringOfNothing,
	boxSlice, boxNil,
}

var (
	nodes  [64]node
	source [256]byte
	words  string
	wide   string
	wides  [64]rune
	none   []node
)

//go:noinline
func buildString(log *live.Log, s *sink, n int) {
	var b strings.Builder
	b.Grow(n)
	size := b.Cap()
	b.WriteByte('x')
	s.text = b.String()
	live.Noted(log, unsafe.Pointer(unsafe.StringData(s.text)), n, size)
}

// buildNothing asks for no room: nothing is called.
//
//go:noinline
func buildNothing(log *live.Log, s *sink, _ int) {
	var b strings.Builder
	b.Grow(s.length)
	s.text = b.String()
}

var intType = reflect.TypeOf([]int(nil))

//go:noinline
func makeByReflect(log *live.Log, s *sink, n int) {
	s.value = reflect.MakeSlice(intType, n, 2*n)
	live.Noted(log, s.value.UnsafePointer(), 2*n, 2*n)
}

//go:noinline
func bytesOfString(log *live.Log, s *sink, n int) {
	s.bytes = []byte(words[:32+n])
	live.Made(log, s.bytes)
}

// bytesOfShort uses a buffer on the stack: written to, else the string would be used as it is.
//
//go:noinline
func bytesOfShort(log *live.Log, s *sink, n int) {
	b := []byte(words[:1+n%32])
	b[0] = 'x'
	s.length += int(b[0]) - 'x'
}

//go:noinline
func runesOfString(log *live.Log, s *sink, n int) {
	s.runes = []rune(words[:32+n])
	live.Made(log, s.runes)
}

//go:noinline
func runesOfShort(log *live.Log, s *sink, n int) {
	r := []rune(words[:1+n%32])
	s.length += int(r[0]) - int(words[0])
}

//go:noinline
func bytesOfNothing(log *live.Log, s *sink, _ int) {
	s.bytes = []byte(words[:s.length])
	live.Made(log, s.bytes)
}

//go:noinline
func stringOfBytes(log *live.Log, s *sink, n int) {
	s.text = string(source[:1+n])
	noteString(log, s.text)
}

//go:noinline
func stringOfShort(log *live.Log, s *sink, n int) {
	t := string(source[:2+n%16])
	s.length += strings.IndexByte(t, source[0])
}

// stringOfOne is one of 256 that the runtime keeps ready.
//
//go:noinline
func stringOfOne(log *live.Log, s *sink, n int) {
	s.text = string(source[n : n+1])
}

//go:noinline
func stringOfRunes(log *live.Log, s *sink, n int) {
	s.text = string(wides[:n])
	noteString(log, s.text)
}

//go:noinline
func stringOfNothing(log *live.Log, s *sink, _ int) {
	s.text = string(source[:s.length])
	log.Zero++
}

func noteString(log *live.Log, s string) {
	live.Noted(log, unsafe.Pointer(unsafe.StringData(s)), len(s), len(s))
}

//go:noinline
func boxSlice(log *live.Log, s *sink, n int) {
	s.any = nodes[:n]
	live.Noted(log, unsafe.Pointer(&nodes[0]), n, len(nodes))
}

//go:noinline
func boxNil(_ *live.Log, s *sink, _ int) {
	s.any = none
}

func prepare() {
	var b strings.Builder
	for i := range source {
		source[i] = byte('a' + i%26)
	}
	b.Write(source[:])
	words = b.String()
	for i := range wides {
		wides[i] = rune(0x100 + i)
	}
}

func main() {
	prepare()
	o := live.Flags(100000, 8)
	sinks := make([]sink, o.Goroutines)
	live.Run(o, func(worker int, log *live.Log) {
		for i := worker; !log.Full(); i++ {
			steps[i%len(steps)](log, &sinks[worker], 1+i%37)
		}
	})
}
