// SPDX-License-Identifier: BSD-2-Clause

//go:build profile

package main

import (
	"os"
	"runtime/pprof"
	"time"

	"slicestat.test/targets/internal/live"
)

const profiled = 2 * time.Second

// init makes of truth a program that writes a CPU profile of its work, and does nothing else: what
// the builds with -pgo are made with.
func init() {
	f, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		panic(err)
	}
	var log live.Log
	var s sink
	for start := time.Now(); time.Since(start) < profiled; {
		log.Reset(10000)
		for i := 0; !log.Full(); i++ {
			steps[i%len(steps)](&log, &s, 1+i%37)
		}
	}
	pprof.StopCPUProfile()
	os.Exit(0)
}
