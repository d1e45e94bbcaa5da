#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every base's events, lengths and capacities equal what the program noted itself: each Go version,
# each kind of executable, attached by pid and started as a command.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.22 1.23 1.24 1.25 1.26 1.27}

events() {
	case $1/$2 in
	1.24/default | 1.27/default) echo 1000000 ;;
	*/default) echo 100000 ;;
	*) echo 20000 ;;
	esac
}

# A window has room for all, so that no drain can come late; only the last report is wanted.
readonly ROOM=1048576 INTERVAL=1000

by_pid() {
	trace_target --max-bases "$ROOM" "$INTERVAL" -- "$1" -events "$2"
	compare
}

# Go's own start-up is traced, too. The noted addresses come once: the collector is off.
by_command() {
	GOGC=off "$SLICESTAT" --max-bases "$ROOM" -o json -n 0 -w "$WORK/report" \
		"$INTERVAL" -- "$1" -auto -events "$2" -out "$WORK/truth" 2>"$WORK/tracer.err" ||
		fail "slicestat ended with status $?"
	compare --allow-extra
}

for version in $VERSIONS; do
	for form in ${SLICESTAT_FORMS:-default stripped pie pie-stripped}; do
		path=$(target_path "$version" "$form" truth)
		for way in by_pid by_command; do
			echo "go $version $form $way"
			"$way" "$path" "${SLICESTAT_EVENTS:-$(events "$version" "$form")}"
		done
	done
done
echo "all equal: go $VERSIONS"
