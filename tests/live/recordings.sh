#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What `report` and `advise` make of a recording is the live report to the byte: by each view, as a
# table and as JSON, of one process and of several, with stacks, of chains. A recording comes whole or
# not at all, and all that may end a run leaves one.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=5000
RECORDING=$WORK/run.rec
SAME=0 # comparisons

# same VERB ARG...: what it says of the recording is the end of $WORK/live.
same() {
	"$SLICESTAT" "$1" "$RECORDING" "${@:2}" >"$WORK/again" 2>"$WORK/again.err" ||
		fail "$*: $(cat "$WORK/again.err")"
	[ -s "$WORK/again" ] || fail "$*: nothing"
	tail -c "$(stat -c %s "$WORK/again")" "$WORK/live" >"$WORK/last"
	cmp "$WORK/last" "$WORK/again" || fail "$*: differs: $(diff "$WORK/last" "$WORK/again" | head -c 2000)"
	SAME=$((SAME + 1))
}

# work_of VERSION ARG...: one process, all of whose events come while it is traced.
work_of() {
	start_target "$(target_path "$1" default truth)" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	trace "${@:2}" -p "$TARGET_PID"
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
	grep -q '^slicestat: recorded ' "$WORK/tracer.err" || fail "nothing is said of the recording"
}

# views VERSION: with reports every 10 ms, so that the last interval is not the whole run; or with
# only one, which is.
views() {
	local by format interval

	for by in site type process base; do
		for format in json table; do
			interval=1
			[ "$format" = table ] || interval=0.01
			work_of "$1" record -O "$RECORDING" --by "$by" -o "$format" -n 0 -w "$WORK/live" "$interval"
			same report --by "$by" -o "$format" -n 0
		done
	done
	work_of "$1" record -O "$RECORDING" --by type -s alloc -n 3 --min-bytes 64 -w "$WORK/live"
	same report --by type -s alloc -n 3 --min-bytes 64
}

stacks() {
	local format

	work_of "$1" record -O "$RECORDING" --stacks -o json -n 0 -w "$WORK/live"
	grep -q '"stack":\[{' "$WORK/live" || fail "no stacks"
	same report --stacks -o json -n 0
	for format in pprof folded; do
		work_of "$1" record -O "$RECORDING" -o "$format" -w "$WORK/live"
		same report -o "$format"
		same report -o "$format" -w /dev/stdout
	done
}

chains() {
	local mode format

	for mode in cheap exact; do
		for format in json table; do
			work_of "$1" record -O "$RECORDING" --chains=$mode -o "$format" -s dead -n 0 \
				-w "$WORK/live"
			same report -o "$format" -s dead -n 0
			work_of "$1" advise --chains=$mode -O "$RECORDING" -o "$format" -w "$WORK/live"
			same advise -o "$format"
		done
	done
	# The program was built with its sources' true paths left out: these lines are of its own.
	work_of_program advise -O "$RECORDING" -o json -w "$WORK/live"
	same advise -o json
	grep -q '"source":"list = append(list, i)"' "$WORK/live" || fail "no line of source"
	rm "$WORK/lists/main.go"
	same advise -o json
}

# work_of_program ARG...: of a program whose source can be read.
work_of_program() {
	mkdir -p "$WORK/lists"
	cat >"$WORK/lists/main.go" <<-'END'
		package main

		import "fmt"

		var kept [][]int

		func main() {
			fmt.Println("ready")
			fmt.Scanln()
			for n := 0; n < 100; n++ {
				var list []int
				for i := 0; i < 1000; i++ {
					list = append(list, i)
				}
				kept = append(kept[:0], list)
			}
			fmt.Println("done")
			fmt.Scanln()
		}
	END
	(cd "$WORK/lists" && "$ROOT/tools/go.sh" 1.24 build -o "$WORK/lists/lists" main.go) ||
		fail "cannot build the program"
	start_target "$WORK/lists/lists"
	await_target '^ready$'
	trace "$@" -p "$TARGET_PID"
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
}

# several VERSION ARG...: three processes of -e, two of which end before the last report.
several() {
	local program=$WORK/program i

	cp "$(target_path "$1" default truth)" "$program"
	start_target "$program" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	trace "${@:2}" -e "$program"
	for ((i = 0; i < 2; i++)); do
		"$program" -auto -events $((EVENTS + i)) -out "$WORK/truth.$i" >/dev/null ||
			fail "process $i ended with status $?"
	done
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
}

several_views() {
	local by

	for by in site type process base; do
		several "$1" record -O "$RECORDING" --by "$by" -o json -n 0 -w "$WORK/live"
		same report --by "$by" -o json -n 0
	done
	expect "processes told" 3 "$(grep -o '"pid":' <<<"$("$SLICESTAT" report "$RECORDING" -o json -n 1 |
		sed 's/"rows".*//')" | wc -l)"
	several "$1" record -O "$RECORDING" --chains=cheap -o json -n 0 -w "$WORK/live"
	same report -o json -n 0
}

budget() {
	work_of "$1" record -O "$RECORDING" --budget 50 -o json -n 0 -w "$WORK/live"
	grep -q '"exposure":' "$WORK/live" || fail "no estimates"
	same report -o json -n 0
}

expect_recorded() {
	"$SLICESTAT" report "$RECORDING" >"$WORK/again" || fail "$1 left no recording"
	rm "$RECORDING"
}

# ends: without -w nothing but messages is printed.
ends() {
	local path

	path=$(target_path "$1" default truth)
	for signal in INT TERM HUP; do
		start_target "$path" -events "$EVENTS" -out "$WORK/truth"
		await_target '^ready$'
		trace record -O "$RECORDING" -p "$TARGET_PID"
		kill -"$signal" "$TRACER_PID"
		await_tracer_end
		expect "exit status after SIG$signal" 0 "$STATUS"
		expect_recorded "SIG$signal"
		tell_target && tell_target
		await_target_end
	done
	start_target "$path" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	trace record -O "$RECORDING" -p "$TARGET_PID"
	tell_target && tell_target
	await_target_end
	await_tracer_end
	expect "exit status when the target is gone" 0 "$STATUS"
	expect "stdout" "" "$(cat "$WORK/tracer.out")"
	expect_recorded "the target's end"
	STATUS=0
	"$SLICESTAT" -q >/dev/null 2>&1 record -O "$RECORDING" || STATUS=$?
	expect "exit status without a target" 2 "$STATUS"
	"$SLICESTAT" record -q -O "$RECORDING" -- "$path" -auto -events 100 -out "$WORK/truth" >/dev/null ||
		fail "a command recorded ended with status $?"
	expect_recorded "a command"
}

# places: what was there is replaced, but for what is no file. Nothing else is left beside it.
places() {
	local path

	path=$(target_path "$1" default truth)
	mkdir "$WORK/place"
	echo old >"$WORK/place/file"
	ln -s file "$WORK/place/link"
	set -- -- "$path" -auto -events 100 -out "$WORK/truth"
	"$SLICESTAT" record -q -O "$WORK/place/link" "$@" >/dev/null || fail "through a link: status $?"
	[ -L "$WORK/place/link" ] || fail "the link is gone"
	"$SLICESTAT" report "$WORK/place/file" >/dev/null || fail "the link's target is no recording"
	expect_error 'no regular file' "$SLICESTAT" record -q -O /dev/null "$@"
	[ -c /dev/null ] || fail "/dev/null is gone"
	expect_error 'Is a directory' "$SLICESTAT" record -q -O "$WORK/place" "$@"
	expect_error 'cannot write .*No such file' "$SLICESTAT" record -q -O "$WORK/nowhere/file" "$@"
	echo old >"$WORK/place/file"
	# shellcheck disable=SC2016 # expanded by the inner shell
	expect_error 'cannot write .*No space left' in_own_mounts sh -c '
		mount -t tmpfs -o size=4k none /mnt && echo old >/mnt/old && shift || exit 9
		"$@"
		status=$?
		[ "$(ls /mnt)$(cat /mnt/old)" = oldold ] || echo "slicestat: something is left" >&2
		exit $status' sh - "$SLICESTAT" record -q -O /mnt/new "$@"
	expect "what lies there" "file link" "$(cd "$WORK/place" && echo *)"
	chown nobody "$WORK/place"
	"$SLICESTAT" record -q -O "$WORK/place/file" "$@" >/dev/null ||
		fail "in another user's directory: status $?"
	"$SLICESTAT" report "$WORK/place/file" >/dev/null || fail "the old file is still there"
}

for version in ${SLICESTAT_VERSIONS:-1.24}; do
	views "$version"
	stacks "$version"
	chains "$version"
	several_views "$version"
	budget "$version"
	ends "$version"
	rm -rf "$WORK/place"
	places "$version"
done
echo "$SAME reports of recordings are the live ones to the byte"
