// SPDX-License-Identifier: BSD-2-Clause

package live

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"unsafe"
)

// Options of every target that writes a truth file.
type Options struct {
	Events     uint64
	Goroutines int
	GC         bool
	Auto       bool
	Out        string
	TotalsOnly bool // keep no record of single bases
}

// Flags defines the options as flags with the given defaults and parses the command line.
func Flags(events uint64, goroutines int) *Options {
	o := &Options{}
	flag.Uint64Var(&o.Events, "events", events, "events to cause")
	flag.IntVar(&o.Goroutines, "goroutines", goroutines, "goroutines that cause them")
	flag.BoolVar(&o.GC, "gc", false, "leave the collector on, so that addresses come again")
	flag.BoolVar(&o.Auto, "auto", false, "run at once, without lines on standard input")
	flag.StringVar(&o.Out, "out", "", "file for the truth")
	flag.Parse()
	return o
}

// Work causes events until log.Full() and notes each of them.
type Work func(worker int, log *Log)

const warmUpEvents = 2000

// Run does the work in o.Goroutines goroutines. Between the lines "ready" and "done", and only
// after a line on standard input, it causes exactly the events that it notes; after one more line
// it writes them to o.Out.
func Run(o *Options, work Work) {
	if !o.GC {
		debug.SetGCPercent(-1)
	}
	logs := newLogs(o)
	starts := make([]wire, len(logs))
	done := newWire()
	for i := range logs {
		starts[i] = newWire()
		go worker(i, &logs[i], work, &starts[i], &done)
	}
	round := func(events uint64) {
		share(logs, events)
		for i := range starts {
			starts[i].send(1)
		}
		done.receive(len(starts))
	}
	if o.Auto {
		round(o.Events)
	} else {
		settle()
		for i := 0; i < warmUpRounds; i++ {
			round(warmUpEvents)
		}
		say("ready\n")
		AwaitLine()
		round(o.Events)
		say("done\n")
		AwaitLine()
	}
	finish(o, logs)
}

func newLogs(o *Options) []Log {
	logs := make([]Log, o.Goroutines)
	room := maxRecords / len(logs)
	if o.TotalsOnly {
		room = 0
	} else if o.Events > uint64(room*len(logs)) {
		fail(fmt.Errorf("no room to note %d events", o.Events))
	}
	for i := range logs {
		logs[i].records = records[i*room : (i+1)*room]
	}
	return logs
}

func worker(i int, log *Log, work Work, start, done *wire) {
	for {
		start.receive(1)
		work(i, log)
		done.send(1)
	}
}

// share resets the logs and divides the events among them.
func share(logs []Log, events uint64) {
	n := uint64(len(logs))
	for i := range logs {
		limit := events / n
		if uint64(i) < events%n {
			limit++
		}
		logs[i].Reset(limit)
	}
}

const warmUpRounds = 3

// settle makes the runtime own what it will need: threads, room for timers, and the collector's
// goroutines.
func settle() {
	spareThreads(16)
	timersOnEveryP()
	runtime.GC()
}

func finish(o *Options, logs []Log) {
	if o.Out == "" {
		return
	}
	if err := writeTruth(o.Out, logs); err != nil {
		fail(err)
	}
}

// say converts nothing: the program is watched still, and not every compiler leaves that out.
func say(line string) {
	writeAll(1, unsafe.Slice(unsafe.StringData(line), len(line)))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
