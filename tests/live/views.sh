#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# All views of the same work have the same sums.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_VIEWS_VERSIONS:-1.24 1.27}
readonly EVENTS=20000
SUMS=$ROOT/build/tests/sums

# view PATH NAME KEY...: the sums into $WORK/NAME.
view() {
	local path=$1 name=$2

	shift 2
	trace_target --by "$name" -- "$path" -events "$EVENTS"
	expect_accounted "$EVENTS"
	"$SUMS" "$WORK/report" events len_sum cap_sum bytes_allocated bytes_slack "$@" \
		>"$WORK/$name" || fail "$path by $name: no sums"
}

# expect_same FILE FILE
expect_same() {
	local said

	said=$(diff "$1" "$2") || fail "${1##*/} and ${2##*/} differ:"$'\n'"$said"
}

for version in $VERSIONS; do
	path=$(target_path "$version" default truth)
	view "$path" base
	expect "events by base" "events $EVENTS" "$(head -n 1 "$WORK/base")"
	for name in site type process; do
		view "$path" "$name" bytes_copied
		expect_same "$WORK/base" <(sed '$d' "$WORK/$name")
		expect_same "$WORK/site" "$WORK/$name"
	done
	"$SUMS" "$WORK/report" events_unsized | grep -x 'events_unsized 0' >/dev/null ||
		fail "there are events of unknown size"
done
echo "$EVENTS events have the same sums in each view: go $VERSIONS"
