// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"slices"

	"slicestat.test/targets/internal/live"
)

const (
	samplesKept = 20
	rankingSize = 10
)

// template is a kind of line and how often it came.
type template struct {
	text    string
	count   int
	samples []string // the newest, oldest first
	lengths []int    // of the lines since the last ranking
}

// rank is a template's place among the most frequent ones.
type rank struct {
	text      string
	count     int
	medianLen int
	sample    string
}

type frequencies struct {
	templates map[string]*template
}

func newFrequencies() frequencies {
	return frequencies{templates: make(map[string]*template, 512)}
}

// add counts an entry under its template.
func (f *frequencies) add(log *live.Log, e *entry) {
	t := f.templates[string(e.template)]
	if t == nil {
		t = &template{text: string(e.template)}
		f.templates[t.text] = t
	}
	t.count++
	if len(t.samples) == samplesKept {
		t.samples = t.samples[1:]
	}
	old := cap(t.samples)
	t.samples = append(t.samples, string(e.line))
	live.Grown(log, old, t.samples)

	old = cap(t.lengths)
	t.lengths = append(t.lengths, len(e.line))
	live.Grown(log, old, t.lengths)
}

// rank lists the most frequent templates and forgets the lines' lengths.
func (f *frequencies) rank(log *live.Log) []rank {
	all := makeRanks(log, len(f.templates))
	i := 0
	for _, t := range f.templates {
		all[i] = rank{t.text, t.count, median(log, t.lengths), t.samples[len(t.samples)-1]}
		t.lengths = nil
		i++
	}
	slices.SortFunc(all, func(a, b rank) int { return b.count - a.count })
	top := makeRanks(log, min(rankingSize, len(all)))
	copy(top, all)
	return top
}

//go:noinline
func makeRanks(log *live.Log, n int) []rank {
	s := make([]rank, n)
	live.Made(log, s)
	return s
}

// median leaves the values in their order.
func median(log *live.Log, values []int) int {
	if len(values) == 0 {
		return 0
	}
	sorted := copyOf(log, nil, values)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

//go:noinline
func copyOf(log *live.Log, to, values []int) []int {
	old := cap(to)
	to = append(to, values...)
	live.Grown(log, old, to)
	return to
}
