// SPDX-License-Identifier: BSD-2-Clause

// Ledger grows and makes slices, checks their contents, and notes each in a book that outlives it.
// The collector is off: no address comes twice. It begins at "ready", or with -wait at a line on
// standard input, and ends at SIGTERM: "ok EVENTS", or "corrupt ..." and exit status 3.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"slicestat.test/faults/book"
)

var stop atomic.Bool

func main() {
	path := flag.String("book", "", "the file")
	workers := flag.Int("workers", 4, "goroutines at work")
	room := flag.Int("room", 1<<18, "events that each causes at most")
	pause := flag.Duration("pause", 0, "between every 32 events")
	wait := flag.Bool("wait", false, "begin at a line on standard input")
	again := flag.Duration("exec", 0, "become a program that sleeps after so long")
	flag.Parse()
	debug.SetGCPercent(-1)
	b, err := book.Create(*path, *workers, *room)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	stopAtSignal()
	fmt.Println("ready")
	if *wait {
		awaitLine()
	}
	if *again > 0 {
		go becomeAnother(*again)
	}
	var all sync.WaitGroup
	for i := range b.Pages {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			work(&b.Pages[i], uint64(i+1)<<32, *pause)
		}(i)
	}
	all.Wait()
	sum := 0
	for i := range b.Pages {
		sum += len(b.Pages[i].Events())
	}
	fmt.Println("ok", sum)
}

func awaitLine() {
	var c [1]byte
	for c[0] != '\n' {
		if n, err := os.Stdin.Read(c[:]); n == 0 || err != nil {
			return
		}
	}
}

// From now on SIGTERM does not kill.
func stopAtSignal() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	go func() {
		<-c
		stop.Store(true)
	}()
}

func becomeAnother(after time.Duration) {
	time.Sleep(after)
	err := syscall.Exec("/bin/sleep", []string{"sleep", "1000"}, nil)
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

const kept = 64

// work fills the page; at its end it waits for the end of all.
func work(p *book.Page, seed uint64, pause time.Duration) {
	var numbers [kept][]uint64
	var words [kept][]string
	for n := 0; !stop.Load(); n++ {
		if !p.Begin() {
			time.Sleep(time.Millisecond)
			continue
		}
		k, length := n%kept, 1+n%17
		if n%2 == 0 {
			checkNumbers(numbers[k])
			numbers[k] = newNumbers(p, length, seed+uint64(n))
		} else {
			checkWords(words[k])
			words[k] = newWords(p, length, seed+uint64(n))
		}
		if pause > 0 && n%32 == 0 {
			time.Sleep(pause)
		}
	}
	for k := range numbers {
		checkNumbers(numbers[k])
		checkWords(words[k])
	}
}

func pattern(seed uint64, i int) uint64 {
	return (seed + uint64(i)) * 0x9e3779b97f4a7c15
}

// newNumbers makes a slice; what is in it follows from its first element.
func newNumbers(p *book.Page, length int, seed uint64) []uint64 {
	s := makeNumbers(length + 1)
	p.End(unsafe.Pointer(unsafe.SliceData(s)), len(s), cap(s))
	for i := range s {
		if s[i] != 0 {
			corrupt("make", 0, s[i])
		}
		s[i] = pattern(seed, i)
	}
	s[0] = seed
	return s
}

//go:noinline
func makeNumbers(n int) []uint64 {
	return make([]uint64, n)
}

func checkNumbers(s []uint64) {
	for i := 1; i < len(s); i++ {
		if want := pattern(s[0], i); s[i] != want {
			corrupt("number", want, s[i])
		}
	}
}

var letters = [...]string{"", "a", "growslice", "makeslice", "memmove"}

func letter(seed uint64, i int) string {
	return letters[pattern(seed, i)%uint64(len(letters))]
}

// newWords grows an array that is full and lies on the stack.
func newWords(p *book.Page, length int, seed uint64) []string {
	var array [32]string
	for i := 0; i < length; i++ {
		array[i] = letter(seed, i)
	}
	s := growWords(array[:length:length], letter(seed, length))
	p.End(unsafe.Pointer(unsafe.SliceData(s)), len(s), cap(s))
	for i := range s {
		if want := letter(seed, i); s[i] != want {
			corrupt("append", want, s[i])
		}
	}
	return s
}

//go:noinline
func growWords(s []string, v string) []string {
	return append(s, v)
}

func checkWords(s []string) {
	for _, got := range s {
		known := false
		for _, l := range letters {
			known = known || l == got
		}
		if !known {
			corrupt("word", letters, got)
		}
	}
}

func corrupt(what string, want, got any) {
	fmt.Println("corrupt", what, "expected", want, "got", got)
	os.Exit(3)
}
