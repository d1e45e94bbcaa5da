// SPDX-License-Identifier: BSD-2-Clause

// Sites grows and makes slices by all the ways that Go code can be called, and writes down from
// where.
package main

import "slicestat.test/targets/internal/callers"

var steps = []callers.Step{
	plain, made, inlined, inlinedFar, inlinedTwice, stackBuffer,
	closureInlined, closureCalled, closureNested, closureReturned, closurePassed,
	genericTypes, genericMethods, genericMade, genericClosure, genericNested,
	methods, embedded, interfaces, methodValues, interfaceMade,
	deferredCall, deferredClosure, deferredInLoop, deferredMethod, panicked, wrapped, faulted,
	goroutineClosure, goroutineCall, goroutineMethod, goroutineGeneric,
	recursion, recursionMutual, recursionGrowing,
	buffers, builders, grownBySlices, formatted, split,
	reflected, reflectMade, reflectCalled, reflectMethod,
	ranges,
}

func main() {
	callers.Run(20000, steps)
}
