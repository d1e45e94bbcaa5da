#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The names and sizes of types, read from executables and, where reflect made them, from the memory
# of processes, equal what the program itself says of them.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_TYPES_VERSIONS:-1.21 1.24 1.27}
TYPENAME=$ROOT/build/tests/typename
compared=0

# check VERSION FORM
check() {
	start_target "$(target_path "$1" "$2" types)" -dump
	await_line "$TARGET_OUT" "$TARGET_PID" '^done$' | sed '$d' >"$WORK/expected"
	cut -f 1 "$WORK/expected" | "$TYPENAME" "$TARGET_PID" >"$WORK/got" ||
		fail "typename ended with status $?"
	diff "$WORK/expected" "$WORK/got" >"$WORK/diff" ||
		fail "go $1 $2: types differ:"$'\n'"$(head -n 10 "$WORK/diff")"
	compared=$((compared + $(wc -l <"$WORK/expected")))
	tell_target
	await_target_end
}

for version in $VERSIONS; do
	for form in default stripped pie pie-stripped; do
		check "$version" "$form"
	done
done
[ "$compared" -gt 0 ] || fail "no types were compared"
echo "$compared types equal: go $VERSIONS"
