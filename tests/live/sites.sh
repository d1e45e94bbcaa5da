#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every event is told from the line that caused it, with what that is inlined into, and of the right
# type: exactly as the program itself saw it, by runtime.Callers. Each Go version, each kind of
# executable.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.22 1.23 1.24 1.25 1.26 1.27}
COMPARE_SITES=$ROOT/build/tests/compare_sites
compared=0

# check PATH
check() {
	local said

	trace_target --by site --ops grow,make,reflect -- "$1" \
		${SLICESTAT_EVENTS:+-events "$SLICESTAT_EVENTS"}
	said=$("$COMPARE_SITES" "$WORK/truth" "$WORK/report" 2>&1) ||
		fail "$1: the sites differ from the truth:"$'\n'"$said"
	expect_accounted "${said%% *}"
	compared=$((compared + ${said%% *}))
}

for version in $VERSIONS; do
	for form in ${SLICESTAT_FORMS:-default stripped pie pie-stripped}; do
		check "$(target_path "$version" "$form" sites)"
	done
	case $version/${SLICESTAT_FORMS:-all} in
	1.24/all | 1.27/all) check "$(target_path "$version" default sites_cgo)" ;;
	esac
done
[ "$compared" -gt 0 ] || fail "nothing was compared"
echo "$compared events from the right lines: go $VERSIONS"
