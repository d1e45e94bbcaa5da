#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view where events are lost: they are on the screen at once and said again at the end, as many
# as are in no row. And of processes that come later, by their executable.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

readonly EVENTS=5000

path=$(target_path 1.24 default truth)
start_target "$path" -events "$EVENTS" -goroutines 1 -out "$WORK/truth"
await_target '^ready$'
open_screen 120 24
start_top -v -p "$TARGET_PID" --by base --max-bases 2 0.2
tell_target
await_target '^done$'
await_screen 'seen 5,[0-9]+, 0/s, lost_bases_full [0-9,]+, zero_size'
lost=$(sed -n 's/.*lost_bases_full \([0-9,]*\),.*/\1/p' <<<"$SCREEN" | tr -d ,)
rows=$(sed -n 's/^rows \([0-9,]*\) .*/\1/p' <<<"$SCREEN" | tr -d ,)
others=$(sed -n 's/^rows .*, smaller ones \([0-9,]*\).*/\1/p' <<<"$SCREEN" | tr -d ,)
keys q
await_shell 0
expect_match "what -v asks for" $'\n'"slicestat: capabilities: .*"$'\n'"slicestat: tracing pid $TARGET_PID " "$SCREEN"
expect_match "the warning" "slicestat: events in no row: lost_bases_full $lost"$'\n' "$SCREEN"
tell_target
await_target_end
expect "each event is in a row of its own, shown or not, or lost" "$EVENTS" "$((rows + others + lost))"
close_screen

# Nobody is there yet.
open_screen 170 24
start_top -e "$path" --by process 0.2
await_screen 'no process yet'
start_target "$path" -events "$EVENTS" -goroutines 1 -out "$WORK/truth"
await_target '^ready$'
pid=$TARGET_PID
await_screen "pid $pid"
tell_target
await_target '^done$'
tell_target
await_target_end
await_screen ", ended.*"$'\n'" *$pid +[0-9]"
keys q
await_shell 0
echo "$lost of $EVENTS events lost, and told; a process that came later"
