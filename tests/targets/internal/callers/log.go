// SPDX-License-Identifier: BSD-2-Clause

// Package callers lets a program note from which lines its own slices grow and are made, and by
// which chain of calls, without itself causing any such event while it is watched.
//
// A function that notes is called on the very line of the event, with its result: so the frames that
// runtime.Callers finds are those of the event.
package callers

import (
	"reflect"
	"runtime"
	"unsafe"

	"slicestat.test/targets/internal/live"
)

// What is noted lies in .bss: noting must not allocate.
const (
	maxRecords = 1 << 16
	maxPCs     = 1 << 22
	maxDepth   = 1 << 10
)

type record struct {
	op       string
	kind     string
	elem     reflect.Type
	len, cap int
	pcs      []uintptr // innermost first, as runtime.Callers gives them
}

var (
	records  [maxRecords]record
	nrecords int
	pcs      [maxPCs]uintptr
	npcs     int
	log      *live.Log
)

// The kinds of events: in the program's own code; or in code of the standard library that was called
// from the noted line.
const (
	own    = "own"
	helper = "helper"
)

// escaped keeps the compiler from placing a slice on the stack.
var escaped unsafe.Pointer

// frames of runtime.Callers, note and its caller.
const noting = 3

//go:noinline
func note(op, kind string, elem reflect.Type, n, c int) {
	r := &records[nrecords]
	depth := runtime.Callers(noting, pcs[npcs:npcs+maxDepth])
	if depth == maxDepth {
		panic("too deep a stack to note")
	}
	*r = record{op, kind, elem, n, c, pcs[npcs : npcs+depth]}
	nrecords++
	npcs += depth
	log.Grow++
}

func elemOf[T any]() reflect.Type {
	return reflect.TypeOf((*[]T)(nil)).Elem().Elem()
}

// Grown is called with the result of an append: growslice ran exactly if the capacity changed.
//
//go:noinline
func Grown[T any](oldCap int, s []T) []T {
	if cap(s) != oldCap {
		note("grow", own, elemOf[T](), len(s), cap(s))
	}
	escaped = unsafe.Pointer(unsafe.SliceData(s))
	return s
}

// GrownLocal is Grown for a slice that may have begun on the stack; its growth must not end there.
//
//go:noinline
func GrownLocal(oldCap int, s []int) []int {
	if cap(s) != oldCap {
		note("grow", own, elemOf[int](), len(s), cap(s))
	}
	return s
}

// Made is called with the result of a make that has a capacity.
//
//go:noinline
func Made[T any](s []T) []T {
	note("make", own, elemOf[T](), len(s), cap(s))
	escaped = unsafe.Pointer(unsafe.SliceData(s))
	return s
}

// GrownValue is Grown for what reflect grew, with room for so many elements more than it has.
//
//go:noinline
func GrownValue(oldCap, room int, s reflect.Value) reflect.Value {
	if s.Cap() != oldCap {
		note("grow", own, s.Type().Elem(), s.Len()+room, s.Cap())
	}
	return s
}

// MadeValue is called with the result of reflect.MakeSlice.
//
//go:noinline
func MadeValue(s reflect.Value) reflect.Value {
	note("reflect", own, s.Type().Elem(), s.Cap(), s.Cap())
	return s
}

// Helped is called on the line of a call of the standard library, which made or grew a slice exactly
// if the capacity changed. Where in the library, and of what length, is not noted.
//
//go:noinline
func Helped[T any](op string, oldCap, newCap int) bool {
	if oldCap != newCap {
		note(op, helper, elemOf[T](), 0, 0)
	}
	return true
}
