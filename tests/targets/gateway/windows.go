// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"slices"
	"strings"
	"time"

	"slicestat.test/targets/internal/live"
)

// key is what requests are aggregated by.
type key struct {
	status, version string
}

// cell collects the requests of one window that have the same key.
type cell struct {
	requests  int
	bytes     int
	latencies []int // microseconds
}

// summary is a cell of a finished window.
type summary struct {
	key
	requests, bytes int
	median, p99     int // microseconds
}

type windows struct {
	length   time.Duration
	start    time.Time
	cells    map[key]*cell
	finished [][]summary // the newest last
}

const finishedKept = 60

func newWindows(length time.Duration) windows {
	return windows{length: length, cells: make(map[key]*cell, 64)}
}

// add aggregates one request; the first one behind a window's end finishes that window.
func (w *windows) add(log *live.Log, now time.Time, fields []field) {
	if now.Sub(w.start) >= w.length {
		if len(w.cells) > 0 {
			w.finish(log)
		}
		w.start = now
	}
	c := w.cell(fields)
	c.requests++
	c.bytes += number(find(fields, "bytes"))
	old := cap(c.latencies)
	c.latencies = append(c.latencies, number(find(fields, "micros")))
	live.Grown(log, old, c.latencies)
}

func (w *windows) cell(fields []field) *cell {
	k := key{string(find(fields, "status")), string(find(fields, "version"))}
	c := w.cells[k]
	if c == nil {
		c = &cell{}
		w.cells[k] = c
	}
	return c
}

// finish summarises the window and empties it.
func (w *windows) finish(log *live.Log) {
	if len(w.finished) == finishedKept {
		w.finished = w.finished[1:]
	}
	old := cap(w.finished)
	w.finished = append(w.finished, summarise(log, nil, w.cells))
	live.Grown(log, old, w.finished)
	for k := range w.cells {
		delete(w.cells, k)
	}
}

//go:noinline
func summarise(log *live.Log, all []summary, cells map[key]*cell) []summary {
	for k, c := range cells {
		slices.Sort(c.latencies)
		n := len(c.latencies)
		old := cap(all)
		all = append(all, summary{k, c.requests, c.bytes, c.latencies[n/2], c.latencies[n*99/100]})
		live.Grown(log, old, all)
	}
	slices.SortFunc(all, func(a, b summary) int {
		if a.status != b.status {
			return strings.Compare(a.status, b.status)
		}
		return strings.Compare(a.version, b.version)
	})
	return all
}

func find(fields []field, name string) []byte {
	for _, f := range fields {
		if string(f.name) == name {
			return f.value
		}
	}
	return nil
}

// number reads decimal digits.
func number(digits []byte) int {
	n := 0
	for _, c := range digits {
		n = n*10 + int(c-'0')
	}
	return n
}
