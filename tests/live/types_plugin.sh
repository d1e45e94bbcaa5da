#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The names and sizes of types of plugins, read from the memory of the process that opened them,
# equal what the program itself says of them, also where several modules have types of one name.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_PLUGIN_VERSIONS:-1.24 1.27}
TYPENAME=$ROOT/build/tests/typename
compared=0
in_plugins=0

# count_in NAME: prints how many of the expected types lie where the target has mapped that file.
count_in() {
	local begin end addr count=0

	while IFS=- read -r begin end; do
		while read -r addr _; do
			((addr < 0x$begin || addr >= 0x$end)) || count=$((count + 1))
		done <"$WORK/expected"
	done < <(sed -n "s,^\([^ ]*\) .*/$1\$,\1,p" "/proc/$TARGET_PID/maps")
	echo "$count"
}

# check VERSION
check() {
	local host plugins name count

	host=$(target_path "$1" default plugins)
	plugins=(one.so two.so)
	start_target "$host" "${plugins[@]/#/$(dirname "$host")/}"
	await_line "$TARGET_OUT" "$TARGET_PID" '^done$' | sed '$d' >"$WORK/expected"
	cut -f 1 "$WORK/expected" | "$TYPENAME" "$TARGET_PID" >"$WORK/got" ||
		fail "typename ended with status $?"
	diff "$WORK/expected" "$WORK/got" >"$WORK/diff" ||
		fail "go $1: types differ:"$'\n'"$(head -n 10 "$WORK/diff")"
	for name in "${plugins[@]}"; do
		count=$(count_in "$name")
		[ "$count" -gt 0 ] || fail "go $1: no type lies in $name"
		in_plugins=$((in_plugins + count))
	done
	compared=$((compared + $(wc -l <"$WORK/expected")))
	tell_target
	await_target_end
}

for version in $VERSIONS; do
	check "$version"
done
echo "$compared types equal, $in_plugins of them of plugins: go $VERSIONS"
