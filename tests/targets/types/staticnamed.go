// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"reflect"
	"strings"
	"time"
	"unsafe"
)

// Each make and append has a place of its own in the code, which names the type.
func namedTypes() []slices {
	return []slices{
		of(makeBool, growBool),
		of(makeInt, growInt),
		of(makeInt8, growInt8),
		of(makeInt16, growInt16),
		of(makeInt32, growInt32),
		of(makeInt64, growInt64),
		of(makeUint, growUint),
		of(makeUint8, growUint8),
		of(makeUint16, growUint16),
		of(makeUint32, growUint32),
		of(makeUint64, growUint64),
		of(makeUintptr, growUintptr),
		of(makeFloat32, growFloat32),
		of(makeFloat64, growFloat64),
		of(makeComplex64, growComplex64),
		of(makeComplex128, growComplex128),
		of(makeString, growString),
		of(makeUnsafe, growUnsafe),
		of(makeAny, growAny),
		of(makeError, growError),
		of(makeNumber, growNumber),
		of(makeWord, growWord),
		of(makeFlag8, growFlag8),
		of(makeComplex, growComplex),
		of(makeRow, growRow),
		of(makeGrid, growGrid),
		of(makeBlock, growBlock),
		of(makeIndex, growIndex),
		of(makeHandler, growHandler),
		of(makeFeed, growFeed),
		of(makeNothing, growNothing),
		of(makePoint, growPoint),
		of(makeNode, growNode),
		of(makeRecord, growRecord),
		of(makeShape, growShape),
		of(makeSize, growSize),
		of(makeLongName, growLongName),
		of(makePair, growPair),
		of(makeList, growList),
		of(makeTree, growTree),
		of(makeMapper, growMapper),
		of(makeTime, growTime),
		of(makeBuilder, growBuilder),
		of(makeValue, growValue),
	}
}

//go:noinline
func makeBool(n int) []bool { return make([]bool, n) }

//go:noinline
func growBool(s []bool, v bool) []bool { return append(s, v) }

//go:noinline
func makeInt(n int) []int { return make([]int, n) }

//go:noinline
func growInt(s []int, v int) []int { return append(s, v) }

//go:noinline
func makeInt8(n int) []int8 { return make([]int8, n) }

//go:noinline
func growInt8(s []int8, v int8) []int8 { return append(s, v) }

//go:noinline
func makeInt16(n int) []int16 { return make([]int16, n) }

//go:noinline
func growInt16(s []int16, v int16) []int16 { return append(s, v) }

//go:noinline
func makeInt32(n int) []int32 { return make([]int32, n) }

//go:noinline
func growInt32(s []int32, v int32) []int32 { return append(s, v) }

//go:noinline
func makeInt64(n int) []int64 { return make([]int64, n) }

//go:noinline
func growInt64(s []int64, v int64) []int64 { return append(s, v) }

//go:noinline
func makeUint(n int) []uint { return make([]uint, n) }

//go:noinline
func growUint(s []uint, v uint) []uint { return append(s, v) }

//go:noinline
func makeUint8(n int) []uint8 { return make([]uint8, n) }

//go:noinline
func growUint8(s []uint8, v uint8) []uint8 { return append(s, v) }

//go:noinline
func makeUint16(n int) []uint16 { return make([]uint16, n) }

//go:noinline
func growUint16(s []uint16, v uint16) []uint16 { return append(s, v) }

//go:noinline
func makeUint32(n int) []uint32 { return make([]uint32, n) }

//go:noinline
func growUint32(s []uint32, v uint32) []uint32 { return append(s, v) }

//go:noinline
func makeUint64(n int) []uint64 { return make([]uint64, n) }

//go:noinline
func growUint64(s []uint64, v uint64) []uint64 { return append(s, v) }

//go:noinline
func makeUintptr(n int) []uintptr { return make([]uintptr, n) }

//go:noinline
func growUintptr(s []uintptr, v uintptr) []uintptr { return append(s, v) }

//go:noinline
func makeFloat32(n int) []float32 { return make([]float32, n) }

//go:noinline
func growFloat32(s []float32, v float32) []float32 { return append(s, v) }

//go:noinline
func makeFloat64(n int) []float64 { return make([]float64, n) }

//go:noinline
func growFloat64(s []float64, v float64) []float64 { return append(s, v) }

//go:noinline
func makeComplex64(n int) []complex64 { return make([]complex64, n) }

//go:noinline
func growComplex64(s []complex64, v complex64) []complex64 { return append(s, v) }

//go:noinline
func makeComplex128(n int) []complex128 { return make([]complex128, n) }

//go:noinline
func growComplex128(s []complex128, v complex128) []complex128 { return append(s, v) }

//go:noinline
func makeString(n int) []string { return make([]string, n) }

//go:noinline
func growString(s []string, v string) []string { return append(s, v) }

//go:noinline
func makeUnsafe(n int) []unsafe.Pointer { return make([]unsafe.Pointer, n) }

//go:noinline
func growUnsafe(s []unsafe.Pointer, v unsafe.Pointer) []unsafe.Pointer { return append(s, v) }

//go:noinline
func makeAny(n int) []any { return make([]any, n) }

//go:noinline
func growAny(s []any, v any) []any { return append(s, v) }

//go:noinline
func makeError(n int) []error { return make([]error, n) }

//go:noinline
func growError(s []error, v error) []error { return append(s, v) }

//go:noinline
func makeNumber(n int) []number { return make([]number, n) }

//go:noinline
func growNumber(s []number, v number) []number { return append(s, v) }

//go:noinline
func makeWord(n int) []word { return make([]word, n) }

//go:noinline
func growWord(s []word, v word) []word { return append(s, v) }

//go:noinline
func makeFlag8(n int) []flag8 { return make([]flag8, n) }

//go:noinline
func growFlag8(s []flag8, v flag8) []flag8 { return append(s, v) }

//go:noinline
func makeComplex(n int) []complex { return make([]complex, n) }

//go:noinline
func growComplex(s []complex, v complex) []complex { return append(s, v) }

//go:noinline
func makeRow(n int) []row { return make([]row, n) }

//go:noinline
func growRow(s []row, v row) []row { return append(s, v) }

//go:noinline
func makeGrid(n int) []grid { return make([]grid, n) }

//go:noinline
func growGrid(s []grid, v grid) []grid { return append(s, v) }

//go:noinline
func makeBlock(n int) []block { return make([]block, n) }

//go:noinline
func growBlock(s []block, v block) []block { return append(s, v) }

//go:noinline
func makeIndex(n int) []index { return make([]index, n) }

//go:noinline
func growIndex(s []index, v index) []index { return append(s, v) }

//go:noinline
func makeHandler(n int) []handler { return make([]handler, n) }

//go:noinline
func growHandler(s []handler, v handler) []handler { return append(s, v) }

//go:noinline
func makeFeed(n int) []feed { return make([]feed, n) }

//go:noinline
func growFeed(s []feed, v feed) []feed { return append(s, v) }

//go:noinline
func makeNothing(n int) []nothing { return make([]nothing, n) }

//go:noinline
func growNothing(s []nothing, v nothing) []nothing { return append(s, v) }

//go:noinline
func makePoint(n int) []point { return make([]point, n) }

//go:noinline
func growPoint(s []point, v point) []point { return append(s, v) }

//go:noinline
func makeNode(n int) []node { return make([]node, n) }

//go:noinline
func growNode(s []node, v node) []node { return append(s, v) }

//go:noinline
func makeRecord(n int) []record { return make([]record, n) }

//go:noinline
func growRecord(s []record, v record) []record { return append(s, v) }

//go:noinline
func makeShape(n int) []shape { return make([]shape, n) }

//go:noinline
func growShape(s []shape, v shape) []shape { return append(s, v) }

//go:noinline
func makeSize(n int) []größe { return make([]größe, n) }

//go:noinline
func growSize(s []größe, v größe) []größe { return append(s, v) }

//go:noinline
func makeLongName(n int) []aTypeWithAVeryLongNameIndeedAsGeneratedCodeSometimesHasBecauseSomebodyPutTheWholePathOfASchemaIntoItAndThenTheVersionAndTheNameOfTheFieldToo {
	return make([]aTypeWithAVeryLongNameIndeedAsGeneratedCodeSometimesHasBecauseSomebodyPutTheWholePathOfASchemaIntoItAndThenTheVersionAndTheNameOfTheFieldToo, n)
}

//go:noinline
func growLongName(s []aTypeWithAVeryLongNameIndeedAsGeneratedCodeSometimesHasBecauseSomebodyPutTheWholePathOfASchemaIntoItAndThenTheVersionAndTheNameOfTheFieldToo, v aTypeWithAVeryLongNameIndeedAsGeneratedCodeSometimesHasBecauseSomebodyPutTheWholePathOfASchemaIntoItAndThenTheVersionAndTheNameOfTheFieldToo) []aTypeWithAVeryLongNameIndeedAsGeneratedCodeSometimesHasBecauseSomebodyPutTheWholePathOfASchemaIntoItAndThenTheVersionAndTheNameOfTheFieldToo {
	return append(s, v)
}

//go:noinline
func makePair(n int) []pair[string, int] { return make([]pair[string, int], n) }

//go:noinline
func growPair(s []pair[string, int], v pair[string, int]) []pair[string, int] { return append(s, v) }

//go:noinline
func makeList(n int) []list[point] { return make([]list[point], n) }

//go:noinline
func growList(s []list[point], v list[point]) []list[point] { return append(s, v) }

//go:noinline
func makeTree(n int) []tree[number, []pair[int8, shape]] {
	return make([]tree[number, []pair[int8, shape]], n)
}

//go:noinline
func growTree(s []tree[number, []pair[int8, shape]], v tree[number, []pair[int8, shape]]) []tree[number, []pair[int8, shape]] {
	return append(s, v)
}

//go:noinline
func makeMapper(n int) []mapper[int, map[string]any] { return make([]mapper[int, map[string]any], n) }

//go:noinline
func growMapper(s []mapper[int, map[string]any], v mapper[int, map[string]any]) []mapper[int, map[string]any] {
	return append(s, v)
}

//go:noinline
func makeTime(n int) []time.Time { return make([]time.Time, n) }

//go:noinline
func growTime(s []time.Time, v time.Time) []time.Time { return append(s, v) }

//go:noinline
func makeBuilder(n int) []strings.Builder { return make([]strings.Builder, n) }

//go:noinline
func growBuilder(s []strings.Builder, v strings.Builder) []strings.Builder { return append(s, v) }

//go:noinline
func makeValue(n int) []reflect.Value { return make([]reflect.Value, n) }

//go:noinline
func growValue(s []reflect.Value, v reflect.Value) []reflect.Value { return append(s, v) }
