#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A process that is killed while slicestat attaches, a little later in each round: either a clear
# line and status 1, or a run that ends well. Nothing is left behind.

. "$(dirname "$0")/lib.sh"

readonly ROUNDS=60
readonly STEP_MS=10

path=$(target_path 1.24 default truth)
refused=0
ended=0

for ((round = 0; round < ROUNDS; round++)); do
	start_target "$path"
	await_target '^ready$'
	"$SLICESTAT" -q -p "$TARGET_PID" -o json -w "$WORK/report" 2>"$WORK/tracer.err" &
	TRACER_PID=$!
	# What is varied is the moment; no event is waited for.
	sleep "$(printf '0.%03d' $((round * STEP_MS)))"
	kill -KILL "$TARGET_PID"
	wait "$TARGET_PID" 2>/dev/null || true
	TARGET_PID=''
	await_end "$TRACER_PID"
	TRACER_PID=''
	if [ "$STATUS" = 0 ]; then
		ended=$((ended + 1))
		expect_match "final report" '"final":true' "$(tail -n 1 "$WORK/report")"
		expect "stderr" "" "$(cat "$WORK/tracer.err")"
	else
		refused=$((refused + 1))
		expect "exit status" 1 "$STATUS"
		expect_match "stderr" "^slicestat: [^"$'\n'"]*(no process|ended|gone)[^"$'\n'"]*\$" \
			"$(cat "$WORK/tracer.err")"
	fi
done
echo "$refused refused, $ended ended well"
[ "$ended" -gt 0 ] || fail "no round got as far as tracing"
[ "$refused" -gt 0 ] || fail "no round was cut short"
