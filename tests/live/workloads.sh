#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Two ordinary programs with the collector on, a log pipeline and a gateway: the sums equal those
# that they count themselves.

. "$(dirname "$0")/lib.sh"

readonly REPORTS_AWAITED=30

check() {
	local i

	start_target "$@"
	await_target '^ready$'
	open_reports
	trace -p "$TARGET_PID" -o json -n 1 -w "$WORK/reports" 0.1
	tell_target
	for ((i = 0; i < REPORTS_AWAITED; i++)); do
		next_report
	done
	tell_target
	await_target '^truth '
	as_truth "${LINE#truth }" >"$WORK/truth"
	end_tracer
	final_report
	tell_target
	await_target_end
	expect_accounted 1000
	compare --by-total
	echo "$(basename "$1"): $(count seen) events"
}

for version in 1.24 1.27; do
	for name in logfreq gateway; do
		path=$(target_path "$version" default "$name")
		case $name in
		logfreq) check "$path" ;;
		gateway) check "$path" -window 500ms ;;
		esac
	done
done
