#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view on a terminal that does not read: tracing goes on as ever, what has been counted is shown
# when the terminal reads again, and a signal ends it.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=20000

start_target "$(target_path 1.24 default truth)" -events "$EVENTS" -goroutines 1 -out "$WORK/truth"
await_target '^ready$'
coproc STUCK { exec "$ROOT/tests/live/top_stuck.py" "$SLICESTAT" top -p "$TARGET_PID" 0.1 2>&1; }
stuck=$STUCK_PID
OTHER_PIDS+=("$stuck")
exec {from}<&"${STUCK[0]}" {to}>&"${STUCK[1]}"
await_line "$from" "$stuck" '^stuck$'
tell_target
await_target '^done$'
echo 'seen 20,[0-9]+, 0/s, lost 0' >&"$to"
await_line "$from" "$stuck" '^shown$'
await_line "$from" "$stuck" '^ended 0$'
await_end "$stuck"
expect "how the terminal ended" 0 "$STATUS"
tell_target
await_target_end
echo "$EVENTS events counted behind a terminal that did not read, and SIGTERM ended it"
