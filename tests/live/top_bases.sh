#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view of more bases than it looks at: those of the site that has been gone into are all there,
# also those which do nothing any more, however many others there are.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

readonly GROWN=100 MADE=90000
PROGRAM=$WORK/turns
# Each slice has memory of its own.
export GOGC=off

build_turns 1.24 "$PROGRAM"
line=$(grep -n 'append(list, 3)' "$ROOT/tests/live/turns/main.go" | cut -d: -f1)

start_target "$PROGRAM" wait grow=1 make=1 say=begun wait "make=$MADE" "grow=$GROWN" say=ended wait
open_screen 150 24
start_top -p "$TARGET_PID" --ops grow,make 0.2
tell_target
await_target '^begun$'
keys /
keys -l "main.go:$line"
keys Enter
await_screen "main.growSlices turns/main.go:$line"
keys Enter
await_screen "^slicestat by base, .*, in site main.growSlices turns/main.go:$line"
while [[ $SCREEN != *'seen 0, 0/s'* ]]; do
	await_screen 'slicestat by base'
done
tell_target
await_target '^ended$'
await_screen "seen $(grouped $((MADE + 3 * GROWN))), 0/s"
# Two intervals later nothing is done by any of them.
await_screen "rows $GROWN by EVENTS/S, in site main.growSlices turns/main.go:$line"$'\n'
keys q
await_shell 0
tell_target
await_target_end
echo "$GROWN bases of a site, of $((MADE + 3 * GROWN))"
