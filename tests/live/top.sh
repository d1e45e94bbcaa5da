#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view through a real terminal: the figures of each view are what the target itself noted, a
# row's parts add up to it, and bases are those of the site gone into.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

readonly EVENTS=20000

# start_twin NAME: another process of the program, which does the same each time.
start_twin() {
	start_target "$(target_path 1.24 default truth)" -events "$EVENTS" -goroutines 1 \
		-out "$WORK/truth.$1"
	await_target '^ready$'
}

# truth NAME FIELD: of its header.
truth() {
	sed -n "1s/.* $2 \([0-9]*\).*/\1/p" "$WORK/truth.$1"
}

# sums: of the rows shown.
sums() {
	echo "$(sum_column EVENTS) $(sum_column LEN_SUM) $(sum_column CAP_SUM)"
}

start_twin second
second=("$TARGET_PID" "$TARGET_IN" "$TARGET_OUT")
OTHER_PIDS+=("$TARGET_PID")
start_twin first
first=$TARGET_PID
open_screen 190 40 LC_ALL=C
start_top -p "$TARGET_PID,${second[0]}" 0.5
await_screen 'seen 0, 0/s, lost 0;'

# In a pause the screen stands still, and nothing is lost.
keys Space
await_screen 'PAUSED: 2 processes [^ ]*/truth \(go1\.24[.0-9]* amd64\)'
tell_target
await_target '^done$'
keys R
await_screen 'seen 0, 0/s, .*least first'
keys R Space
await_screen 'every 0.5 s: .*seen 20,[0-9]+, 0/s, lost 0, zero_size [0-9]+;'
seen=$(sed -n 's/^seen \([0-9,]*\),.*/\1/p' <<<"$SCREEN")
zero=$(sed -n 's/.*zero_size \([0-9,]*\);.*/\1/p' <<<"$SCREEN")
declare -A sums_of
for view in site type process; do
	keys "${view:0:1}"
	await_screen "^slicestat by $view,"
	sums_of[$view]=$(sums)
done
expect "processes with events" 1 "$(column EVENTS | grep -vcx 0)"
# To write that down causes some more.
tell_target
await_target_end
await_screen '2 processes, 1 ended, '
expect "zero_size" "$(truth first zero)" "$zero"
expect "seen" "$(grouped $(($(truth first events) + $(truth first zero))))" "$seen"
for view in site type process; do
	expect "the sums by $view" \
		"$(truth first events) $(truth first len_sum) $(truth first cap_sum)" "${sums_of[$view]}"
done

# From a process to its types, to the sites of one of them, to the bases of one of those.

# From a process to its types, to the sites of one of them, to the bases of one of those.
keys Enter
await_screen "^slicestat by type,.* in process $first"
keys /
keys -l STRING
await_screen 'filter: STRING_'
keys Enter
await_screen 'rows 4 of [0-9]+ by EVENTS/S, with .STRING., in process'
keys '>' '>' '>' '>'
await_screen 'by EVENTS, with'
type_events=$(column EVENTS | head -n 1)
keys Home Enter
await_screen "^slicestat by site,.* in process $first > type string \(grow\)"
expect "events of the sites of a type" "$type_events" "$(sum_column EVENTS)"
keys End
site_events=$(column EVENTS | tail -n 1)
keys Escape
await_screen "^slicestat by type,.*with .STRING., in process $first"
keys Escape
await_screen '^slicestat by process,'

# The other process does the same, so that its bases at that site are as many.
keys t
await_screen '^slicestat by type,'
keys /
keys -l string
keys Enter
await_screen "rows 4 of [0-9]+ by EVENTS, with 'string'"
keys Enter
await_screen '^slicestat by site,.* in type string \(grow\)'
keys End Enter
await_screen '^slicestat by base,.*seen 0, 0/s, lost 0; cost 0 %.* > site main\.[a-zA-Z]* truth/grow.go:[0-9]+'
TARGET_PID=${second[0]} TARGET_IN=${second[1]} TARGET_OUT=${second[2]}
tell_target
await_target '^done$'
await_screen "seen $seen, 0/s, lost 0,"
expect_match "bases of the site" "rows $(grouped "$site_events") by" "$SCREEN"
expect "bases with more than an event" 0 "$(column EVENTS | grep -vcx 1 || true)"

paste <(grep -o '^0x[0-9a-f]*' <<<"$SCREEN") <(column LEN) <(column CAP) >"$WORK/bases"

# The end of all: the last rows stay, nothing else can be traced, and q gives the screen back.
tell_target
await_target_end
await_screen 'the processes have ended: these are the last figures; q quits'
keys s
await_screen '^slicestat by base,.*the processes have ended: nothing else can be traced now'
expect_match "bases of the site" "rows $(grouped "$site_events") by" "$SCREEN"
keys q
await_shell 0
expect "bases on the screen" 35 "$(wc -l <"$WORK/bases")"
while read -r base len cap; do
	grep -qx "$base 1 $len $cap" "$WORK/truth.second" || fail "base $base len $len cap $cap is not in the truth"
done <"$WORK/bases"
echo "$EVENTS events by site, type and process, and $site_events bases of a site, are on the screen as noted"
