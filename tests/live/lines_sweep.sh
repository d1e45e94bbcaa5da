#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Functions, files, lines and inlining of random instructions equal what DWARF says, in big programs
# of several Go versions: Go's own tools. They are built once.

. "$(dirname "$0")/lib.sh"

readonly FRAMES=$ROOT/build/tests/frames
readonly PCS=${SLICESTAT_SWEEP_PCS:-10000} # of each program
readonly PROGRAMS=(1.21/cmd/go 1.24/cmd/compile 1.27/cmd/link)
total=0

# program VERSION/PACKAGE: builds it where it is missing, and prints its path.
program() {
	local path=$ROOT/build/sweep/$1

	if [ ! -x "$path" ]; then
		mkdir -p "$(dirname "$path")"
		"$ROOT/tools/go.sh" "${1%%/*}" build -o "$path.new" "${1#*/}" >&2
		mv "$path.new" "$path"
	fi
	echo "$path"
}

# sweep PATH
sweep() {
	local status=0 said

	"$FRAMES" "$1" "$PCS" >"$WORK/pcs"
	llvm-symbolizer --obj="$1" --addresses --inlines --no-demangle <"$WORK/pcs" >"$WORK/dwarf"
	said=$("$FRAMES" "$1" <"$WORK/dwarf") || status=$?
	echo "$said"
	expect "exit status of frames" 0 "$status"
	expect_match "frames" "^$PCS pcs equal" "$said"
	total=$((total + PCS))
}

for name in "${PROGRAMS[@]}"; do
	echo "go $name"
	path=$(program "$name")
	sweep "$path"
done
echo "$total pcs equal: ${PROGRAMS[*]}"
