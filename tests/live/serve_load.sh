#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# 200 scrapes a second, and 50 clients that do not read, or say half a request, or a byte now and then:
# reports come in time, memory stays as it was, totals are exact; also where stuck clients are more than
# there are places. SLICESTAT_SERVE_SECONDS=60 for a minute of it.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

readonly RUN_S=${SLICESTAT_SERVE_SECONDS:-10} RATE=200 STUCK=50
readonly CROWD=300 CROWD_S=5 # more clients than there are places

# intervals: the longest of the reports so far, and how many there are.
intervals() {
	jq -s -r '[range(1; length) as $i | .[$i].elapsed_s - .[$i - 1].elapsed_s]
		| "\(max) \(length)"' "$WORK/report"
}

start_target "$(target_path 1.24 default load)" -seconds $((RUN_S + CROWD_S + 5)) -spin 100
await_target '^ready$'
serve -p "$TARGET_PID" --budget off 0.5
tell_target
await_scraped '^slicestat_events_seen_total [1-9]'
"$ROOT/tests/live/clients.py" "$METRICS" "$STUCK" "$RATE" 2 >"$WORK/before"
before=$(proc_kib "$TRACER_PID" VmRSS)
"$ROOT/tests/live/clients.py" "$METRICS" "$STUCK" "$RATE" "$RUN_S" >"$WORK/clients" ||
	fail "clients: $(cat "$WORK/clients")"
after=$(proc_kib "$TRACER_PID" VmRSS)
read -r scrapes refused slowest <"$WORK/clients"
expect "scrapes that failed" 0 "$refused"
[ "$scrapes" -ge $((RATE * RUN_S * 9 / 10)) ] || fail "only $scrapes scrapes in $RUN_S s"
expect_at_most "KiB more than before" 4096 $((after - before))
"$ROOT/tests/live/clients.py" "$METRICS" "$CROWD" 2 "$CROWD_S" >"$WORK/crowd"
read -r _ lost crowded <"$WORK/crowd"
expect "scrapes that failed beside $CROWD stuck clients" 0 "$lost"
expect_at_most "ms for a scrape beside $CROWD stuck clients" 5000 "$crowded"
await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
read -r -a words <<<"$LINE"
tell_target
await_target_end
await_line "$TRACER_ERR" "$TRACER_PID" 'have ended: their totals are served' >/dev/null
served=$(scrape)
end_tracer
expect_accounted "${words[2]}"
expect "events seen" "$(count seen)" "$(awk '$1 == "slicestat_events_seen_total" { print $2 }' <<<"$served")"
read -r longest n < <(intervals)
awk -v longest="$longest" 'BEGIN { exit !(longest <= 1.0) }' ||
	fail "a report came after $longest s, of $n"
echo "$scrapes scrapes in $RUN_S s beside $STUCK stuck clients, the slowest took $slowest ms;" \
	"beside $CROWD $crowded ms; longest interval $longest s; $((after - before)) KiB more; $(count seen) events"
