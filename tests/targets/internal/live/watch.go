// SPDX-License-Identifier: BSD-2-Clause

package live

import (
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
)

// Watch calls step in so many goroutines, each again and again, from a line on standard input
// until the next line or SIGTERM, or steps times where that is not 0; outside of that nothing is
// at work. Then it prints the totals of what the steps noted, and ends at one more line. With auto
// it starts without a line.
func Watch(workers int, auto bool, steps int, step func(worker int, log *Log)) {
	var stop, terminated atomic.Bool
	go awaitSignal(&stop, &terminated)
	o := &Options{Goroutines: workers, TotalsOnly: true}
	logs := newLogs(o)
	start, done := newWire(), newWire()
	for i := range logs {
		go func(i int) {
			start.receive(1)
			for n := 0; !stop.Load() && (steps == 0 || n < steps); n++ {
				step(i, &logs[i])
			}
			done.send(1)
		}(i)
	}
	settle()
	if !auto {
		started := newWire()
		go func() {
			AwaitLine()
			started.send(1)
			AwaitLine()
			stop.Store(true)
		}()
		say("ready\n")
		started.receive(1)
	}
	start.send(workers)
	done.receive(workers)
	sayTotals(logs)
	if !auto && !terminated.Load() {
		AwaitLine()
	}
}

func awaitSignal(stop, terminated *atomic.Bool) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	<-c
	terminated.Store(true)
	stop.Store(true)
}

// sayTotals does not grow a slice: the program may still be watched.
func sayTotals(logs []Log) {
	var buf [256]byte
	c := total(logs)
	line := append(buf[:0], "done\ntruth"...)
	for _, field := range [...]struct {
		name  string
		value uint64
	}{
		{" events=", c.Events()}, {" len_sum=", c.LenSum}, {" cap_sum=", c.CapSum},
		{" grow=", c.Grow}, {" make=", c.Make}, {" zero=", c.Zero},
	} {
		line = append(line, field.name...)
		line = strconv.AppendUint(line, field.value, 10)
	}
	writeAll(1, append(line, '\n'))
}
