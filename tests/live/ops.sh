#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every operation but grow and make: each base with its events, lengths and capacities as the
# program itself counted them.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.24 1.26 1.27}
OPS=copy,nozero,reflect,bytes,string,conv
total=0

# check VERSION FORM
check() {
	local ops=$OPS said

	# Go before 1.26 moves nothing.
	[ "${1#1.}" -lt 26 ] || ops+=,move
	trace_target --ops "$ops" --max-bases 1048576 1000 -- "$(target_path "$1" "$2" ops)" \
		${SLICESTAT_EVENTS:+-events "$SLICESTAT_EVENTS"}
	said=$("$COMPARE" "$WORK/truth" "$WORK/report") || fail "go $1 $2: $said"
	[ "$(count unallocated)" -gt 1000 ] || fail "go $1 $2: no conversion without allocation"
	total=$((total + $(count folded)))
}

for version in $VERSIONS; do
	for form in ${SLICESTAT_FORMS:-default pie-stripped}; do
		check "$version" "$form"
	done
done
echo "$total events exact: go $VERSIONS"
