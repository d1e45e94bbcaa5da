# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Sourced by lib.sh: targets and tracers are started, awaited and ended.

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
	forget_pid "$1"
}

# forget_pid PID: of a process that is gone; another one may have its number.
forget_pid() {
	local i

	for i in "${!OTHER_PIDS[@]}"; do
		[ "${OTHER_PIDS[i]}" != "$1" ] || unset "OTHER_PIDS[i]"
	done
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

# build_turns VERSION OUT: the program of tests/live/turns.
build_turns() {
	"$ROOT/tools/go.sh" "$1" build -C "$ROOT/tests/live/turns" -trimpath -buildvcs=false -o "$2" . ||
		fail "cannot build turns"
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

# proc_ticks PID: CPU time used up to now, in hundredths of a second. A program's name may have blanks.
proc_ticks() {
	sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

open_fds() {
	find "/proc/$1/fd" -mindepth 1 | wc -l
}

# has_fds PID MAX: at most so many.
has_fds() {
	[ "$(open_fds "$1")" -le "$2" ]
}

# await_fds PID MAX: files of processes that have ended are closed a moment later.
await_fds() {
	await_that "process $1 has more than $2 open files" has_fds "$1" "$2"
}
