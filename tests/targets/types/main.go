// SPDX-License-Identifier: BSD-2-Clause

// Types makes and grows one slice of each of some hundred element types and writes down where they
// lie and what reflect calls their elements: lines "0xBASE make|grow|reflect TYPE" in the file -out.
// A "make" is one of runtime.makeslice, a "grow" one of runtime.growslice (also by reflect.Append),
// "reflect" is reflect.MakeSlice, which calls neither. With -dump it prints instead, for each type,
// the address of its descriptor, name, size, bytes that may hold pointers and kind; then "done".
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"reflect"
	"unsafe"

	"slicestat.test/targets/internal/live"
)

// slices are the ways to get a slice of one type of elements; none allocates slices of others.
type slices struct {
	elem    reflect.Type
	newOp   string
	newBase func() unsafe.Pointer
	grown   func() unsafe.Pointer
}

const elements = 3

type event struct {
	slices *slices
	op     string
	base   unsafe.Pointer // keeps it alive
}

const maxEvents = 2048

var (
	all    []slices
	events [maxEvents]event
	nevent int
)

func note(s *slices, op string, base unsafe.Pointer) {
	events[nevent] = event{s, op, base}
	nevent++
}

// round leaves out elements without a size: their slices have no address of their own.
func round() {
	nevent = 0
	for i := range all {
		s := &all[i]
		if s.elem.Size() == 0 {
			continue
		}
		note(s, s.newOp, s.newBase())
		note(s, "grow", s.grown())
	}
}

// descriptor is the address of the abi.Type that a reflect.Type points to.
func descriptor(t reflect.Type) unsafe.Pointer {
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1]
}

func dump() {
	w := bufio.NewWriter(os.Stdout)
	for i := range all {
		t := all[i].elem
		words := (*[2]uintptr)(descriptor(t))
		fmt.Fprintf(w, "%p\t%s\t%d\t%d\t%d\n", words, t, t.Size(), words[1], t.Kind())
	}
	fmt.Fprintln(w, "done")
	w.Flush()
	live.AwaitLine()
}

func write(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, e := range events[:nevent] {
		fmt.Fprintf(w, "%p %s %s\n", e.base, e.op, e.slices.elem)
	}
	return w.Flush()
}

func main() {
	dumped := flag.Bool("dump", false, "print the types instead")
	o := live.Flags(1, 1)
	out := o.Out
	o.Out = "" // its format is not live's
	all = allTypes()
	if *dumped {
		dump()
		return
	}
	live.Run(o, func(int, *live.Log) { round() })
	if out == "" {
		return
	}
	if err := write(out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func allTypes() []slices {
	var all []slices
	for _, list := range [][]slices{
		namedTypes(), composedTypes(), genericTypes(), reflectTypes(),
	} {
		all = append(all, list...)
	}
	return all
}
