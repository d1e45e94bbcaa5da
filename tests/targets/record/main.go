// SPDX-License-Identifier: BSD-2-Clause

// Record hands slices of an arena of its own to functions and writes down every base, len and cap.
package main

import (
	"flag"

	"slicestat.test/targets/internal/live"
)

type point struct{ x, y, z int32 }

// worker is what one goroutine works with.
type worker struct {
	arena
	lottery
	ring
	points  Ring[point]
	pushers [2]pusher[int64]
	record  func([]float64)
	done    chan byte
}

func newWorker(i int) *worker {
	return &worker{
		arena:   arena{words: &memory[i]},
		lottery: lottery(i + 1),
		pushers: [2]pusher[int64]{&Ring[int64]{}, &Ring[int64]{}},
		record:  RecordAny[float64],
		done:    make(chan byte),
	}
}

func take[T any](w *worker) []T {
	n, c := w.sizes()
	return carve[T](&w.arena, n, c)
}

func (w *worker) functions(log *live.Log) {
	b := take[byte](w)
	live.Made(log, b)
	Record(b)
	Record(nil)
	b = take[byte](w)
	live.Made(log, b)
	last(1, 2, 3, 4, 5, 6, b)
	onStack(1, 2, 3, 4, 5, 6, inlined(b), b)
	s := take[int64](w)
	live.Made(log, s)
	behind(len(b), "name", 0.5, s)
	s = take[int64](w)
	live.Made(log, s)
	w.push(s)
}

// Some cases of switched would call sum.
func (w *worker) loops(log *live.Log) {
	s := take[int64](w)
	live.Made(log, s)
	switched(1+w.draw(2), s)
	s = take[int64](w)
	live.Made(log, s)
	sum(s)
}

func (w *worker) generics(log *live.Log) {
	p := take[point](w)
	live.Made(log, p)
	RecordAny(p)
	f := take[float64](w)
	live.Made(log, f)
	w.record(f)
	p = take[point](w)
	live.Made(log, p)
	w.points.Push(3, p)
	s := take[int64](w)
	live.Made(log, s)
	w.pushers[w.draw(2)].Push(2, s)
	s = take[int64](w)
	live.Made(log, s)
	Stack[int64](s).Note(1)
}

const depth = 30

// descents begins with a stack as small as they are.
func (w *worker) descents(log *live.Log) {
	s := take[int64](w)
	for i := 0; i <= depth; i++ {
		live.Made(log, s)
	}
	go func() { w.done <- descend(depth, s) }()
	<-w.done
}

func main() {
	generic := flag.Bool("generic", false, "call the generic functions, else the others")
	o := live.Flags(100000, 2)
	workers := make([]*worker, o.Goroutines)
	for i := range workers {
		workers[i] = newWorker(i)
	}
	live.Run(o, func(i int, log *live.Log) {
		for w := workers[i]; !log.Full(); {
			if *generic {
				w.generics(log)
			} else {
				w.functions(log)
				w.loops(log)
				w.descents(log)
			}
		}
	})
}
