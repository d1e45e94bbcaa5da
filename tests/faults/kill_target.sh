#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The program is killed, at any moment of each part of slicestat's life: either there is a clear
# line, or the final report has every event that the program noted while it was traced.
#
# shellcheck disable=SC2119 # functions that take options are called without

. "$(dirname "$0")/lib.sh"

matched=0
reports=0
refused=0

attaching() {
	start_ledger -pause 1ms
	start_tracer -q -p "$TARGET_PID" -o json -n 0 -w "$WORK/report"
	pass_time $((ATTACH_MS * 3 / 2))
	kill_target
}

# trace_ledger INTERVAL ARG...
trace_ledger() {
	local interval=$1

	shift
	start_ledger -wait "$@"
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report" "$interval"
	tell_target
}

running() {
	trace_ledger 10
	pass_time 200
	kill_target
}

draining() {
	trace_ledger 0.001 -pause 1ms
	pass_time 150
	kill_target
}

detaching() {
	trace_ledger 10 -pause 100us
	pass_time 50
	kill -INT "$TRACER_PID"
	pass_time 60
	kill_target
}

# judge_end PART: of the run that has come to its end with the target's.
judge_end() {
	local all=-to-end

	# Who detaches first does not see the end.
	[ "$1" != detaching ] || all=''
	await_tracer_end
	if [ "$STATUS" = 0 ]; then
		judge book ${all:+"$all"} "$WORK/book" "$WORK/report"
		matched=$((matched + $(said matched)))
		reports=$((reports + 1))
		return
	fi
	[ "$1" = attaching ] || fail "$1: slicestat's exit status is $STATUS"
	expect "slicestat's exit status" 1 "$STATUS"
	expect_one_line 'no process|ended|gone'
	refused=$((refused + 1))
}

# kill_while PART TRIES SAYING
kill_while() {
	local i n before=$matched

	n=$(tries "$2")
	reports=0 refused=0
	for ((i = 0; i < n; i++)); do
		"$1"
		judge_end "$1"
	done
	expect_nothing_left
	echo "$1: $n kills, $reports final reports, $refused refusals, $((matched - before)) events exact"
	result "kill -9 of the target while slicestat $3" "$n" 0 \
		"$reports final reports$([ "$refused" = 0 ] || echo ", $refused times one line: process ... ended")"
}

start_churn
attach_ms
end_churn
kill_while attaching 100 "starts and attaches"
kill_while running 100 "counts"
kill_while draining 100 "drains windows"
kill_while detaching 100 "detaches"
[ "$matched" -gt 0 ] || fail "no event was compared"
