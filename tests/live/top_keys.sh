#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Many keys at once: each moves the cursor, none has rows made anew that stay the same, and none is left
# for the next one to bring up.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

readonly EVENTS=20000 KEYS=3000 TICKS_MAX=500

start_target "$(target_path 1.24 default truth)" -events "$EVENTS" -goroutines 1 -out "$WORK/truth"
await_target '^ready$'
open_screen 120 24
start_top_alone -p "$TARGET_PID" --by base 0.5
tell_target
await_target '^done$'
await_screen 'seen 20,[0-9]+, 0/s, lost 0, .*rows 20,000 by'
# To write down what it did causes some more: in a pause these are not among the rows.
keys N Space
await_screen 'PAUSED.*rows 20,000 by BASE'
top=$(top_pid)

before=$(proc_ticks "$top")
stop_top
keys -N "$KEYS" j
keys +
await_keys $((KEYS + 1))
go_on_top
await_screen ', every 1 s, PAUSED'
# The cursor is on the last line then: that of the row behind as many as there were keys.
tell_target
await_target_end
row=$(sed -n '2,$p' "$WORK/truth" | grep -o '^0x[0-9a-f]*' | sort -r | sed -n "$((KEYS + 1))p")
await_screen $'\n'"$row [^"$'\n'"]*"$'\n'"[^"$'\n'"]*\$"
expect_at_most "ticks of CPU time for $KEYS keys" "$TICKS_MAX" "$(($(proc_ticks "$top") - before))"
keys q
await_alone 0

# What ncurses has read of a key, and its terminal does not tell of any more, waits for no other key.
start_target "$(target_path 1.24 default truth)" -events 100 -goroutines 1 -out "$WORK/truth"
await_target '^ready$'
start_top_alone -p "$TARGET_PID" --by process 0.5
tell_target
await_target '^done$'
await_screen 'seen 1[0-9][0-9], 0/s, lost 0, '
keys Enter Enter
await_screen "^slicestat by site,.* in process $TARGET_PID > type "
for n in 62 63 64; do
	stop_top
	keys -l "$(printf "%${n}s" '' | tr ' ' k)"$'\033\033'
	await_keys $((n + 2))
	go_on_top
	await_screen '^slicestat by process,'
	keys Enter Enter
	await_screen "^slicestat by site,.* in process $TARGET_PID > type "
done
keys q
await_alone 0
tell_target
await_target_end

# A pause in the first interval waits for nothing, and what keys say is seen.
start_target "$(target_path 1.24 default truth)" -events 100 -goroutines 1 -out "$WORK/truth"
await_target '^ready$'
in_tmux respawn-window -k "$SLICESTAT top -p $TARGET_PID 60; echo ended \$?; exec cat"
await_screen '^slicestat by site, 0:00:00, every 60 s: .*waiting for the end of the first interval'
keys Space
await_screen $'every 60 s, PAUSED: .*\nq quit'
keys N
await_screen $'\nthere is no PID by site'
keys Space
await_screen 'every 60 s: .*waiting for the end of the first interval'
keys q
await_alone 0
tell_target
await_target '^done$'
tell_target
await_target_end
echo "$KEYS keys moved the cursor as far"
