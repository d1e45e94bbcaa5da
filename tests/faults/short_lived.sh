#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A thousand short-lived targets a minute, for five minutes, of a file that is followed; then as many
# as this machine can start. The sums are the programs' own.

. "$(dirname "$0")/lib.sh"

readonly A_MINUTE=1000 EVENTS=500 TOGETHER=32
PACED_S=$(tries 300)
CROWDED_S=$(tries 60)

cp "$(target_path 1.24 default truth)" "$WORK/program"
mkdir "$WORK/truths"
STARTED=0
PIDS=()

await_oldest() {
	wait "${PIDS[0]}" || fail "a program ended with status $?"
	PIDS=("${PIDS[@]:1}")
}

# start_one MOST: while no more than so many are there.
start_one() {
	[ "${#PIDS[@]}" -lt "$1" ] || await_oldest
	GOGC=off "$WORK/program" -auto -events $EVENTS -out "$WORK/truths/$STARTED" >/dev/null &
	PIDS+=($!)
	STARTED=$((STARTED + 1))
}

# paced: one each 60 ms, by the clock.
paced() {
	local begin us

	begin=$(now_us)
	while [ $STARTED -lt $((A_MINUTE * PACED_S / 60)) ]; do
		us=$((begin + STARTED * (60000000 / A_MINUTE) - $(now_us)))
		[ "$us" -le 0 ] || wait_us "$us"
		start_one $TOGETHER
	done
}

# crowded: as many as can be started.
crowded() {
	local end=$((SECONDS + CROWDED_S))

	while [ $SECONDS -lt $end ]; do
		start_one 4
	done
}

# try PART FAULT
try() {
	local begin us rate

	rm -f "$WORK"/truths/*
	STARTED=0
	trace -e "$WORK/program" --by site -o json -n 0 -w "$WORK/report" 5
	begin=$(now_us)
	"$1"
	us=$(($(now_us) - begin))
	while [ "${#PIDS[@]}" -gt 0 ]; do await_oldest; done
	end_tracer
	find "$WORK/truths" -type f >"$WORK/list"
	judge totals "$WORK/report" @"$WORK/list"
	rate=$((STARTED * 60000000 / us))
	echo "$1: $STARTED programs, $rate a minute: $SAID"
	# Of a few seconds a moment's wait for a CPU takes more than that.
	[ "$1" = crowded ] || [ "$FAULT_PERCENT" -lt 100 ] ||
		[ $((rate * 100)) -ge $((A_MINUTE * 97)) ] ||
		fail "only $rate programs a minute could be started"
	if [ "$(said missing)" = 0 ]; then
		result "$2, $rate a minute for $((us / 1000000)) s" "$STARTED" 0 \
			"totals exact: $(said events) events"
	else
		result "$2, $rate a minute for $((us / 1000000)) s" "$STARTED" lost_unknown_target \
			"of $(said events) events $(said missing) are not in the totals"
	fi
}

try paced "-e: short-lived targets"
try crowded "-e: short-lived targets, as many as the machine starts"
expect_nothing_left
