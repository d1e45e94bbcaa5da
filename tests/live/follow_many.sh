#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# -e: more processes than are known at a time, and than can run at a time: the oldest are forgotten,
# totals stay exact, memory and fds flat. With --chains their lives stay, and numbers come again.

. "$(dirname "$0")/lib.sh"

readonly PROCESSES=${SLICESTAT_PROCESSES:-2600} MAKES=3 LIVES=1300 SLICES=5 WARM=200
PROGRAM=$WORK/turns
export GOGC=off

build_turns 1.24 "$PROGRAM"

# run N WORD: so many processes, two at a time.
run() {
	seq "$1" | xargs -P 2 -I{} "$PROGRAM" "$2" || fail "a process failed"
}

# of_other KEY
of_other() {
	tail -n 1 "$WORK/report" | sed -n "s/.*\"other\":{[^}]*\"$1\":\([0-9]*\).*/\1/p"
}

processes() {
	local fds kib kib_later forgotten rows

	trace -e "$PROGRAM" --in main.makeSlices --by process -o json -n 0 -w "$WORK/report" 1000
	run "$WARM" "make=$MAKES"
	fds=$(open_fds "$TRACER_PID")
	kib=$(proc_kib "$TRACER_PID" VmRSS)
	run $((PROCESSES - WARM)) "make=$MAKES"
	await_fds "$TRACER_PID" $((fds + 8))
	kib_later=$(proc_kib "$TRACER_PID" VmRSS)
	end_tracer
	expect_accounted $((PROCESSES * MAKES))
	expect "events of all processes" $((PROCESSES * MAKES)) "$(count folded)"
	forgotten=$(tail -n 1 "$WORK/report" | sed -n 's/.*"targets_forgotten":\([0-9]*\).*/\1/p')
	[ "${forgotten:-0}" -ge 500 ] || fail "only ${forgotten:-0} processes were forgotten"
	expect "rows of forgotten processes" "$forgotten" "$(of_other rows)"
	expect "events of forgotten processes" $((forgotten * MAKES)) "$(of_other events)"
	rows=$(tail -n 1 "$WORK/report" | grep -o "\"events\":$MAKES," | wc -l)
	expect "processes" "$PROCESSES" $((rows + forgotten))
	expect_at_most "KiB, which were $kib" $((kib + 2048)) "$kib_later"
}

lives() {
	local row

	trace -e "$PROGRAM" --chains cheap -o json -n 0 -w "$WORK/report" 1000
	run "$LIVES" "grow=$SLICES"
	end_tracer
	expect_accounted $((LIVES * SLICES * 3))
	row=$(tail -n 1 "$WORK/report" | sed 's/"op":/\n&/g' | grep '"func":"main.growSlices"' |
		grep -o '"chains":[0-9]*,"steps":[0-9]*')
	expect "chains of all processes" "\"chains\":$((LIVES * SLICES)),\"steps\":$((3 * LIVES * SLICES))" \
		"$row"
}

processes
lives
echo "$PROCESSES processes exact and $LIVES whose chains are, memory flat"
