#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The lives of all slices that a program follows itself, from their first array to their last: places
# where they began, growths, bytes copied and left behind for each capacity they came to, and what
# each growth was to its slice. Where old capacities are not probed, what cannot be known is what the
# program says cannot be known. With room for few arrays nothing is told that is not so.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=${SLICESTAT_EVENTS:-40000}
growths=0

# The executables, as VERSION/FORM.
builds() {
	local version form

	[ -n "${SLICESTAT_VERSIONS:-}" ] ||
		echo 1.21/default 1.27/default 1.24/pie-stripped 1.24/default
	for version in ${SLICESTAT_VERSIONS:-}; do
		for form in ${SLICESTAT_FORMS:-default}; do
			echo "$version/$form"
		done
	done
}

# compare_chains MODE [OPTION]...: what it said is in SAID.
compare_chains() {
	SAID=$("$ROOT/build/tests/compare_chains" "$WORK/truth" "$WORK/report" "$@") ||
		fail "$path $1: $SAID"
}

# Helper packages are skipped: the program knows the lines that called them.
for build in $(builds); do
	path=$(target_path "${build%/*}" "${build#*/}" lives)
	for mode in cheap exact; do
		trace_target --chains "$mode" --skip 'slices.*' -- "$path" -events "$EVENTS"
		expect_accounted "$EVENTS"
		compare_chains "$mode"
		growths=$((growths + ${SAID%% *}))
	done
done

trace_target --chains cheap --skip 'slices.*' --max-bases 4096 -- "$path" -events 60000
expect_accounted 60000
compare_chains cheap --forgetful
echo "the chains of $growths growths equal; of few arrays: $SAID"
