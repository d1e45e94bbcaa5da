#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A session that another slicestat has left to the kernel, as a profile: while it goes on, and when
# it is stopped. Without stacks there is none to be had.
# shellcheck disable=SC2119 # stop has options, which are not wanted here

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_pins.sh"
. "$(dirname "$0")/profiles/lib.sh"

# growths FILE: in all; the events folded, as the comments say, in FOLDED.
growths() {
	pprof -raw "$1"
	FOLDED=$(sed -n 's/^Comment: folded: //p' <<<"$SAID")
	awk '/^Samples:/ { samples = 1; next } /^Locations/ { samples = 0 }
		samples && /^ +[0-9]+ +[0-9]+ .*: / { sum += $1 } END { printf "%.0f\n", sum }' <<<"$SAID"
}

start_target "$(target_path 1.24 default sites)" -out "$WORK/truth"
await_target '^ready$'
detach --by site
expect_error "-o pprof is of stacks, which $PIN_PATH does not keep: pin it with --by site --stacks" \
	"$SLICESTAT" stop "$PIN" -o pprof -w "$WORK/profile"
stop
detach --by site --stacks
tell_target
await_target '^done$'
"$SLICESTAT" attach "$PIN" -q -o pprof -w "$WORK/profile" 0.1 1 || fail "attach: status $?"
growths "$WORK/profile" >"$WORK/attached"
expect "growths while it goes on" "$FOLDED" "$(<"$WORK/attached")"
"$SLICESTAT" stop "$PIN" -q -o folded -s events -w "$WORK/folded" || fail "stop: status $?"
[ ! -e "$PIN_PATH" ] || fail "$PIN_PATH is still there"
expect "growths in all" "$FOLDED" "$(awk '{ sum += $NF } END { print sum }' "$WORK/folded")"
[ "$FOLDED" -gt 10000 ] || fail "only $FOLDED growths"
tell_target
await_target_end
echo "$FOLDED growths of a pinned session in its profiles"
