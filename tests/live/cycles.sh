#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Attaching and detaching again and again under full load leaves the program unharmed and nothing
# behind in the kernel. SLICESTAT_CYCLES: how often (default 30).

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default churn)
cycles=${SLICESTAT_CYCLES:-30}

# What the kernel holds of tracing, by number: what an earlier slicestat left is freed any time.
kernel_objects() {
	{
		bpftool prog show | awk '/^[0-9]+: kprobe/ { print "program", $1, $4 }'
		bpftool map show | awk '/^[0-9]+:/ { print "map", $1, $4 }'
		bpftool link show | awk '/^[0-9]+: (uprobe_multi|perf_event)/ { print "link", $1, $2 }'
	} | sort
}

# await_no_more_than OBJECTS: the kernel frees a little later.
await_no_more_than() {
	local deadline=$((SECONDS + PATIENCE)) new

	while new=$(comm -13 <(echo "$1") <(kernel_objects)) && [ -n "$new" ]; do
		[ "$SECONDS" -lt "$deadline" ] || fail "left in the kernel:"$'\n'"$new"
	done
}

before=$(kernel_objects)
start_target "$path"
await_target '^ready$'
for ((i = 0; i < cycles; i++)); do
	trace -p "$TARGET_PID" -o json -n 1 -w "$WORK/report" 0.05
	end_tracer
	expect_match "cycle $i: final report" '"final":true' "$(tail -n 1 "$WORK/report")"
done
kill -TERM "$TARGET_PID"
await_target '^ok [1-9]'
await_target_end
await_no_more_than "$before"
echo "$cycles cycles, nothing left in the kernel; the target said: $LINE"
