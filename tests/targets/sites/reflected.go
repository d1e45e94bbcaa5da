// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"reflect"

	"slicestat.test/targets/internal/callers"
)

// Reflect's own frames are nobody's lines: an event is that of the line which calls reflect.

//go:noinline
func appendValue(s, v reflect.Value) reflect.Value {
	return callers.GrownValue(s.Cap(), 0, reflect.Append(s, v))
}

func appendValues(s, more reflect.Value) reflect.Value {
	return callers.GrownValue(s.Cap(), 0, reflect.AppendSlice(s, more))
}

//go:noinline
func growValue(s reflect.Value, n, old int) {
	if s.Grow(n); callers.GrownValue(old, n, s).IsNil() {
		panic("not grown")
	}
}

func reflected(n int) {
	s := reflect.ValueOf([]point(nil))
	for i := 0; i < n; i++ {
		s = appendValue(s, reflect.ValueOf(point{}))
	}
	s = appendValues(s, s)
	texts.All = nil
	growValue(reflect.ValueOf(&texts.All).Elem(), n, 0)
	growValue(reflect.ValueOf(&texts.All).Elem(), cap(texts.All)+1, cap(texts.All))
}

var (
	typeOfPoints = reflect.TypeOf([]point(nil))
	typeOfErrors = reflect.SliceOf(reflect.TypeOf((*error)(nil)).Elem())
)

func reflectMade(n int) {
	callers.MadeValue(reflect.MakeSlice(typeOfPoints, n, 2*n))
	func() { callers.MadeValue(reflect.MakeSlice(typeOfErrors, n, n)) }()
}

var pushOne = reflect.ValueOf(func() { push3(1) })

// reflectCalled has reflect's frames between two of the program's.
func reflectCalled(n int) {
	ints = nil
	for i := 0; i < 1+n%5; i++ {
		pushOne.Call(nil)
	}
}

type caller struct{}

// Run is called by its name.
func (caller) Run() { push1(1) }

var runMethod = reflect.ValueOf(caller{}).MethodByName("Run")

func reflectMethod(n int) {
	ints = nil
	for i := 0; i < 1+n%5; i++ {
		runMethod.Call(nil)
	}
}
