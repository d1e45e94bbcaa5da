#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Somebody else's uprobe on the instruction that slicestat probes, there before it or coming after
# it: both count every event.
#
# shellcheck disable=SC2119 # functions that take options are called without

. "$(dirname "$0")/lib.sh"

readonly EVENTS=40000 EVENT=slicestat_faults/growslice
TRACING=/sys/kernel/tracing
[ -e "$TRACING/uprobe_events" ] || mount -t tracefs tracefs "$TRACING" 2>/dev/null ||
	TRACING=/sys/kernel/debug/tracing

remove_other() {
	[ ! -e "$TRACING/events/$EVENT" ] || echo 0 >"$TRACING/events/$EVENT/enable"
	{ echo "-:$EVENT" >>"$TRACING/uprobe_events"; } 2>/dev/null || true
}
trap 'remove_other; cleanup' EXIT
[ -w "$TRACING/uprobe_events" ] || fail "no $TRACING/uprobe_events"

# A file of its own: the other uprobe is on every process of it.
cp "$(target_path 1.24 default truth)" "$WORK/program"
site=$("$SLICESTAT" plan "$WORK/program" | awk '$1 == "grow_call" { print $2 }')
[ -n "$site" ] || fail "plan names no site of growslice"

# The file is not position independent: its first byte is mapped at 0x400000.
add_other() {
	printf 'p:%s %s:0x%x\n' "$EVENT" "$WORK/program" $((site - 0x400000)) >>"$TRACING/uprobe_events"
	echo 1 >"$TRACING/events/$EVENT/enable"
}

# other_hits: since it was added.
other_hits() {
	awk -v event="${EVENT#*/}" '$2 == event { print $3 }' "$TRACING/uprobe_profile"
}

trace_it() {
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report"
}

# try FIRST SECOND: add_other and trace_it, or the other way round. Who came first leaves first.
try() {
	start_target "$WORK/program" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
	"$1"
	"$2"
	tell_target
	await_target '^done$'
	HITS=$(other_hits)
	if [ "$1" = add_other ]; then
		remove_other
		end_tracer
	else
		end_tracer
		expect "hits of the other uprobe after slicestat's end" "$HITS" "$(other_hits)"
		remove_other
	fi
	expect_text_whole "$TARGET_PID"
	tell_target
	await_target_end
	compare
	expect "hits of the other uprobe" "$(awk 'NR == 1 { print $5 }' "$WORK/truth")" "$HITS"
}

n=$(tries 20)
for ((i = 0; i < n; i++)); do
	try add_other trace_it
	try trace_it add_other
done
expect_nothing_left
result "another uprobe on the same instruction, before slicestat and after it" $((2 * n)) 0 \
	"both exact"
echo "$HITS hits of the other, as many as slices grew"
