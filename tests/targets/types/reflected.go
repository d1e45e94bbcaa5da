// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"reflect"
	"unsafe"
)

// byReflect makes slices of a type that may exist at run time only.
func byReflect(elem reflect.Type) slices {
	slice := reflect.SliceOf(elem)
	value := []reflect.Value{reflect.Zero(elem)}
	none := reflect.Zero(slice)
	return slices{
		elem:  elem,
		newOp: "reflect",
		newBase: func() unsafe.Pointer {
			return reflect.MakeSlice(slice, elements, elements).UnsafePointer()
		},
		grown: func() unsafe.Pointer { return reflect.Append(none, value...).UnsafePointer() },
	}
}

func typeOf[T any]() reflect.Type {
	return reflect.TypeOf((*T)(nil)).Elem()
}

func reflectTypes() []slices {
	base := append(madeFrom(typeOf[int16]()), madeFrom(typeOf[point]())...)
	base = append(base, madeStructs()...)
	base = append(base, madeFuncs()...)
	again := madeFrom(base[len(base)-1])
	again = append(again, madeFrom(again[0])...)
	again = append(again, reflect.StructOf([]reflect.StructField{
		{Name: "Made", Type: again[2], Tag: `again:"yes"`},
		{Name: "Twice", Type: again[len(again)-1]},
	}))
	var all []slices
	for _, t := range append(base, again...) {
		all = append(all, byReflect(t))
	}
	return all
}

// madeFrom makes one type of each kind that does not occur in the program's code.
func madeFrom(t reflect.Type) []reflect.Type {
	array := reflect.ArrayOf(77, t)
	recv := reflect.ChanOf(reflect.RecvDir, array)
	deep := array
	for i := 0; i < 40; i++ {
		deep = reflect.PointerTo(deep)
	}
	return []reflect.Type{
		array,
		reflect.ArrayOf(0, array),
		reflect.ArrayOf(2, reflect.ArrayOf(3, array)),
		reflect.SliceOf(array),
		reflect.SliceOf(reflect.SliceOf(array)),
		reflect.PointerTo(array),
		deep,
		reflect.MapOf(typeOf[word](), array),
		reflect.MapOf(reflect.ArrayOf(9, typeOf[string]()), reflect.PointerTo(array)),
		recv,
		reflect.ChanOf(reflect.SendDir, array),
		reflect.ChanOf(reflect.BothDir, array),
		reflect.ChanOf(reflect.BothDir, recv),
		reflect.ChanOf(reflect.SendDir, recv),
		reflect.ChanOf(reflect.BothDir, reflect.ChanOf(reflect.SendDir, recv)),
		reflect.ChanOf(reflect.BothDir, reflect.ChanOf(reflect.BothDir, recv)),
	}
}

func madeFuncs() []reflect.Type {
	array := reflect.ArrayOf(78, typeOf[error]())
	types := []reflect.Type{array, typeOf[int](), reflect.SliceOf(array), typeOf[row]()}
	many := make([]reflect.Type, 0, 50)
	for i := 0; i < cap(many); i++ {
		many = append(many, types[i%len(types)])
	}
	return []reflect.Type{
		reflect.FuncOf(types[:1], nil, false),
		reflect.FuncOf(nil, types[:1], false),
		reflect.FuncOf(types[:2], types[:2], false),
		reflect.FuncOf(types[:3], types[:1], true),
		reflect.FuncOf(types[2:3], types, true),
		reflect.FuncOf(types, types[:3], true), // the last one is a slice with a name
		reflect.FuncOf(many[:40], many[:10], false),
	}
}

func madeStructs() []reflect.Type {
	const pkg = "slicestat.test/targets/types"
	array := reflect.ArrayOf(79, typeOf[uint8]())
	exported := func(name string, tag string) reflect.StructField {
		return reflect.StructField{Name: name, Type: array, Tag: reflect.StructTag(tag)}
	}
	hidden := func(name string) reflect.StructField {
		return reflect.StructField{Name: name, Type: array, PkgPath: pkg}
	}
	embedded := func(name string, t reflect.Type) reflect.StructField {
		return reflect.StructField{Name: name, Type: t, Anonymous: true}
	}
	fields := [][]reflect.StructField{
		{exported("A", "")},
		{exported("A", `json:"a,omitempty"`), exported("B", "")},
		{exported("A", "quote \" back\\slash ' ` line\n\a\b\f\r\t\v\x00\x1f\x7f")},
		{exported("A", "é größe 日本語 кириллица 🙂 \ufffd")},
		{exported("A", "bad \xff\xc0\x80\xed\xa0\x80\xe2\x82")},
		{exported("A", string(make([]byte, 200)))},
		{exported("A", "x"+string(manyRunes('é', 300)))},
		{hidden("a"), exported("Größe", ""), hidden("_")},
		{embedded("Embedded", typeOf[Embedded]()), exported("A", "")},
		{exported("A", ""), embedded("Embedded", reflect.PointerTo(typeOf[Embedded]()))},
		{embedded("Empty", typeOf[Empty]()), exported("B", "tag")},
		{embedded("Methods", typeOf[Methods]())},
		{exported("ALongName"+string(manyRunes('x', 300)), "")},
	}
	var types []reflect.Type
	for _, f := range fields {
		types = append(types, reflect.StructOf(f))
	}
	return types
}

func manyRunes(r rune, n int) []rune {
	runes := make([]rune, n)
	for i := range runes {
		runes[i] = r
	}
	return runes
}

type (
	Embedded struct{ X, Y int32 }
	Empty    interface{}
	Methods  struct{ z *int }
)

// Get gives the struct that embeds Methods a method, too.
func (Methods) Get() int { return 0 }
