// SPDX-License-Identifier: BSD-2-Clause

package main

import "slicestat.test/targets/internal/callers"

type pusher interface{ push(v int) }

type maker interface{ make(n int) }

// far has methods that are not inlined, near such that are. Wrappers that the compiler makes of them
// call the ones and contain the others.
type far struct{ ints []int }

//go:noinline
func (f *far) push(v int) { f.ints = callers.Grown(cap(f.ints), append(f.ints, v)) }

type near struct{ ints []int }

func (n *near) push(v int) { n.ints = callers.Grown(cap(n.ints), append(n.ints, v)) }

type farValue struct {
	name string
	ints *[]int
}

//go:noinline
func (f farValue) push(v int) { *f.ints = callers.Grown(cap(*f.ints), append(*f.ints, v)) }

//go:noinline
func (f farValue) make(n int) { *f.ints = callers.Made(make([]int, n)) }

type nearValue struct {
	name string
	ints *[]int
}

func (n nearValue) push(v int) { *n.ints = callers.Grown(cap(*n.ints), append(*n.ints, v)) }

func (n nearValue) make(m int) { *n.ints = callers.Made(make([]int, m)) }

type embedsFar struct {
	name string
	far
}

type embedsNear struct {
	name string
	near
}

type embedsPointer struct{ *far }

type embedsDeep struct {
	name string
	embedsNear
}

type embedsInterface struct {
	name string
	pusher
}

type embedsValue struct {
	name string
	nearValue
}

func methods(n int) {
	f, v := far{}, nearValue{ints: &ints}
	ints = nil
	for i := 0; i < n; i++ {
		f.push(i)
		v.push(i)
		farValue{ints: &ints}.push(i)
	}
}

func embedded(n int) {
	p, d := embedsPointer{&far{}}, embedsDeep{}
	for i := 0; i < n; i++ {
		p.push(i)
		d.push(i)
	}
}

var all []pusher

func newPushers() [10]pusher {
	return [...]pusher{
		&far{}, &near{}, farValue{ints: &ints}, nearValue{ints: &ints}, &farValue{ints: &ints},
		&nearValue{ints: &ints}, &embedsFar{}, &embedsNear{}, embedsPointer{&far{}},
		&embedsDeep{},
	}
}

//go:noinline
func pushTo(p pusher, n int) {
	p.push(n)
}

func interfaces(n int) {
	ints = nil
	for _, p := range newPushers() {
		pushTo(p, n)
		pushTo(embedsInterface{"", p}, n)
	}
	ints = nil
	pushTo(embedsValue{nearValue: nearValue{ints: &ints}}, n)
}

//go:noinline
func makeBy(m maker, n int) {
	m.make(n)
}

func interfaceMade(n int) {
	makeBy(farValue{ints: &ints}, n)
	makeBy(nearValue{ints: &ints}, n)
	makeBy(&nearValue{ints: &ints}, n)
	makeBy(&embedsValue{nearValue: nearValue{ints: &ints}}, n)
}

// methodValues calls bound methods, and methods as functions of their receiver.
func methodValues(n int) {
	ints = nil
	for _, p := range newPushers() {
		called = p.push
		called(n)
	}
	called = new(near).push
	called(n)
	called = nearValue{ints: &ints}.push
	called(n)
	for _, f := range [...]func(*embedsFar, int){(*embedsFar).push} {
		f(&embedsFar{}, n)
	}
	for _, f := range [...]func(pusher, int){pusher.push} {
		f(&embedsNear{}, n)
	}
}
