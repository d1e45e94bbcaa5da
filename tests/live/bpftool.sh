#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every one-liner of docs/bpftool.md, run as it stands there, tells what slicestat's own report tells,
# which is the programs' own truth.

# shellcheck disable=SC2016 # jq's own variables

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_pins.sh"

readonly PAGE=$ROOT/docs/bpftool.md
readonly EVENTS=2000
export PATH=$PATH:/usr/sbin
RUN=() # the names of those that were run

# one_liner NAME: what it prints.
one_liner() {
	local text

	text=$(awk -v name="# $1" '$0 == name { on = 1; next } /^```/ { on = 0 } on' "$PAGE")
	[ -n "$text" ] || fail "$PAGE has no '$1'"
	D=$PIN_PATH S=$PIN_PATH-sites bash -euo pipefail -c "$text" 2>"$WORK/said" ||
		fail "'$1' ended with status $?: $(cat "$WORK/said")"
}

# check NAME EXPECTED
check() {
	local got

	got=$(one_liner "$1")
	expect "$1" "$2" "$got"
	RUN+=("$1")
}

# told REPORT FILTER [OPTION]...: of the final report.
told() {
	tail -n 1 "$WORK/$1" | jq -r "${@:3}" "$2"
}

# rows_of REPORT: a number for them, but for what is of the interval.
rows_of() {
	told "$1" '.rows | map(with_entries(select(.key | startswith("d_") | not))) | sort' | md5sum
}

# base_rows: by capacity, the process and the address.
base_rows() {
	told by_base '.rows[] | "\(.pid != $first) \(.base) \(.cap_sum) \(.len_sum) \(.events)"' \
		--argjson first "$FIRST" | LC_ALL=C sort -k 3,3nr -k 1,1 -k 2,2 | cut -d ' ' -f 2-
}

# site_rows FIELD: sums by address, as mapped, which is as linked.
site_rows() {
	told by_site "[.rows[]] | group_by(.site.pc)[] | \"\(.[0].site.pc) \(map(.$1) | add)\"" |
		LC_ALL=C sort -k 2,2nr -k 1,1
}

by_base() {
	check "what is traced" "$(jq -n --argjson since "$BEGAN" --arg words "slicestat -p $FIRST,$SECOND \
--pin $PIN --detach --max-bases 4096" '{command: $words, targets: 2, since: $since | todate}')"
	check "which processes" "$(printf '{"number":%d,"pid":%d,"path":"%s"}\n' \
		0 "$FIRST" "$path" 1 "$SECOND" "$path")"
	check "losses" "$(told by_base '.counts | with_entries(select(.key | startswith("lost_"))) |
		del(.lost_detached)')"
	check "events that are folded" "$(told by_base .counts.folded)"
	check "ten bases with the largest sums of capacities" "$(base_rows | sed 10q)"
	check "sums by process" "$(told by_base '[.rows[]] | group_by(.pid)[] |
		{pid: .[0].pid, events: map(.events) | add, len_sum: map(.len_sum) | add,
		cap_sum: map(.cap_sum) | add}' -c)"
	check "grown and made" "$(told by_base '[.rows[]] | group_by(.op)[] |
		{op: .[0].op, bases: length, events: map(.events) | add}' -c)"
	check "share of the capacity that is not used" "$(told by_base '(.rows | map(.cap_sum) | add) as $cap |
		($cap - (.rows | map(.len_sum) | add)) / $cap')"
	check "capacities by powers of two" "$(told by_base '[.rows[]] | group_by(.cap | log2 | floor)[] |
		{at_least: pow(2; .[0].cap | log2 | floor), bases: length}' -c)"
	check "the same from raw JSON" "$(told by_base .counts.folded)"
	check "makes under way" "$(told by_base .counts.unreturned)"
	check "watch: what is seen, three times, a second apart" "$(for _ in 1 2 3; do
		told by_base .counts.seen
	done)"
}

# What the report calls zero_size is told by element types in part, which counters do not know.
counters() {
	local got

	got=$(one_liner "counters by name")
	expect "the counters" "$(told by_base '.counts | [.seen, .folded, .zero_size, .bad_header, .panicked]' -c)" \
		"$(jq -c '[.seen, .folded, .zero_size, .bad_header, .panicked]' <<<"$got")"
	expect "traps" "$(told by_base .cost.traps)" "$(jq '.traps_emulated + .traps_stepped' <<<"$got")"
	RUN+=("counters by name")
}

by_site() {
	check "events by site, largest first" "$(site_rows events)"
	check "ten sites that copied most bytes" "$(site_rows bytes_copied | sed 10q)"
	check "histogram of lengths" "$(told by_site '[.rows[].lens[]] | group_by(.[0])[] |
		{at_least: .[0][0], events: map(.[1]) | add}' -c)"
}

# Before it is stopped: the probes and the maps are there.
kernel() {
	local got address

	got=$(one_liner "instructions that are probed" | LC_ALL=C sort | uniq -c | awk '{ print $2, $1 }')
	# Linked to 0x400000, where its file is mapped from its beginning; and 4 calls that pass types.
	"$SLICESTAT" plan "$path" | sed -n 's/^  [a-z]*_[a-z]* *\(0x[0-9a-f]*\) .*/\1/p' |
		while read -r address; do printf '0x%x 2\n' $((address - 0x400000)); done >"$WORK/planned"
	expect "probes" 4 "$(wc -l <"$WORK/planned")"
	expect "probes that are not planned" 4 "$(grep -cvxFf "$WORK/planned" <<<"$got")"
	expect "probes that are planned, in both processes" 4 "$(grep -cxFf "$WORK/planned" <<<"$got")"
	RUN+=("instructions that are probed")
	check "bytes in maps" "$(for map in bases counts pending; do
		bpftool map show pinned "$PIN_PATH/$map" | sed -n 's/.*memlock \([0-9]*\)B.*/\1/p'
	done | jq -s add)"
}

# current_window: of a slicestat that runs.
current_window() {
	local events

	start_target "$path" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	trace -p "$TARGET_PID" --pin "$PIN" --max-bases 4096 -o json -n 0 -w "$WORK/by_run" 1000
	await_line "$TRACER_ERR" "$TRACER_PID" 'pinned until the end of this run' >>"$WORK/tracer.err"
	tell_target
	await_target '^done$'
	events=$(one_liner "the current window")
	end_tracer
	[ ! -e "$PIN_PATH" ] || fail "$PIN_PATH is still there"
	expect "the current window" "$(told by_run .counts.folded)" "$events"
	RUN+=("the current window")
	tell_target
	await_target_end
}

# Two programs, by base.
two_by_base() {
	local in out

	start_target "$path" -events "$EVENTS" -out "$WORK/truth1"
	await_target '^ready$'
	FIRST=$TARGET_PID in=$TARGET_IN out=$TARGET_OUT
	OTHER_PIDS+=("$FIRST")
	start_target "$path" -events 500 -out "$WORK/truth2"
	await_target '^ready$'
	SECOND=$TARGET_PID
	"$SLICESTAT" -p "$FIRST,$SECOND" --pin "$PIN" --detach --max-bases 4096 2>/dev/null
	BEGAN=$(bpftool map dump pinned "$PIN_PATH/session" | jq '.[0].value.began_unix_s')
	expect_at_most "seconds since it began" 60 $(($(date +%s) - BEGAN))
	echo >&"$in"
	tell_target
	await_line "$out" "$FIRST" '^done$' >/dev/null
	await_target '^done$'
	timeout "$PATIENCE" "$SLICESTAT" attach "$PIN" -q -o json -n 0 -w "$WORK/by_base" 0.05 1
	by_base
	counters
	kernel
	"$SLICESTAT" stop "$PIN" -q -o json -n 0 -w "$WORK/report"
	expect "rows of attach and of stop" "$(rows_of by_base)" "$(rows_of report)"
	echo >&"$in"
	tell_target
	await_end "$FIRST"
	await_target_end
	exec {in}>&- {out}>&-
	OTHER_PIDS=()
	cp "$WORK/truth1" "$WORK/truth"
	compare --pid="$FIRST" --allow-extra=500
	cp "$WORK/truth2" "$WORK/truth"
	compare --pid="$SECOND" --allow-extra="$EVENTS"
}

one_by_site() {
	local said

	rm -f "$WORK/truth"
	start_target "$(target_path 1.24 default sites)" -out "$WORK/truth"
	await_target '^ready$'
	"$SLICESTAT" -p "$TARGET_PID" --pin "$PIN-sites" --detach --by site --max-bases 1024 \
		--ops grow,make,reflect 2>/dev/null
	tell_target
	await_target '^done$'
	timeout "$PATIENCE" "$SLICESTAT" attach "$PIN-sites" -q -o json -n 0 -w "$WORK/by_site" 0.05 1
	by_site
	"$SLICESTAT" stop "$PIN-sites" -q -o json -n 0 -w "$WORK/report"
	expect "rows of attach and of stop" "$(rows_of by_site)" "$(rows_of report)"
	tell_target
	await_target_end
	said=$("$ROOT/build/tests/compare_sites" "$WORK/truth" "$WORK/report" 2>&1) ||
		fail "the sites differ from the truth:"$'\n'"$said"
	expect_accounted "${said%% *}"
}

path=$(target_path 1.24 default truth)
two_by_base
one_by_site
current_window
grep '^# ' <(awk '/^```sh/ { on = 1; next } /^```/ { on = 0 } on' "$PAGE") | sed 's/^# //' |
	LC_ALL=C sort >"$WORK/there"
printf '%s\n' "${RUN[@]}" | LC_ALL=C sort | diff - "$WORK/there" ||
	fail "the one-liners of the page and those that were run differ"
await_no_links() {
	local deadline=$((SECONDS + PATIENCE))

	while bpftool -j link show | jq -e --argjson pid "$FIRST" 'any(.[]; .pid == $pid)' >/dev/null; do
		[ "$SECONDS" -lt "$deadline" ] || fail "probes of process $FIRST are left"
	done
}
await_no_links
echo "${#RUN[@]} one-liners are exact"
