// SPDX-License-Identifier: BSD-2-Clause

package main

// What a growth is to the chain of arrays that its slice has had, told from which array the old
// slice really lies in. Two tracers may look at it:
//
// exact knows the old slice's capacity. The slice is the array's own if both begin together and have
// one capacity; a queue is a slice whose front was cut off, so that it begins further on and has the
// rest of the capacity. A slice of no capacity is nothing, wherever it points to.
//
// cheap knows the capacity where one element was appended: the slice was full. Where more were, it
// knows that the capacity was less than the new length. That may be true of the array's though not
// of the slice's own, as of s[:n:n]; then it takes the one for the other. A queue is taken for full:
// one that was not is not known, but that never makes it another's.
//
// Both want the length to be no less than it was when the array was made: what was cut to less
// begins anew.
type mode int

const (
	cheap mode = iota
	exact
	modes
)

var modeNames = [modes]string{"cheap", "exact"}

type kind int

const (
	linked   kind = iota // it grew its newest array
	fresh                // it grew nothing
	queue                // it grew what is left of its newest array, whose front was cut off
	fork                 // the array was grown already, and the slice has another one
	mismatch             // it begins with the array, but is not what the array was made for
	unseen               // nobody saw its array, or not as one
	kinds
)

var kindNames = [kinds]string{"linked", "fresh", "queue", "fork", "mismatch", "unseen"}

const unknown = -1

// capacity is what a tracer knows of the old slice's.
func (r *record) capacity(m mode) int {
	if m == exact || r.len == r.old.len+1 {
		return r.old.cap
	}
	return unknown
}

// kindOf is what r is to a tracer; from is the record of the array that the old slice lies in, nil
// where there is none, and left whether the tracer saw that array be grown before.
func kindOf(m mode, r, from *record, left bool) kind {
	c := r.capacity(m)
	k := unseen
	switch {
	case r.old.nowhere || c == 0:
		return fresh
	case from == nil:
		return unseen
	case r.old.base != from.base:
		k = kindFurtherOn(r, from, c)
	default:
		k = kindAtBase(r, from, c)
	}
	if left && (k == linked || k == queue) {
		return fork
	}
	return k
}

func kindAtBase(r, from *record, c int) kind {
	if r.old.len < from.len || c != unknown && c != from.cap || c == unknown && r.len <= from.cap {
		return mismatch
	}
	return linked
}

func kindFurtherOn(r, from *record, c int) kind {
	end := int(r.old.base-from.base) / r.size
	if c == unknown {
		c = r.old.len
	}
	if end+c != from.cap {
		return unseen
	}
	return queue
}
