#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The element type of every event is named as the program's own reflect names it: also those that
# reflect makes at run time, also the first event of each call site.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.24 1.27}
total=0

# check VERSION FORM
check() {
	local said

	trace_target --ops grow,make,reflect -- "$(target_path "$1" "$2" types)"
	expect_accounted 500
	said=$("$ROOT/build/tests/compare_types" "$WORK/truth" "$WORK/report") ||
		fail "go $1 $2: $said"
	total=$((total + $(cut -d " " -f 1 <<<"$said")))
}

for version in $VERSIONS; do
	for form in ${SLICESTAT_FORMS:-default stripped pie pie-stripped}; do
		check "$version" "$form"
	done
done
echo "$total types equal: go $VERSIONS"
