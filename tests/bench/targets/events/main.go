// SPDX-License-Identifier: BSD-2-Clause

// Events grows and makes slices on command and tells what CPU time its thread took for that. Each
// line "KIND N" on stdin is answered by one line with nanoseconds an event. The collector runs only
// between the stretches that are timed, of which the median counts.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"syscall"
	"unsafe"
)

// Events in a stretch: as many arrays are alive before the collector takes all of them, so that the
// next ones lie where these lay.
const workingSet = 4096

const clockThreadCPU = 3

var (
	seed  [4]uint64
	sinks [workingSet][]uint64
	size  = 8
)

func threadCPU() int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockThreadCPU, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

func collect() {
	clear(sinks[:])
	runtime.GC()
}

// grow makes each of n arrays of 64 bytes out of one of 32.
//
//go:noinline
func grow(n int) {
	for i := 0; i < n; i++ {
		sinks[i%workingSet] = append(seed[:4:4], uint64(i))
	}
}

//go:noinline
func makes(n int) {
	for i := 0; i < n; i++ {
		sinks[i%workingSet] = make([]uint64, size)
	}
}

func timed(events func(int), n int) float64 {
	begin := threadCPU()
	events(n)
	return float64(threadCPU()-begin) / float64(n)
}

// median of the times of n events, in stretches. Where they are to happen at the same few addresses
// again, the collector runs before each stretch, else before the first.
func median(events func(int), n int, again bool) float64 {
	times := make([]float64, 0, n/workingSet)
	for len(times) < cap(times) {
		if again || len(times) == 0 {
			collect()
		}
		times = append(times, timed(events, workingSet))
	}
	sort.Float64s(times)
	return (times[len(times)/2] + times[(len(times)-1)/2]) / 2
}

func run(kind string, n int) (float64, error) {
	if n < workingSet {
		return 0, fmt.Errorf("fewer than %d events", workingSet)
	}
	switch kind {
	case "hit":
		return median(grow, n, true), nil
	case "new":
		return median(grow, n, false), nil
	case "make":
		return median(makes, n, true), nil
	}
	return 0, fmt.Errorf("no such kind of events: %s", kind)
}

func main() {
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var kind string
		var n int
		if _, err := fmt.Sscan(lines.Text(), &kind, &n); err != nil {
			fmt.Fprintln(os.Stderr, "events:", err)
			os.Exit(2)
		}
		ns, err := run(kind, n)
		if err != nil {
			fmt.Fprintln(os.Stderr, "events:", err)
			os.Exit(2)
		}
		fmt.Println(ns)
	}
}
