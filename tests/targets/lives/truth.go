// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sort"
)

// writeTruth writes, for each mode, a line of the growths by kind, the names of which the first line
// has, and one for each place where chains began and capacity they came to. Fields are separated by
// tabs:
//
//	kinds MODE COUNT...
//	ends MODE OP ELEM ELEM_SIZE FUNC FILE:LINE CAP CHAINS LEN_SUM STEPS COPIED DEAD
func writeTruth(path string, all []notes) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprint(w, "kinds\tof")
	for _, name := range kindNames {
		fmt.Fprint(w, "\t", name)
	}
	fmt.Fprintln(w)
	h := newHistory(all)
	for m := mode(0); m < modes; m++ {
		t := h.follow(m)
		fmt.Fprintf(w, "kinds\t%s", modeNames[m])
		for _, count := range t.kinds {
			fmt.Fprint(w, "\t", count)
		}
		fmt.Fprintln(w)
		for _, line := range t.lines(m) {
			fmt.Fprintln(w, line)
		}
	}
	return w.Flush()
}

func (t *told) lines(m mode) []string {
	var all []string
	ops := [...]string{grow: "grow", make_: "make"}
	for b, e := range t.ends {
		frame, _ := runtime.CallersFrames([]uintptr{b.pc}).Next()
		all = append(all, fmt.Sprintf("ends\t%s\t%s\t%s\t%d\t%s %s:%d\t%d\t%d\t%d\t%d\t%d\t%d",
			modeNames[m], ops[b.op], elems[b.elem], elems[b.elem].Size(), frame.Function,
			frame.File, frame.Line, b.cap, e.chains, e.len, e.steps, e.copied, e.dead))
	}
	sort.Strings(all)
	return all
}
