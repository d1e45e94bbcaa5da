// SPDX-License-Identifier: BSD-2-Clause

// Plugins opens the Go plugins PATH... and prints their types, types that reflect makes of these,
// and one of its own: address of the descriptor, name, size, bytes that may hold pointers and kind;
// then "done". It ends after a line on standard input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"plugin"
	"reflect"
	"unsafe"

	"slicestat.test/targets/internal/live"
)

// The plugins have others of this name.
type point struct{ x int16 }

// open returns what the plugin's function Types does.
func open(path string) ([]reflect.Type, error) {
	p, err := plugin.Open(path)
	if err != nil {
		return nil, err
	}
	symbol, err := p.Lookup("Types")
	if err != nil {
		return nil, err
	}
	types, ok := symbol.(func() []reflect.Type)
	if !ok {
		return nil, fmt.Errorf("%s: Types is a %T", path, symbol)
	}
	return types(), nil
}

// made are types that no module has.
func made(from []reflect.Type) []reflect.Type {
	var types []reflect.Type
	for _, t := range from {
		array := reflect.ArrayOf(77, t)
		types = append(types, array, reflect.MapOf(reflect.TypeOf(point{}), array))
	}
	return types
}

func dump(types []reflect.Type) {
	w := bufio.NewWriter(os.Stdout)
	for _, t := range types {
		words := (*[2]uintptr)((*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1])
		fmt.Fprintf(w, "%p\t%s\t%d\t%d\t%d\n", words, t, t.Size(), words[1], t.Kind())
	}
	fmt.Fprintln(w, "done")
	w.Flush()
}

func main() {
	all := []reflect.Type{reflect.TypeOf(point{})}
	for _, path := range os.Args[1:] {
		types, err := open(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		all = append(append(all, types...), made(types)...)
	}
	dump(all)
	live.AwaitLine()
}
