// SPDX-License-Identifier: BSD-2-Clause

// Package live lets a program note every slice that its own growslice and makeslice calls hand
// out, without itself causing any such call while it is watched.
package live

import "unsafe"

// record is one event. The base is a number, so that noting it keeps nothing alive.
type record struct {
	base     uintptr
	len, cap int
}

// The records lie in .bss: noting must not allocate.
const maxRecords = 1 << 21

var records [maxRecords]record

// Counts are the totals over noted events. Zero counts those without an address of their own
// (their size is 0); these are in no other field.
type Counts struct {
	Grow, Make, Zero, Panicked uint64
	LenSum, CapSum             uint64
}

// Events that handed out an address.
func (c *Counts) Events() uint64 {
	return c.Grow + c.Make
}

// Log is what one worker noted. Only one goroutine may use it at a time.
type Log struct {
	Counts
	records []record // room for them; empty where only totals are wanted
	limit   uint64
	_       [64]byte // no cache line is shared with the next worker's
}

// Full says that the worker has caused as many events as were asked for.
func (l *Log) Full() bool {
	return l.Events() >= l.limit
}

// Reset forgets all events and asks for limit new ones.
func (l *Log) Reset(limit uint64) {
	l.Counts = Counts{}
	l.limit = limit
}

func (l *Log) add(count *uint64, base uintptr, n, c int) {
	if len(l.records) > 0 {
		l.records[l.Events()] = record{base, n, c}
	}
	*count++
	l.LenSum += uint64(n)
	l.CapSum += uint64(c)
}

func size[T any](s []T) uintptr {
	var elem T
	return unsafe.Sizeof(elem) * uintptr(cap(s))
}

// Grown is called behind each append: growslice ran exactly if the capacity changed.
func Grown[T any](l *Log, oldCap int, s []T) {
	switch {
	case cap(s) == oldCap:
	case size(s) == 0:
		l.Zero++
	default:
		l.add(&l.Grow, uintptr(unsafe.Pointer(unsafe.SliceData(s))), len(s), cap(s))
	}
}

// Made is called behind each make whose result escapes.
func Made[T any](l *Log, s []T) {
	if size(s) == 0 {
		l.Zero++
		return
	}
	l.add(&l.Make, uintptr(unsafe.Pointer(unsafe.SliceData(s))), len(s), cap(s))
}

// Noted is called for what is no slice or shows another cap than it was made with.
func Noted(l *Log, base unsafe.Pointer, n, c int) {
	l.add(&l.Make, uintptr(base), n, c)
}
