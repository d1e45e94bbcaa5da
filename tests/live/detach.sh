#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The kernel traces without slicestat, others look at it, one of them is killed: the final report of
# `stop` is the program's own truth, and so is the last of who looked.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_pins.sh"

VERSION=${SLICESTAT_VERSIONS:-1.24}
VERSION=${VERSION##* }
exact=0

# look REPORT: a slicestat that attaches; its pid in LOOKER.
look() {
	start_tracer attach "$PIN" -o json -n 0 -w "$WORK/$1" 0.05
	await_line "$TRACER_ERR" "$TRACER_PID" 'tracing 1 of 1 processes' >>"$WORK/tracer.err"
	LOOKER=$TRACER_PID
	OTHER_PIDS+=("$LOOKER")
}

# leave PID: as ^C does; the session must go on.
leave() {
	TRACER_PID=$1
	kill -INT "$1"
	await_end "$1"
	TRACER_PID=''
	expect "attach's exit status" 0 "$STATUS"
	[ -e "$PIN_PATH/session" ] || fail "attach has ended the session"
}

# run_detached PROGRAM OPTION...: the truth is then in $WORK/truth; the final report in
# $WORK/report, the last one of each who looked in $WORK/one and $WORK/two.
run_detached() {
	local path=$1 one two killed

	shift
	rm -f "$WORK/truth" "$WORK/one" "$WORK/two"
	start_target "$path" ${EVENTS:+-events "$EVENTS"} -out "$WORK/truth"
	await_target '^ready$'
	detach --max-bases 262144 "$@"
	look one
	one=$LOOKER
	look killed
	killed=$LOOKER
	tell_target
	look two
	two=$LOOKER
	{ kill -KILL "$killed" && wait "$killed"; } 2>/dev/null || true
	await_target '^done$'
	leave "$one"
	leave "$two"
	OTHER_PIDS=()
	stop
	tell_target
	await_target_end
}

# last_of REPORT: what who looked knew at last, as if it were final.
last_of() {
	local last

	last=$(tail -n 1 "$WORK/$1")
	expect_match "the last report of attach" '"final":false' "${last:0:300}"
	echo "${last/\"final\":false/\"final\":true}" >"$WORK/report"
}

by_base() {
	EVENTS=${SLICESTAT_EVENTS:-100000}
	run_detached "$(target_path "$VERSION" default truth)" "$@"
	expect_accounted "$EVENTS"
	# shellcheck disable=SC2119 # no options
	compare
	for report in one two; do
		last_of "$report"
		# shellcheck disable=SC2119 # no options
		compare
	done
	exact=$((exact + EVENTS))
}

by_site() {
	local said

	EVENTS=${SLICESTAT_EVENTS:-}
	run_detached "$(target_path "$VERSION" default sites)" --by site \
		--ops grow,make,reflect "$@"
	for report in report one two; do
		[ "$report" = report ] || last_of "$report"
		said=$("$ROOT/build/tests/compare_sites" "$WORK/truth" "$WORK/report" 2>&1) ||
			fail "$report: the sites differ from the truth:"$'\n'"$said"
		expect_accounted "${said%% *}"
	done
	exact=$((exact + ${said%% *}))
}

ways=(uprobe_multi perf_event)
[ "${SLICESTAT_ATTACHES:-}" != perf ] || ways=(perf_event)
for way in "${ways[@]}"; do
	by_base --attach "$way"
	by_site --attach "$way"
done
echo "$exact events exact without a loader, by base and by site: go $VERSION, ${ways[*]}"
