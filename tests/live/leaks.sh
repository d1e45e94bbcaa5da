#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Two hundred reports long, slicestat's memory and files stay as they are. Rows are kept in a table of
# fixed size, which is small here, so that all of it is soon in use.

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default churn)

await_reports() {
	local i

	for ((i = 0; i < $1; i++)); do
		next_report
	done
}

open_reports
start_target "$path" -goroutines 4
await_target '^ready$'
trace -p "$TARGET_PID" -o json -n 1 --max-bases 2048 -w "$WORK/reports" 0.05
await_reports 50
fds=$(open_fds "$TRACER_PID")
early=$(proc_kib "$TRACER_PID" VmHWM)
await_reports 150
await_fds "$TRACER_PID" "$fds"
late=$(proc_kib "$TRACER_PID" VmHWM)
expect_at_most "peak memory in KiB after 50 reports ($early) and after 200" $((early + 512)) "$late"
end_tracer
final_report
kill -TERM "$TARGET_PID"
await_target '^ok [1-9]'
await_target_end
