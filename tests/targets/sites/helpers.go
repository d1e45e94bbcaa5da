// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"bytes"
	"slices"
	"strconv"
	text "strings"

	"slicestat.test/targets/internal/callers"
)

// Statements of two parts keep the call of the library and that which notes it on one line.

var (
	word   = []byte("slice")
	buffer *bytes.Buffer
)

func buffers(n int) {
	buffer = new(bytes.Buffer)
	if buffer.Grow(100); callers.Helped[byte]("grow", 0, buffer.Cap()) {
		for i := 0; i < n; i++ {
			growBuffer(buffer, buffer.Cap())
		}
	}
}

//go:noinline
func growBuffer(b *bytes.Buffer, old int) {
	if b.Write(word); callers.Helped[byte]("grow", old, b.Cap()) {
		old = b.Cap()
	}
	if b.WriteString("another slice"); callers.Helped[byte]("grow", old, b.Cap()) {
		old = b.Cap()
	}
	for b.WriteByte('.'); !callers.Helped[byte]("grow", old, b.Cap()); {
	}
}

var builder *text.Builder

func builders(n int) {
	builder = new(text.Builder)
	for i := 0; i < n; i++ {
		growBuilder(builder, builder.Cap())
	}
}

//go:noinline
func growBuilder(b *text.Builder, old int) {
	if b.WriteString("another slice"); callers.Helped[byte]("grow", old, b.Cap()) {
		old = b.Cap()
	}
	if b.WriteByte('.'); callers.Helped[byte]("grow", old, b.Cap()) {
		old = b.Cap()
	}
	for b.WriteRune('\u00e9'); !callers.Helped[byte]("grow", old, b.Cap()); {
	}
}

//go:noinline
func growThrice(s []point, old int) []point {
	if s = slices.Grow(s, 1+len(s)); callers.Helped[point]("grow", old, cap(s)) {
		old = cap(s)
	}
	if s = slices.Insert(s, 0, point{}, point{}); callers.Helped[point]("grow", old, cap(s)) {
		s = s[:cap(s)]
	}
	if s = slices.Clone(s); callers.Helped[point]("grow", 0, cap(s)) {
		return s
	}
	return nil
}

func grownBySlices(n int) {
	points.All = nil
	for i := 0; i < 1+n%4; i++ {
		points.All = growThrice(points.All, cap(points.All))
	}
}

//go:noinline
func appendNumber(s []byte, n, old int) []byte {
	if s = strconv.AppendInt(s, int64(n)<<40, 10); callers.Helped[byte]("grow", old, cap(s)) {
		return s
	}
	return nil
}

var digits []byte

func formatted(n int) {
	digits = nil
	for i := 0; i < n; i++ {
		digits = appendNumber(digits, n, cap(digits))
	}
}

func split(n int) {
	line := "a b c d e f g h i j k l m n o p q r s t u v w x y z"[:1+n]
	if strings = text.Split(line, " "); callers.Helped[string]("make", 0, cap(strings)) {
		strings = nil
	}
	if strings = text.Fields(line); callers.Helped[string]("make", 0, cap(strings)) {
		strings = nil
	}
}
