#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A program that is deployed again and again while slicestat serves: what nobody runs any more takes no
# more processes and fds than a few versions do, series go on through all of them, and sums are exact.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

# Of those that nobody runs, the one at the path is among eight that are kept.
readonly VERSIONS=24 EVENTS=2000 KEPT=8
readonly APP=$WORK/app

# deploy N: a file of its own, by renaming; what is behind the last section is not looked at.
deploy() {
	cp "$(target_path 1.24 default truth)" "$WORK/next"
	echo "$1" >>"$WORK/next"
	mv "$WORK/next" "$APP"
}

# run_version: from its first instruction to its last.
run_version() {
	"$APP" -auto -events "$EVENTS" -out "$WORK/truth" >"$WORK/out" || fail "it ended with status $?"
}

# readers: processes that read an executable each; another one starts them.
readers() {
	pgrep -c -P "$(pgrep -x -P "$TRACER_PID" slicestat-parse)" || true
}

# has_readers MAX
has_readers() {
	[ "$(readers)" -le "$1" ]
}

# events_of_all: of the series of the lines that the program counts itself, in what was scraped last.
events_of_all() {
	awk '/^slicestat_slice_events_total/ && /file="[^"]*\/truth\/(grow|make|generic)[.]go"/ {
		sum += $NF } END { print sum + 0 }' "$WORK/last"
}

# has_all: a snapshot of before the last version has no targets either, so the events are awaited.
has_all() {
	scrape >"$WORK/last"
	[ "$(events_of_all)" -ge $((VERSIONS * EVENTS)) ]
}

deploy 0
serve -e "$APP" --budget off -n 10000 0.2
run_version
for ((i = 1; i < VERSIONS; i++)); do
	deploy "$i"
	await_line "$TRACER_ERR" "$TRACER_PID" "following the new $APP too" >>"$WORK/tracer.err"
	run_version
done
await_that "more than $KEPT processes read executables" has_readers "$KEPT"
await_that "the series lack events of the last version" has_all
end_tracer
expect_accounted $((VERSIONS * EVENTS))
expect "events in no series" 0 "$(sed -n 's/^slicestat_slice_events_total{site="other"} //p' "$WORK/last")"
expect "events of all versions" $((VERSIONS * EVENTS)) \
	"$(events_of_all)"
echo "$VERSIONS versions, $(count seen) events in $(grep -c '^slicestat_slice_events_total' "$WORK/last")" \
	"series, none in other; $KEPT versions known at the end"
