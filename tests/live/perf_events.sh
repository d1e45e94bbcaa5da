#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Perf events in the place of uprobe_multi: everything is as exact, by base, by site and type, in
# parts of programs, in chains; and what is too much for them is said in one line.

. "$(dirname "$0")/lib.sh"

VERSION=${SLICESTAT_VERSIONS:-1.24}
VERSION=${VERSION##* }
readonly WAY=(--attach perf_event)

# expect_said REGEX: of the slicestat that has ended.
expect_said() {
	expect_match "what was said" "$1" "$(cat "$WORK/tracer.err")"
}

by_base() {
	trace_target "${WAY[@]}" --max-bases 1048576 1000 -- "$1" \
		-events "${SLICESTAT_EVENTS:-100000}"
	compare
	expect_said ': runtime.growslice .*; perf events, '
}

by_command() {
	GOGC=off "$SLICESTAT" "${WAY[@]}" -o json -n 0 -w "$WORK/report" 1000 -- "$1" -auto \
		-events 1000 -out "$WORK/truth" 2>"$WORK/tracer.err" ||
		fail "slicestat ended with status $?"
	compare --allow-extra
}

# More than a hundred calls that pass a type only the run knows; two file descriptors each.
by_type() {
	local said

	ulimit -Sn 128
	trace_target "${WAY[@]}" --ops grow,make,reflect -- "$1"
	expect_accounted 500
	said=$("$ROOT/build/tests/compare_types" "$WORK/truth" "$WORK/report") || fail "types: $said"
	expect_said 'to take these probes off will take about [0-9]+ s'
	SAME=$((SAME + ${said%% *}))
}

in_part() {
	start_target "$1" -events "${SLICESTAT_EVENTS:-20000}" -out "$WORK/truth"
	await_target '^ready$'
	also whole "${WAY[@]}"
	also main "${WAY[@]}" --in 'main.*'
	also whole_sites "${WAY[@]}" --by site
	also sites "${WAY[@]}" --by site --in 'main.*'
	run_target
	same "$1 by base" whole main
	same "$1 by site" whole_sites sites
	cp "$WORK/main" "$WORK/report"
	# shellcheck disable=SC2119 # no options
	compare
}

too_much() {
	start_target "$1" -out "$WORK/truth"
	await_target '^ready$'
	expect_error 'calls are in scope, too many without uprobe_multi.*at most 128 .*--in' \
		"$SLICESTAT" "${WAY[@]}" --by site --in '*' -p "$TARGET_PID"
	expect_error 'calls are in scope, too many without uprobe_multi.*at most 64 .*--by site' \
		"$SLICESTAT" "${WAY[@]}" --in '*' -p "$TARGET_PID"
	tell_target
	await_target '^done$'
	tell_target
	await_target_end
}

# events: of the report in LINE.
events() {
	sed -n 's/.*"counts":{[^}]*"folded":\([0-9]*\).*/\1/p' <<<"$LINE"
}

# await_bursts N: probes have been taken off, for a whole interval, and on again.
await_bursts() {
	local before=0 now bursts=0 on=''

	while [ "$bursts" -lt "$1" ]; do
		next_report
		now=$(events)
		[ "$now" = "$before" ] || [ -n "$on" ] || bursts=$((bursts + 1))
		on=$([ "$now" = "$before" ] || echo on)
		before=$now
	done
}

# start_load PATH: at full load until it is ended.
start_load() {
	start_target "$1" -seconds 3600 -spin 30
	await_target '^ready$'
}

end_load() {
	kill -TERM "$TARGET_PID"
	await_end "$TARGET_PID"
	TARGET_PID=''
}

# Few probes: in bursts, within the budget in the long run. What the last burst took is not paid back: it
# and its end take 0.11 s a probe, on each CPU.
bursts() {
	local ticks exposure

	start_load "$1"
	open_reports
	trace -p "$TARGET_PID" "${WAY[@]}" --ops grow --by site --budget 5% -o json -w "$WORK/reports" 0.25
	tell_target
	await_bursts 3
	ticks=$(proc_ticks "$TARGET_PID")
	kill -INT "$TRACER_PID"
	final_report
	await_tracer_end
	expect "slicestat's exit status" 0 "$STATUS"
	expect_accounted 1000
	exposure=$(member exposure)
	awk -v e="$exposure" 'BEGIN { exit !(e > 0.001 && e < 0.5) }' ||
		fail "the share of the time traced is $exposure: this tests nothing"
	awk -v cost="$(member cpu_s)" -v cpu="$ticks" -v cpus="$(nproc)" \
		'BEGIN { exit !(cost <= 0.05 * cpu / 100 + 4 * 0.11 * cpus) }' ||
		fail "traps took $(member cpu_s) s of $ticks ticks"
	end_load
}

# Many probes: they cannot be taken off and on again, so the run ends, and says so.
budget() {
	start_load "$1"
	trace -p "$TARGET_PID" "${WAY[@]}" --in 'main.*' --in 'runtime.*' --by site --budget 5% -o json -n 1 \
		-w "$WORK/report"
	tell_target
	await_tracer_end
	expect "slicestat's exit status" 0 "$STATUS"
	expect_said 'the budget is used up, .* takes about [0-9]+ s .*: tracing ends here'
	expect_accounted 1
	end_load
}

by_base "$(target_path "$VERSION" default truth)"
by_command "$(target_path "$VERSION" pie-stripped truth)"
in_part "$(target_path "$VERSION" pie truth)"
too_much "$(target_path "$VERSION" default truth)"
bursts "$(target_path "$VERSION" default load)"
budget "$(target_path "$VERSION" default load)"
by_type "$(target_path "$VERSION" default types)"
echo "exact by perf events, and $SAME events the same in part and in whole: go $VERSION"
