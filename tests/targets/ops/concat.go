// SPDX-License-Identifier: BSD-2-Clause

//go:build go1.24

package main

import "slicestat.test/targets/internal/live"

// From Go 1.24 on strings are joined right into the bytes that they are converted to.
func init() {
	steps = append(steps, bytesOfTwo, bytesOfMany)
}

//go:noinline
func bytesOfTwo(log *live.Log, s *sink, n int) {
	s.bytes = []byte(words[:32] + words[:n])
	live.Made(log, s.bytes)
}

//go:noinline
func bytesOfMany(log *live.Log, s *sink, n int) {
	s.bytes = []byte(words[:n] + words[1:n] + words[:9] + words[:8] + words[:7] + words[:6])
	live.Made(log, s.bytes)
}
