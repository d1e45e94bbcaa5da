// SPDX-License-Identifier: BSD-2-Clause

package live

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// wire passes tokens between goroutines through a pipe, read and written by bare system calls:
// nothing here allocates, arms a timer or wakes the network poller. A goroutine that waits keeps
// its thread, so the watched work needs no new one.
type wire struct {
	fds [2]int
}

func newWire() wire {
	var w wire
	if err := syscall.Pipe(w.fds[:]); err != nil {
		panic(err)
	}
	return w
}

func (w *wire) send(tokens int) {
	for ; tokens > 0; tokens-- {
		writeAll(w.fds[1], token)
	}
}

func (w *wire) receive(tokens int) {
	for ; tokens > 0; tokens-- {
		readByte(w.fds[0])
	}
}

var token = []byte{'.'}

func writeAll(fd int, p []byte) {
	for len(p) > 0 {
		n, err := syscall.Write(fd, p)
		if err != nil && err != syscall.EINTR {
			panic(err)
		}
		if n > 0 {
			p = p[n:]
		}
	}
}

// readByte returns the next byte, or a line feed at the end of input.
func readByte(fd int) byte {
	var p [1]byte
	for {
		switch n, err := syscall.Read(fd, p[:]); {
		case err == syscall.EINTR:
		case err != nil || n == 0:
			return '\n'
		default:
			return p[0]
		}
	}
}

// AwaitLine returns at the next line feed on standard input or at its end.
func AwaitLine() {
	for readByte(0) != '\n' {
	}
}

// Pause sleeps without a runtime timer: the first timer of a P grows a slice of the runtime's.
func Pause(d time.Duration) {
	left := syscall.NsecToTimespec(int64(d))
	for syscall.Nanosleep(&left, &left) == syscall.EINTR {
	}
}

// spareThreads makes the runtime own n idle threads: starting one makes slices of its own.
func spareThreads(n int) {
	hold, done := newWire(), newWire()
	for i := 0; i < n; i++ {
		go func() {
			done.send(1)
			hold.receive(1)
			done.send(1)
		}()
	}
	done.receive(n)
	hold.send(n)
	done.receive(n)
}

// timersOnEveryP gives each P's heap of timers room for a few: the runtime starts timers of its own
// at any time, the scavenger's say, and the first of a P grows a slice.
func timersOnEveryP() {
	n := runtime.GOMAXPROCS(0)
	done := newWire()
	var arrived atomic.Int32
	for i := 0; i < n; i++ {
		go func() {
			for arrived.Add(1); arrived.Load() < int32(n); { // each holds a P
			}
			var timers [8]*time.Timer
			for i := range timers {
				timers[i] = time.AfterFunc(time.Hour, func() {})
			}
			for _, t := range timers {
				t.Stop()
			}
			done.send(1)
		}()
	}
	done.receive(n)
}
