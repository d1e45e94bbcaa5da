# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced behind lib.sh, by cases of pinned sessions. What they pin goes when they end, however
# they do.

PIN=slicestat-test-$$
PIN_PATH=/sys/fs/bpf/$PIN

# Without probes first: what has no name is no session, and nobody would find it.
remove_pins() {
	local dir

	for dir in "$PIN_PATH"*; do
		[ -d "$dir" ] || continue
		rm -rf "$dir/links"
		rm -rf "$dir"
	done
}

# shellcheck disable=SC2317 # called by the trap
cleanup_pins() {
	remove_pins
	cleanup
}
trap cleanup_pins EXIT

[ "$(stat -f -c %T /sys/fs/bpf)" = bpf_fs ] || mount -t bpf bpf /sys/fs/bpf

# detach OPTION...: the target, which the kernel then traces alone.
detach() {
	"$SLICESTAT" -p "$TARGET_PID" --pin "$PIN" --detach "$@" 2>"$WORK/tracer.err" ||
		fail "slicestat --detach ended with status $?"
	expect_match "what was said" "slicestat: left to the kernel.*slicestat attach $PIN_PATH; \
slicestat stop $PIN_PATH ends it"$'\n?$' "$(cat "$WORK/tracer.err")"
}

# stop: the final report is then in $WORK/report.
stop() {
	"$SLICESTAT" stop "$PIN" -o json -n 0 -w "$WORK/report" 2>"$WORK/tracer.err" ||
		fail "slicestat stop ended with status $?"
	[ ! -e "$PIN_PATH" ] || fail "$PIN_PATH is still there"
	expect_match "the report of stop" '"final":true' "$(head -c 300 "$WORK/report")"
}
