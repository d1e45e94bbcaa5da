#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/bench.sh [SECTION]...: what tracing costs, as ratios between sides that take turns in one
# run: medians and quartiles, for people on stdout, for machines in build/bench.json. Sections:
#
#   events    an event, on the thread that it happens on: by view, and against bpftrace
#   maps      kinds of BPF maps to add events up in
#   target    what else the target notices: allocations, collections, latency
#   budget    a program at full load under --budget: what it loses, what the estimates are worth
#   start     from exec to attached; memory, drains and CPU time of slicestat itself
#   programs  whole programs: esbuild, tsgo, hugo, prometheus
#
# ROUNDS=N changes how often sides take turns. `make bench` builds what is needed here.

set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

readonly SECTIONS=(events maps target budget start programs)
readonly SAMPLES=$root/build/bench/samples
readonly RESULTS=$root/build/bench.json

# Tracing is root's; directories, toolchains and programs are the caller's.
mkdir -p "$root/build/bench/targets"
if [ "$(id -u)" -ne 0 ]; then
	exec sudo env "SLICESTAT_CACHE=${SLICESTAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slicestat}" \
		"ROUNDS=${ROUNDS:-}" "$root/tools/bench.sh" "$@"
fi

check_sections() {
	local section

	for section; do
		if [[ " ${SECTIONS[*]} " != *" $section "* ]]; then
			echo "bench: no section $section; there are: ${SECTIONS[*]}" >&2
			exit 2
		fi
	done
}

sections=("$@")
[ $# -gt 0 ] || sections=("${SECTIONS[@]}")
check_sections "${sections[@]}"
: >"$SAMPLES"
failed=()
for section in "${sections[@]}"; do
	"$root/tests/bench/$section.sh" >>"$SAMPLES" || failed+=("$section")
done
# A missed goal is said there, and no failure of the measurement.
"$root/build/bench/summary" "$RESULTS" <"$SAMPLES" || [ $? = 3 ]
echo "bench: for machines: ${RESULTS#"$PWD/"}"
[ "${#failed[@]}" -eq 0 ] || { echo "bench: FAILED: ${failed[*]}" >&2 && exit 1; }
