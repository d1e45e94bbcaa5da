#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Two processes of one executable hand out the same addresses: each base stays its own process's,
# whether they are named by id or found by their executable. A PIE lies elsewhere in each.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=20000

# check EXECUTABLE [NAME_OPTION]...: $FIRST and $SECOND in an option stand for the process ids.
check() {
	local path=$1 how=$2

	start_target "$path" -events $EVENTS -out "$WORK/truth1"
	await_target '^ready$'
	local first=$TARGET_PID in1=$TARGET_IN out1=$TARGET_OUT
	OTHER_PIDS+=("$first")
	start_target "$path" -events $EVENTS -out "$WORK/truth2"
	await_target '^ready$'
	case $how in
	pids) trace -p "$first,$TARGET_PID" -o json -n 0 -w "$WORK/report" ;;
	exe) trace -e "$path" -o json -n 0 -w "$WORK/report" ;;
	esac
	echo >&"$in1"
	tell_target
	await_line "$out1" "$first" '^done$' >/dev/null
	await_target '^done$'
	end_tracer
	echo >&"$in1"
	tell_target
	await_end "$first"
	expect "first target's exit status" 0 "$STATUS"
	exec {in1}>&- {out1}>&-
	local second=$TARGET_PID
	await_target_end
	for n in 1 2; do
		cp "$WORK/truth$n" "$WORK/truth"
		compare --pid="$([ $n = 1 ] && echo "$first" || echo "$second")" \
			--allow-extra=$EVENTS
	done
}

for form in default pie-stripped; do
	for how in pids exe; do
		check "$(target_path 1.24 $form truth)" $how
	done
done
