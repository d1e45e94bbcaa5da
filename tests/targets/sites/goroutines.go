// SPDX-License-Identifier: BSD-2-Clause

package main

import "slicestat.test/targets/internal/callers"

// Goroutines work one at a time: each is waited for.
var done = make(chan struct{})

func goroutineClosure(n int) {
	ints = nil
	for i := 0; i < 1+n%3; i++ {
		go func() {
			ints = callers.Grown(cap(ints), append(ints, i, n))
			push4(n)
			done <- struct{}{}
		}()
		<-done
	}
}

//go:noinline
func pushAndTell(n int) {
	ints = callers.Made(make([]int, n))
	pushGlobal(n)
	done <- struct{}{}
}

func tellAfter(n int) {
	push1(n)
	done <- struct{}{}
}

func goroutineCall(n int) {
	go pushAndTell(n)
	<-done
	ints = nil
	go tellAfter(n)
	<-done
	called = func(v int) { tellAfter(v) }
	go called(n)
	<-done
}

type teller struct{ near }

func (t *teller) pushAndTell(n int) {
	t.push(n)
	done <- struct{}{}
}

func goroutineMethod(n int) {
	t := new(teller)
	go t.pushAndTell(n)
	<-done
	go interface{ pushAndTell(int) }(&struct{ *teller }{new(teller)}).pushAndTell(n)
	<-done
}

//go:noinline
func growAndTell[T any](n int, v T) {
	growAll(n, v)
	done <- struct{}{}
}

func goroutineGeneric(n int) {
	go growAndTell(n, uint32(n))
	<-done
	go growAndTell(n, pair[string, point]{})
	<-done
}
