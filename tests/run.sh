#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/run.sh [NAME]...: runs the unit programs and the live cases whose names contain one of the
# words, all without a word. A line for each with its time; the last lines of what those printed that
# failed, all of it in build/failed/NAME. The last line is "N passed, N failed". `make tests` has built
# what is run here, but for the traced programs.
#
# What takes longer than SLICESTAT_CASE_SECONDS is ended and has failed. SLICESTAT_CYCLES=1000
# SLICESTAT_WEEKS=1 make cycles.sh and weeks.sh as long as they can be.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly LINES_SHOWN=20 # the cause comes last
readonly LIMIT=${SLICESTAT_CASE_SECONDS:-900}
OUTPUT=$(mktemp)
RUNNING=
trap 'rm -f "$OUTPUT"' EXIT
trap '[ -z "$RUNNING" ] || kill "$RUNNING"; exit 1' HUP INT TERM
passed=0
failed=0

# wanted NAME WORD...
wanted() {
	local name=$1 word

	shift
	[ $# -gt 0 ] || return 0
	for word; do
		[[ $name != *"$word"* ]] || return 0
	done
	return 1
}

# keep NAME: what it printed.
keep() {
	mkdir -p "build/failed/${1%/*}"
	cp "$OUTPUT" "build/failed/$1"
}

# run_limited COMMAND...: with all that it starts, a group of processes that ends with it. It has the
# signals that a shell's background, and nohup, keep from it: cases send them.
run_limited() {
	local began=$SECONDS status=0

	env --default-signal=HUP,INT,QUIT timeout --kill-after=30 "$LIMIT" "$@" >"$OUTPUT" 2>&1 \
		</dev/null &
	RUNNING=$!
	wait "$RUNNING" || status=$?
	RUNNING=
	[ $((SECONDS - began)) -lt "$LIMIT" ] || echo "no end within $LIMIT s" >>"$OUTPUT"
	return "$status"
}

# run NAME COMMAND...: the last line of a live case tells what it saw.
run() {
	local name=$1 begin=$EPOCHREALTIME status=0 took saw=''

	shift
	run_limited "$@" || status=$?
	took=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
	if [ "$status" = 0 ]; then
		passed=$((passed + 1))
		[[ $name != live/* ]] || saw=$(tail -n 1 "$OUTPUT")
		printf 'ok      %-40s %6s s  %s\n' "$name" "$took" "$saw"
	else
		failed=$((failed + 1))
		printf 'FAILED  %-40s %6s s, status %s\n' "$name" "$took" "$status"
		keep "$name"
		tail -n "$LINES_SHOWN" "$OUTPUT" | sed 's/^/        /'
	fi
}

# The Go executables that unit tests read, as a list for the environment.
go_binaries() {
	find "$PWD/build/targets" -regextype egrep \
		-regex '.*/go[^/]*/(default|stripped|pie|pie-stripped|arm64|arm64-pie)/truth' | sort | paste -s -d :
}

units=()
for program in tests/unit/test_*.c; do
	name=$(basename "$program" .c)
	! wanted "unit/$name" "$@" || units+=("$name")
done
cases=()
for program in tests/live/*.sh; do
	name=$(basename "$program" .sh)
	[[ $name == lib* ]] || ! wanted "live/$name" "$@" || cases+=("$name")
done

mkdir -p build/targets
run targets tests/build-targets.sh
SLICESTAT_GO_BINARIES=$(go_binaries)
export SLICESTAT_GO_BINARIES
for name in ${units[@]+"${units[@]}"}; do
	run "unit/$name" "build/tests/$name"
	run "unit/$name (ASan, UBSan)" "build/san/tests/$name"
done
for name in ${cases[@]+"${cases[@]}"}; do
	run "live/$name" "tests/live/$name.sh"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
