#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# gdb or strace stops the target's threads wherever they are, on probed instructions and on the page
# where the kernel steps them, before slicestat, after it and while it attaches: reports stay exact.
#
# shellcheck disable=SC2119 # functions that take options are called without

. "$(dirname "$0")/lib.sh"

readonly EVENTS=40000
path=$(target_path 1.24 default truth)
command -v gdb >/dev/null || fail "no gdb: tools/deps.sh test installs it"
command -v strace >/dev/null || fail "no strace: tools/deps.sh test installs it"

begin() {
	start_target "$path" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
}

trace_it() {
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report" 0.1
}

end() {
	end_tracer
	tell_target
	await_target_end
	compare
}

# debug COMMAND...: gdb does so in the target, and leaves it.
debug() {
	local args=() command

	for command; do
		args+=(-ex "$command")
	done
	gdb -nx -q -batch -iex 'set auto-load off' -iex 'set debuginfod enabled off' \
		-p "$TARGET_PID" "${args[@]}" </dev/null >"$WORK/gdb.out" 2>&1 ||
		fail "gdb: $(tail -n 3 "$WORK/gdb.out")"
}

# await_traced PID: by somebody's ptrace.
await_traced() {
	until grep -q '^TracerPid:.[1-9]' "/proc/$1/status"; do
		kill -0 "$OTHER" || fail "the debugger has ended: $(tail -n 3 "$WORK/gdb.out")"
	done
}

# gdb_looks: again and again while the target works.
gdb_looks() {
	begin
	trace_it
	tell_target
	for ((look = 0; look < 3; look++)); do
		debug 'thread apply all backtrace 3' 'info registers'
	done
	await_target '^done$'
	end
}

# gdb_stays: it has the target when slicestat comes, lets it run, and is there when slicestat leaves.
gdb_stays() {
	begin
	mkfifo "$WORK/gdb.in"
	gdb -nx -q -iex 'set auto-load off' -iex 'set debuginfod enabled off' -p "$TARGET_PID" \
		<>"$WORK/gdb.in" >"$WORK/gdb.out" 2>&1 &
	OTHER=$!
	OTHER_PIDS+=("$OTHER")
	await_traced "$TARGET_PID"
	trace_it
	expect_match "stderr" "pid $TARGET_PID is being debugged by pid $OTHER: " \
		"$(cat "$WORK/tracer.err")"
	echo 'handle all nostop noprint pass' >"$WORK/gdb.in"
	echo continue >"$WORK/gdb.in"
	tell_target
	await_target '^done$'
	end_tracer
	kill -INT "$OTHER"
	printf 'detach\nquit\n' >"$WORK/gdb.in"
	await_end "$OTHER"
	OTHER_PIDS=()
	rm "$WORK/gdb.in"
	tell_target
	await_target_end
	compare
}

# under_strace: of all threads, before slicestat or after it.
under_strace() {
	begin
	[ "$1" = before ] || trace_it
	strace -f -o /dev/null -p "$TARGET_PID" 2>"$WORK/gdb.out" &
	OTHER=$!
	OTHER_PIDS+=("$OTHER")
	await_traced "$TARGET_PID"
	[ "$1" = after ] || trace_it
	tell_target
	await_target '^done$'
	kill -INT "$OTHER"
	await_end "$OTHER"
	OTHER_PIDS=()
	end
}

# under_strace_early: it leaves in the middle.
strace_leaves() {
	begin
	trace_it
	strace -f -o /dev/null -p "$TARGET_PID" 2>"$WORK/gdb.out" &
	OTHER=$!
	OTHER_PIDS+=("$OTHER")
	await_traced "$TARGET_PID"
	tell_target
	pass_time 30
	kill -INT "$OTHER"
	await_end "$OTHER"
	OTHER_PIDS=()
	await_target '^done$'
	end
}

# try TRIES FAULT SAID PART [ARG]...
try() {
	local i n fault=$2 said=$3

	n=$(tries "$1")
	shift 3
	for ((i = 0; i < n; i++)); do
		"$@"
	done
	result "$fault" "$n" 0 "$said"
}

try 10 "gdb attaches, looks and leaves three times while slicestat counts" "exact" gdb_looks
try 10 "gdb has the target when slicestat comes and when it leaves" "exact" gdb_stays
try 10 "strace -f on the target, then slicestat" "exact" under_strace before
try 10 "slicestat, then strace -f on the target" "exact" under_strace after
try 10 "strace -f leaves while slicestat counts" "exact" strace_leaves
expect_nothing_left
