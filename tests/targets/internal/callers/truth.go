// SPDX-License-Identifier: BSD-2-Clause

package callers

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
)

type sums struct {
	events, len, cap int
}

// writeTruth writes a line for each distinct operation, type and stack, sorted, its fields separated
// by tabs:
//
//	OP KIND ELEM EVENTS LEN_SUM CAP_SUM CHAIN FRAME...
//
// The first CHAIN frames are one function that exists as code and what is inlined into it. A frame
// is FUNC FILE:LINE.
func writeTruth(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, line := range truthLines() {
		fmt.Fprintln(w, line)
	}
	return w.Flush()
}

func truthLines() []string {
	lines := make(map[[2]string]sums)
	texts := make(map[string]string)
	for i := range records[:nrecords] {
		r := &records[i]
		key := [2]string{fmt.Sprintf("%s\t%s\t%s", r.op, r.kind, r.elem), framesOf(r, texts)}
		s := lines[key]
		s.events++
		s.len += r.len
		s.cap += r.cap
		lines[key] = s
	}
	var sorted []string
	for key, s := range lines {
		sorted = append(sorted,
			fmt.Sprintf("%s\t%d\t%d\t%d\t%s", key[0], s.events, s.len, s.cap, key[1]))
	}
	sort.Strings(sorted)
	return sorted
}

// framesOf remembers in texts what it found for the same addresses.
func framesOf(r *record, texts map[string]string) string {
	addresses := fmt.Sprint(r.pcs)
	text, known := texts[addresses]
	if !known {
		text = stackText(allFrames(r.pcs))
		texts[addresses] = text
	}
	return text
}

func allFrames(pcs []uintptr) []runtime.Frame {
	var all []runtime.Frame
	frames := runtime.CallersFrames(pcs)
	for {
		frame, more := frames.Next()
		all = append(all, frame)
		if !more {
			return all
		}
	}
}

func stackText(stack []runtime.Frame) string {
	var text strings.Builder
	fmt.Fprint(&text, chainLength(stack))
	for i := range stack {
		fmt.Fprintf(&text, "\t%s %s:%d", stack[i].Function, stack[i].File, stack[i].Line)
	}
	return text.String()
}

// chainLength counts the innermost frames up to the first that is not inlined. A wrapper that they
// are inlined into is no frame: the next one is of other code then.
func chainLength(stack []runtime.Frame) int {
	n := 1
	for n < len(stack) && stack[n-1].Func == nil && stack[n].Entry == stack[n-1].Entry {
		n++
	}
	return n
}
