# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced by the cases beside it. One target and one slicestat run at a time; what they say is
# awaited, never slept for. Everything started ends with the case.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SLICESTAT=$ROOT/build/slicestat
COMPARE=$ROOT/build/tests/compare
WORK=$(mktemp -d)

# SLICESTAT_VERSIONS and SLICESTAT_FORMS choose Go versions and forms of executables, and with them a
# part of a case; SLICESTAT_EVENTS says how many events a program causes there.

# Seconds until a line or an end that must come is given up. Tracing on a busy machine is slow.
PATIENCE=${SLICESTAT_PATIENCE:-120}

TARGET_PID='' # of the process started last by start_target
TRACER_PID='' # of the slicestat started last

cleanup() {
	local pid valid=yes

	for pid in $TRACER_PID $TARGET_PID ${OTHER_PIDS[@]+"${OTHER_PIDS[@]}"}; do
		{ kill -KILL "$pid" && wait "$pid"; } 2>/dev/null || true
	done
	validate_outputs || valid=
	if [ -n "${SLICESTAT_KEEP:-}" ]; then
		echo "kept: $WORK" >&2
	else
		rm -rf --one-file-system "$WORK"
	fi
	[ -n "$valid" ] || exit 1
}
OTHER_PIDS=()
trap cleanup EXIT

fail() {
	echo "FAILED: $*" >&2
	if [ -s "$WORK/tracer.err" ]; then
		sed 's/^/  stderr: /' "$WORK/tracer.err" >&2
	fi
	if [ -s "$WORK/target.err" ]; then
		head -n 12 "$WORK/target.err" | sed 's/^/  target: /' >&2
	fi
	exit 1
}

# expect WHAT EXPECTED GOT
expect() {
	[ "$2" = "$3" ] || fail "$1: expected $2 got $3"
}

# expect_match WHAT REGEX GOT
expect_match() {
	[[ $3 =~ $2 ]] || fail "$1: expected /$2/ got $3"
}

# expect_at_most WHAT MAX GOT
expect_at_most() {
	[ "$3" -le "$2" ] || fail "$1: expected at most $2 got $3"
}

# expect_error REGEX COMMAND...
expect_error() {
	local regex=$1 status=0 said

	shift
	said=$("$@" 2>&1 >/dev/null) || status=$?
	expect "exit status of $*" 1 "$status"
	expect_match "$*" "^slicestat: [^"$'\n'"]*($regex)[^"$'\n'"]*\$" "$said"
}

# validate_outputs: those in $WORK that have come or changed since the last time are as their schemas
# say, or 1. It is called at the end of a tracer, of the case and before a comparison; who writes a file
# anew without one of these must call it. One process a case does the work, which subshells cannot speak
# to. Where there is no Python, in the machines of the matrix, it is left out.
validate_outputs() {
	local path said

	[ -z "${SLICESTAT_NO_VALIDATION:-}" ] || return 0
	[ -n "${VALIDATOR[0]:-}" ] || coproc VALIDATOR { exec "$ROOT/tests/live/validate.py"; }
	touch "$WORK/validated.new"
	while read -r path; do
		said="$path cannot be validated"
		! echo "$path" >&"${VALIDATOR[1]}" || read -r -u "${VALIDATOR[0]}" said || true
		if [[ $said != 'valid '* ]]; then
			echo "not as its schema says: $said" >&2
			return 1
		fi
	done < <(new_outputs)
	mv "$WORK/validated.new" "$WORK/validated"
}

expect_valid_outputs() {
	validate_outputs || fail "an output is not as its schema says"
}

new_outputs() {
	local newer=()

	[ ! -e "$WORK/validated" ] || newer=(-newer "$WORK/validated")
	find "$WORK" -xdev -type f "${newer[@]}" -exec grep -l -s -m 1 '^{"schema":"slicestat[.]' {} +
}

# unshare_mounts ARG...: becomes `unshare --mount ARG...`; what is mounted there is seen by nobody else.
# Where the root is no mount, in a chroot, the place of the chroot must be private.
unshare_mounts() {
	if unshare --mount true 2>/dev/null; then
		exec unshare --mount "$@"
	else
		exec unshare --mount --propagation unchanged "$@"
	fi
}

# in_own_mounts COMMAND...: becomes the command.
in_own_mounts() {
	unshare_mounts "$@"
}

# use_root DIRECTORY PROGRAM: SLICESTAT is that program in a root that has, beside what lies in the
# directory, what the kernel shows. Each call has these mounts for itself, and they end with it.
use_root() {
	mkdir -p "$1"/{proc,sys,dev}
	SLICESTAT=$WORK/in_root
	{
		echo '#!/bin/bash'
		declare -f unshare_mounts in_own_mounts enter_root
		echo 'export -f enter_root'
		printf 'in_own_mounts bash -c '\''enter_root "$@"'\'' enter_root %q %q "$@"\n' "$@"
	} >"$SLICESTAT"
	chmod 755 "$SLICESTAT"
}

# enter_root DIRECTORY COMMAND...
enter_root() {
	mount -t proc proc "$1/proc" && mount --rbind /sys "$1/sys" && mount --rbind /dev "$1/dev" &&
		exec chroot "$@"
}

# trace_in_root TARGET EVENTS: as the target says, by base, by site with the same number of events. The
# reports come from standard output: the root may have no place for files.
trace_in_root() {
	local by

	for by in base site; do
		start_target "$1" -events "$2" -out "$WORK/truth"
		await_target '^ready$'
		trace -p "$TARGET_PID" --by "$by" -o json -n 0
		tell_target
		await_target '^done$'
		end_tracer
		tell_target
		await_target_end
		cp "$WORK/tracer.out" "$WORK/report"
		expect_accounted "$2"
		# shellcheck disable=SC2119 # its options are not those of this script
		[ "$by" != base ] || compare
	done
}

# target_path VERSION FORM NAME: prints where build-targets.sh put it.
target_path() {
	local path=$ROOT/build/targets/go$1/$2/$3

	[ -x "$path" ] || fail "$path is missing: run tests/build-targets.sh $1"
	echo "$path"
}

# await_line FD PID REGEX: the next line on FD that matches, into LINE; all lines read go to
# stdout. Fails when PID ends or patience does. What is read of a line when the time is up is kept.
await_line() {
	local fd=$1 pid=$2 regex=$3 deadline=$((SECONDS + PATIENCE)) part=''

	while [ "$SECONDS" -lt "$deadline" ]; do
		if IFS= read -r -t 1 -u "$fd" LINE; then
			LINE=$part$LINE
			part=''
			echo "$LINE"
			[[ ! $LINE =~ $regex ]] || return 0
			continue
		fi
		part+=$LINE
		if ! kill -0 "$pid" 2>/dev/null && ! read -r -t 0 -u "$fd"; then
			fail "process $pid ended before it said /$regex/"
		fi
	done
	fail "process $pid did not say /$regex/ within $PATIENCE s"
}

# await_end PID: its exit status, into STATUS. PID must be a child of this shell.
await_end() {
	STATUS=0
	timeout "$PATIENCE" tail --pid="$1" -s 0.05 -f /dev/null ||
		fail "process $1 did not end within $PATIENCE s"
	# Bash announces a killed child on stderr.
	{ wait "$1" || STATUS=$?; } 2>/dev/null
}

# start_target PATH ARG...: its stdin and stdout are at hand in TARGET_IN and TARGET_OUT. Both
# pipes are opened for reading and writing, so that opening does not wait for the other side.
start_target() {
	rm -f "$WORK/target.in" "$WORK/target.out"
	mkfifo "$WORK/target.in" "$WORK/target.out"
	exec {TARGET_IN}<>"$WORK/target.in" {TARGET_OUT}<>"$WORK/target.out"
	"$@" <"$WORK/target.in" >"$WORK/target.out" 2>"$WORK/target.err" \
		{TARGET_IN}>&- {TARGET_OUT}>&- &
	TARGET_PID=$!
}

await_target() {
	await_line "$TARGET_OUT" "$TARGET_PID" "$1" >/dev/null
}

tell_target() {
	echo >&"$TARGET_IN"
}

# await_target_end: expects exit status 0.
await_target_end() {
	local pid=$TARGET_PID

	await_end "$pid"
	TARGET_PID=''
	exec {TARGET_IN}>&- {TARGET_OUT}>&-
	[ "$STATUS" = 0 ] || fail "the target ended with status $STATUS: $(tail -5 "$WORK/target.err")"
}

# start_tracer ARG...: stdout goes to $WORK/tracer.out, stderr to TRACER_ERR and, as far as it is
# read, to $WORK/tracer.err.
start_tracer() {
	rm -f "$WORK/tracer.pipe"
	mkfifo "$WORK/tracer.pipe"
	exec {TRACER_ERR}<>"$WORK/tracer.pipe"
	: >"$WORK/tracer.err"
	"$SLICESTAT" "$@" >"$WORK/tracer.out" 2>"$WORK/tracer.pipe" {TRACER_ERR}>&- &
	TRACER_PID=$!
}

await_tracing() {
	await_line "$TRACER_ERR" "$TRACER_PID" '^slicestat: tracing ' >>"$WORK/tracer.err"
}

# trace ARG...: returns when slicestat counts.
trace() {
	start_tracer "$@"
	await_tracing
}

# await_tracer_end: its exit status, into STATUS.
await_tracer_end() {
	local line

	await_end "$TRACER_PID"
	TRACER_PID=''
	while read -r -t 0 -u "$TRACER_ERR" && IFS= read -r -t 1 -u "$TRACER_ERR" line; do
		echo "$line" >>"$WORK/tracer.err"
	done
	exec {TRACER_ERR}>&-
	expect_valid_outputs
}

# end_tracer: as ^C does; expects exit status 0.
end_tracer() {
	kill -INT "$TRACER_PID"
	await_tracer_end
	expect "slicestat's exit status" 0 "$STATUS"
}

# trace_target [OPTION]... -- TARGET [ARG]...: runs a target that writes the truth, with all that it
# does between its lines "ready" and "done" traced. The truth is then in $WORK/truth, the reports in
# $WORK/report.
trace_target() {
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	start_target "$@" -out "$WORK/truth"
	await_target '^ready$'
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report" "${options[@]}"
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
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

exec {NEVER}<> <(:) # nothing comes here

# pass_time MAX_MS: up to so long, at random: the moment of a fault, in place of an event.
pass_time() {
	wait_us $(((RANDOM << 15 | RANDOM) % (1000 * $1 + 1)))
}

# wait_us MICROSECONDS: by the clock.
wait_us() {
	read -r -t "$(printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000)))" -u "$NEVER" || true
}

# await_that WHAT COMMAND...: until it succeeds.
await_that() {
	local what=$1 deadline=$((SECONDS + PATIENCE))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || fail "$what within $PATIENCE s"
		wait_us 100000
	done
}

# build_turns VERSION OUT: the program of tests/live/turns.
build_turns() {
	"$ROOT/tools/go.sh" "$1" build -C "$ROOT/tests/live/turns" -trimpath -buildvcs=false -o "$2" . ||
		fail "cannot build turns"
}

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

# hierarchy: of cgroups of version 2.
hierarchy() {
	local at

	for at in /sys/fs/cgroup /sys/fs/cgroup/unified; do
		[ -e "$at/cgroup.controllers" ] && echo "$at" && return
	done
	fail "no hierarchy of cgroups of version 2"
}

# proc_kib PID FIELD: a size of /proc/PID/status in KiB.
proc_kib() {
	awk -v field="$2:" '$1 == field { print $2 }' "/proc/$1/status"
}

open_fds() {
	find "/proc/$1/fd" -mindepth 1 | wc -l
}
