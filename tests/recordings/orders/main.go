// SPDX-License-Identifier: BSD-2-Clause

// Orders sorts orders into lists, the same in each run. The patches beside it change one thing each;
// what they change is all that two recordings may differ in.
//
// It says "truth ..." and "ready", waits for a line, works, says "done", and ends at the next line.
package main

import (
	"os"
)

const days = 50

type order struct {
	id     uint64
	amount int64
	open   bool
}

// kept holds what was made: nothing of it may be dropped by the compiler.
var kept [][]uint64

//go:noinline
func read(n int) []order {
	var all []order
	for i := 0; i < n; i++ {
		all = append(all, order{id: uint64(i), amount: int64(i % 7), open: i%3 != 0})
	}
	return all
}

// divide grows three lists of one type, the second of which a patch gives its capacity.
//
//go:noinline
func divide(orders []order) {
	var large []uint64
	for _, o := range orders {
		if o.amount > 3 {
			large = append(large, o.id)
		}
	}
	var open []uint64
	for _, o := range orders {
		if o.open {
			open = append(open, o.id)
		}
	}
	var closed []uint64
	for _, o := range orders {
		if !o.open {
			closed = push(closed, o.id)
		}
	}
	kept = append(kept[:0], large, open, closed)
}

// push is inlined wherever it is called.
func push(list []uint64, id uint64) []uint64 {
	return append(list, id)
}

//go:noinline
func ids(orders []order) []uint64 {
	list := make([]uint64, 0, 16)
	for _, o := range orders {
		list = push(list, o.id)
	}
	return list
}

func main() {
	line := make([]byte, 1)
	os.Stdout.WriteString(truth() + "ready\n")
	os.Stdin.Read(line)
	for day := 0; day < days; day++ {
		orders := read(100 + day)
		divide(orders)
		kept = append(kept, ids(orders))
	}
	os.Stdout.WriteString("done\n")
	os.Stdin.Read(line)
}
