// SPDX-License-Identifier: BSD-2-Clause

// Lives makes slices and lets them grow in all ways that it can think of, follows each from its first
// array to its last, and writes down what the lives of those were that began at one place.
package main

import (
	"flag"
	"fmt"
	"os"

	"slicestat.test/targets/internal/live"
)

// sink keeps the newest slices of one worker reachable; all others are the collector's.
type sink struct {
	bytes   slice[byte]
	ints    slice[int]
	strings slice[string]
	points  slice[point]
	nodes   slice[node]
	blocks  slice[block]
	pages   slice[page]
	links   slice[*node]
	pairs   slice[pair[string, []int]]
	second  slice[int]
	third   slice[string]
	old     slice[int] // grows in all rounds
	many    [64]slice[int]
	texts   [16]slice[string]
	array   *[6]int
	odd     *odd
	worker  int
}

// step causes some events; n varies from call to call.
type step func(l *notes, s *sink, n int)

var steps = []step{
	growBytes, growInts, growStrings, growPoints, growNodes, growBlocks, growPages, growLinks,
	growMany, growGeneric, growLong, growLocal,
	queues, queuesInBulk, queuesEmptied, queuesOfStrings,
	forks, forksOfQueues, forksOfForks, reused, reusedInBulk, threeIndices, clipped, copied,
	grownBySlices, inserted,
	handedOver, inChild, interleaved, grownBefore,
	literals, variables, emptyVariables, fromNothing,
}

// These leave arrays behind that the collector gives to slices that nobody sees being made.
var collectedSteps = []step{
	growInts, growStrings, growLinks, queues, interleaved, handedOver, reused, evens,
	oddLiterals, oddVariables, withinCapacity, pooled,
}

func main() {
	withTwins := flag.Bool("twins", false, "also unseen arrays of the capacity that dead ones had")
	o := live.Flags(40000, 8)
	todo := steps
	if o.GC {
		todo = collectedSteps
	}
	if *withTwins {
		todo = append([]step{twins}, todo...)
	}
	out := o.Out
	o.Out, o.TotalsOnly = "", true
	all := newNotes(o.Goroutines)
	sinks := make([]sink, o.Goroutines)
	live.Run(o, func(worker int, log *live.Log) {
		l, s := &all[worker], &sinks[worker]
		*s = sink{worker: worker, old: s.old}
		l.begin(log)
		for i := worker; !log.Full(); i++ {
			todo[i%len(todo)](l, s, 1+i%37)
		}
	})
	if out == "" {
		return
	}
	if err := writeTruth(out, all); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
