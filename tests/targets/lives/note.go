// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"slicestat.test/targets/internal/live"
)

// A slice that knows the array it was given last.
type slice[T any] struct {
	s      []T
	newest array
}

// array names a record: the round, the worker and 1 + the record's number. 0 is an array that was
// not noted: nobody sees literals, variables and what was made before the tracing began.
type array uint64

const (
	roundShift  = 48
	workerShift = 32
)

type operation uint8

const (
	grow operation = iota
	make_
)

// record is one growth or make. It holds no pointers: noting keeps nothing alive.
type record struct {
	seq  uint64 // from which array another one grew, that one has the smaller number
	pc   [1]uintptr
	base uintptr
	size int // of an element, in bytes
	len  int
	cap  int
	old  oldSlice // of a growth
	elem elem
	op   operation
}

// oldSlice is what growslice is given.
type oldSlice struct {
	array   array
	base    uintptr
	len     int
	cap     int
	nowhere bool // nil, made of nothing or on the stack
}

const maxRecords = 1 << 20

var (
	records [maxRecords]record
	lastSeq atomic.Uint64
)

// notes are what one worker noted in this round. Only one goroutine may use them at a time.
type notes struct {
	log     *live.Log
	records []record
	used    int
	worker  array
	round   array
	_       [64]byte // no cache line is shared with the next worker's
}

func newNotes(workers int) []notes {
	all := make([]notes, workers)
	room := maxRecords / workers
	for i := range all {
		all[i].records = records[i*room : (i+1)*room]
		all[i].worker = array(i)
	}
	return all
}

// begin forgets the round before: what was made in it is not seen any more.
func (l *notes) begin(log *live.Log) {
	l.log = log
	l.used = 0
	l.round++
}

func (l *notes) name(number int) array {
	return l.round<<roundShift | l.worker<<workerShift | array(number+1)
}

// isNew says whether an array was noted in this round.
func (l *notes) isNew(a array) bool { return a>>roundShift == l.round }

func (l *notes) next() *record {
	r := &l.records[l.used]
	l.used++
	r.seq = lastSeq.Add(1)
	l.log.Grow++
	return r
}

// theNothing is where all arrays of no size are.
var theNothing = address(nothing())

//go:noinline
func nothing() []byte { return make([]byte, none) }

// none is 0, but the compiler cannot know.
var none int

func address[T any](s []T) uintptr {
	return uintptr(unsafe.Pointer(unsafe.SliceData(s)))
}

func (l *notes) add(op operation, elem elem, size int) *record {
	r := l.next()
	r.op, r.elem, r.size, r.old = op, elem, size, oldSlice{}
	return r
}

// made is called on the very line of a make, with its result.
//
//go:noinline
func made[T any](l *notes, s []T) slice[T] {
	if cap(s) == 0 {
		return slice[T]{s: s}
	}
	number := l.used
	r := l.add(make_, elemOf[T](), sizeOf[T]())
	r.base, r.len, r.cap = address(s), len(s), cap(s)
	runtime.Callers(2, r.pc[:])
	return slice[T]{s, l.name(number)}
}

// grown is called on the very line of an append, with the slice that growslice would be given, its
// newest array, and the result: growslice ran exactly if the capacity changed.
//
//go:noinline
func grown[T any](l *notes, newest array, old, s []T) slice[T] {
	if cap(s) == cap(old) {
		return slice[T]{s, newest}
	}
	number := l.used
	r := l.add(grow, elemOf[T](), sizeOf[T]())
	r.base, r.len, r.cap = address(s), len(s), cap(s)
	r.old = oldSlice{array: newest, base: address(old), len: len(old), cap: cap(old)}
	r.old.nowhere = r.old.base == 0 || r.old.base == theNothing
	if !l.isNew(newest) {
		r.old.array = 0
	}
	runtime.Callers(2, r.pc[:])
	return slice[T]{s, l.name(number)}
}

// grownLocal is grown for a slice that may be on the stack. What grows there is no event.
//
//go:noinline
func grownLocal(l *notes, newest *array, old, s []int) []int {
	if cap(s) == cap(old) || onStack(address(s)) {
		return s
	}
	number := l.used
	r := l.add(grow, elemOf[int](), sizeOf[int]())
	r.base, r.len, r.cap = address(s), len(s), cap(s)
	r.old = oldSlice{array: *newest, base: address(old), len: len(old), cap: cap(old)}
	r.old.nowhere = r.old.base == 0 || onStack(r.old.base)
	runtime.Callers(2, r.pc[:])
	*newest = l.name(number)
	return s
}

// onDeepStack calls f far from both ends of its goroutine's stack.
//
//go:noinline
func onDeepStack(f func()) {
	grownStack()
	var above [2 * nearby]byte
	f()
	runtime.KeepAlive(&above)
}

//go:noinline
func grownStack() byte {
	var frame [8 * nearby]byte
	return frame[lastSeq.Load()%nearby]
}

const nearby = 32 << 10

// onStack is right on a deep stack.
//
//go:noinline
func onStack(base uintptr) bool {
	var here byte
	return base-uintptr(unsafe.Pointer(&here))+nearby < 2*nearby
}
