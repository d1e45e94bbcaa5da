#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# -e: every process of an executable, exact from its first instruction: those that ran before and
# those that come later, many at a time and one after the other, and those of the files that come to
# the same path.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=500 RESTARTS=${SLICESTAT_RESTARTS:-100} TOGETHER=8
PROGRAM=$WORK/program


follow() {
	trace -e "$PROGRAM" -o json -n 0 -w "$WORK/report" 1000
}

# run_whole NAME: to its end; all that it does is in its truth, but for Go's own start.
run_whole() {
	GOGC=off "$PROGRAM" -auto -events "$EVENTS" -out "$WORK/truth.$1" >/dev/null &
	echo "$!" >"$WORK/pid.$1"
	wait "$!" || fail "run $1 ended with status $?"
}

# expect_exact NAME...: each process's own.
expect_exact() {
	local name said

	for name; do
		said=$("$COMPARE" "$WORK/truth.$name" "$WORK/report" --allow-extra \
			"--pid=$(cat "$WORK/pid.$name")" 2>&1) || fail "run $name: $said"
	done
	expect_accounted $((EVENTS * $#))
}

# put VERSION FORM: another file at the path, as installers do it.
put() {
	cp "$(target_path "$1" "$2" truth)" "$PROGRAM.new"
	mv "$PROGRAM.new" "$PROGRAM"
}

# before_and_later: one that waits to begin, then those that nobody has seen yet.
before_and_later() {
	local i pids=()

	start_target "$PROGRAM" -events "$EVENTS" -out "$WORK/truth.before"
	await_target '^ready$'
	echo "$TARGET_PID" >"$WORK/pid.before"
	follow
	for ((i = 0; i < TOGETHER; i++)); do
		run_whole "$i" &
		pids+=("$!")
	done
	tell_target
	await_target '^done$'
	wait "${pids[@]}" || fail "a run failed"
	tell_target
	await_target_end
	run_whole last
	end_tracer
	expect_exact before last $(seq 0 $((TOGETHER - 1)))
}

# restarts: each with a file of its own, of several versions.
restarts() {
	local i builds=(1.21/default 1.24/pie 1.27/default 1.24/default 1.27/pie-stripped) names=() build

	put 1.24 default
	follow
	for ((i = 0; i < RESTARTS; i++)); do
		build=${builds[i % ${#builds[@]}]}
		put "${build%/*}" "${build#*/}"
		await_line "$TRACER_ERR" "$TRACER_PID" 'following the new' >>"$WORK/tracer.err"
		run_whole "$i"
		names+=("$i")
	done
	end_tracer
	expect_exact "${names[@]}"
}

put 1.24 default
before_and_later
put 1.27 pie-stripped
before_and_later
restarts
echo "$((2 * (TOGETHER + 2) + RESTARTS)) processes exact, of $((RESTARTS + 2)) files"
