// SPDX-License-Identifier: BSD-2-Clause

// Allocs does the same work each time it reads a line, and tells what the heap says of it: objects
// and bytes allocated, and collections. A collection comes only after every so many steps.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
)

const (
	steps     = 2000
	collected = 100 // steps from one collection to the next
)

type item struct {
	name string
	tags []string
	next *item
}

var (
	items []item
	lines [][]byte
	index []int
)

func step(n int) {
	items, lines, index = nil, nil, nil
	for i := 0; i < 50; i++ {
		name := strconv.Itoa(n + i)
		items = append(items, item{name: name, tags: append([]string(nil), name, "tag")})
		line := make([]byte, 0, len(name))
		for _, tag := range items[i].tags {
			line = append(append(line, tag...), '\n')
		}
		lines = append(lines, line)
		index = append(index, len(line))
	}
}

func work() {
	for n := 0; n < steps; n++ {
		step(n)
		if n%collected == 0 {
			runtime.GC()
		}
	}
}

func main() {
	var before, after runtime.MemStats

	debug.SetGCPercent(-1)
	// Else a longer run changes more often from one cache of the allocator to another.
	runtime.GOMAXPROCS(1)
	in := bufio.NewScanner(os.Stdin)
	work()
	fmt.Println("ready")
	for in.Scan() {
		runtime.ReadMemStats(&before)
		work()
		runtime.ReadMemStats(&after)
		fmt.Println(after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc,
			after.NumGC-before.NumGC)
	}
}
