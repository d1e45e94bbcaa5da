#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# slicestat killed at any moment, attaching included, leaves the program unharmed.

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default churn)

start_target "$path"
await_target '^ready$'
for ((i = 0; i < 20; i++)); do
	start_tracer -p "$TARGET_PID" -o json -n 1 -w "$WORK/report" 0.01
	pass_time 400
	kill -KILL "$TRACER_PID" 2>/dev/null || fail "slicestat had ended by itself"
	await_tracer_end
	kill -0 "$TARGET_PID" || fail "the target is gone"
done

open_reports
trace -p "$TARGET_PID" -o json -n 1 -w "$WORK/reports" 0.05
await_seen 1
end_tracer
kill -TERM "$TARGET_PID"
await_target '^ok [1-9]'
await_target_end
echo "every kill -9 left the target at work: $LINE"
