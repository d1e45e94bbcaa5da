#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A budget that is used up where there are many probes, all of them perf events, which are slow to take
# off: the run ends, and what serves it goes on serving its totals. Who would start it again would have
# it take as much again.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

start_target "$(target_path 1.24 default load)" -seconds 1000 -spin 30
await_target '^ready$'
tell_target
serve --attach perf_event --in 'main.*' --in 'runtime.*' -p "$TARGET_PID" 0.5
await_line "$TRACER_ERR" "$TRACER_PID" 'takes about [0-9]+ s to take these probes off and on again.*--budget off' \
	>>"$WORK/tracer.err"
await_line "$TRACER_ERR" "$TRACER_PID" '^slicestat: tracing has ended: its totals are served until \^C$' \
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
echo "$(count seen) events served when the budget was used up"
