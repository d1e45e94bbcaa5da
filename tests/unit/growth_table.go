// SPDX-License-Identifier: BSD-2-Clause

// Growth_table prints the capacities that this Go's append gives, as the rows of growth_table.h.
package main

import (
	"fmt"
	"os"
	"unsafe"
)

// Both are in growth_table.h too.
var oldCaps = [...]int{0, 1, 2, 5, 31, 64, 100, 255, 256, 257, 600, 3000}

func adds(oldCap int) [4]int {
	return [4]int{1, oldCap/4 + 1, oldCap + 1, 3*oldCap + 7}
}

// withPointer is of 8 bytes more than T, and has a pointer.
type withPointer[T any] struct {
	p *byte
	v T
}

var sink any

func print[T any](pointers bool) {
	var elem T
	fmt.Printf("\t{%d, %d, HEADER, {", unsafe.Sizeof(elem), map[bool]int{true: 1}[pointers])
	for i, c := range oldCaps {
		if i%4 == 0 {
			fmt.Print("\n\t\t")
		}
		for _, add := range adds(c) {
			s := append(make([]T, c), make([]T, 3*c+7)[:add]...)
			sink = s
			fmt.Printf("%d, ", cap(s))
		}
	}
	fmt.Println("\n\t}},")
}

// The argument is for Go before 1.22, which differs where there are pointers alone.
func main() {
	print[*byte](true)
	print[string](true)
	print[withPointer[[2]int64]](true)
	print[withPointer[[5]int64]](true)
	print[withPointer[[63]int64]](true)
	print[withPointer[[64]int64]](true)
	print[withPointer[[400]int64]](true)
	if len(os.Args) > 1 {
		return
	}
	print[byte](false)
	print[uint16](false)
	print[[3]byte](false)
	print[int64](false)
	print[[24]byte](false)
	print[[40]byte](false)
	print[[520]byte](false)
	print[[5000]byte](false)
	print[[32760]byte](false)
}
