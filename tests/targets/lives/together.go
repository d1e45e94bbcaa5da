// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"runtime"
	"sync/atomic"
)

// slot holds a slice that all workers append to in turn.
type slot struct {
	held atomic.Bool
	a    slice[int]
	_    [64]byte
}

var exchange [32]slot

// handedOver appends to slices that other goroutines appended to before. It does not wait: waiting
// is work for the runtime.
func handedOver(l *notes, s *sink, n int) {
	for i := 0; i < 4*n; i++ {
		x := &exchange[(i*(2*s.worker+1)+n)%len(exchange)]
		if !x.held.CompareAndSwap(false, true) {
			continue
		}
		if len(x.a.s) > 40*n || !l.isNew(x.a.newest) {
			x.a = slice[int]{}
		}
		x.a = pushInt(l, x.a, i)
		x.held.Store(false)
	}
}

// inChild lets new goroutines continue what this one began.
func inChild(l *notes, s *sink, n int) {
	a := makeInts(l, 0, n)
	for i := 0; i < 1+n%3; i++ {
		var done atomic.Bool
		go func() {
			for k := 0; k < n; k++ {
				a = pushInt(l, a, k)
			}
			done.Store(true)
		}()
		for !done.Load() {
			runtime.Gosched()
		}
		a = pushInts(l, a, five[:])
	}
	s.ints = a
}

// interleaved grows many slices at a time, in no order.
func interleaved(l *notes, s *sink, n int) {
	x := uint32(n)
	for i := 0; i < 20*n; i++ {
		x = x*1664525 + 1013904223
		a := &s.many[x>>16%uint32(len(s.many))]
		*a = pushInt(l, *a, i)
		if x>>24 < 8 {
			*a = slice[int]{}
		}
		t := &s.texts[x>>20%uint32(len(s.texts))]
		*t = pushString(l, *t, "slice")
		if x>>26 == 0 {
			*t = makeStrings(l, n/2, n)
		}
	}
}

// grownBefore grows a slice that had grown before the tracing began.
func grownBefore(l *notes, s *sink, n int) {
	for i := 0; i < n; i++ {
		s.old = pushInt(l, s.old, i)
	}
}
