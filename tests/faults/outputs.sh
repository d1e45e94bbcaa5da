#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Nobody reads the reports, or there is no room for them: one line, or none where the reader left; the
# target does not notice.

. "$(dirname "$0")/lib.sh"

readonly PIPE_BYTES=65536 # what a pipe holds: pipe(7)

# fails REGEX ARG...: slicestat, with one line.
fails() {
	expect_error "$1" "$SLICESTAT" -q -p "$TARGET_PID" -o json -n 0 "${@:2}"
}

# reader_leaves LINES
reader_leaves() {
	local status=(0 0)

	"$SLICESTAT" -q -p "$TARGET_PID" -o json -n 0 0.01 2>"$WORK/tracer.err" |
		head -n "$1" >"$WORK/first" || status=("${PIPESTATUS[@]}")
	expect "slicestat's exit status" 0 "${status[0]}"
	expect "stderr" "" "$(cat "$WORK/tracer.err")"
	expect "lines read" "$1" "$(wc -l <"$WORK/first")"
}

# reader_stalls: it holds a pipe that is full and reads no more. Who ends slicestat may have to do so
# twice: once for tracing, once for the last report.
reader_stalls() {
	local stalled

	rm -f "$WORK/stalled"
	mkfifo "$WORK/stalled"
	exec {stalled}<>"$WORK/stalled"
	head -c "$PIPE_BYTES" /dev/zero >&"$stalled"
	trace -p "$TARGET_PID" -o json -n 1000 -w "$WORK/stalled" 0.01
	while kill -INT "$TRACER_PID" 2>/dev/null; do pass_time 500; done
	await_tracer_end
	exec {stalled}>&-
	expect "slicestat's exit status" 1 "$STATUS"
	expect_one_line 'reader has stopped'
}

# small_disk: reports of which the second or third has no room.
small_disk() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	expect_error 'cannot write .*No space left' in_own_mounts sh -c \
		'mount -t tmpfs -o size=256k none /mnt && shift && exec "$@" -w /mnt/report' sh - \
		"$SLICESTAT" -q -p "$TARGET_PID" -o json -n 1000 0.01
}

start_churn -goroutines 16
n=$(tries 50)
for ((i = 0; i < n; i++)); do
	reader_leaves $((1 + i % 5))
	fails 'cannot write .*No space left' -w /dev/full 0.01
	small_disk
	kill -0 "$TARGET_PID" || fail "the target is gone"
done
n_stalled=$(tries 10)
for ((i = 0; i < n_stalled; i++)); do
	reader_stalls
done
end_churn
expect_nothing_left
result "closed pipe: slicestat | head" "$n" 0 "the lines that head shows; status 0"
result "full device: -w /dev/full" "$n" 0 \
	"cannot write the report to /dev/full: No space left on device; status 1"
result "full disk: a tmpfs of 256 KiB" "$n" 0 \
	"cannot write the report to ...: No space left on device; status 1"
result "a reader that holds the pipe and stops reading; ^C" "$n_stalled" 0 \
	"the reports' reader has stopped: the last is not whole; status 1, after 2 s"
