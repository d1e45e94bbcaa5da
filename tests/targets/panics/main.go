// SPDX-License-Identifier: BSD-2-Clause

// Panics makes slices, in some goroutines with a length that is out of range: makeslice is
// entered, but never returns.
package main

import "slicestat.test/targets/internal/live"

const (
	oneGoroutineIn = 10 // panics
	oneCallIn      = 10 // panics there
)

var sinks [1024][]int

func main() {
	o := live.Flags(100000, 40)
	live.Run(o, func(worker int, log *live.Log) {
		if worker%oneGoroutineIn == 0 {
			workWithPanics(worker, log)
			return
		}
		for !log.Full() {
			makeInts(worker, log, 1+int(log.Make%9))
		}
	})
}

// workWithPanics makes again after all panics but, in every other of these goroutines, the last.
func workWithPanics(worker int, log *live.Log) {
	for call := 1; !log.Full(); call++ {
		n := 1 + call%9
		if call%oneCallIn == 0 {
			n = -n
		}
		makeInts(worker, log, n)
	}
	if worker/oneGoroutineIn%2 == 1 {
		makeInts(worker, log, -1)
	}
}

//go:noinline
func makeInts(worker int, log *live.Log, n int) {
	defer func() {
		if recover() != nil {
			log.Panicked++
		}
	}()
	s := make([]int, n)
	live.Made(log, s)
	sinks[worker%len(sinks)] = s
}
