// SPDX-License-Identifier: BSD-2-Clause

package main

import "slicestat.test/targets/internal/live"

// entry is a log line under way through the pipeline.
type entry struct {
	line     []byte
	fields   [][]byte // its words; they point into line
	template []byte   // what it has in common with lines that differ in numbers only
}

func (e *entry) split(log *live.Log) {
	for start := 0; start < len(e.line); {
		end := start
		for end < len(e.line) && e.line[end] != ' ' {
			end++
		}
		if end > start {
			old := cap(e.fields)
			e.fields = append(e.fields, e.line[start:end])
			live.Grown(log, old, e.fields)
		}
		start = end + 1
	}
}

// normalise writes each number as one #. Fields of three digits, such as a status, stay.
func (e *entry) normalise(log *live.Log) {
	for _, field := range e.fields {
		if len(e.template) > 0 {
			e.write(log, ' ')
		}
		if isStatus(field) {
			old := cap(e.template)
			e.template = append(e.template, field...)
			live.Grown(log, old, e.template)
			continue
		}
		e.writeNormalised(log, field)
	}
}

func (e *entry) writeNormalised(log *live.Log, field []byte) {
	inNumber := false
	for _, c := range field {
		digit := isDigit(c)
		switch {
		case !digit:
			e.write(log, c)
		case !inNumber:
			e.write(log, '#')
		}
		inNumber = digit
	}
}

func (e *entry) write(log *live.Log, c byte) {
	old := cap(e.template)
	e.template = append(e.template, c)
	live.Grown(log, old, e.template)
}

func isStatus(field []byte) bool {
	return len(field) == 3 && isDigit(field[0]) && isDigit(field[1]) && isDigit(field[2])
}

func isDigit(c byte) bool {
	return c >= '0' && c <= '9'
}
