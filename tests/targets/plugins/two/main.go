// SPDX-License-Identifier: BSD-2-Clause

// Two is a plugin of plugins whose types have names that one's have, but are others.
package main

import (
	"container/ring"
	"reflect"
)

type (
	point   struct{ x, y, z *string }
	number  uint8
	row     [6]point
	index   map[point][]number
	handler func(*row) index
)

type pair[A, B any] struct {
	a [3]A
	b *B
}

func (n number) String() string { return "number" }

func typeOf[T any]() reflect.Type {
	return reflect.TypeOf((*T)(nil)).Elem()
}

func Types() []reflect.Type {
	return []reflect.Type{
		typeOf[point](), typeOf[*point](), typeOf[number](), typeOf[row](), typeOf[index](),
		typeOf[handler](), typeOf[pair[string, *point]](), typeOf[pair[number, pair[row, int]]](),
		typeOf[map[number]*pair[point, error]](), typeOf[func(...*ring.Ring) (number, error)](),
		typeOf[struct{ *ring.Ring }](), typeOf[<-chan index](),
	}
}
