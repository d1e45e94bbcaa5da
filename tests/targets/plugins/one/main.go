// SPDX-License-Identifier: BSD-2-Clause

// One is a plugin of plugins.
package main

import (
	"container/list"
	"reflect"
)

type (
	point   struct{ x, y float64 }
	number  int
	row     []*point
	index   map[string]row
	handler func(name string, at ...point) (number, error)
	grid    [3][5]number
)

type shape interface {
	Area() float64
	scale(by float64) shape
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

type tree[K comparable, V any] struct {
	left, right *tree[K, V]
	pairs       []pair[K, V]
}

func (p *point) Move(x float64) { p.x += x }

func typeOf[T any]() reflect.Type {
	return reflect.TypeOf((*T)(nil)).Elem()
}

func Types() []reflect.Type {
	type local struct{ value point }
	return []reflect.Type{
		typeOf[point](), typeOf[*point](), typeOf[**point](), typeOf[number](), typeOf[row](),
		typeOf[index](), typeOf[handler](), typeOf[grid](), typeOf[shape](), typeOf[local](),
		typeOf[pair[string, *point]](), typeOf[*tree[number, []row]](),
		typeOf[map[number]*pair[point, shape]](), typeOf[map[[2]string]chan index](),
		typeOf[func(row, ...*number) (tree[string, shape], error)](),
		typeOf[chan<- (<-chan point)](), typeOf[[4]func(*list.Element) *list.List](),
		typeOf[struct {
			point
			Value number `json:"value"`
			next  *handler
		}](),
		typeOf[interface{ Get(number) row }](),
	}
}
