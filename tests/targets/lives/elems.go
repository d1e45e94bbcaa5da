// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"reflect"
	"unsafe"
)

type point struct{ x, y, z int64 } // 24 bytes, no pointers

type node struct { // 24 bytes with pointers
	next *node
	name string
}

type block struct{ words [16]uint64 } // 128 bytes, no pointers

type page struct { // 128 bytes with pointers
	owner *node
	words [15]uint64
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

type elem uint8

var elems = [...]reflect.Type{
	reflect.TypeOf(byte(0)),
	reflect.TypeOf(0),
	reflect.TypeOf(""),
	reflect.TypeOf(point{}),
	reflect.TypeOf(node{}),
	reflect.TypeOf(block{}),
	reflect.TypeOf(page{}),
	reflect.TypeOf((*node)(nil)),
	reflect.TypeOf(pair[string, []int]{}),
}

// elemOf is an element's number in elems: unlike a reflect.Type it is no pointer.
func elemOf[T any]() elem {
	switch any((*T)(nil)).(type) {
	case *byte:
		return 0
	case *int:
		return 1
	case *string:
		return 2
	case *point:
		return 3
	case *node:
		return 4
	case *block:
		return 5
	case *page:
		return 6
	case **node:
		return 7
	case *pair[string, []int]:
		return 8
	}
	panic("a type without a number")
}

func sizeOf[T any]() int {
	var v T
	return int(unsafe.Sizeof(v))
}
