#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The static program alone in a root with nothing else, but for what the kernel shows in /proc, /sys
# and /dev: it checks, plans, and traces a process exactly.

. "$(dirname "$0")/lib.sh"

readonly STATIC=$ROOT/build/slicestat-static EVENTS=20000
readonly BARE=$WORK/bare

# As slicestat: the program in that root. Each call has its mounts for itself, and they end with it.
make_root() {
	local dir

	for dir in proc sys dev; do
		mkdir -p "$BARE/$dir"
	done
	cp "$STATIC" "$BARE/slicestat"
	SLICESTAT=$WORK/in_bare_root
	{
		echo '#!/bin/bash'
		declare -f in_own_mounts enter
		echo 'export -f enter'
		echo "BARE=$BARE in_own_mounts bash -c 'enter \"\$@\"' enter \"\$@\""
	} >"$SLICESTAT"
	chmod 755 "$SLICESTAT"
}

# shellcheck disable=SC2317 # called from that script
enter() {
	mount -t proc proc "$BARE/proc" && mount --rbind /sys "$BARE/sys" &&
		mount --rbind /dev "$BARE/dev" && exec chroot "$BARE" /slicestat "$@"
}

# traced OPTION...: from the standard output, as there is no place for files.
traced() {
	start_target "$TRUTH" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	trace -p "$TARGET_PID" -o json -n 0 "$@"
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
	cp "$WORK/tracer.out" "$WORK/report"
	expect_accounted "$EVENTS"
}

exactly() {
	traced
	# shellcheck disable=SC2119 # its options are not those of this script
	compare
}

version=${SLICESTAT_VERSIONS:-1.24}
TRUTH=$(target_path "$version" "${SLICESTAT_FORMS:-default}" truth)
make_root
expect "what is in the root" slicestat "$(cd "$BARE" && find . -type f | sed 's,./,,')"
said=$("$SLICESTAT" check) || fail "check: $said"
expect_match "check" 'self-test .*every event counted' "$said"
start_target "$TRUTH"
await_target '^ready$'
said=$("$SLICESTAT" plan -p "$TARGET_PID") || fail "plan: $said"
expect_match "plan" 'runtime[.]growslice .*grow_call' "${said//$'\n'/ }"
kill -KILL "$TARGET_PID"
exactly
traced --by site
echo "$EVENTS events exact, from a root with a single file: go $version"
