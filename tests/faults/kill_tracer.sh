#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# slicestat is killed, at any moment of each part of its life: the programs that it traced work on,
# their code is as before, nothing of it stays in the kernel, and the next slicestat is exact.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=50000

# Two targets: one under full load with checks of its own, and one whose truth is told at the end.
start_both() {
	start_target "$(target_path 1.24 default truth)" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
	local pid=$TARGET_PID in=$TARGET_IN out=$TARGET_OUT

	start_churn -goroutines 16
	CHURN_PID=$TARGET_PID CHURN_IN=$TARGET_IN CHURN_OUT=$TARGET_OUT
	OTHER_PIDS=("$CHURN_PID")
	TARGET_PID=$pid TARGET_IN=$in TARGET_OUT=$out
}

# end_both: after all the kills, both are whole.
end_both() {
	expect_text_whole "$TARGET_PID"
	trace -p "$TARGET_PID,$CHURN_PID" -o json -n 0 -w "$WORK/report"
	tell_target
	await_target '^done$'
	end_tracer
	expect_accounted $EVENTS
	tell_target
	await_target_end
	compare "--allow-extra" --pid="$1"
	TARGET_PID=$CHURN_PID TARGET_IN=$CHURN_IN TARGET_OUT=$CHURN_OUT
	OTHER_PIDS=()
	end_churn
	expect_nothing_left
}

attaching() {
	start_tracer -p "$1" -o json -n 1 -w "$WORK/report"
	pass_time $((ATTACH_MS * 5 / 4))
}

running() {
	trace -p "$1" -o json -n 1 -w "$WORK/report" 0.5
	pass_time 150
}

# Drains follow each other at once.
draining() {
	trace -p "$1" -o json -n 1 -w "$WORK/report" 0.001
	pass_time 50
}

detaching() {
	trace -p "$1" -o json -n 1 -w "$WORK/report"
	kill -INT "$TRACER_PID"
	pass_time 80
}

following() {
	start_tracer -e "$(target_path 1.24 default churn)" -o json -n 1 -w "$WORK/report" 0.01
	pass_time $((ATTACH_MS * 2))
}

# kill_while PART TRIES
kill_while() {
	local i n killed=0

	n=$(tries "$2")
	for ((i = 0; i < n; i++)); do
		"$1" "$TARGET_PID,$CHURN_PID"
		kill_tracer
		[ -z "$KILLED" ] || killed=$((killed + 1))
		kill -0 "$TARGET_PID" "$CHURN_PID" || fail "a target is gone"
	done
	echo "$1: $killed of $n killed before they had ended"
	[ "$killed" -gt 0 ] || fail "no slicestat was killed while $1"
}

# said_of TRIES SAYING
said_of() {
	result "kill -9 of slicestat while it $2" "$(tries "$1")" 0 "nothing; the next run is exact"
}

start_both
pid=$TARGET_PID
attach_ms
kill_while attaching 150
kill_while running 100
kill_while draining 150
kill_while detaching 150
kill_while following 50
end_both "$pid"
said_of 150 "starts and attaches"
said_of 100 "counts"
said_of 150 "drains windows"
said_of 150 "detaches"
said_of 50 "follows a file (-e)"
