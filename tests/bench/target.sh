#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What a target notices beside the time of its events: allocations, collections, and the latencies
# of a server that is asked at a fixed rate.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

readonly SECTION=target
ROUNDS=${ROUNDS:-5}
readonly RATE=1000 # requests a second
readonly SECONDS_OF_LOAD=3
readonly WARM_UP=5

readonly SIDES=('slicestat --ops grow' 'slicestat --by site' 'slicestat')
readonly HEAP=('objects' 'bytes' 'collections')
readonly LATENCIES=('p50' 'p90' 'p99' 'p99.9')

latency_case() { echo "latency, $1, $RATE requests/s"; }

rules() {
	local what side

	title "What a target notices beside its events' time; ratio to the untraced run"
	for what in "${HEAP[@]}"; do
		baseline "heap: $what, more than untraced" untraced
		for side in "${SIDES[@]}"; do
			at_most "heap: $what, more than untraced" "$side" 0
		done
	done
	for what in "${LATENCIES[@]}"; do
		reference "$(latency_case "$what")" untraced
	done
	reference 'CPU time a request' untraced
}

# with_side SIDE COMMAND...: the command, traced so or not.
with_side() {
	local side=$1 options=()

	shift
	if [ "$side" = untraced ]; then
		"$@" "$side"
		return
	fi
	read -ra options <<<"${side#slicestat}"
	trace -p "$TARGET_PID" -o json -n 1 -w "$WORK/report" ${options[@]+"${options[@]}"}
	"$@" "$side"
	end_tracer
	SEEN=$(tail -n 1 "$WORK/report" | jq .counts.seen)
}

measure_heap() {
	local figures i

	ask_target run
	read -ra figures <<<"$LINE"
	for i in "${!HEAP[@]}"; do
		sample "heap: ${HEAP[i]}, more than untraced" "$1" - "${figures[i]}"
	done
}

measure_latency() {
	local cpu figures i

	ask_target cpu
	cpu=$LINE
	read -ra figures < <("$HTTP" -load "$ADDRESS" -rate "$RATE" -for "${SECONDS_OF_LOAD}s")
	[ "${#figures[@]}" = 5 ] || fail "the load failed"
	ask_target cpu
	sample 'CPU time a request' "$1" us \
		"$(awk -v ns=$((LINE - cpu)) -v n="${figures[0]}" 'BEGIN { print ns / n / 1000 }')"
	REQUESTS=${figures[0]}
	for i in "${!LATENCIES[@]}"; do
		sample "$(latency_case "${LATENCIES[i]}")" "$1" us "${figures[i + 1]}"
	done
}

# all_sides MEASURE: in turn.
all_sides() {
	local side

	for ((round = 1; round <= ROUNDS; round++)); do
		say "target: $1, round $round of $ROUNDS"
		for side in untraced "${SIDES[@]}"; do
			with_side "$side" "$1"
		done
	done
}

rules
start_target "$(build_target allocs)"
await_target '^ready$'
# The first runs make what the runtime keeps.
for ((round = 1; round <= WARM_UP; round++)); do ask_target run; done
all_sides measure_heap
note "heap: untraced: $LINE (${HEAP[*]})"
end_target
HTTP=$(build_target http)
start_target "$HTTP"
await_target '^ready '
ADDRESS=${LINE#ready }
"$HTTP" -load "$ADDRESS" -rate "$RATE" -for 1s >"$WORK/warm"
all_sides measure_latency
note "slicestat: $SEEN events of $REQUESTS requests"
end_target
