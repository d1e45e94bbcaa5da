// SPDX-License-Identifier: BSD-2-Clause

// Turns makes slices, so many in all of its processes that a test can tell whose they are, and then
// does what processes do: turns WORD... does each in turn.
//
//	make=N     makes N slices, by one line
//	grow=N     N slices of one element, each of which grows twice
//	say=TEXT   a line on standard output
//	wait       until a line comes on standard input
//	run=PATH   runs another program to its end
//	fork=N     a child that makes N slices and ends, without an exec
//	exec=PATH  becomes another program, to which the words behind are given
package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

var (
	sink []byte
	list []uint64
)

//go:noinline
func makeSlices(n int) {
	for i := 0; i < n; i++ {
		sink = make([]byte, 1+i%64)
	}
}

//go:noinline
func growSlices(n int) {
	for ; n > 0; n-- {
		list = append([]uint64(nil), 1)
		list = append(list, 2)
		list = append(list, 3)
	}
}

// fork leaves the child with this thread alone: it makes slices, which needs no other one.
func fork(n int) {
	pid, _, errno := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if errno != 0 {
		fail(errno.Error())
	}
	if pid == 0 {
		makeSlices(n)
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(int(pid), &status, 0, nil); err != nil || status != 0 {
		fail("the child has failed")
	}
}

func wait() {
	var b [1]byte
	for b[0] != '\n' {
		if n, _ := syscall.Read(0, b[:]); n != 1 {
			fail("standard input has ended")
		}
	}
}

func fail(why string) {
	os.Stderr.WriteString("turns: " + why + "\n")
	os.Exit(3)
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		fail(err.Error())
	}
	return n
}

func main() {
	for i, word := range os.Args[1:] {
		what, arg, _ := strings.Cut(word, "=")
		switch what {
		case "make":
			makeSlices(number(arg))
		case "grow":
			growSlices(number(arg))
		case "say":
			os.Stdout.WriteString(arg + "\n")
		case "wait":
			wait()
		case "run":
			if err := exec.Command(arg).Run(); err != nil {
				fail(err.Error())
			}
		case "fork":
			fork(number(arg))
		case "exec":
			fail(syscall.Exec(arg, append([]string{arg}, os.Args[i+2:]...), os.Environ()).Error())
		default:
			fail("unknown word: " + word)
		}
	}
}
