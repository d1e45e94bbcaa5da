#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The target ends by itself, or becomes another program, while slicestat attaches: a clear line, or
# a final report with every event until then.
#
# shellcheck disable=SC2119 # functions that take options are called without

. "$(dirname "$0")/lib.sh"

reports=0
refused=0
matched=0

# judge_run REGEX: slicestat has ended by itself, or it was too late to trace anything.
judge_run() {
	await_tracer_end
	sed -i '/its tracing ends here/d' "$WORK/tracer.err"
	if [ "$STATUS" = 0 ]; then
		judge book -to-end "$WORK/book" "$WORK/report"
		matched=$((matched + $(said matched)))
		reports=$((reports + 1))
	else
		expect "slicestat's exit status" 1 "$STATUS"
		expect_one_line "$1"
		refused=$((refused + 1))
	fi
}

ends() {
	start_ledger -pause 1ms
	start_tracer -q -p "$TARGET_PID" -o json -n 0 -w "$WORK/report"
	pass_time $((ATTACH_MS * 3 / 2))
	end_checked
	judge_run 'no process|ended|gone'
}

becomes_another() {
	start_ledger -pause 1ms -exec $((1 + RANDOM % (ATTACH_MS * 3 / 2)))ms
	start_tracer -q -p "$TARGET_PID" -o json -n 0 -w "$WORK/report" 0.1
	until [ "$(readlink "/proc/$TARGET_PID/exe")" != "$LEDGER" ]; do :; done
	judge_run 'not a Go|no Go|ended|gone|another program'
	kill_target
}

# traced_becomes_another: when slicestat has given up the right to look into it.
traced_becomes_another() {
	start_ledger -wait -exec 1ms
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report" 0.1
	tell_target
	await_tracer_end
	expect "slicestat's exit status" 0 "$STATUS"
	expect_match "stderr" "pid $TARGET_PID runs another program now: its tracing ends here" \
		"$(cat "$WORK/tracer.err")"
	judge book -to-end "$WORK/book" "$WORK/report"
	matched=$((matched + $(said matched)))
	reports=$((reports + 1))
	kill_target
}

# try PART TRIES FAULT
try() {
	local i n

	n=$(tries "$2")
	reports=0 refused=0 matched=0
	for ((i = 0; i < n; i++)); do
		"$1"
	done
	expect_nothing_left
	echo "$1: $n tries, $reports final reports, $refused refusals, $matched events exact"
	[ "$FAULT_PERCENT" -lt 100 ] || [ "$matched" -gt 0 ] || fail "no event was compared"
	result "$3" "$n" 0 "$reports final reports, $refused times one line"
}

start_churn
attach_ms
end_churn
try ends 100 "the target exits while slicestat attaches"
try becomes_another 100 "the target execs another program while slicestat attaches"
try traced_becomes_another 20 "the target execs another program while slicestat counts"
