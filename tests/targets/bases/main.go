// SPDX-License-Identifier: BSD-2-Clause

// Bases makes new base addresses as fast as it can: weeks of a busy program in minutes.
package main

import "slicestat.test/targets/internal/live"

var (
	sinks [64][]byte
	tiny  = [8]byte{1, 2, 3, 4, 5, 6, 7, 8}
)

func main() {
	o := live.Flags(3000000, 1)
	o.TotalsOnly = true
	live.Run(o, func(worker int, log *live.Log) {
		for !log.Full() {
			sinks[worker%len(sinks)] = appendTiny(log, nil)
		}
	})
}

//go:noinline
func appendTiny(log *live.Log, s []byte) []byte {
	old := cap(s)
	s = append(s, tiny[:]...)
	live.Grown(log, old, s)
	return s
}
