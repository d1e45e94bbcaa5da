#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every error is one line on stderr that names the cause; the exit status is 1, for bad usage 2.

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default truth)
stripped=$(target_path 1.24 stripped truth)

# expect_usage REGEX ARG...: a hint at --help may follow.
expect_usage() {
	local regex=$1 status=0 said

	shift
	said=$("$SLICESTAT" "$@" 2>&1 >/dev/null) || status=$?
	expect "exit status of slicestat $*" 2 "$status"
	expect_match "slicestat $*" "slicestat: [^"$'\n'"]*($regex)" "$said"
}

echo "usage"
expect_usage 'nothing to trace'
expect_usage 'not a number' -p 1x
expect_usage 'not a number' -p 0
expect_usage 'not a number' -p 1 --max-bases 0
expect_usage 'INTERVAL' -p 1 0
expect_usage 'INTERVAL' -p 1 nan
expect_usage 'COUNT' -p 1 1 0
expect_usage 'too many' -p 1 1 1 1
expect_usage 'budget' -p 1 --budget 0
expect_usage 'attach' -p 1 --attach kprobe
expect_usage 'budget' -p 1 --budget 101
expect_usage 'budget' -p 1 --budget much
expect_usage 'chains need every growth' -p 1 --budget 5 --chains cheap
expect_usage 'by' -p 1 --by line
expect_usage 'foo' -p 1 --ops foo
expect_usage 'sort' -p 1 -s foo
expect_usage 'format' -p 1 -o foo
expect_usage 'only one of' -p 1 -- true
expect_usage 'only one of' -p 1 -e "$path"
expect_usage 'chains need all' -p 1 --chains cheap --in 'main.*'
expect_usage 'know --ops grow, make and copy' -p 1 --ops bytes --not-in 'main.*'
expect_usage 'and no --func' -p 1 --func main.Record --in 'main.*'
expect_usage 'foo' --foo -p 1
expect_usage 'one executable' plan
expect_usage 'check' check now

echo "processes"
expect_error 'no .*process|no such process|does not exist' "$SLICESTAT" -p 2147483647
expect_error 'No such file' "$SLICESTAT" -e "$WORK/none"
mkfifo "$WORK/cat"
cat <"$WORK/cat" &
OTHER_PIDS+=($!)
exec {CAT}>"$WORK/cat"
expect_error 'not a Go|no Go' "$SLICESTAT" -p "${OTHER_PIDS[0]}"
exec {CAT}>&-

echo "executables"
plan() { expect_error "$1" "$SLICESTAT" plan "$2"; }
echo "no program" >"$WORK/text"
: >"$WORK/empty"
head -c 5000 "$path" >"$WORK/truncated"
LC_ALL=C sed 's/go1\.24\.\([0-9]\)/go1.19.\1/g' "$stripped" >"$WORK/old"
plan 'No such file' "$WORK/none"
plan 'ELF' "$WORK/text"
plan 'ELF|empty' "$WORK/empty"
plan 'truncated|beyond|ends|damaged|outside' "$WORK/truncated"
plan 'directory|regular file' "$WORK"
plan 'not a Go|no Go' "$(command -v cat)"
plan '1\.19.*1\.21|1\.21.*1\.19' "$WORK/old"
plan '32-bit|386' "$(target_path 1.24 386 truth)"

echo "parts of programs"
scope() { expect_error "$1" "$SLICESTAT" plan "${@:2}" "$path"; }
scope "no functions that match 'mian\.\*'; write names as reports do" --in 'mian.*'
scope "match 'main\.grow\*' and do not match 'main\.\*'; write names" --in 'main.grow*' --not-in 'main.*'
scope "no call of growslice in functions that match 'main\.makeInts'; their slices may" \
	--ops grow --in main.makeInts
scope "request no other operations with them" --ops grow,bytes --in 'main.*'
scope "recorded by name cannot be requested with them" --func main.makeInts --in 'main.*'

echo "rights and files"
start_target "$path"
await_target '^ready$'
chmod 711 "$WORK"
cp "$SLICESTAT" "$WORK/slicestat"
expect_error 'root|sudo|CAP_' setpriv --reuid 65534 --regid 65534 --clear-groups \
	"$WORK/slicestat" -p "$TARGET_PID"
expect_error "pid $TARGET_PID .*no functions that match 'mian" "$SLICESTAT" -p "$TARGET_PID" --in 'mian.*'
expect_error 'No space left' "$SLICESTAT" -q -p "$TARGET_PID" -o json -w /dev/full 0.05 2
expect_error 'No such file' "$SLICESTAT" -p "$TARGET_PID" -w "$WORK/none/report"
mkfifo "$WORK/left"
head -c 10 "$WORK/left" >/dev/null &
OTHER_PIDS+=($!)
expect_error 'Broken pipe' "$SLICESTAT" -q -p "$TARGET_PID" -o json -w "$WORK/left" 0.05

echo "the kernel"
# shellcheck disable=SC2016 # expanded by the inner shell
expect_error 'kernel BTF' in_own_mounts sh -c \
	'mount -t tmpfs none /sys/kernel/btf && exec "$@"' sh "$SLICESTAT" -p "$TARGET_PID"
# More buckets than a hash map can have: refused before any memory is taken.
expect_error '(kernel refused|out of memory).*lower --max-bases' "$SLICESTAT" --max-bases 1000000000 -p "$TARGET_PID"

# shellcheck disable=SC2016 # expanded by the inner shell
expect_error 'too many open files: raise ulimit -n' sh -c 'ulimit -n 30 && exec "$@"' sh \
	"$SLICESTAT" -p "$TARGET_PID"

echo "a reader that leaves"
trace -p "$TARGET_PID" -o json -w /dev/null 60
end_tracer
status=0
"$SLICESTAT" -q -p "$TARGET_PID" -o json 0.05 2>"$WORK/tracer.err" | head -n 1 >"$WORK/first" ||
	status=${PIPESTATUS[0]}
expect "exit status" 0 "$status"
expect "stderr" "" "$(cat "$WORK/tracer.err")"
expect_match "the line read" '"final":false' "$(cat "$WORK/first")"
