#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A receiver of OTLP that answers nonsense, one that asks to wait for ever, and a name server that says
# nothing: reports go on, and the end comes when it should.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi
if [ -z "${SLICESTAT_OWN_MOUNTS:-}" ]; then
	SLICESTAT_OWN_MOUNTS=1 in_own_mounts "$0"
fi

readonly NAMES=127.0.0.53
# Of hostile_receiver.py; and seconds for an end, ten of which are for what waits.
readonly ANSWERS=6 END_S=16

# start_hostile ARG...: its lines come from HOSTILE.
start_hostile() {
	rm -f "$WORK/hostile.pipe"
	mkfifo "$WORK/hostile.pipe"
	exec {HOSTILE}<>"$WORK/hostile.pipe"
	"$ROOT/tests/live/hostile_receiver.py" "$@" >"$WORK/hostile.pipe" {HOSTILE}>&- &
	HOSTILE_PID=$!
	OTHER_PIDS+=("$HOSTILE_PID")
	await_line "$HOSTILE" "$HOSTILE_PID" '^ready$' >/dev/null
}

# has_reports N
has_reports() {
	[ "$(wc -l <"$WORK/report")" -ge "$1" ]
}

# await_reports N: so many more than there are.
await_reports() {
	await_that "reports do not come any more" has_reports $(($(wc -l <"$WORK/report") + $1))
}

# end_soon: on SIGTERM.
end_soon() {
	local begin=$SECONDS

	kill -TERM "$TRACER_PID"
	await_tracer_end
	expect "exit status" 0 "$STATUS"
	expect_at_most "seconds for the end" "$END_S" $((SECONDS - begin))
	expect_accounted 1
}

start_target "$(target_path 1.24 default load)" -seconds "$PATIENCE" -spin 100
await_target '^ready$'
tell_target

start_hostile "$RECEIVER"
serve --otlp "http://$RECEIVER/v1/metrics" -p "$TARGET_PID" --budget off 0.1
await_line "$HOSTILE" "$HOSTILE_PID" "^answered $ANSWERS\$" >/dev/null
await_reports 10
await_scraped '^slicestat_otlp_queued [1-9]'
await_scraped '^slicestat_otlp_dropped_total [1-9]'
end_soon
expect_match "what is said of samples" "did not take 3 samples: not these" "$(<"$WORK/tracer.err")"
! grep -a $'\e' "$WORK/tracer.err" || fail "the receiver reaches the terminal"
reports=$(wc -l <"$WORK/report")

start_hostile --names "$NAMES"
echo "nameserver $NAMES" >"$WORK/resolv.conf"
mount --bind "$WORK/resolv.conf" /etc/resolv.conf
serve --otlp http://receiver.example:4318/v1/metrics -p "$TARGET_PID" --budget off 0.1
await_line "$HOSTILE" "$HOSTILE_PID" '^asked$' >/dev/null
await_reports 10
end_soon
echo "$reports and $(wc -l <"$WORK/report") reports, $ANSWERS hostile answers, and none of a name server"
