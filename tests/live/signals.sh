#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every way to end ends well: status 0 and a final report.

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default churn)

trace_churn() {
	start_target "$path" -goroutines 2
	await_target '^ready$'
	open_reports
	trace -p "$TARGET_PID" -o json -n 1 -w "$WORK/reports" "$@"
	await_seen 1
}

expect_final() {
	await_tracer_end
	expect "$1: exit status" 0 "$STATUS"
	final_report
}

end_churn() {
	kill -TERM "$TARGET_PID"
	await_target '^ok [1-9]'
	await_target_end
}

kill_churn() {
	kill -KILL "$TARGET_PID"
	wait "$TARGET_PID" 2>/dev/null || true
	TARGET_PID=''
}

for signal in INT TERM HUP; do
	trace_churn 0.1
	kill "-$signal" "$TRACER_PID"
	expect_final "SIG$signal"
	end_churn
done

trace_churn 0.1
end_churn
expect_final "target gone"

trace_churn 0.1
kill_churn
expect_final "target killed"

trace_churn 0.1 5
expect_final "COUNT reached"
end_churn
