#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Attaching and detaching again and again under full load leaves the program unharmed and nothing
# behind in the kernel. SLICESTAT_CYCLES: how often (default 30).

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default churn)
cycles=${SLICESTAT_CYCLES:-30}

# What the kernel holds of BPF, less the numbers that only tell the age. It frees a little later.
kernel_objects() {
	bpftool prog show | awk '/^[0-9]+:/ { print $2, $4 }' | sort | uniq -c
	bpftool map show | awk '/^[0-9]+:/ { print $2, $4 }' | sort | uniq -c
	bpftool link show | awk '/^[0-9]+:/ { print $2 }' | sort | uniq -c
}

await_objects() {
	local deadline=$((SECONDS + PATIENCE)) now

	until now=$(kernel_objects) && [ "$now" = "$1" ]; do
		[ "$SECONDS" -lt "$deadline" ] ||
			fail "left in the kernel:"$'\n'"$(diff <(echo "$1") <(echo "$now"))"
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
await_objects "$before"
echo "$cycles cycles, nothing left in the kernel; the target said: $LINE"
