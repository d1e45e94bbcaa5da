#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A receiver of OTLP that is away: what the queue holds comes when it is back, what it could not hold is
# counted, and the totals are right in the end. One that never comes back is not waited for.
# SLICESTAT_AWAY_SECONDS=60 keeps it away for a minute.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

readonly AWAY_S=${SLICESTAT_AWAY_SECONDS:-8}
readonly QUEUE=120

# own NAME: what slicestat itself says of it now.
own() {
	scrape | awk -v name="slicestat_otlp_$1" '$1 == name { print $2 }'
}

# away INTERVAL: a program runs while the receiver is away, and until it has been back.
away() {
	start_target "$(target_path 1.24 default load)" -seconds "$AWAY_S" -spin 100
	await_target '^ready$'
	serve --otlp "$OTLP" -p "$TARGET_PID" --budget off "$1"
	await_value "$RECEIVER" 'slicestat_targets' 1
	stop_receiver
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	await_scraped '^slicestat_otlp_queued [1-9]'
	start_receiver
	await_scraped '^slicestat_otlp_queued 0'
	tell_target
	await_target_end
	await_line "$TRACER_ERR" "$TRACER_PID" 'have ended: their totals are served' >/dev/null
	expect_totals "$RECEIVER"
	dropped=$(own dropped_total)
	end_tracer
	expect_accounted 1000
	snapshots=$(wc -l <"$WORK/report")
	sent=$(sed -n 's/.*: sent \([0-9]*\) snapshots to .*/\1/p' "$WORK/tracer.err")
	[ -n "$sent" ] || fail "nothing is said of what was sent"
	expect "snapshots that came, and those that are counted as lost" "$snapshots" \
		$((sent + dropped))
}

# Each stands for a time at which a receiver had it: none is missing in between.
nothing_lost() {
	local held

	away "$(awk -v s="$AWAY_S" 'BEGIN { print s / 32 }')"
	expect "lost" 0 "$dropped"
	held=$(query "$RECEIVER" "count_over_time(slicestat_events_seen_total[1h])")
	[ "$held" -ge 24 ] || fail "only $held of $snapshots snapshots are there"
	echo "away for $AWAY_S s: $snapshots snapshots, none lost"
}

# More come than it holds.
rest_is_counted() {
	away 0.02
	[ "$dropped" -gt 0 ] || fail "$snapshots snapshots in $AWAY_S s: this tests nothing"
	[ "$sent" -ge "$QUEUE" ] || fail "only $sent came, the queue holds $QUEUE"
	expect_match "stderr" "$dropped snapshots never came to" "$(<"$WORK/tracer.err")"
	echo "away for $AWAY_S s: of $snapshots snapshots $dropped did not fit, and are counted"
}

# It ends in its time all the same.
never_there() {
	local begin=$SECONDS

	start_target "$(target_path 1.24 default load)" -seconds 1 -spin 10
	await_target '^ready$'
	serve --otlp "$OTLP" -p "$TARGET_PID" --budget off 0.25
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	begin=$SECONDS
	end_tracer
	expect_at_most "seconds to end" 15 $((SECONDS - begin))
	expect_match "stderr" "cannot send to $OTLP: .*tried again" "$(<"$WORK/tracer.err")"
	expect_match "stderr" "[1-9][0-9]* snapshots never came to" "$(<"$WORK/tracer.err")"
	expect_accounted 10
	tell_target
	await_target_end
}

# start_answers STATUS HEADER [BODY]: a server in the receiver's place says that to all; CADDY.
start_answers() {
	local caddy

	caddy=$("$ROOT/tools/programs.sh" --path caddy)
	HOME=$WORK "$caddy" respond --listen "$RECEIVER" --status "$1" --header "$2" --body "${3:-}" \
		>"$WORK/caddy.log" 2>&1 </dev/null &
	CADDY=$!
	OTHER_PIDS+=("$CADDY")
	until [ "$(curl -s -o /dev/null -w '%{http_code}' "http://$RECEIVER/")" = "$1" ]; do
		kill -0 "$CADDY" || fail "caddy: $(<"$WORK/caddy.log")"
	done
}

stop_answers() {
	kill "$CADDY"
	await_end "$CADDY"
}

# answering STATUS HEADER [BODY]: what slicestat says of what it sent there, when the program is done, is in
# RETRIES and DROPPED.
answering() {
	start_answers "$@"
	start_target "$(target_path 1.24 default load)" -seconds 4 -spin 10
	await_target '^ready$'
	serve --otlp "$OTLP" -p "$TARGET_PID" --budget off 0.25
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	RETRIES=$(own retries_total)
	DROPPED=$(own dropped_total)
	end_tracer
	tell_target
	await_target_end
	stop_answers
}

# When to come again, and that nothing will help.
told() {
	answering 503 'Retry-After: 60'
	expect "retries before the time that was told" 1 "$RETRIES"
	expect "dropped" 0 "$DROPPED"
	answering 400 'X: y'
	expect "retries of what is refused" 0 "$RETRIES"
	expect "lines that say so" 1 \
		"$(grep -c "refuses what is sent: HTTP status 400" "$WORK/tracer.err")"
	[ "$DROPPED" -gt 8 ] || fail "only $DROPPED of four seconds of refused snapshots are counted"
	answering 404 'X: y' "$(printf 'no such page %.0s' {1..6000})"
	expect "retries of what is refused with a long answer" 0 "$RETRIES"
	[ "$DROPPED" -gt 8 ] || fail "only $DROPPED snapshots refused with a long answer are counted"
}

# One that is away says nothing of one that refuses, when it comes.
both_told() {
	start_target "$(target_path 1.24 default load)" -seconds 1 -spin 10
	await_target '^ready$'
	serve --otlp "$OTLP" -p "$TARGET_PID" --budget off 0.25
	await_line "$TRACER_ERR" "$TRACER_PID" "cannot send to $OTLP: .*tried again" >/dev/null
	start_answers 400 'X: y'
	await_line "$TRACER_ERR" "$TRACER_PID" 'refuses what is sent: HTTP status 400' >/dev/null
	kill -TERM "$TRACER_PID"
	await_tracer_end
	stop_answers
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	tell_target
	await_target_end
}

# More waits at the end than a slow receiver takes in that time: it gets the totals, and the rest is counted.
last_of_many() {
	local slow=127.0.0.1:19430 pid fd

	mkfifo "$WORK/slow"
	exec {fd}<>"$WORK/slow"
	"$ROOT/tests/live/slow_receiver.py" "$slow" "$RECEIVER" 1 >"$WORK/slow" {fd}>&- &
	pid=$!
	OTHER_PIDS+=("$pid")
	await_line "$fd" "$pid" '^ready$' >/dev/null
	start_target "$(target_path 1.24 default load)" -seconds 4 -spin 10
	await_target '^ready$'
	serve --otlp "http://$slow/opentelemetry/v1/metrics" -p "$TARGET_PID" --budget off 0.1
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	await_scraped '^slicestat_otlp_queued [2-9][0-9]'
	end_tracer
	expect_totals "$RECEIVER"
	expect_accounted 10
	snapshots=$(wc -l <"$WORK/report")
	sent=$(sed -n 's/.*: sent \([0-9]*\) snapshots to .*/\1/p' "$WORK/tracer.err")
	dropped=$(sed -n 's/.*: \([0-9]*\) snapshots never came to .*/\1/p' "$WORK/tracer.err")
	[ "$dropped" -gt 4 ] || fail "$sent of $snapshots came in time: this tests nothing"
	expect "snapshots that came, and those that are counted as lost" "$snapshots" \
		$((sent + dropped))
	tell_target
	await_target_end
	echo "a second each: $sent of $snapshots snapshots came, the last one among them"
}

# A receiver alone: with its last totals there is nobody to wait for, and it ends.
alone() {
	start_target "$(target_path 1.24 default load)" -seconds 1 -spin 10
	await_target '^ready$'
	trace serve -o json -w "$WORK/report" --otlp "$OTLP" -p "$TARGET_PID" --budget off 0.25
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	tell_target
	await_target_end
	await_tracer_end
	expect "slicestat's exit status" 0 "$STATUS"
	expect_totals "$RECEIVER"
	expect_accounted 10
}

never_there
told
both_told
start_receiver
alone
forget_received
last_of_many
forget_received
nothing_lost
forget_received
rest_is_counted
