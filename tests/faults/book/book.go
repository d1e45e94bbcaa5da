// SPDX-License-Identifier: BSD-2-Clause

// Package book is a file in which a program notes what it does to slices so that it is known even
// when the program is killed: the file is mapped, and the kernel keeps what was written.
package book

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Event is one slice that was handed out.
type Event struct {
	Base, Len, Cap uint64
}

// Page is what one worker notes. An event is begun before the call that causes it, and ended when
// it is noted: a killed program has at most one that is begun and not ended.
type Page struct {
	begun, ended *atomic.Uint64
	events       []Event
}

// Book has a page for each worker.
type Book struct {
	Pages []Page
}

const (
	headerWords = 2 // workers and events a worker
	pageWords   = 8 // of a page, before its events: a cache line
	eventWords  = 3
)

func words(workers, room int) int {
	return headerWords + workers*(pageWords+room*eventWords)
}

// Create makes the file.
func Create(path string, workers, room int) (*Book, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := words(workers, room) * 8
	if err := f.Truncate(int64(size)); err != nil {
		return nil, err
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	header := (*[headerWords]uint64)(unsafe.Pointer(&data[0]))
	header[0], header[1] = uint64(workers), uint64(room)
	return lay(data, workers, room), nil
}

// Open reads the file.
func Open(path string) (*Book, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) < headerWords*8 {
		return nil, fmt.Errorf("%s is empty", path)
	}
	header := (*[headerWords]uint64)(unsafe.Pointer(&data[0]))
	workers, room := int(header[0]), int(header[1])
	if len(data) != words(workers, room)*8 {
		return nil, fmt.Errorf("%s is cut", path)
	}
	return lay(data, workers, room), nil
}

func lay(data []byte, workers, room int) *Book {
	b := &Book{Pages: make([]Page, workers)}
	at := headerWords
	for i := range b.Pages {
		p := &b.Pages[i]
		p.begun = (*atomic.Uint64)(unsafe.Pointer(&data[at*8]))
		p.ended = (*atomic.Uint64)(unsafe.Pointer(&data[(at+1)*8]))
		at += pageWords
		p.events = unsafe.Slice((*Event)(unsafe.Pointer(&data[at*8])), room)
		at += room * eventWords
	}
	return b
}

// Begin says that an event is about to happen, or false where the page is full.
func (p *Page) Begin() bool {
	n := p.ended.Load()
	if n == uint64(len(p.events)) {
		return false
	}
	p.begun.Store(n + 1)
	return true
}

// End notes the event.
func (p *Page) End(base unsafe.Pointer, length, capacity int) {
	n := p.ended.Load()
	p.events[n] = Event{uint64(uintptr(base)), uint64(length), uint64(capacity)}
	p.ended.Store(n + 1)
}

// Events are those that have ended.
func (p *Page) Events() []Event {
	return p.events[:p.ended.Load()]
}

// InFlight says whether an event was begun and not ended.
func (p *Page) InFlight() bool {
	return p.begun.Load() != p.ended.Load()
}
