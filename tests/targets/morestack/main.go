// SPDX-License-Identifier: BSD-2-Clause

// Morestack calls growslice and makeslice where the goroutine's stack has no room left for them:
// their stack check fails, the stack is moved, and the function starts again from its first
// instruction.
package main

import (
	"runtime"

	"slicestat.test/targets/internal/live"
)

const (
	wordSize    = 8
	shallowest  = 50   // words of stack in use, at least
	depths      = 80   // stack depths tried, one word apart
	secondStack = 2048 // bytes the stack has gained when growslice is through
)

var (
	sinkInts  []int
	sinkBytes []byte
)

func main() {
	o := live.Flags(20000, 1)
	done := make(chan struct{})
	live.Run(o, func(_ int, log *live.Log) {
		for depth := 0; !log.Full(); depth = (depth + 1) % depths {
			go probe(log, shallowest+depth, done)
			<-done
			// The next goroutine gets a fresh, smallest stack only when this one's is gone.
			runtime.Gosched()
		}
	})
}

// probe fills a fresh stack up to some depth, grows a slice there, then fills the stack that is
// now twice as large and makes one.
func probe(log *live.Log, depth int, done chan<- struct{}) {
	descend(depth*wordSize, func() { growAtEdge(log) })
	if !log.Full() {
		descend(secondStack+depth*wordSize, func() { makeAtEdge(log) })
	}
	done <- struct{}{}
}

// growAtEdge does not check the stack itself, so that growslice is the first to find it too small
// anywhere in the length of this frame.
//
//go:nosplit
//go:noinline
func growAtEdge(log *live.Log) {
	var frame [56]uint64
	keep(&frame)
	s := append(sinkInts[:0:0], 1)
	live.Grown(log, 0, s)
	sinkInts = s
}

//go:nosplit
//go:noinline
func makeAtEdge(log *live.Log) {
	var frame [56]uint64
	keep(&frame)
	sinkBytes = make([]byte, 1+log.Make%8)
	live.Made(log, sinkBytes)
}

//go:nosplit
//go:noinline
func keep(frame *[56]uint64) {
	frame[0]++
}
