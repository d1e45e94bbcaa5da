// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"bytes"
	"sync"
	"sync/atomic"
)

// As namedTypes, of types that have no name of their own.
func composedTypes() []slices {
	return []slices{
		of(makeBytes, growBytes),
		of(makeStrings, growStrings),
		of(makeRows, growRows),
		of(makeCubes, growCubes),
		of(makeIntPointer, growIntPointer),
		of(makeBytePointers, growBytePointers),
		of(makePointerPointer, growPointerPointer),
		of(makeDeepPointer, growDeepPointer),
		of(makePointPointer, growPointPointer),
		of(makeNodePointer, growNodePointer),
		of(makePairPointer, growPairPointer),
		of(makeMap, growMap),
		of(makeMapOfMaps, growMapOfMaps),
		of(makeSet, growSet),
		of(makeFunc, growFunc),
		of(makeFuncOne, growFuncOne),
		of(makeFuncMany, growFuncMany),
		of(makeChan, growChan),
		of(makeChanRecv, growChanRecv),
		of(makeChanSend, growChanSend),
		of(makeChanOfRecv, growChanOfRecv),
		of(makeChanSendRecv, growChanSendRecv),
		of(makeArray, growArray),
		of(makeArrays, growArrays),
		of(makeArrayOfNone, growArrayOfNone),
		of(makeStruct, growStruct),
		of(makeStructOne, growStructOne),
		of(makeStructTags, growStructTags),
		of(makeStructEmbedded, growStructEmbedded),
		of(makeInterface, growInterface),
		of(makeInterfaceHidden, growInterfaceHidden),
		of(makeBuffer, growBuffer),
		of(makeAtomic, growAtomic),
		of(makeMutex, growMutex),
	}
}

//go:noinline
func makeBytes(n int) [][]byte { return make([][]byte, n) }

//go:noinline
func growBytes(s [][]byte, v []byte) [][]byte { return append(s, v) }

//go:noinline
func makeStrings(n int) [][]string { return make([][]string, n) }

//go:noinline
func growStrings(s [][]string, v []string) [][]string { return append(s, v) }

//go:noinline
func makeRows(n int) [][][]int { return make([][][]int, n) }

//go:noinline
func growRows(s [][][]int, v [][]int) [][][]int { return append(s, v) }

//go:noinline
func makeCubes(n int) [][][][]float64 { return make([][][][]float64, n) }

//go:noinline
func growCubes(s [][][][]float64, v [][][]float64) [][][][]float64 { return append(s, v) }

//go:noinline
func makeIntPointer(n int) []*int { return make([]*int, n) }

//go:noinline
func growIntPointer(s []*int, v *int) []*int { return append(s, v) }

//go:noinline
func makeBytePointers(n int) [][]*byte { return make([][]*byte, n) }

//go:noinline
func growBytePointers(s [][]*byte, v []*byte) [][]*byte { return append(s, v) }

//go:noinline
func makePointerPointer(n int) []**point { return make([]**point, n) }

//go:noinline
func growPointerPointer(s []**point, v **point) []**point { return append(s, v) }

//go:noinline
func makeDeepPointer(n int) []***node { return make([]***node, n) }

//go:noinline
func growDeepPointer(s []***node, v ***node) []***node { return append(s, v) }

//go:noinline
func makePointPointer(n int) []*point { return make([]*point, n) }

//go:noinline
func growPointPointer(s []*point, v *point) []*point { return append(s, v) }

//go:noinline
func makeNodePointer(n int) []*node { return make([]*node, n) }

//go:noinline
func growNodePointer(s []*node, v *node) []*node { return append(s, v) }

//go:noinline
func makePairPointer(n int) []*pair[word, *node] { return make([]*pair[word, *node], n) }

//go:noinline
func growPairPointer(s []*pair[word, *node], v *pair[word, *node]) []*pair[word, *node] {
	return append(s, v)
}

//go:noinline
func makeMap(n int) []map[string]int { return make([]map[string]int, n) }

//go:noinline
func growMap(s []map[string]int, v map[string]int) []map[string]int { return append(s, v) }

//go:noinline
func makeMapOfMaps(n int) []map[point]map[word][]*node { return make([]map[point]map[word][]*node, n) }

//go:noinline
func growMapOfMaps(s []map[point]map[word][]*node, v map[point]map[word][]*node) []map[point]map[word][]*node {
	return append(s, v)
}

//go:noinline
func makeSet(n int) []map[any]struct{} { return make([]map[any]struct{}, n) }

//go:noinline
func growSet(s []map[any]struct{}, v map[any]struct{}) []map[any]struct{} { return append(s, v) }

//go:noinline
func makeFunc(n int) []func() { return make([]func(), n) }

//go:noinline
func growFunc(s []func(), v func()) []func() { return append(s, v) }

//go:noinline
func makeFuncOne(n int) []func(int) string { return make([]func(int) string, n) }

//go:noinline
func growFuncOne(s []func(int) string, v func(int) string) []func(int) string { return append(s, v) }

//go:noinline
func makeFuncMany(n int) []func(a, b int, c ...*point) (n int, err error) {
	return make([]func(a, b int, c ...*point) (n int, err error), n)
}

//go:noinline
func growFuncMany(s []func(a, b int, c ...*point) (n int, err error), v func(a, b int, c ...*point) (n int, err error)) []func(a, b int, c ...*point) (n int, err error) {
	return append(s, v)
}

//go:noinline
func makeChan(n int) []chan int { return make([]chan int, n) }

//go:noinline
func growChan(s []chan int, v chan int) []chan int { return append(s, v) }

//go:noinline
func makeChanRecv(n int) []<-chan error { return make([]<-chan error, n) }

//go:noinline
func growChanRecv(s []<-chan error, v <-chan error) []<-chan error { return append(s, v) }

//go:noinline
func makeChanSend(n int) []chan<- []byte { return make([]chan<- []byte, n) }

//go:noinline
func growChanSend(s []chan<- []byte, v chan<- []byte) []chan<- []byte { return append(s, v) }

//go:noinline
func makeChanOfRecv(n int) []chan (<-chan int) { return make([]chan (<-chan int), n) }

//go:noinline
func growChanOfRecv(s []chan (<-chan int), v chan (<-chan int)) []chan (<-chan int) {
	return append(s, v)
}

//go:noinline
func makeChanSendRecv(n int) []chan<- (<-chan point) { return make([]chan<- (<-chan point), n) }

//go:noinline
func growChanSendRecv(s []chan<- (<-chan point), v chan<- (<-chan point)) []chan<- (<-chan point) {
	return append(s, v)
}

//go:noinline
func makeArray(n int) [][7]uint16 { return make([][7]uint16, n) }

//go:noinline
func growArray(s [][7]uint16, v [7]uint16) [][7]uint16 { return append(s, v) }

//go:noinline
func makeArrays(n int) [][2][3]*string { return make([][2][3]*string, n) }

//go:noinline
func growArrays(s [][2][3]*string, v [2][3]*string) [][2][3]*string { return append(s, v) }

//go:noinline
func makeArrayOfNone(n int) [][0]func() { return make([][0]func(), n) }

//go:noinline
func growArrayOfNone(s [][0]func(), v [0]func()) [][0]func() { return append(s, v) }

//go:noinline
func makeStruct(n int) []struct{} { return make([]struct{}, n) }

//go:noinline
func growStruct(s []struct{}, v struct{}) []struct{} { return append(s, v) }

//go:noinline
func makeStructOne(n int) []struct{ n int } { return make([]struct{ n int }, n) }

//go:noinline
func growStructOne(s []struct{ n int }, v struct{ n int }) []struct{ n int } { return append(s, v) }

//go:noinline
func makeStructTags(n int) []tagged { return make([]tagged, n) }

//go:noinline
func growStructTags(s []tagged, v tagged) []tagged { return append(s, v) }

//go:noinline
func makeStructEmbedded(n int) []embedding { return make([]embedding, n) }

//go:noinline
func growStructEmbedded(s []embedding, v embedding) []embedding { return append(s, v) }

//go:noinline
func makeInterface(n int) []interface{ M(int) string } { return make([]interface{ M(int) string }, n) }

//go:noinline
func growInterface(s []interface{ M(int) string }, v interface{ M(int) string }) []interface{ M(int) string } {
	return append(s, v)
}

//go:noinline
func makeInterfaceHidden(n int) []hidden { return make([]hidden, n) }

//go:noinline
func growInterfaceHidden(s []hidden, v hidden) []hidden { return append(s, v) }

//go:noinline
func makeBuffer(n int) []*bytes.Buffer { return make([]*bytes.Buffer, n) }

//go:noinline
func growBuffer(s []*bytes.Buffer, v *bytes.Buffer) []*bytes.Buffer { return append(s, v) }

//go:noinline
func makeAtomic(n int) []*atomic.Pointer[point] { return make([]*atomic.Pointer[point], n) }

//go:noinline
func growAtomic(s []*atomic.Pointer[point], v *atomic.Pointer[point]) []*atomic.Pointer[point] {
	return append(s, v)
}

//go:noinline
func makeMutex(n int) []*sync.Mutex { return make([]*sync.Mutex, n) }

//go:noinline
func growMutex(s []*sync.Mutex, v *sync.Mutex) []*sync.Mutex { return append(s, v) }
