#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/go-facts.sh GOROOT: what slicestat relies on of Go, read from the sources of a toolchain:
# NAME VALUE a line, always in the same order. What is not there has no line. go-release.sh compares.

set -euo pipefail

# code FILE...: without comments, as words with one space between, a line each.
code() {
	cat "$@" 2>/dev/null | sed -e 's,//.*,,' -e 's,[[:space:]]\+, ,g' -e 's,^ ,,' -e 's, $,,' \
		-e '/^$/d'
}

# first PATH...: the first of these files of the sources that is there.
first() {
	local path

	for path; do
		[ ! -f "$SRC/$path" ] || { echo "$SRC/$path" && return; }
	done
	echo /dev/null
}

# block REGEX FILE: the lines behind the first that matches, up to the one that is } or ).
block() {
	awk -v begin="$1" '
		!inside && $0 ~ begin { inside = 1; next }
		inside && /^[})]/ { exit }
		inside { print }' "$2"
}

# sum: of what is read, as one word; nothing of nothing.
sum() {
	local text

	text=$(cat)
	[ -z "$text" ] || sha256sum <<<"$text" | cut -c 1-12
}

# fields NAME: the fields of a struct whose block is read, NAME.FIELD OFFSET TYPE, as the compiler
# lays them out on a 64-bit machine. The offset is ? behind a type of unknown size.
fields() {
	sed 's,//.*,,' | awk -v name="$1" '
		function lay(field, type,    size, align) {
			size = type in sizes ? sizes[type] : type ~ /^\[\]/ ? 24 : type ~ /^(\*|map\[)/ ? 8 : 0
			align = size > 8 || type ~ /^\[/ ? 8 : size
			if (type ~ /^\[[0-9]+\]byte$/) { size = substr(type, 2) + 0; align = 1 }
			if (type == "bitvector") size = 16
			if (!known || !size) { known = 0 } else at = int((at + align - 1) / align) * align
			if (field != "_")
				print name "." field, known ? sprintf("0x%x", at) : "?", type
			at += size
		}
		BEGIN {
			known = 1
			split("bool 1 uint8 1 byte 1 int32 4 uint32 4 uintptr 8 int 8 uint 8 string 16 " \
				"bitvector 16 abi.FuncID 1 abi.FuncFlag 1 abi.PCLnTabMagic 4 TFlag 1 Kind 1 " \
				"NameOff 4 TypeOff 4 Kind_ 1 func(unsafe.Pointer, 8", list, " ")
			for (i = 1; i in list; i += 2)
				sizes[list[i]] = list[i + 1]
		}
		/^[ \t]*[A-Za-z_][A-Za-z0-9_]*(, *[A-Za-z_][A-Za-z0-9_]*)*[ \t]+[^ \t]/ {
			line = $0
			gsub(/, +/, ",", line)
			split(line, word, " ")
			n = split(word[1], names, ",")
			for (i = 1; i <= n; i++)
				lay(names[i], word[2] ~ /^func\(/ ? "func(unsafe.Pointer," : word[2])
		}'
}

# struct NAME FILE [FIELD...]: the facts of its fields, of these only where any are named.
struct() {
	local name=$1 file=$2 wanted

	shift 2
	wanted=$(printf '%s|' "$@")
	block "^type $name struct" "$file" | fields "$name" |
		awk -v wanted="^[^.]*\\\\.(${wanted%|})\$" -v all="$#" '!all || $1 ~ wanted'
}

# constants PREFIX FILE NAME...: NAME = VALUE anywhere in it.
constants() {
	local prefix=$1 file=$2 name

	shift 2
	for name; do
		code "$file" | awk -v prefix="$prefix" -v name="$name" '
			{ sub(/^const /, "") }
			$1 == name && /=/ && !n++ { sub(/^[^=]*= /, ""); print prefix name, $0 }'
	done
}

# counted NAME FILE: the value of a constant in a list that begins with iota.
counted() {
	code "$2" | awk -v name="$1" '
		/= iota/ { n = 0; inside = 1 }
		inside && $1 == name { print "abi." name, n }
		inside { n++ }
		/^\)/ { inside = 0 }'
}

# signatures: of what is probed or called, by the names in the sources.
signatures() {
	local func

	for func in growslice growsliceBuf growsliceNoAlias growsliceBufNoAlias makeslice makeslice64 \
		makeslicecopy moveSlice moveSliceNoScan moveSliceNoCap moveSliceNoCapNoScan \
		reflect_growslice reflect_unsafe_NewArray bytealg_MakeNoZero stringtoslicebyte \
		stringtoslicerune slicebytetostring slicerunetostring concatbytes concatbyte2 convTslice; do
		code "$SRC"/runtime/{slice,string,malloc,iface}.go |
			sed -n "s/^func $func\((.*\) {\$/signature.$func \1/p"
	done
}

# All that the compiler may call by itself and that bears slice or concatbyte in its name.
compiler_calls() {
	echo "compiler.calls" "$(code "$(first cmd/compile/internal/typecheck/_builtin/runtime.go \
		cmd/compile/internal/typecheck/builtin/runtime.go)" |
		sed -n 's/^func \([A-Za-z0-9]*\)(.*/\1/p' | grep -E '[sS]lice|concatbyte' |
		grep -vE '^(p|goP)anic|^print' | sort | paste -s -d ' ')"
}

bodies() {
	local func

	for func in growslice makeslice makeslicecopy; do
		echo "body.$func" "$(block "^func $func\\\\(" "$SRC/runtime/slice.go" | code | sum)"
	done
	for func in x86/obj6 arm64/obj7; do
		echo "stack.check.${func%/*}" \
			"$(block '^func .*stacksplit\\(' "$SRC/cmd/internal/obj/$func.go" | code | sum)"
	done
}

growth() {
	local classes malloc

	classes=$(first internal/runtime/gc/sizeclasses.go runtime/sizeclasses.go)
	malloc=$(first internal/runtime/gc/malloc.go runtime/mbitmap_allocheaders.go runtime/mbitmap.go)
	echo "growth.classes" "$(sed -n 's/^var \(class_to_size\|SizeClassToSize\) .*{\(.*\)}/\2/p' \
		"$classes" | tr -d ' ')"
	code "$malloc" "$(first runtime/malloc.go)" | awk 'tolower($1) == "mallocheadersize" && $2 == "=" && !n++ {
		print "growth.MallocHeaderSize", $3 }'
	code "$malloc" | awk 'tolower($1) == "minsizeformallocheader" {
		sub(/^[^=]*= /, ""); gsub(/goarch\./, ""); print "growth.MinSizeForMallocHeader", tolower($0) }'
	echo "growth.threshold" \
		"$(code "$SRC/runtime/slice.go" | sed -n 's/^const threshold = //p')"
	echo "growth.nextslicecap" "$(block '^func nextslicecap' "$SRC/runtime/slice.go" | code | sum)"
	# The names of constants moved between packages.
	echo "growth.roundupsize" "$(block '^func roundupsize' \
		"$(first runtime/msize.go runtime/msize_allocheaders.go)" | code | tr -d '_' | sed 's/gc\.//g' | tr '[:upper:]' '[:lower:]' |
		sed 's/sizeclasstosize/classtosize/g; s/sizetosizeclass/sizetoclass/g' | sum)"
}

experiments() {
	echo "experiments" "$(sed -n 's/^\t\([A-Z][A-Za-z0-9]*\) *bool$/\1/p' \
		"$SRC/internal/goexperiment/flags.go" | sort | paste -s -d ' ')"
	echo "experiments.on" "$(sed -n '/baseline := /,/^\t}/p' \
		"$SRC/internal/buildcfg/exp.go" | code | sed '1d; $d' | tr -d ' \n')"
}

registers() {
	local arch

	for arch in AMD64 ARM64; do
		echo "registers.${arch,,}" "$(sed -n 's/.*ParamIntRegNames: *"\(.*\)".*/\1/p' \
			"$SRC/cmd/compile/internal/ssa/_gen/${arch}Ops.go")"
	done
	constants abi. "$SRC/internal/abi/abi_amd64.go" IntArgRegs | sed 's/Regs/Regs.amd64/'
	constants abi. "$SRC/internal/abi/abi_arm64.go" IntArgRegs | sed 's/Regs/Regs.arm64/'
	constants stack. "$SRC/internal/abi/stack.go" StackSmall StackBig
}

types() {
	local file=$SRC/internal/abi/type.go name

	struct Type "$file" | sed 's/^/abi./'
	for name in ArrayType ChanType FuncType SliceType PtrType StructField StructType UncommonType; do
		echo "abi.$name" "$(block "^type $name struct" "$file" | code | paste -s -d ';')"
	done
	constants abi. "$file" TFlagUncommon TFlagExtraStar TFlagNamed KindMask
	counted Bool "$file"
	counted UnsafePointer "$file"
}

# The number that a function table begins with, since Go 1.26 by the name of another constant.
magic() {
	local abi=$SRC/internal/abi/symtab.go name

	name=$(code "$abi" | sed -n 's/^CurrentPCLnTabMagic = //p')
	echo "abi.PCLnTabMagic" "$(code "$abi" "$SRC/runtime/symtab.go" |
		sed -n "s/^${name:-none} PCLnTabMagic = //p; s/.*hdr.magic != \(0x[0-9a-f]*\) .*/\1/p")"
}

# facts: of what is not there the name alone.
facts() {
	local symtab=$SRC/runtime/symtab.go abi=$SRC/internal/abi/symtab.go

	struct moduledata "$symtab" pcHeader funcnametab pclntable ftab minpc maxpc text etext types \
		etypes gofunc next
	struct pcHeader "$symtab"
	struct _func "$SRC/runtime/runtime2.go"
	struct inlinedCall "$SRC/runtime/symtabinl.go"
	magic
	counted FuncIDWrapper "$abi"
	constants abi. "$abi" PCDATA_InlTreeIndex FUNCDATA_InlTree
	types
	registers
	signatures
	compiler_calls
	growth
	bodies
	constants buildinfo. "$SRC/debug/buildinfo/buildinfo.go" buildInfoAlign buildInfoSize \
		buildInfoHeaderSize | sed 's/HeaderSize/Size/'
	echo "fips.text" "$(grep -ohE 'go:textfips(start|end)' "$(first cmd/link/internal/ld/fips140.go \
		cmd/link/internal/ld/fips.go)" | sort -u | paste -s -d ' ')"
	experiments
}

[ -d "${1:-}/src/runtime" ] || { echo "usage: go-facts.sh GOROOT" >&2 && exit 2; }
SRC=$1/src
facts | awk 'NF > 1'
