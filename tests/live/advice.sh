#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Advice taken: with the capacities that `advise` proposes for its first three sites written into
# copies of two programs (advice/*.patch), growths and bytes copied fall as it predicted.

. "$(dirname "$0")/lib.sh"

readonly VERSION=1.24
readonly STEPS=150 # of each worker: both do the same work

# watch PATH ARG...: into ADVICE, of all the work of one run.
watch() {
	start_target "$@" -steps "$STEPS"
	await_target '^ready$'
	trace_advice
	tell_target
	await_target '^truth '
	end_tracer
	ADVICE=$(<"$WORK/tracer.out")
	tell_target
	tell_target
	await_target_end
}

trace_advice() {
	start_tracer advise --chains exact -n 3 -o json -p "$TARGET_PID"
	await_tracing
}

# total KEY: over all sites.
total() {
	sed -n "s/.*\"total\":{[^}]*\"$1\":\([0-9]*\).*/\1/p" <<<"$ADVICE"
}

# saved KEY: what the proposals would save, added up.
saved() {
	grep -o '"saves":{[^}]*}' <<<"$ADVICE" | sed "s/.*\"$1\":\([0-9]*\).*/\1/" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# build_copy NAME: with its patch, as $WORK/advised/NAME.
build_copy() {
	rm -rf "$WORK/copy"
	cp -r "$ROOT/tests/targets" "$WORK/copy"
	(cd "$WORK/copy" && git apply "$ROOT/tests/live/advice/$1.patch" &&
		"$ROOT/tools/go.sh" "$VERSION" build -trimpath -buildvcs=false \
			-o "$WORK/advised/$1" "./$1") || fail "cannot build $1 as advised"
}

# expect_near WHAT PREDICTED MEASURED WHOLE: the fall is within 5 % of the predicted one.
expect_near() {
	awk -v p="$2" -v m="$3" 'BEGIN { exit !(m >= 0.95 * p && m <= 1.05 * p) }' ||
		fail "$1: predicted $2 fewer, measured $3 of $4"
}

# check NAME ARG...
check() {
	local name=$1 steps copied saved_steps saved_copied

	shift
	watch "$(target_path "$VERSION" default "$name")" "$@"
	steps=$(total steps) copied=$(total bytes_copied)
	saved_steps=$(saved growths) saved_copied=$(saved bytes_copied)
	[ "$saved_steps" -gt $((steps / 2)) ] || fail "$name: little advice: $ADVICE"
	build_copy "$name"
	watch "$WORK/advised/$name" "$@"
	expect_near "$name: growths" "$saved_steps" $((steps - $(total steps))) "$steps"
	expect_near "$name: bytes copied" "$saved_copied" $((copied - $(total bytes_copied))) \
		"$copied"
	said+="${said:+; }$name: $saved_steps of $steps growths predicted to go,"
	said+=" $((steps - $(total steps))) went"
}

said=''
mkdir "$WORK/advised"
check logfreq
check gateway -window 1h
echo "$said"
