// SPDX-License-Identifier: BSD-2-Clause

// Profiles is a program that profiles itself, by Go's own profilers: the peer of what slicestat
// tells of it.
//
//	profiles -heap BEFORE,AFTER   says ready, works at a line on stdin, says done, ends at the next;
//	                              the files are its heap profile at MemProfileRate 1
//	profiles -cpu FILE            burns CPU in growing slices, with a CPU profile
//	profiles -hot                 does the same without, as -heap does its work
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "profiles:", err)
		os.Exit(1)
	}
}

// writeHeap writes all that was allocated until now: the profile is of the last but one collection.
func writeHeap(path string) {
	runtime.GC()
	runtime.GC()
	f, err := os.Create(path)
	check(err)
	check(pprof.Lookup("allocs").WriteTo(f, 0))
	check(f.Close())
}

// traced does the work between ready and done.
func traced(work func(), after func()) {
	in := bufio.NewReader(os.Stdin)
	fmt.Println("ready")
	_, err := in.ReadString('\n')
	check(err)
	work()
	after()
	fmt.Println("done")
	_, err = in.ReadString('\n')
	check(err)
}

func profileCPU(path string) {
	f, err := os.Create(path)
	check(err)
	// More often than StartCPUProfile's 100 a second; it complains that this has been done.
	runtime.SetCPUProfileRate(250)
	check(pprof.StartCPUProfile(f))
	grow()
	pprof.StopCPUProfile()
	check(f.Close())
}

func main() {
	heap := flag.String("heap", "", "files of the heap profile")
	cpu := flag.String("cpu", "", "file of the CPU profile")
	hot := flag.Bool("hot", false, "grow slices, without a profile")
	flag.Parse()
	switch {
	case *heap != "":
		before, after, _ := strings.Cut(*heap, ",")
		// The collector allocates too, in the name of the line where it begins.
		debug.SetGCPercent(-1)
		writeHeap(before)
		traced(allocate, func() { writeHeap(after) })
	case *cpu != "":
		profileCPU(*cpu)
	case *hot:
		traced(grow, func() {})
	}
}

// init has the heap profile count every allocation, from the beginning.
func init() {
	if len(os.Args) > 1 && os.Args[1] == "-heap" {
		runtime.MemProfileRate = 1
	}
}
