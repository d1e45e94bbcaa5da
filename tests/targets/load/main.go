// SPDX-License-Identifier: BSD-2-Clause

// Load grows slices on all the CPUs it is given for some seconds, at full load, and counts what it
// does: "ready", then, after a line on standard input, "done ROUNDS GROWTHS LEN_SUM CAP_SUM
// SECONDS"; it ends at the end of standard input.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

// counts are one worker's, with cache lines of their own.
type counts struct {
	rounds, growths, lenSum, capSum uint64
	_                               [96]byte
}

var (
	all  [256]counts
	keep [256][]uint64
	sink [256]uint64
)

func main() {
	seconds := flag.Float64("seconds", 10, "seconds of load")
	workers := flag.Int("workers", runtime.NumCPU(), "goroutines at work")
	spin := flag.Int("spin", 100, "steps of arithmetic between two appends")
	phase := flag.Duration("phase", 0, "every second stretch of so long has ten times the arithmetic")
	flag.Parse()
	lines := bufio.NewScanner(os.Stdin)
	fmt.Println("ready")
	lines.Scan()
	begin := time.Now()
	var group sync.WaitGroup
	for w := 0; w < *workers && w < len(all); w++ {
		group.Add(1)
		go func(w int) {
			defer group.Done()
			for time.Since(begin).Seconds() < *seconds {
				round(w, steps(*spin, *phase, begin))
			}
		}(w)
	}
	group.Wait()
	report(time.Since(begin).Seconds())
	lines.Scan()
}

func steps(spin int, phase time.Duration, begin time.Time) int {
	if phase > 0 && time.Since(begin)/phase%2 == 1 {
		return 10 * spin
	}
	return spin
}

func report(seconds float64) {
	var sum counts
	for i := range all {
		sum.rounds += all[i].rounds
		sum.growths += all[i].growths
		sum.lenSum += all[i].lenSum
		sum.capSum += all[i].capSum
	}
	fmt.Println("done", sum.rounds, sum.growths, sum.lenSum, sum.capSum, seconds)
}

// round appends to an escaping slice until it has grown some times.
//
//go:noinline
func round(w, spin int) {
	c := &all[w]
	var s []uint64
	for i := 0; i < 200; i++ {
		sink[w] = arithmetic(sink[w], spin)
		before := cap(s)
		s = append(s, sink[w])
		if cap(s) != before {
			c.growths++
			c.lenSum += uint64(len(s))
			c.capSum += uint64(cap(s))
		}
	}
	keep[w] = s
	c.rounds++
}

func arithmetic(x uint64, steps int) uint64 {
	for i := 0; i < steps; i++ {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}
