#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Maps that are full: what finds no room is counted under the map's name, what is shown is right, and
# when there is room again everything is seen again.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=100000
# With -e, processes that can be known at a time (RUNNING_MAX in user/trace/follow.c), and more.
readonly KNOWN=1024 MORE=76 LATER=20 EACH=100

# bases_full N: a window of N bases, far fewer than come while slicestat cannot drain it.
bases_full() {
	start_target "$(target_path 1.24 default truth)" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
	trace -p "$TARGET_PID" --max-bases "$1" -o json -n 0 -w "$WORK/report" 0.1
	stop "$TRACER_PID"
	tell_target
	await_target '^done$'
	kill -CONT "$TRACER_PID"
	end_tracer
	tell_target
	await_target_end
	compare --lossy
	expect "events seen" "$(awk 'NR == 1 { print $3 + $9 }' "$WORK/truth")" "$(count seen)"
	[ "$(count lost_bases_full)" -gt 0 ] || fail "nothing was lost: this tries nothing"
}

# run_whole NAME: pid and truth stay.
run_whole() {
	GOGC=off "$WORK/program" -auto -events $EACH -out "$WORK/truths/$1" >/dev/null &
	RUN=$!
	wait "$RUN" || fail "run $1 ended with status $?"
}

# await_reports N: more than there are.
await_reports() {
	local n

	n=$(wc -l <"$WORK/report")
	until [ "$(wc -l <"$WORK/report")" -ge $((n + $1)) ]; do pass_time 20; done
}

# processes_full: more processes come while slicestat cannot let go of those that have ended.
processes_full() {
	local i unknown

	cp "$(target_path 1.24 default truth)" "$WORK/program"
	mkdir "$WORK/truths"
	trace -e "$WORK/program" --by site -o json -n 0 -w "$WORK/report" 0.2
	stop "$TRACER_PID"
	for ((i = 0; i < KNOWN + MORE; i++)); do
		run_whole "$i"
	done
	kill -CONT "$TRACER_PID"
	await_reports 3 # the last of them begun after SIGCONT: all numbers are free again
	for ((i = KNOWN + MORE; i < KNOWN + MORE + LATER; i++)); do
		run_whole "$i"
	done
	end_tracer
	judge totals "$WORK/report" "$WORK"/truths/*
	unknown=$(said missing)
	expect "events of processes that found no room" $((MORE * EACH)) "$unknown"
	UNKNOWN=$(said lost_unknown_target)
}

n=$(tries 20)
for ((i = 0; i < n; i++)); do
	bases_full $((16 << i % 8))
done
result "windows of 16 to 2,048 bases, far too small" "$n" lost_bases_full \
	"rows that are shown are right, the loss in its counter"
processes_full
result "-e: $((KNOWN + MORE)) processes while slicestat is stopped, $KNOWN can be known" 1 \
	lost_unknown_target "those known exact, those that come later too"
echo "$UNKNOWN events of $MORE processes and of Go's own start in them lost, each counted"
