#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The executable is the one that runs, wherever it went: deleted, replaced by another one, or in a
# mount namespace of its own, as in a container.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=20000

path=$(target_path 1.24 pie-stripped truth)
other=$(target_path 1.21 pie-stripped truth)

# check EXE_SHOWN: the target that start_target began.
check() {
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report"
	expect_match "the executable shown" "\\($1, go1\\.24" "$(grep tracing "$WORK/tracer.err")"
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
	# shellcheck disable=SC2119 # no options
	compare
}

start_copy() {
	cp "$path" "$WORK/program"
	start_target "$WORK/program" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
}

echo "deleted"
start_copy
rm "$WORK/program"
check "$WORK/program"

echo "replaced by another version"
start_copy
cp "$other" "$WORK/new"
mv "$WORK/new" "$WORK/program"
check "$WORK/program"

echo "in a mount namespace of its own"
# shellcheck disable=SC2016 # expanded by the inner shell
start_target in_own_mounts sh -c 'cp "$1" "$2/inside" && mount -t tmpfs none /mnt &&
	mv "$2/inside" /mnt/program && shift 2 && exec /mnt/program "$@"' \
	sh "$path" "$WORK" -events $EVENTS -out "$WORK/truth"
await_target '^ready$'
check '[^ ]*/mnt/program' # from the root of its own mounts
