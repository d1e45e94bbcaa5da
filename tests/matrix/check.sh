#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# `slicestat check` says what this kernel has, and tracing uses just that. SLICESTAT_ATTACHES is
# uprobe_multi, perf, or none where the kernel is too old: that is said in one line.

# shellcheck source-path=SCRIPTDIR source=../live/lib.sh
. "$(dirname "$0")/../live/lib.sh"

readonly COOKIES='attach cookies.*Linux 5[.]15 or newer'

# check STATUS: what it says is in SAID.
check() {
	local status=0

	SAID=$("$SLICESTAT" check) || status=$?
	expect "exit status of check" "$1" "$status"
}

# says STATE NAME TEXT
says() {
	expect_match "check" "(^|"$'\n'")$1 +$2 +[^"$'\n'"]*$3" "$SAID"
}

# attached_as WORDS: what is said of a process that is traced.
attached_as() {
	start_target "$path"
	await_target '^ready$'
	trace -p "$TARGET_PID" -w /dev/null
	expect_match "what is traced" "; $1," "$(cat "$WORK/tracer.err")"
	end_tracer
}

# start_in_root: the program as a file of its own, at a path that is in a root alone.
start_in_root() {
	mkdir -p "$WORK/root"
	cp "$path" "$WORK/root/new"
	mv "$WORK/root/new" "$WORK/root/program-$$"
	OTHER_PIDS+=(${TARGET_PID:+"$TARGET_PID"})
	start_target chroot "$WORK/root" "/program-$$"
	await_target '^ready$'
}

# One that runs, and one that comes.
in_containers() {
	start_in_root
	trace -e "/program-$$" --containers -w /dev/null
	expect_match "what is traced" "tracing pid $TARGET_PID [(]/program-$$, " "$(<"$WORK/tracer.err")"
	start_in_root
	await_line "$TRACER_ERR" "$TRACER_PID" "following /program-$$ as pid $TARGET_PID" >/dev/null
	end_tracer
}

refused() {
	start_target "$path"
	await_target '^ready$'
	expect_error "$1" "$SLICESTAT" -p "$TARGET_PID" 1 1
	expect_error "$1" "$SLICESTAT" -- "$path" -auto
}

path=$(target_path "${SLICESTAT_VERSIONS:-1.24}" default truth)
case ${SLICESTAT_ATTACHES:?} in
uprobe_multi)
	check 0
	says OK uprobe_multi ''
	says OK self-test 'every event counted'
	attached_as uprobe_multi
	in_containers
	;;
perf)
	check 0
	says absent uprobe_multi 'perf-event uprobes are used'
	says OK 'perf-event uprobes' ''
	says OK self-test 'every event counted'
	attached_as 'perf events'
	in_containers
	;;
none)
	check 1
	says missing 'attach cookies' 'needs Linux 5[.]15 or newer'
	refused "$COOKIES"
	echo "refused: attach cookies need Linux 5.15 or newer"
	exit
	;;
esac
sed -n 's/^OK *self-test *//p' <<<"$SAID"
