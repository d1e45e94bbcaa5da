#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Too little memory, too few files, no threads for slicestat: it ends with one line, or is killed by
# the kernel, or does with less; where it traces, it is exact. The target does not notice.

. "$(dirname "$0")/lib.sh"

# in_group CONTROLLER FILE VALUE COMMAND...: becomes the command, in a control group where FILE holds
# VALUE. Of version 1 or 2.
in_group() {
	local group=$GROUP_OF_VERSION_2

	if [ -d "/sys/fs/cgroup/$1" ]; then
		group=/sys/fs/cgroup/$1/slicestat-faults
	fi
	mkdir -p "$group"
	echo "$3" >"$group/$2"
	echo "$BASHPID" >"$group/cgroup.procs"
	shift 3
	exec "$@"
}
GROUP_OF_VERSION_2=/sys/fs/cgroup/slicestat-faults

remove_groups() {
	rmdir /sys/fs/cgroup/{memory,pids}/slicestat-faults "$GROUP_OF_VERSION_2" 2>/dev/null || true
}
trap 'cleanup; remove_groups' EXIT

if [ -d /sys/fs/cgroup/memory ]; then
	MEMORY_MAX=memory.limit_in_bytes
else
	MEMORY_MAX=memory.max
	echo '+memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
fi

worked=0
refused=0
killed=0

# limited COMMAND...: slicestat below a limit, for a few reports; then it has worked, or said why not.
limited() {
	STATUS=0
	"$@" "$SLICESTAT" -q -p "$TARGET_PID" -o json -n 1 -w "$WORK/report" 0.05 3 2>"$WORK/tracer.err" ||
		STATUS=$?
	kill -0 "$TARGET_PID" || fail "the target is gone"
	case $STATUS in
	0)
		worked=$((worked + 1))
		expect_accounted 1
		;;
	137) killed=$((killed + 1)) ;;
	*)
		refused=$((refused + 1))
		expect "slicestat's exit status" 1 "$STATUS"
		expect_one_line 'memory|open files|temporarily unavailable|Invalid argument|cannot start|self-test ended'
		SAYS=$(sed -E 's/^slicestat: (pid [0-9]+ \([^)]*\): )?//' "$WORK/tracer.err")
		;;
	esac
}

# address_space KIB COMMAND...
address_space() {
	local kib=$1

	shift
	(ulimit -v "$kib" && exec "$@")
}

open_files() {
	local n=$1

	shift
	(ulimit -n "$n" && exec "$@")
}

in_memory() {
	local bytes=$1

	shift
	(in_group memory "$MEMORY_MAX" "$bytes" "$@")
}

# with_tasks N COMMAND...: threads and processes.
with_tasks() {
	local n=$1

	shift
	(in_group pids pids.max "$n" "$@")
}

# try TRIES FROM STEP LIMIT FAULT
try() {
	local i n

	n=$(tries "$1")
	worked=0 refused=0 killed=0 SAYS=''
	for ((i = 0; i < n; i++)); do
		limited "$4" $(($2 + i * $3 * $1 / n))
	done
	result "$5" "$n" 0 \
		"$worked worked, $refused times one line${SAYS:+ ($SAYS)}, $killed killed by the kernel"
}

start_churn -goroutines 8
try 60 20000 8000 address_space "RLIMIT_AS of slicestat, 20 MB and more"
[ "$refused" -gt 0 ] || fail "no limit of the address space was too low"
try 40 4000000 4000000 in_memory "a memory cgroup of slicestat's own, 4 MB and more"
[ $((refused + killed)) -gt 0 ] || fail "no cgroup was too small"
try 40 5 3 open_files "RLIMIT_NOFILE of slicestat, 5 and more"
[ "$refused" -gt 0 ] || fail "no limit of files was too low"
try 10 1 1 with_tasks "a pids cgroup: at most 1 to 10 threads"
end_churn
expect_nothing_left
