#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Far more bases than a window holds, as after weeks: nothing is lost and memory stays flat.
# SLICESTAT_WEEKS=1 makes a hundred million of them.

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default bases)
bases=${SLICESTAT_BASES:-3000000}
[ -z "${SLICESTAT_WEEKS:-}" ] || bases=100000000

PATIENCE=$((PATIENCE + bases / 100000))

open_reports
start_target "$path" -events "$bases" -out "$WORK/truth"
await_target '^ready$'
trace -p "$TARGET_PID" -o json -n 1 --max-bases 65536 -w "$WORK/reports" 0.2
tell_target
await_seen $((bases / 3))
early=$(proc_kib "$TRACER_PID" VmHWM)
await_seen "$bases"
await_target '^done$'
late=$(proc_kib "$TRACER_PID" VmHWM)
end_tracer
final_report
tell_target
await_target_end

compare --by-total
expect_at_most "peak memory in KiB after a third ($early) and at the end" $((early + 512)) "$late"
echo "$bases bases, memory $early KiB after a third, $late KiB at the end"
