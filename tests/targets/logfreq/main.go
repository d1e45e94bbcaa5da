// SPDX-License-Identifier: BSD-2-Clause

// Logfreq is a log pipeline that counts line frequencies: it reads lines, replaces what varies in
// them, counts how often each template comes, keeps samples of it, and ranks them once a second.
//
// It notes each slice that it grows or makes (the calls to live), so that what slicestat reports
// can be checked against it.
package main

import (
	"flag"
	"time"

	"slicestat.test/targets/internal/live"
)

func main() {
	rate := flag.Int("rate", 600, "lines a second and shard")
	shards := flag.Int("shards", 2, "shards, each with lines of its own")
	auto := flag.Bool("auto", false, "start at once, not at a line on standard input")
	steps := flag.Int("steps", 0, "ticks of each, then stop; 0: until told to")
	flag.Parse()

	all := make([]*shard, *shards)
	for i := range all {
		all[i] = newShard(uint64(i)+1, *rate)
	}
	live.Watch(len(all), *auto, *steps, func(i int, log *live.Log) {
		all[i].tick(log)
	})
}

const ticksPerSecond = 50

// shard is one source of lines with the frequencies found in it.
type shard struct {
	source       source
	current      entry
	frequencies  frequencies
	linesPerTick int
	ticks        int
	ranking      []rank
}

func newShard(seed uint64, rate int) *shard {
	return &shard{
		source:       newSource(seed),
		frequencies:  newFrequencies(),
		linesPerTick: rate/ticksPerSecond + 1,
	}
}

// tick handles the lines of a fiftieth of a second.
func (s *shard) tick(log *live.Log) {
	for i := 0; i < s.linesPerTick; i++ {
		s.current = entry{line: s.source.next()}
		s.current.split(log)
		s.current.normalise(log)
		s.frequencies.add(log, &s.current)
	}
	s.ticks++
	if s.ticks%ticksPerSecond == 0 {
		s.ranking = s.frequencies.rank(log)
	}
	live.Pause(time.Second / ticksPerSecond)
}
