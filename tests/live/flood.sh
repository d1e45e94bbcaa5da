#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# New bases as fast as a program at full load can make them: windows of the default size are drained
# early, often enough that nothing is lost, although reports come only every ten seconds.

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default bases)
bases=3000000

start_target "$path" -events "$bases" -out "$WORK/truth"
await_target '^ready$'
trace -p "$TARGET_PID" -o json -n 1 -w "$WORK/report" 10
tell_target
await_target '^done$'
end_tracer
tell_target
await_target_end

expect_accounted "$bases"
compare --by-total
echo "$bases new bases at full load, none lost"
