# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Sourced by lib.sh: mounts of a case's own, and programs in roots of their own.

# unshare_mounts ARG...: becomes `unshare --mount ARG...`; what is mounted there is seen by nobody else.
# Where the root is no mount, in a chroot, the place of the chroot must be private.
unshare_mounts() {
	if unshare --mount true 2>/dev/null; then
		exec unshare --mount "$@"
	else
		exec unshare --mount --propagation unchanged "$@"
	fi
}

# in_own_mounts COMMAND...: becomes the command.
in_own_mounts() {
	unshare_mounts "$@"
}

# use_root DIRECTORY PROGRAM: SLICESTAT is that program in a root that has, beside what lies in the
# directory, what the kernel shows. Each call has these mounts for itself, and they end with it.
use_root() {
	mkdir -p "$1"/{proc,sys,dev}
	SLICESTAT=$WORK/in_root
	{
		echo '#!/bin/bash'
		declare -f unshare_mounts in_own_mounts enter_root
		echo 'export -f enter_root'
		printf 'in_own_mounts bash -c '\''enter_root "$@"'\'' enter_root %q %q "$@"\n' "$@"
	} >"$SLICESTAT"
	chmod 755 "$SLICESTAT"
}

# enter_root DIRECTORY COMMAND...
enter_root() {
	mount -t proc proc "$1/proc" && mount --rbind /sys "$1/sys" && mount --rbind /dev "$1/dev" &&
		exec chroot "$@"
}

# trace_in_root TARGET EVENTS: as the target says, by base, by site with the same number of events. The
# reports come from standard output: the root may have no place for files.
trace_in_root() {
	local by

	for by in base site; do
		start_target "$1" -events "$2" -out "$WORK/truth"
		await_target '^ready$'
		trace -p "$TARGET_PID" --by "$by" -o json -n 0
		tell_target
		await_target '^done$'
		end_tracer
		tell_target
		await_target_end
		cp "$WORK/tracer.out" "$WORK/report"
		expect_accounted "$2"
		# shellcheck disable=SC2119 # its options are not those of this script
		[ "$by" != base ] || compare
	done
}
