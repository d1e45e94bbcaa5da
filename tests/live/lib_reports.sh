# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Sourced by lib.sh: what the reports of a run say, against the truth.

# open_reports: a pipe for -w, from which the reports can be awaited.
open_reports() {
	rm -f "$WORK/reports"
	mkfifo "$WORK/reports"
	exec {REPORTS}<>"$WORK/reports"
}

# next_report: into LINE.
next_report() {
	IFS= read -r -t "$PATIENCE" -u "$REPORTS" LINE || fail "no report within $PATIENCE s"
	echo "$LINE" >>"$WORK/reports_read"
}

# await_seen N: reads reports until one has seen as many events.
await_seen() {
	local seen=0 deadline=$((SECONDS + PATIENCE))

	while [ "$seen" -lt "$1" ]; do
		[ "$SECONDS" -lt "$deadline" ] || fail "only $seen of $1 events within $PATIENCE s"
		next_report
		seen=$(sed -n 's/.*"seen":\([0-9]*\).*/\1/p' <<<"$LINE")
	done
}

# final_report: reads reports up to the final one, which is then in $WORK/report.
final_report() {
	LINE=
	while [[ $LINE != *'"final":true'* ]]; do
		next_report
	done
	echo "$LINE" >"$WORK/report"
	exec {REPORTS}>&-
}

# as_truth LINE: what a program that is watched says, "truth events=1 len_sum=2 ...", as a truth
# file's header.
as_truth() {
	local -A totals
	local field

	for field in $1; do
		totals[${field%=*}]=${field#*=}
	done
	echo "# events ${totals[events]} grow ${totals[grow]} make ${totals[make]}" \
		"zero ${totals[zero]} panicked 0 len_sum ${totals[len_sum]} cap_sum ${totals[cap_sum]}"
}

# compare [OPTION]...: the truth with the final report.
# shellcheck disable=SC2120 # cases have them
compare() {
	local said

	expect_valid_outputs
	said=$("$COMPARE" "$WORK/truth" "$WORK/report" "$@" 2>&1) ||
		fail "the report differs from the truth:"$'\n'"$said"
}

# count NAME: of the final report. Its line may be long: tail need not get it all written.
count() {
	{ tail -n 1 "$WORK/report" || true; } 2>/dev/null | head -c 1048576 |
		sed -n "s/.*\"counts\":{[^}]*\"$1\":\([0-9]*\).*/\1/p"
}

# member NAME: a number of the final report.
member() {
	tail -n 1 "$WORK/report" | head -c 4096 | sed -n "s/.*\"$1\":\([0-9.e-]*\).*/\1/p"
}

# expect_accounted MIN: the final report has seen so many events; each has one fate, none is lost.
expect_accounted() {
	local counts seen name n sum=0

	expect_valid_outputs
	counts=$({ tail -n 1 "$WORK/report" || true; } 2>/dev/null | head -c 1048576 |
		sed -n 's/.*"counts":{\([^}]*\)}.*/\1/p' | tr -d '"' | tr ',:' '\n ')
	[ -n "$counts" ] || fail "no counts in the final report"
	while read -r name n; do
		case $name in
		seen) seen=$n && continue ;;
		lost_*) expect "$name" 0 "$n" ;;
		esac
		sum=$((sum + n))
	done <<<"$counts"
	expect "seen and the sum of all other counts" "$seen" "$sum"
	[ "$seen" -ge "$1" ] || fail "events seen: expected at least $1 got $seen"
}

# also REPORT OPTION...: one more slicestat that traces the target; its only report goes to
# $WORK/REPORT.
also() {
	also_trace "$@" -p "$TARGET_PID"
}

# also_trace REPORT OPTION...: the same of other processes.
also_trace() {
	local report=$1

	shift
	trace -o json -n 0 -w "$WORK/$report" "$@" 1000
	REPORTS_OF[TRACER_PID]=$report
	ERR_OF[TRACER_PID]=$TRACER_ERR
	OTHER_PIDS+=("$TRACER_PID")
}
REPORTS_OF=()
ERR_OF=()

# await_tracers: expects each to have seen events, and that each event has one fate, none a loss.
await_tracers() {
	for TRACER_PID in "${!ERR_OF[@]}"; do
		local report=${REPORTS_OF[TRACER_PID]}

		TRACER_ERR=${ERR_OF[TRACER_PID]}
		await_tracer_end
		expect "exit status of the slicestat for $report" 0 "$STATUS"
		cp "$WORK/$report" "$WORK/report"
		expect_accounted 1
	done
	OTHER_PIDS=()
	REPORTS_OF=()
	ERR_OF=()
}

# end_tracers: as ^C does.
end_tracers() {
	kill -INT "${!ERR_OF[@]}"
	await_tracers
}

# run_target: all that the target does between "ready" and "done" is traced.
run_target() {
	tell_target
	await_target '^done$'
	end_tracers
	tell_target
	await_target_end
}

# same WHAT ARG...: compare_scope's; adds to SAME the events that are.
SAME=0
same() {
	local what=$1 said

	shift
	said=$(cd "$WORK" && "$ROOT/build/tests/compare_scope" "$@" 2>&1) ||
		fail "$what, compare_scope $*:"$'\n'"$said"
	said=$(tail -n 1 <<<"$said")
	SAME=$((SAME + ${said%% *}))
}
