#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# With --stacks, all frames of every event are those that the program itself saw, by
# runtime.Callers. Each Go version.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.22 1.23 1.24 1.25 1.26 1.27}
COMPARE_SITES=$ROOT/build/tests/compare_sites
compared=0
stackless=0

# check PATH
check() {
	local said

	trace_target --by site --stacks --ops grow,make,reflect -- "$1"
	said=$("$COMPARE_SITES" "$WORK/truth" "$WORK/report" --stacks 2>&1) ||
		fail "$1: the stacks differ from the truth:"$'\n'"$said"
	expect_match "compare_sites" ' ([0-9]+) stackless' "$said"
	stackless=$((stackless + BASH_REMATCH[1]))
	compared=$((compared + ${said%% *}))
}

for version in $VERSIONS; do
	for form in default pie-stripped; do
		check "$(target_path "$version" "$form" sites)"
	done
	case $version in
	1.24 | 1.27) check "$(target_path "$version" default sites_cgo)" ;;
	esac
done
# Two stacks may want the same place in the map: the second is not kept, which is told.
[ $((stackless * 50)) -lt "$compared" ] || fail "$stackless of $compared events without a stack"
echo "$compared events with the right stacks, but $stackless without: go $VERSIONS"
