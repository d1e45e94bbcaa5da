#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A budget where probes are perf events, which are slow to take off: with few of them a program at full
# load is traced in rare bursts, within the budget in the long run. With many the run ends, and what
# serves it goes on serving its totals: who would start it again would have it take as much again.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

readonly PERCENT=5
TICKS=$(getconf CLK_TCK)

path=$(target_path 1.24 default load)

start_load() {
	start_target "$path" -seconds 1000 -spin 30
	await_target '^ready$'
	tell_target
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

# target_ticks: CPU time of the target.
target_ticks() {
	awk '{ print $14 + $15 }' "/proc/$TARGET_PID/stat"
}

start_load
open_reports
trace -p "$TARGET_PID" --attach perf_event --ops grow --by site --budget "$PERCENT%" -o json \
	-w "$WORK/reports" 0.25
await_bursts 3
ticks=$(target_ticks)
kill -INT "$TRACER_PID"
final_report
await_tracer_end
expect "exit status" 0 "$STATUS"
expect_accounted 1000
exposure=$(jq .exposure "$WORK/report")
cost=$(jq .cost.cpu_s "$WORK/report")
awk -v e="$exposure" 'BEGIN { exit !(e > 0.001 && e < 0.5) }' ||
	fail "the share of the time traced is $exposure: this tests nothing"
# What the last burst took is not paid back: it and its end take 0.11 s a probe, on each CPU.
awk -v cost="$cost" -v cpu="$ticks" -v hz="$TICKS" -v most="$PERCENT" -v cpus="$(nproc)" \
	'BEGIN { exit !(cost <= most / 100 * cpu / hz + 4 * 0.11 * cpus) }' ||
	fail "traps took $cost s of $ticks ticks"

serve --attach perf_event --in 'main.*' --in 'runtime.*' -p "$TARGET_PID" 0.5
await_line "$TRACER_ERR" "$TRACER_PID" 'takes about [0-9]+ s to take these probes off and on again.*--budget off' \
	>>"$WORK/tracer.err"
await_line "$TRACER_ERR" "$TRACER_PID" '^slicestat: tracing has ended: the totals are served until \^C$' \
	>>"$WORK/tracer.err"
expect "events served" "$(count seen)" \
	"$(scrape | awk '/^slicestat_events_seen_total / { print $2 }')"
# Scrapes do not end it: nobody is to start it again.
scrape >/dev/null
kill -0 "$TRACER_PID" || fail "it ended, having been asked"
kill -TERM "$TRACER_PID"
await_tracer_end
expect "exit status" 0 "$STATUS"
expect_accounted 1
echo "3 bursts, $exposure of the time traced for $cost s; $(count seen) events served when the budget was used up"
