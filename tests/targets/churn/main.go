// SPDX-License-Identifier: BSD-2-Clause

// Churn grows and makes slices in many goroutines on deep stacks, as fast as it can, and checks
// all contents: a probe that disturbs the program shows as a wrong byte or a crash. It ends at
// SIGTERM or at the end of standard input: "ok ROUNDS" and exit status 0, or "corrupt ..." and 3.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

var (
	stop   atomic.Bool
	rounds atomic.Uint64
)

func main() {
	goroutines := flag.Int("goroutines", 64, "goroutines at work")
	flag.Parse()
	go stopAtEnd()
	stopAtSignal()
	var all sync.WaitGroup
	for i := 0; i < *goroutines; i++ {
		all.Add(1)
		go func(seed uint64) {
			defer all.Done()
			work(seed)
		}(uint64(i) + 1)
	}
	fmt.Println("ready")
	all.Wait()
	fmt.Println("ok", rounds.Load())
}

func stopAtEnd() {
	var line [64]byte
	for {
		if n, err := os.Stdin.Read(line[:]); n == 0 || err != nil {
			stop.Store(true)
			return
		}
	}
}

// From now on SIGTERM does not kill.
func stopAtSignal() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	go func() {
		<-c
		stop.Store(true)
	}()
}

func work(seed uint64) {
	for r := random(seed); !stop.Load(); rounds.Add(1) {
		dive(r.below(150), &r)
	}
}

// dive works at the bottom of depth frames.
//
//go:noinline
func dive(depth int, r *random) int {
	var frame [12]int
	frame[depth%len(frame)] = depth
	if depth == 0 {
		checkAll(r)
		return 0
	}
	below := dive(depth-1, r)
	if frame[depth%len(frame)] != depth || below != depth-1 {
		corrupt("stack", depth, below)
	}
	return depth
}

// random is xorshift64: it must not be 0.
type random uint64

func (r *random) next() uint64 {
	x := uint64(*r)
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	*r = random(x)
	return x
}

func (r *random) below(n int) int {
	return int(r.next() % uint64(n))
}

func corrupt(what string, want, got any) {
	fmt.Println("corrupt", what, "expected", want, "got", got)
	os.Exit(3)
}
