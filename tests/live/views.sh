#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# All views of the same work have the same sums; what a view has no room for is counted instead.

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

# fates: those of the final report, each as "NAME N" on a line; what was folded or lost is one.
fates() {
	{ tail -n 1 "$WORK/report" || true; } 2>/dev/null | head -c 4096 |
		sed -n 's/.*"counts":{\([^}]*\)}.*/\1/p' | tr -d '"' | tr ',:' '\n ' |
		awk '$1 == "folded" || $1 ~ /^lost_/ { kept += $2; next } { print }
			END { print "folded_or_lost", kept }'
}

# narrow PATH: by base, where two bases are all that a window has room for.
narrow() {
	local lost

	trace_target --by base --max-bases 2 -- "$1" -events "$EVENTS"
	lost=$(count lost_bases_full)
	[ "$lost" -gt 0 ] || fail "nothing was lost: this case tests nothing"
	expect "bases folded, and lost" "$EVENTS" "$(($(count folded) + lost))"
}

for version in $VERSIONS; do
	path=$(target_path "$version" default truth)
	view "$path" base
	expect "events by base" "events $EVENTS" "$(head -n 1 "$WORK/base")"
	fates >"$WORK/base_fates"
	for name in site type process; do
		view "$path" "$name" bytes_copied
		expect_same "$WORK/base" <(sed '$d' "$WORK/$name")
		expect_same "$WORK/site" "$WORK/$name"
		expect_same "$WORK/base_fates" <(fates)
	done
	"$SUMS" "$WORK/report" events_unsized | grep -x 'events_unsized 0' >/dev/null ||
		fail "there are events of unknown size"
	narrow "$path"
	expect_same "$WORK/base_fates" <(fates)
done
echo "$EVENTS events have the same sums in each view, or are counted as lost: go $VERSIONS"
