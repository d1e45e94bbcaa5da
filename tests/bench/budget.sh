#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A program at full load on all CPUs under a budget: what it loses, and how far off the estimates of
# its totals are, in errors as they state them.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

readonly SECTION=budget
ROUNDS=${ROUNDS:-5}
readonly PERCENT=5
readonly SECONDS_OF_LOAD=8
readonly SIDE="slicestat --budget $PERCENT --by site --ops grow"
readonly WORK_CASE="time of a round of work" ESTIMATE="estimate off by, 1 is the stated error"

# load: the program's answer, into the array SAID: rounds, growths, sums of lengths and capacities,
# seconds.
load() {
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	read -ra SAID <<<"${LINE#done }"
	sample "$WORK_CASE" "$1" ns "$(awk -v n="${SAID[0]}" -v s="${SAID[4]}" -v cpus="$(nproc)" \
		'BEGIN { print 1e9 * s * cpus / n }')"
}

start_load() {
	start_target "$LOAD" -seconds "$SECONDS_OF_LOAD"
	await_target '^ready$'
}

untraced() {
	start_load
	load untraced
	tell_target
	await_target_end
}

# off NAME TRUTH
off() {
	sample "$ESTIMATE" "$1" - "$(tail -n 1 "$WORK/report" | jq --arg name "$1" --argjson truth "$2" \
		'.est[$name] | (.total - $truth) / .error | fabs')"
}

budgeted() {
	start_load
	# shellcheck disable=SC2086 # options are words
	trace -p "$TARGET_PID" ${SIDE#slicestat} -o json -n 1 -w "$WORK/report"
	load "$SIDE"
	end_tracer
	tell_target
	await_target_end
	off events "${SAID[1]}"
	off len_sum "${SAID[2]}"
	off cap_sum "${SAID[3]}"
	EXPOSURE=$(tail -n 1 "$WORK/report" |
		jq -r '"traced \(.exposure * 1000 | round / 10) % of the time, stated error \(100 *
			.est.events.error / .est.events.total * 10 | round / 10) %"')
}

title "A program at full load under a budget of $PERCENT %; ratio to the untraced run"
reference "$WORK_CASE" untraced
at_most "$WORK_CASE" "$SIDE" 1.064
LOAD=$(ROOT=$ROOT target_path 1.24 default load)
for ((round = 1; round <= ROUNDS; round++)); do
	say "budget: round $round of $ROUNDS"
	untraced
	budgeted
done
note "the last run: $EXPOSURE"
