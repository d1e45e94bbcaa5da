#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Whole programs: wall time of a program's own run, from being let go at its exec until its exit. No
# side counts slicestat's start and end. Prometheus does not end: there it is CPU time a scrape.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=programs_work.sh
. "$(dirname "$0")/programs_work.sh"

readonly SECTION=programs
ROUNDS=${ROUNDS:-4}
readonly GROW='slicestat --ops grow'
readonly BY_SITE='slicestat --by site'
readonly DEFAULT='slicestat'
# A package that causes 1 % of esbuild's events.
readonly PACKAGE='github.com/evanw/esbuild/internal/graph.*'
readonly SCOPED="slicestat --by site --in .../graph.*"

declare -A EVENTS=() # what the last run of a case and side has seen

# run_held COMMAND...: stopped at its exec, as TARGET's child PROGRAM.
run_held() {
	start_target "$BENCH/held" "$WORK/held" "$@"
	await_target '^held '
	PROGRAM=${LINE#held }
	OTHER_PIDS=("$PROGRAM")
}

# finish_held: let it go; returns when it has ended.
finish_held() {
	tell_target
	await_target_end
	OTHER_PIDS=()
}

# value FILE NAME: of a line "NAME VALUE".
value() { awk -v name="$2" '$1 == name { print $2 }' "$1"; }

# seen: of the last report, with what was lost.
seen() {
	tail -n 1 "$WORK/report" | jq -r '.counts |
		([to_entries[] | select(.key | startswith("lost_")) | .value] | add) as $lost |
		"\(.seen) events, \($lost) lost"'
}

# sample_run CASE SIDE: of the program that ended last.
sample_run() {
	sample "$1" "$2" s "$(value "$WORK/held" wall_s)"
	sample "$1, CPU time" "$2" s "$(value "$WORK/held" cpu_s)"
}

# untraced CASE COMMAND...
untraced() {
	local case=$1

	shift
	run_held "$@"
	finish_held
	sample_run "$case" untraced
}

# traced CASE SIDE OPTIONS COMMAND...
traced() {
	local case=$1 side=$2 options=()

	read -ra options <<<"$3"
	shift 3
	run_held "$@"
	trace -p "$PROGRAM" -o json -n 1 -w "$WORK/report" ${options[@]+"${options[@]}"}
	finish_held
	await_tracer_end
	[ "$STATUS" = 0 ] || fail "slicestat ended with status $STATUS"
	sample_run "$case" "$side"
	EVENTS["$case, $side"]=$(seen)
}

# empty CASE COMMAND...: an empty BPF program at the instruction that --ops grow probes.
empty() {
	local case=$1 address

	shift
	address=$(planned "$1" grow_call)
	run_held "$@"
	trace_with "$BENCH/floor" "$PROGRAM" "$address"
	await_probed "$PROGRAM" "$address"
	finish_held
	kill_tracer
	sample_run "$case" 'floor: empty, growths only'
}

# compare_runs CASE COMMAND...: one round.
compare_runs() {
	local case=$1

	shift
	untraced "$case" "$@"
	traced "$case" "$GROW" '--ops grow' "$@"
	traced "$case" "$BY_SITE" '--by site' "$@"
	traced "$case" "$DEFAULT" '' "$@"
}

# cpu_ticks PID: user and system time up to now.
cpu_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }

# cpu_of_scrapes SIDE: over SCRAPE_SECONDS.
cpu_of_scrapes() {
	local ticks n

	n=$(scrapes)
	ticks=$(cpu_ticks "$PROMETHEUS_PID")
	sleep "$SCRAPE_SECONDS"
	ticks=$(($(cpu_ticks "$PROMETHEUS_PID") - ticks))
	n=$(($(scrapes) - n))
	sample "$SCRAPING" "$1" ms/scrape \
		"$(awk -v t="$ticks" -v hz="$(getconf CLK_TCK)" -v n="$n" 'BEGIN { print 1000 * t / hz / n }')"
}

# scrape_traced SIDE OPTION...
scrape_traced() {
	local side=$1

	shift
	trace -p "$PROMETHEUS_PID" -o json -n 1 -w "$WORK/report" "$@"
	cpu_of_scrapes "$side"
	end_tracer
	EVENTS["$SCRAPING, $side"]=$(seen)
}

compare_scrapes() {
	cpu_of_scrapes untraced
	scrape_traced "$GROW" --ops grow
	scrape_traced "$BY_SITE" --by site
	scrape_traced "$DEFAULT"
}

rules() {
	title "Wall time of a program's own run (prometheus: CPU time); ratio to the untraced run"
	reference '*' untraced
	at_most "$ESBUILD" "$GROW" 1.6
	at_most "$ESBUILD" "$BY_SITE" 2
	at_most "$ESBUILD" "$SCOPED" 1.03
}

notes() {
	local key

	for key in "${!EVENTS[@]}"; do
		echo "$key: ${EVENTS[$key]}"
	done | sort | while read -r key; do note "$key"; done
}

rules
prepare_esbuild
prepare_tsgo
prepare_hugo
for ((round = 1; round <= ROUNDS; round++)); do
	say "programs: round $round of $ROUNDS"
	[ -z "$THREE" ] || compare_runs "$ESBUILD" "${ESBUILD_COMMAND[@]}"
	[ -z "$THREE" ] || empty "$ESBUILD" "${ESBUILD_COMMAND[@]}"
	[ -z "$THREE" ] ||
		traced "$ESBUILD" "$SCOPED" "--by site --in $PACKAGE" "${ESBUILD_COMMAND[@]}"
	[ -z "$TSGO" ] || compare_runs "$CHECKING" "${TSGO_COMMAND[@]}"
	[ -z "$HUGO" ] || compare_runs "$BUILDING" "${HUGO_COMMAND[@]}"
done
start_prometheus
for ((round = 1; round <= ROUNDS; round++)); do
	[ -z "$PROMETHEUS_PID" ] || compare_scrapes
done
end_prometheus
notes
