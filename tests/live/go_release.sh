#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What is known of each Go release is what the sources of its toolchain say; of one that is not known
# every change is told, with the row that it needs, and nothing else.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.22 1.23 1.24 1.25 1.26 1.27}
GO_RELEASE=$ROOT/tools/go-release.sh

# change FILE EXPRESSION: of the copy, by sed; something must change.
change() {
	cp "$WORK/go/src/$1" "$WORK/before"
	sed -i "$2" "$WORK/go/src/$1"
	! cmp -s "$WORK/before" "$WORK/go/src/$1" || fail "$2 changes nothing in $1"
}

# A toolchain that nobody knows: the newest one's sources with what might come.
make_unknown() {
	local root=$1 name

	mkdir -p "$WORK/go/src/internal"
	echo go1.28rc1 >"$WORK/go/VERSION"
	for name in cmd debug internal/goexperiment internal/buildcfg internal/runtime; do
		ln -s "$root/src/$name" "$WORK/go/src/$name"
	done
	cp -r "$root/src/runtime" "$WORK/go/src/"
	cp -r "$root/src/internal/abi" "$WORK/go/src/internal/"
	change runtime/symtab.go 's/^\tgofunc  *uintptr.*/\tmore uintptr\n&/'
	change runtime/slice.go 's/^func growslice(oldPtr unsafe.Pointer, /&hint int, /'
	change runtime/slice.go 's/const threshold = 256/const threshold = 512/'
	change internal/abi/symtab.go 's/^\tFuncID_goexit$/&\n\tFuncID_more/'
}

told() { sed -n 's/^\([^ ]*\)   (.*/\1/p' <<<"$1"; }

# shellcheck disable=SC2086 # words
said=$("$GO_RELEASE" $VERSIONS) || fail "$said"
known=$(grep -c 'facts as reviewed for' <<<"$said")
newest=${VERSIONS##* }
expect "releases that are known" "$(wc -w <<<"$VERSIONS")" "$known"

make_unknown "$("$ROOT/tools/toolchains.sh" --goroot "$newest")"
said=$("$GO_RELEASE" "$WORK/go") && fail "nothing is told: $said"
expect "what is told" "moduledata.gofunc moduledata.next abi.FuncIDWrapper signature.growslice \
growth.threshold growth.nextslicecap" "$(told "$said" | grep -v '^experiments' | xargs)"
expect_match "the row" $'release\\.c has no row\n    \\{28, true, 0x128, 0x138, 0x160, 0x238, 24, true,' \
	"$said"

# What the script prints for a release makes it a known one.
{ cat "$ROOT/tools/go-releases.txt" && "$GO_RELEASE" --section "$WORK/go"; } >"$WORK/releases"
said=$(SLICESTAT_GO_RELEASES=$WORK/releases "$GO_RELEASE" "$WORK/go") && fail "no row is missing"
expect_match "what is said of it then" '^go1\.28rc1: all [0-9]+ facts as reviewed for 1\.28'$'\n' "$said"
echo "$known releases as reviewed, and what an unknown one changes is told"
