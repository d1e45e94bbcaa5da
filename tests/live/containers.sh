#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Processes in containers: own mount and pid namespaces, one image under several overlays. Each
# overlay has an inode of its own for the file, with numbers that differ between stat, maps and the
# kernel where the layers are on several filesystems; probes are on the lower file's.

. "$(dirname "$0")/lib.sh"

if [ -z "${SLICESTAT_OWN_MOUNTS:-}" ]; then
	SLICESTAT_OWN_MOUNTS=1 in_own_mounts "$0"
fi

readonly EVENTS=500
export GOGC=off
declare -A HOST_PID
CGROUPS=()
trap 'leave_places' EXIT

# What is mounted below goes before the files.
leave_places() {
	rmdir ${CGROUPS[@]+"${CGROUPS[@]}"} || true
	umount -R "$WORK"/[abc] "$WORK/image" 2>/dev/null || true
	cleanup
}

# image: one filesystem with the program, and three overlays of it; the layers of two of these are on
# two filesystems.
image() {
	local name lower

	mkdir -p "$WORK/image" "$WORK/more"
	mount -t tmpfs none "$WORK/image"
	mkdir "$WORK/image/low" "$WORK/image/dirs"
	cp "$(target_path 1.24 default truth)" "$WORK/image/low/program"
	for name in a b c; do
		lower=$WORK/image/low
		[ "$name" = a ] || lower+=:$WORK/more
		mkdir -p "$WORK/$name" "$WORK/image/dirs/$name/upper" "$WORK/image/dirs/$name/work"
		mount -t overlay overlay -o "lowerdir=$lower,upperdir=$WORK/image/dirs/$name/upper" \
			-o "workdir=$WORK/image/dirs/$name/work" "$WORK/$name"
	done
}

# contain NAME ARG...: /program in that overlay, as a process of its own namespaces.
contain() {
	local name=$1

	shift
	unshare_mounts --pid --fork chroot "$WORK/$name" /program "$@"
}

# start_contained NAME: waits until it is told to begin; its pid here is in HOST_PID[NAME].
start_contained() {
	start_target contain "$1" -events "$EVENTS" -out "/truth.waiting"
	await_target '^ready$'
	HOST_PID[$1]=$(child_of "$TARGET_PID")
	echo "${HOST_PID[$1]}" >"$WORK/pid.$1"
}

child_of() {
	tr -d ' ' <"/proc/$1/task/$1/children"
}

end_contained() {
	tell_target
	await_target '^done$'
	tell_target
	await_target_end
	mv "$WORK/$1/truth.waiting" "$WORK/truth.$1"
}

# run_contained NAME AS: from its beginning to its end, traced.
run_contained() {
	contain "$1" -auto -events "$EVENTS" -out /truth.run >"$WORK/out" &
	await_end "$!"
	expect "exit status of $2" 0 "$STATUS"
	mv "$WORK/$1/truth.run" "$WORK/truth.$2"
}

# pids: of the targets, in their order.
pids() {
	tail -n 1 "$WORK/report" | sed 's/"counts".*//' | grep -o '"pid":[0-9]*' | sed 's/.*://'
}

# expect_exact NAME [PID]: of the process with that pid; else of the one in pid.NAME.
expect_exact() {
	local said

	said=$("$COMPARE" "$WORK/truth.$1" "$WORK/report" --allow-extra \
		"--pid=${2:-$(cat "$WORK/pid.$1")}" 2>&1) || fail "$1: $said"
}

# by_pid: a process of a container, known by its pid here and by the path that it has there.
by_pid() {
	local name

	for name in a b; do
		start_contained "$name"
		trace -p "${HOST_PID[$name]}" -o json -n 0 -w "$WORK/report"
		tell_target
		await_target '^done$'
		end_tracer
		tell_target
		await_target_end
		mv "$WORK/$name/truth.waiting" "$WORK/truth.$name"
		expect_exact "$name"
		expect_accounted "$EVENTS"
		expect_match "path in $name" "\"exe\":\"[^\"]*$WORK/$name/program\"" "$(tail -n 1 "$WORK/report")"
	done
}

# trace_by_path PATH
trace_by_path() {
	trace -e "$1" -o json -n 0 -w "$WORK/report" 1000
}

# by_path PATH: one that waits in b, and then one after another in each place, are all traced.
by_path() {
	local i names=(a b c) pids

	start_contained b
	trace_by_path "${1/PID/${HOST_PID[b]}}"
	for name in "${names[@]}"; do
		run_contained "$name" "run.$name"
	done
	end_contained b
	"$WORK/image/low/program" -auto -events "$EVENTS" -out "$WORK/truth.lower" >"$WORK/out" &
	echo "$!" >"$WORK/pid.lower"
	await_end "$!"
	end_tracer
	mapfile -t pids < <(pids | grep -vxF -f "$WORK/pid.b" -f "$WORK/pid.lower")
	expect "processes of $1 beside those known" 3 "${#pids[@]}"
	expect_exact b
	expect_exact lower
	for i in "${!names[@]}"; do
		expect_exact "run.${names[i]}" "${pids[i]}"
	done
	expect_accounted $((5 * EVENTS))
}

# in_namespace COMMAND...: in that of the pids that $HOLDER is the first one of.
in_namespace() {
	nsenter --target "$HOLDER" --mount --pid --root -- "$@"
}

# from_inside: slicestat in a namespace of pids shows these, and takes no process from outside.
from_inside() {
	unshare_mounts --pid --fork --mount-proc sleep infinity &
	OTHER_PIDS+=("$!")
	until HOLDER=$(child_of "$!") && [ -n "$HOLDER" ] && [ -e "/proc/$HOLDER/root/proc/1" ] &&
		[ "$(cat "/proc/$HOLDER/comm")" = sleep ]; do
		kill -0 "$!" || fail "no namespace"
	done
	OTHER_PIDS+=("$HOLDER")
	cat >"$WORK/inside" <<-EOF
		#!/bin/bash
		exec nsenter --target $HOLDER --mount --pid -- "$SLICESTAT" "\$@"
	EOF
	chmod +x "$WORK/inside"
	SLICESTAT=$WORK/inside trace_by_path "$WORK/image/low/program"
	# shellcheck disable=SC2016 # the inner shell's
	in_namespace bash -c 'echo $$ >"$1/pid.inside"
		exec "$1/image/low/program" -auto -events "$2" -out "$1/truth.inside"' - \
		"$WORK" "$EVENTS" >"$WORK/out"
	contain c -auto -events "$EVENTS" -out /truth.outside >"$WORK/out" &
	await_end "$!"
	kill -INT "$(child_of "$TRACER_PID")"
	await_tracer_end
	expect "pids inside" "$(<"$WORK/pid.inside")" "$(pids)"
	expect_exact inside
	expect_accounted "$EVENTS"
	expect_at_most "events of one process" $((EVENTS * 3 / 2)) "$(count seen)"
}

# in_cgroup DIRECTORY NAME: a process of container NAME there, whose events are traced.
in_cgroup() {
	# shellcheck disable=SC2016 # the inner shell's
	(unshare_mounts --pid --fork bash -c 'echo 0 >"$1/cgroup.procs"
		exec chroot "$2" /program -auto -events "$3" -out /truth.run' - \
		"$1" "$WORK/$2" "$EVENTS") >"$WORK/out" || fail "no process in $1"
	mv "$WORK/$2/truth.run" "$WORK/truth.$2"
}

# cgroups: one container each, told in reports.
cgroups() {
	local name at pids

	at=$(hierarchy)/slicestat-$$
	trace_by_path "$WORK/image/low/program"
	for name in a b; do
		mkdir "$at-$name"
		CGROUPS+=("$at-$name")
		in_cgroup "$at-$name" "$name"
	done
	end_tracer
	mapfile -t pids < <(pids)
	expect_exact a "${pids[0]}"
	expect_exact b "${pids[1]}"
	expect "cgroups" "/slicestat-$$-a /slicestat-$$-b" \
		"$(grep -o '"cgroup":"[^"]*"' "$WORK/report" | cut -d '"' -f 4 | paste -s -d ' ')"
}

image
cgroups
by_pid
by_path "$WORK/image/low/program"
by_path "/proc/PID/root/program"
from_inside
echo "15 processes in 3 containers of one image: exact, by pid, by path, from inside"
