// SPDX-License-Identifier: BSD-2-Clause

package main

import "fmt"

type (
	number  int
	word    string
	flag8   bool
	complex complex128
	row     []int
	grid    [4][4]float32
	block   [4096]byte
	index   map[word][]number
	handler func(name word, args ...any) (number, error)
	feed    chan<- *node
	nothing struct{}
)

type point struct{ x, y, z int64 }

type node struct {
	left, right *node
	value       any
}

type record struct {
	point
	*node
	fmt.Stringer
	Name string `json:"name,omitempty" xml:"n"`
	_    [3]byte
}

type shape interface {
	Area() float64
	scale(by float64) shape
}

type größe uint16 // not ASCII

func (p point) String() string { return "point" }

func (p *point) Move(x int64) { p.x += x }

type pair[K comparable, V any] struct {
	key   K
	value V
}

type list[T any] struct {
	next  *list[T]
	value T
}

type tree[K comparable, V any] struct {
	left, right *tree[K, V]
	pairs       list[pair[K, V]]
}

type mapper[A, B any] func(A) B

// Its name takes a length of two bytes.
type aTypeWithAVeryLongNameIndeedAsGeneratedCodeSometimesHasBecauseSomebodyPutTheWholePathOfASchemaIntoItAndThenTheVersionAndTheNameOfTheFieldToo struct {
	a *int
}

// Other words for types without a name.
type (
	tagged = struct {
		A int    `json:"a\\b" xml:"é"`
		B string `tab:"	" quote:"'"`
	}
	embedding = struct {
		point
		*node
		error
	}
	hidden = interface {
		m()
		error
	}
)
