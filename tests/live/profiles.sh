#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# -o pprof and -o folded, read by their peers: go tool pprof and flamegraph.pl. Both tell the same,
# and as much as a JSON report of the same events.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/profiles/lib.sh"

readonly VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.24 1.27}
readonly FLAMEGRAPH=/usr/share/perl5/Devel/NYTProf/flamegraph.pl
readonly KEYS=(growths allocated copied slack)

# expect_usage REGEX OPTION...: a usage error, in one line and argp's hint.
expect_usage() {
	local regex=$1 status=0 said

	shift
	said=$("$SLICESTAT" "$@" 2>&1 >/dev/null) || status=$?
	expect "exit status of $*" 2 "$status"
	expect_match "$*" "$regex" "${said%%$'\n'*}"
}

check_usage() {
	local format

	for format in pprof folded; do
		expect_usage "-o $format is of stacks: leave --by out" -p 1 -o "$format" --by type
		expect_usage "-o $format is of stacks: leave --chains out" -p 1 -o "$format" --chains cheap
		expect_usage "table or json, not as -o $format" advise -p 1 -o "$format"
	done
	expect_usage '-o pprof is not for stderr: name a file with -w FILE' -o pprof -- true
	expect_usage "known are table, json, pprof, folded" -p 1 -o svg
}

check_terminal() {
	local said status=0

	said=$(script -qec "$SLICESTAT -p $$ -o pprof" /dev/null </dev/null) || status=$?
	expect "exit status at a terminal" 1 "$status"
	expect "said at a terminal" \
		"slicestat: -o pprof is not for a terminal: name a file with -w FILE, or a pipe" \
		"${said%%$'\r'*}"
}

# start_process PATH NUMBER: awaited; its ends are in TARGET_IN and TARGET_OUT.
start_process() {
	start_target "$1" -out "$WORK/truth.$2"
	await_target '^ready$'
}

# Each of two processes has samples of its own, of the same places.
check_processes() {
	local first in out events pids

	start_process "$1" 1
	first=$TARGET_PID in=$TARGET_IN out=$TARGET_OUT
	OTHER_PIDS=("$first")
	start_process "$1" 2
	trace -p "$first,$TARGET_PID" -o pprof -w "$WORK/profile"
	tell_target
	echo >&"$in"
	await_target '^done$'
	await_line "$out" "$first" '^done$' >/dev/null
	end_tracer
	tell_target
	await_target_end
	echo >&"$in"
	await_end "$first"
	pprof -raw "$WORK/profile"
	pids=$(awk '/^ +[0-9]+ +[0-9]+ .*: / { events = $1 }
		match($0, /pid:\[[0-9]+/) { sums[substr($0, RSTART + 5, RLENGTH - 5)] += events }
		END { for (pid in sums) print sums[pid] }' <<<"$SAID")
	events=$(sed -n 's/^Comment: seen: //p' <<<"$SAID")
	expect "growths of two processes" "$((events / 2)) $((events / 2))" "${pids//$'\n'/ }"
	expect "executables" 1 "$(sed '1,/^Mappings/d' <<<"$SAID" | wc -l)"
}

# also_as FORMAT FILE OPTION...: one more slicestat that traces the target.
also_as() {
	trace -p "$TARGET_PID" -o "$1" -w "$WORK/$2" "${@:3}"
	REPORTS_OF[TRACER_PID]=$2
	ERR_OF[TRACER_PID]=$TRACER_ERR
	OTHER_PIDS+=("$TRACER_PID")
}

end_all() {
	local report

	kill -INT "${!ERR_OF[@]}"
	for TRACER_PID in "${!ERR_OF[@]}"; do
		TRACER_ERR=${ERR_OF[TRACER_PID]}
		report=${REPORTS_OF[TRACER_PID]}
		await_tracer_end
		expect "exit status of the slicestat for $report" 0 "$STATUS"
	done
	OTHER_PIDS=()
	REPORTS_OF=()
	ERR_OF=()
}

# watch PATH: its work, seen by one slicestat for each of what is compared. Intervals write nothing.
watch() {
	local i

	start_target "$1" -out "$WORK/truth"
	await_target '^ready$'
	also_as pprof profile 0.05
	also_as json report --by site --stacks -n 0 1000
	for i in 0 1 2 3; do
		also_as folded "folded.${KEYS[i]}" -s "$(cut -d ' ' -f $((i + 1)) <<<'events alloc copied slack')" 0.05
	done
	tell_target
	await_target '^done$'
	end_all
	tell_target
	await_target_end
	expect_accounted 1
}

# stacks COLUMN: what pprof -raw says, as folded stacks of that value.
stacks() {
	pprof -raw "$WORK/profile"
	awk -v column="$1" -f "$ROOT/tests/live/profiles/raw_stacks.awk" <<<"$SAID" | sort
}

# summed: equal lines of folded stacks in one.
summed() {
	awk '{ value = $NF; sub(/ [0-9]+$/, ""); sums[$0] += value }
		END { for (stack in sums) printf "%s %.0f\n", stack, sums[stack] }' | sort
}

# total FILE: of folded stacks.
total() {
	awk '{ sum += $NF } END { printf "%.0f\n", sum }' "$1"
}

# json_sum KEY: over the rows of the report.
json_sum() {
	sed 's/"other":{.*//' "$WORK/report" |
		grep -o "\"$1\":[0-9]*" | awk -F : '{ sum += $2 } END { printf "%.0f\n", sum }'
}

check_sums() {
	local i fields=(events bytes_allocated bytes_copied bytes_slack)

	for i in 0 1 2 3; do
		stacks $((i + 1)) >"$WORK/raw"
		summed <"$WORK/folded.${KEYS[i]}" >"$WORK/summed"
		diff "$WORK/raw" "$WORK/summed" >"$WORK/diff" ||
			fail "${KEYS[i]}: folded stacks differ from pprof's:"$'\n'"$(head -n 8 "$WORK/diff" | cut -c 1-200)"
		expect "${KEYS[i]} in all" "$(json_sum "${fields[i]}")" "$(total "$WORK/summed")"
	done
	said="$(wc -l <"$WORK/raw") stacks"
}

# One rectangle a frame, whose title has its figures: those of pprof for the same function.
check_flame_graph() {
	local svg=$WORK/flame.svg sum

	sum=$(total "$WORK/folded.allocated")
	"$FLAMEGRAPH" --countname bytes "$WORK/folded.allocated" >"$svg" 2>"$WORK/flame.err" ||
		fail "flamegraph.pl: $(<"$WORK/flame.err")"
	expect "words of flamegraph.pl" "" "$(<"$WORK/flame.err")"
	xmllint --noout "$svg" || fail "the flame graph is no XML"
	grep -F "<title>all ($(sed ':a; s/^\([0-9]\+\)\([0-9]\{3\}\)/\1,\2/; ta' <<<"$sum") bytes, 100%)" \
		"$svg" >/dev/null || fail "the flame graph's sum is not $sum: $(grep -m 1 '<title>all' "$svg")"
	pprof -sample_index=allocated -unit=B -top -cum -nodefraction=0 "$WORK/profile"
	expect "bytes below main.main" \
		"$(awk '$NF == "main.main" { print $4 + 0 }' <<<"$SAID")" \
		"$(sed -n 's/.*<title>main\.main (\([0-9,]*\) bytes.*/\1/p' "$svg" | tr -d , |
			awk '{ sum += $1 } END { print sum }')"
}

# Lines of the source, and the calls in the code, have the figures.
check_listings() {
	local at

	pprof -sample_index=allocated -trim_path=slicestat.test -source_path="$ROOT/tests" \
		-list='^main\.push1$' "$WORK/profile"
	expect_match "-list" $'\n *[0-9.]+kB +[0-9.]+kB +[0-9]+:func push1\(v int\) \{' "$SAID"
	pprof -sample_index=growths -disasm='main\.' "$WORK/profile"
	at=$(awk '$1 + 0 && $3 ~ /^[0-9a-f]+:$/ { print $4, $5 }' <<<"$SAID")
	expect "instructions with growths" CALL "$(cut -d ' ' -f 1 <<<"$at" | sort -u)"
	[ "$(grep -c 'CALL runtime\.growslice' <<<"$at")" -ge 50 ] ||
		fail "few instructions have growths:"$'\n'"$at"
}

check_tags() {
	pprof -sample_index=growths -tags "$WORK/profile"
	expect_match "-tags" 'grow' "$SAID"
	expect "kinds of labels" "op type" \
		"$(sed -n 's/^ *\([a-z]*\): Total.*/\1/p' <<<"$SAID" | sort | paste -s -d ' ')"
	pprof -comments "$WORK/profile"
	expect_match "-comments" "slicestat $(<"$ROOT/VERSION")" "$SAID"
	expect "events seen" "$(count seen)" "$(sed -n 's/^seen: //p' <<<"$SAID")"
}

check_usage
check_terminal
check_processes "$(target_path 1.24 default sites)"
for version in $VERSIONS; do
	PPROF_VERSION=$version
	for form in default pie; do
		watch "$(target_path "$version" "$form" sites)"
		check_tags
		check_sums
		check_flame_graph
		check_listings
	done
done
echo "$said are the same for pprof, as folded, and in a flame graph: go $VERSIONS"
