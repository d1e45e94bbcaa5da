# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2034 # those who source this use what is set here
#
# To be sourced by the faults beside it, which run.sh starts: what they share beyond the live cases'
# library. Each fault prints lines, also into $FAULT_RESULTS; one that harms a target, or loses an
# event without a counter, fails.

# shellcheck source-path=SCRIPTDIR source=../live/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../live/lib.sh"

LEDGER=$ROOT/build/faults/ledger
JUDGE=$ROOT/build/faults/judge

# Tries of a whole run are FAULT_PERCENT in 100.
FAULT_PERCENT=${FAULT_PERCENT:-100}

# tries N: prints so many of them, at least 1.
tries() {
	local n=$(($1 * FAULT_PERCENT / 100))

	echo $((n > 0 ? n : 1))
}

# result FAULT TRIED UNACCOUNTED SAID: UNACCOUNTED is a number, or the counter that names them. That
# no target was harmed is what brought the fault here.
result() {
	printf '%s\t%d\t0\t%s\t%s\n' "$@" | tee -a ${FAULT_RESULTS:+"$FAULT_RESULTS"}
}

now_us() { echo "${EPOCHREALTIME/[.,]/}"; }

# kill_tracer: with SIGKILL; KILLED tells whether it had not ended before.
kill_tracer() {
	local status=0

	{ kill -KILL "$TRACER_PID" && wait "$TRACER_PID" || status=$?; } 2>/dev/null
	TRACER_PID=''
	exec {TRACER_ERR}>&-
	KILLED=''
	[ "$status" != 137 ] || KILLED=1
}

# attach_ms: how long slicestat takes now until it traces TARGET_PID.
attach_ms() {
	local begin

	begin=$(now_us)
	trace -p "$TARGET_PID" -o json -w /dev/null
	ATTACH_MS=$((($(now_us) - begin) / 1000))
	end_tracer
}

# stop PID...: with SIGSTOP.
stop() {
	local pid

	kill -STOP "$@"
	for pid; do
		until grep -q '^State:.T' "/proc/$pid/status"; do :; done
	done
}

# expect_text_whole PID: the code that runs is the file's.
expect_text_whole() {
	local range offset start end

	read -r range _ offset _ < <(grep -m 1 ' r-xp ' "/proc/$1/maps")
	start=$((16#${range%-*} / 4096)) end=$((16#${range#*-} / 4096)) offset=$((16#$offset / 4096))
	cmp <(pages "/proc/$1/mem" "$start" $((end - start))) \
		<(pages "/proc/$1/exe" "$offset" $((end - start))) >&2 ||
		fail "the code of process $1 is not that of its file"
}

pages() {
	dd "if=$1" bs=4096 "skip=$2" "count=$3" status=none
}

# ownerless: the links of tracing that no process holds, by number: of what is attached nothing else
# keeps the programs, and programs keep the maps.
ownerless() {
	comm -23 <(bpftool link show |
		sed -nE 's/^([0-9]+): (uprobe_multi|perf_event|tracing|iter) .*/\1/p' | sort) \
		<({ cat /proc/[0-9]*/fdinfo/* || true; } 2>/dev/null |
			sed -n 's/^link_id:[[:blank:]]*//p' | sort)
}
OWNERLESS=$(ownerless)

# expect_nothing_left: what is nobody's goes soon.
expect_nothing_left() {
	local deadline=$((SECONDS + PATIENCE)) left

	while left=$(comm -13 <(echo "$OWNERLESS") <(ownerless)) && [ -n "$left" ]; do
		[ "$SECONDS" -lt "$deadline" ] || fail "left in the kernel:"$'\n'"$left"
	done
}

# start_churn ARG...: a target that checks all that it does.
start_churn() {
	start_target "$(target_path 1.24 default churn)" "$@"
	await_target '^ready$'
}

# end_checked: churn or ledger: expects that all it has done was right.
end_checked() {
	kill -TERM "$TARGET_PID"
	await_target '^ok [1-9]'
	await_target_end
}

# end_churn: when it is not traced any more: its code is whole, too.
end_churn() {
	expect_text_whole "$TARGET_PID"
	end_checked
}

# start_ledger ARG...: a target whose notes outlive it.
start_ledger() {
	start_target "$LEDGER" -book "$WORK/book" "$@"
	await_target '^ready$'
}

kill_target() {
	kill -KILL "$TARGET_PID"
	{ wait "$TARGET_PID" || true; } 2>/dev/null
	TARGET_PID=''
	exec {TARGET_IN}>&- {TARGET_OUT}>&-
}

# judge ARG...: expects it to find nothing unaccounted for; what it says is in SAID.
judge() {
	SAID=$("$JUDGE" "$@") || fail "judge $*: $SAID"
}

# said NAME: a figure of what judge said.
said() {
	sed -n "s/.*\\b$1 \\([0-9]*\\).*/\\1/p" <<<"$SAID"
}

# expect_one_line REGEX: what slicestat said last is one line that matches.
expect_one_line() {
	expect_match "stderr" "^slicestat: [^"$'\n'"]*($1)[^"$'\n'"]*\$" \
		"$(grep -v '^slicestat: tracing ' "$WORK/tracer.err" || true)"
}
