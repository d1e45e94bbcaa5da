// SPDX-License-Identifier: BSD-2-Clause

// Truth appends and makes slices of many types and writes down every base, len and cap.
package main

import "slicestat.test/targets/internal/live"

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

// sink keeps the newest slices of one worker reachable; all others are the collector's.
type sink struct {
	bytes   []byte
	ints    []int
	strings []string
	points  []point
	nodes   []node
	blocks  []block
	pages   []page
	rows    [][]int
	nothing []struct{}
	generic [4]any
}

// step causes some events; n varies from call to call.
type step func(log *live.Log, s *sink, n int)

var steps = []step{
	growBytes, growInts, growStrings, growPoints, growNodes, growBlocks, growPages, growRows,
	growGeneric, growMany, growNothing,
	makeBytes, makeInts, makeStrings, makePoints, makeNodes, makeBlocks, makePages, makeRows,
	makeGeneric, makeRoomier, makeNothing,
}

func main() {
	o := live.Flags(100000, 8)
	sinks := make([]sink, o.Goroutines)
	live.Run(o, func(worker int, log *live.Log) {
		for i := worker; !log.Full(); i++ {
			steps[i%len(steps)](log, &sinks[worker], 1+i%37)
		}
	})
}
