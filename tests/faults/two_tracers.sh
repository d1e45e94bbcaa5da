#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Two slicestats on one process: both are exact, also when one of them is killed meanwhile or comes
# when the other one is at work.
#
# shellcheck disable=SC2119 # functions that take options are called without

. "$(dirname "$0")/lib.sh"

readonly EVENTS=40000
path=$(target_path 1.24 default truth)

begin() {
	start_target "$path" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
}

# both: one from the target's beginning to its end, and the other too.
both() {
	begin
	also first
	also second
	run_target
	for report in first second; do
		cp "$WORK/$report" "$WORK/report"
		compare
	done
}

# trace_first: from the target's beginning on; the slicestat that is started next is another one.
trace_first() {
	begin
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report"
	FIRST_PID=$TRACER_PID FIRST_ERR=$TRACER_ERR
	OTHER_PIDS+=("$FIRST_PID")
}

# end_first: expects it to be exact.
end_first() {
	await_target '^done$'
	TRACER_PID=$FIRST_PID TRACER_ERR=$FIRST_ERR
	OTHER_PIDS=()
	end_tracer
	tell_target
	await_target_end
	compare
}

# one_killed: the other does not notice.
one_killed() {
	trace_first
	trace -p "$TARGET_PID" -o json -n 1 -w "$WORK/killed"
	tell_target
	pass_time 30
	kill_tracer
	end_first
}

# come_and_go: others attach and detach while the first is at work.
come_and_go() {
	trace_first
	start_tracer -p "$TARGET_PID" -o json -n 1 -w "$WORK/other"
	tell_target
	await_tracing
	end_tracer
	end_first
}

n=$(tries 20)
for ((i = 0; i < n; i++)); do
	both
	one_killed
	come_and_go
done
expect_nothing_left
result "two slicestats on one process" "$n" 0 "both reports exact"
result "two slicestats, one killed with -9" "$n" 0 "the other one's report exact"
result "two slicestats, one comes and goes while the other counts" "$n" 0 \
	"the other one's report exact"
