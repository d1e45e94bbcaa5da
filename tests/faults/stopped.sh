#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# SIGSTOP to either side, or both: what happens meanwhile is counted, and is in the report after
# SIGCONT, or in the counter of a window that was full.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=60000
path=$(target_path 1.24 default truth)

# begin ARG...: of slicestat.
begin() {
	start_target "$path" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report" "$@"
}

end() {
	tell_target
	await_target_end
}

# sleep_through ARG...: slicestat is stopped for all that the target does.
sleep_through() {
	begin "$@"
	stop "$TRACER_PID"
	tell_target
	await_target '^done$'
	kill -CONT "$TRACER_PID"
	end_tracer
	end
}

tracer_stopped() {
	sleep_through 0.05
	compare
}

window_full() {
	sleep_through --max-bases 4096 0.05
	compare --lossy
	expect "events seen" "$(awk 'NR == 1 { print $3 + $9 }' "$WORK/truth")" "$(count seen)"
	[ "$(count lost_bases_full)" -gt 0 ] || fail "nothing was lost: this tries nothing"
	LOST=$((LOST + $(count lost_bases_full)))
}

# Attached while it is stopped, then stopped again and again.
target_stopped() {
	local i

	start_target "$path" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
	stop "$TARGET_PID"
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report" 0.05
	kill -CONT "$TARGET_PID"
	tell_target
	for ((i = 0; i < 10; i++)); do
		pass_time 10
		stop "$TARGET_PID"
		pass_time 10
		kill -CONT "$TARGET_PID"
	done
	await_target '^done$'
	end_tracer
	end
	compare
}

# The end comes while the target is stopped: what it was about is not lost.
detached_stopped() {
	start_ledger -wait
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report"
	tell_target
	pass_time 50
	stop "$TARGET_PID"
	end_tracer
	expect_text_whole "$TARGET_PID"
	cp "$WORK/book" "$WORK/book.stopped"
	kill -CONT "$TARGET_PID"
	end_checked
	judge book -to-end "$WORK/book.stopped" "$WORK/report"
}

both_stopped() {
	begin 0.05
	tell_target
	pass_time 20
	stop "$TARGET_PID" "$TRACER_PID"
	pass_time 50
	kill -CONT "$TARGET_PID"
	pass_time 50
	kill -CONT "$TRACER_PID"
	await_target '^done$'
	end_tracer
	end
	compare
}

# try PART TRIES UNACCOUNTED FAULT SAID
try() {
	local i n

	n=$(tries "$2")
	for ((i = 0; i < n; i++)); do
		"$1"
	done
	result "$4" "$n" "$3" "$5"
}

LOST=0
try tracer_stopped 20 0 "SIGSTOP of slicestat, SIGCONT later" "late reports, exact"
try window_full 20 lost_bases_full "the same while a window of 4096 bases fills up" \
	"what was lost, in the counter; rows that are shown are right"
try target_stopped 20 0 "SIGSTOP of the target: before attaching, and ten times while it runs" \
	"nothing; exact"
try detached_stopped 20 0 "slicestat ends while the target is under SIGSTOP" "the final report, exact"
try both_stopped 20 0 "SIGSTOP of both" "late reports, exact"
expect_nothing_left
echo "$LOST events lost and counted"
