// SPDX-License-Identifier: BSD-2-Clause

// Judge holds final reports against what the traced programs noted themselves.
//
//	judge book [-to-end] BOOK REPORT       of one program, by base, from some moment on: no hole
//	judge totals REPORT TRUTH...           of many, by site: the sums are the same; @FILE has their names
//
// Prints one line with the figures. The exit status is 0 where no event is unaccounted for, 1 where
// one is, 2 where nothing can be said.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"slicestat.test/faults/book"
)

// sums are those of rows, and of what programs noted.
type sums struct {
	Events uint64 `json:"events"`
	LenSum uint64 `json:"len_sum"`
	CapSum uint64 `json:"cap_sum"`
}

func (s *sums) add(o sums) {
	s.Events += o.Events
	s.LenSum += o.LenSum
	s.CapSum += o.CapSum
}

type row struct {
	sums
	Base string `json:"base"`
	Site struct {
		Func string `json:"func"`
	} `json:"site"`
}

type report struct {
	Final  bool              `json:"final"`
	Counts map[string]uint64 `json:"counts"`
	Rows   []row             `json:"rows"`
	Other  sums              `json:"other"`
}

func main() {
	args := os.Args[1:]
	switch {
	case len(args) == 4 && args[0] == "book" && args[1] == "-to-end":
		judgeBook(args[2], args[3], true)
	case len(args) == 3 && args[0] == "book":
		judgeBook(args[1], args[2], false)
	case len(args) >= 3 && args[0] == "totals":
		judgeTotals(args[1], named(args[2:]))
	default:
		fatal("usage: judge book [-to-end] BOOK REPORT | judge totals REPORT TRUTH...")
	}
}

// named puts the names that are in a file in the place of @FILE.
func named(args []string) []string {
	var names []string
	for _, arg := range args {
		if !strings.HasPrefix(arg, "@") {
			names = append(names, arg)
			continue
		}
		list, err := os.ReadFile(arg[1:])
		if err != nil {
			fatal(err)
		}
		names = append(names, strings.Fields(string(list))...)
	}
	return names
}

func fatal(args ...any) {
	fmt.Println(args...)
	os.Exit(2)
}

// verdict ends the program.
func verdict(unaccounted uint64, format string, args ...any) {
	fmt.Printf("unaccounted %d "+format+"\n", append([]any{unaccounted}, args...)...)
	if unaccounted > 0 {
		os.Exit(1)
	}
	os.Exit(0)
}

func readReport(path string) *report {
	data, err := os.ReadFile(path)
	if err != nil {
		fatal(err)
	}
	data = bytes.TrimRight(data, "\n")
	var r report
	if err := json.Unmarshal(data[bytes.LastIndexByte(data, '\n')+1:], &r); err != nil {
		fatal(path, err)
	}
	if !r.Final {
		fatal(path, "has no final report")
	}
	return &r
}

func difference(a, b uint64) uint64 {
	if a > b {
		return a - b
	}
	return b - a
}

// inconsistent adds up where the report disagrees with itself.
func (r *report) inconsistent() uint64 {
	var fates, rows uint64
	for name, n := range r.Counts {
		if name != "seen" {
			fates += n
		}
	}
	for i := range r.Rows {
		rows += r.Rows[i].Events
	}
	return difference(r.Counts["seen"], fates) +
		difference(r.Counts["folded"], rows+r.Other.Events)
}

func (r *report) lost() uint64 {
	var lost uint64
	for name, n := range r.Counts {
		if strings.HasPrefix(name, "lost_") {
			lost += n
		}
	}
	return lost
}

// ofProgram says whether the row is of what the program notes: not the runtime's, nor of its own
// beginnings in main.
func (r *row) ofProgram() bool {
	return strings.HasPrefix(r.Site.Func, "main.") && r.Site.Func != "main.main"
}

// readBook takes rows by their base out of the map, as the pages have them.
type reading struct {
	holes   uint64 // between an event seen and one before it
	unseen  uint64 // behind the last one seen
	differ  uint64 // len or cap
	matched uint64
}

func (rd *reading) page(p *book.Page, rows map[uint64]sums) {
	var gap uint64
	begun := false
	for _, e := range p.Events() {
		got, seen := rows[e.Base]
		if !seen {
			gap++
			continue
		}
		delete(rows, e.Base)
		if begun {
			rd.holes += gap
		}
		begun, gap = true, 0
		rd.matched++
		if got != (sums{1, e.Len, e.Cap}) {
			rd.differ++
		}
	}
	if begun {
		rd.unseen += gap
	}
}

func judgeBook(bookPath, reportPath string, toEnd bool) {
	b, err := book.Open(bookPath)
	if err != nil {
		fatal(err)
	}
	r := readReport(reportPath)
	rows := make(map[uint64]sums)
	for i := range r.Rows {
		base, err := strconv.ParseUint(r.Rows[i].Base, 0, 64)
		if err != nil {
			fatal(err)
		}
		if r.Rows[i].ofProgram() {
			rows[base] = r.Rows[i].sums
		}
	}
	var rd reading
	var inFlight uint64
	for i := range b.Pages {
		rd.page(&b.Pages[i], rows)
		if b.Pages[i].InFlight() {
			inFlight++
		}
	}
	// What was under way when the program was killed: seen, but not noted, or not returned from.
	extra := uint64(len(rows)) + r.Counts["unreturned"]
	bad := rd.holes + rd.differ + r.inconsistent() + r.lost()
	if extra > inFlight {
		bad += extra - inFlight
	}
	if toEnd {
		bad += rd.unseen
	}
	verdict(bad, "matched %d holes %d unseen %d differ %d extra %d in_flight %d lost %d seen %d",
		rd.matched, rd.holes, rd.unseen, rd.differ, extra, inFlight, r.lost(), r.Counts["seen"])
}

// readTruth reads the first line: "# events N grow N make N zero N panicked N len_sum N cap_sum N".
func readTruth(path string) sums {
	f, err := os.Open(path)
	if err != nil {
		fatal(err)
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil && err != io.EOF {
		fatal(err)
	}
	words := strings.Fields(line)
	values := make(map[string]uint64)
	for i := 1; i+1 < len(words); i += 2 {
		values[words[i]], err = strconv.ParseUint(words[i+1], 10, 64)
		if err != nil {
			fatal(path, err)
		}
	}
	if len(values) == 0 {
		fatal(path, "is no truth")
	}
	return sums{values["events"], values["len_sum"], values["cap_sum"]}
}

func judgeTotals(reportPath string, truths []string) {
	var want, got sums
	for _, path := range truths {
		want.add(readTruth(path))
	}
	r := readReport(reportPath)
	for i := range r.Rows {
		if r.Rows[i].ofProgram() {
			got.add(r.Rows[i].sums)
		}
	}
	missing := uint64(0)
	if want.Events > got.Events {
		missing = want.Events - got.Events
	}
	bad := r.inconsistent()
	if unknown := r.Counts["lost_unknown_target"]; missing > unknown {
		bad += missing - unknown
	}
	if got.Events > want.Events {
		bad += got.Events - want.Events
	}
	if missing == 0 {
		bad += difference(want.LenSum, got.LenSum) + difference(want.CapSum, got.CapSum)
	}
	verdict(bad, "programs %d events %d missing %d lost_unknown_target %d lost %d seen %d",
		len(truths), want.Events, missing, r.Counts["lost_unknown_target"], r.lost(),
		r.Counts["seen"])
}
