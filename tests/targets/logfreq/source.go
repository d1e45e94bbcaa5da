// SPDX-License-Identifier: BSD-2-Clause

package main

import "strconv"

// source writes the same log lines for the same seed, always into the same buffer.
type source struct {
	random uint64
	buf    [256]byte
}

func newSource(seed uint64) source {
	return source{random: seed * 0x9e3779b97f4a7c15}
}

var (
	methods  = [...]string{"GET", "GET", "GET", "POST", "PUT", "DELETE"}
	paths    = [...]string{"/users/", "/orders/", "/carts/", "/search?page=", "/static/app-"}
	statuses = [...]string{"200", "200", "200", "200", "204", "301", "404", "500", "503"}
	jobs     = [...]string{"compact", "backup", "reindex", "expire"}
)

// next is valid until the call after it.
func (s *source) next() []byte {
	b := append(s.buf[:0], "host-"...)
	b = strconv.AppendUint(b, s.below(16), 10)
	if s.below(10) == 0 {
		b = append(b, " worker job "...)
		b = append(b, jobs[s.below(len(jobs))]...)
		b = append(b, " finished, rows "...)
		return strconv.AppendUint(b, s.below(1000000), 10)
	}
	b = append(b, " web "...)
	b = append(b, methods[s.below(len(methods))]...)
	b = append(b, ' ')
	b = append(b, paths[s.below(len(paths))]...)
	b = strconv.AppendUint(b, s.below(100000), 10)
	b = append(b, ' ')
	b = append(b, statuses[s.below(len(statuses))]...)
	b = append(b, " in "...)
	b = strconv.AppendUint(b, s.below(900)+1, 10)
	return append(b, "ms"...)
}

// below is xorshift64.
func (s *source) below(n int) uint64 {
	x := s.random
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	s.random = x
	return x % uint64(n)
}
