#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# -e: what becomes of processes and files: execs, of the same program too, children that never exec,
# a file that is renamed over, deleted, and written into; each event is its own process's.

. "$(dirname "$0")/lib.sh"

readonly MAKES=1000
PROGRAM=$WORK/program
export GOGC=off

# put VERSION: another file at the path, as installers do it.
put() {
	cp "$WORK/turns-$1" "$PROGRAM.new"
	mv "$PROGRAM.new" "$PROGRAM"
}

# Only the line of the slices that are counted.
follow() {
	trace -e "$PROGRAM" --in main.makeSlices --by process -o json -n 0 -w "$WORK/report" 1000
}

await_tracer() {
	await_line "$TRACER_ERR" "$TRACER_PID" "$1" >>"$WORK/tracer.err"
}

# events PID: those of each of its lives, sorted.
events() {
	tail -n 1 "$WORK/report" | grep -o '"rows":\[.*' |
		grep -o "{\"pid\":$1,\"exe\":\"[^\"]*\",\"events\":[0-9]*" | sed 's/.*://' | sort -n |
		tr '\n' ' '
}

# expect_all N: events in all, none of them lost.
expect_all() {
	expect_accounted "$1"
	expect "events in all" "$1" "$(count folded)"
}

# expect_targets N: so many lives of processes.
expect_targets() {
	expect "targets" "$1" "$(tail -n 1 "$WORK/report" | sed 's/"counts".*//' | grep -o '"pid":' |
		wc -l)"
}

# start NAME WORD...: a process that says "here" and waits; its pid is in PIDS[NAME].
declare -A PIDS INS
start() {
	local name=$1 in out line

	shift
	mkfifo "$WORK/in.$name" "$WORK/out.$name"
	exec {in}<>"$WORK/in.$name" {out}<>"$WORK/out.$name"
	"$PROGRAM" say=here wait "$@" <"$WORK/in.$name" >"$WORK/out.$name" &
	PIDS[$name]=$!
	OTHER_PIDS+=("$!")
	INS[$name]=$in
	read -r -t "$PATIENCE" -u "$out" line || fail "$name did not start"
	expect "the first line of $name" here "$line"
	exec {out}>&-
}

# finish NAME...: lets it go on to its end.
finish() {
	local name

	for name; do
		echo >&"${INS[$name]}"
		await_end "${PIDS[$name]}"
		expect "exit status of $name" 0 "$STATUS"
		rm "$WORK/in.$name" "$WORK/out.$name"
	done
}

# A process that becomes another program, and the same one; from a shell; one that was traced before.
execs() {
	local shell

	put 1.24
	start waiting make=$MAKES "exec=$PROGRAM" make=2 exec=/bin/true
	follow
	# shellcheck disable=SC2016 # the inner shell's
	bash -c 'echo $$; exec "$1" make=3 "exec=$1" make=4 "exec=$1"' - "$PROGRAM" >"$WORK/shell"
	shell=$(<"$WORK/shell")
	finish waiting
	end_tracer
	expect "events of execs" "2 $MAKES " "$(events "${PIDS[waiting]}")"
	expect "events of execs from a shell" "3 4 " "$(events "$shell")"
	expect_all $((MAKES + 2 + 3 + 4))
	expect_targets 5
}

# Children that run the program's code, and such that run another program.
forks() {
	put 1.24
	start waiting "fork=$MAKES" make=1 "fork=2"
	follow
	finish waiting
	"$PROGRAM" run=/bin/true run=/bin/true make=3 run=/bin/true
	end_tracer
	expect "events of the parent" "1 " "$(events "${PIDS[waiting]}")"
	expect "events of all" "1 2 3 $MAKES " "$(events '[0-9]*')"
	expect_all $((MAKES + 1 + 2 + 3))
	expect_targets 4
}

# Versions that run at a time, of which two have no name any more.
versions() {
	local i=0 version

	put 1.21
	start 1.21 make=1 "exec=$PROGRAM" make=10
	follow
	for version in 1.24 1.27; do
		put "$version"
		await_tracer 'following the new'
		start "$version" "make=$((++i + 1))"
	done
	finish 1.21 1.24 1.27
	end_tracer
	expect "events of 1.21, then 1.27" "1 10 " "$(events "${PIDS[1.21]}")"
	expect "events of 1.24" "2 " "$(events "${PIDS[1.24]}")"
	expect "events of 1.27" "3 " "$(events "${PIDS[1.27]}")"
	expect_all $((1 + 10 + 2 + 3))
	expect "path of a deleted file" 0 "$(grep -c deleted "$WORK/report" || true)"
}

# A file that is deleted goes on being traced; what comes to its place is traced too.
deleted() {
	put 1.24
	start before make=1
	follow
	start after make=2
	rm "$PROGRAM"
	finish before
	put 1.27
	await_tracer 'following the new'
	"$PROGRAM" make=3
	finish after
	end_tracer
	expect "events before, after and later" "1 2 3 " "$(events '[0-9]*')"
	expect_all 6
}

# A file that is written into, by a writer that does not rename: it waits until the probes are off.
# The program that runs next, at once and when slicestat has followed it, is whole.
written() {
	put 1.24
	follow
	"$PROGRAM" make=5
	cat "$WORK/turns-1.27" >"$PROGRAM"
	"$PROGRAM" make=7 || fail "the new program ended with status $?"
	await_tracer 'is being written into'
	await_tracer 'following the new'
	"$PROGRAM" make=$MAKES
	end_tracer
	expect_match "events of the new program" "^(7 )?$MAKES \$" "$(events '[0-9]*')"
	expect_accounted $((MAKES + 5))
	expect "program after tracing" "$(sha256sum <"$WORK/turns-1.27")" "$(sha256sum <"$PROGRAM")"
}

# What is written into the file is no program: what it did until then is in the last report.
ruined() {
	put 1.24
	follow
	"$PROGRAM" make=5
	echo ruined >"$PROGRAM"
	await_tracer 'is not traced'
	end_tracer
	expect_accounted 5
}

for version in 1.21 1.24 1.27; do
	build_turns "$version" "$WORK/turns-$version"
done
execs
forks
versions
deleted
written
ruined
echo "5 execs, 4 children without one, 3 versions at once, files deleted and written into: exact"
