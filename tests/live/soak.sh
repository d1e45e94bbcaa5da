#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Busy programs come and go under -e, and one stays under -p, for two minutes or SLICESTAT_SOAK_S
# seconds: slicestat's memory and files stay as they are, and its totals are the programs' own.

. "$(dirname "$0")/lib.sh"

readonly SOAK_S=${SLICESTAT_SOAK_S:-120} EVENTS=20000
# All tables are to be in use before memory is looked at: that of bases is small, and as many
# processes come as -e knows at most.
readonly BASES=16384 KNOWN=2048
# Beyond what allocators keep and give back.
readonly SLACK_KIB=512
PROGRAM=$WORK/program
EVENTS_SUM=0 LEN_SUM=0 CAP_SUM=0 RUNS=0

"$ROOT/tests/faults/build.sh"

# run_some N EVENTS: at a time; what they say of themselves is added up.
run_some() {
	local i pids=() events len_sum cap_sum

	for ((i = 0; i < $1; i++)); do
		GOGC=off "$PROGRAM" -auto -events "$2" -goroutines 4 -out "$WORK/truth.$i" >/dev/null &
		pids+=($!)
	done
	for ((i = 0; i < $1; i++)); do
		wait "${pids[i]}" || fail "a program ended with status $?"
		read -r _ _ events _ _ _ _ _ _ _ _ _ len_sum _ cap_sum <"$WORK/truth.$i"
		EVENTS_SUM=$((EVENTS_SUM + events))
		LEN_SUM=$((LEN_SUM + len_sum))
		CAP_SUM=$((CAP_SUM + cap_sum))
		RUNS=$((RUNS + 1))
	done
}

# note WHEN: memory and files of both.
note() {
	local pid

	for pid in "$FOLLOWER" "$STAYER"; do
		printf '%s %s %s\n' "$pid" "$(proc_kib "$pid" RssAnon)" "$(open_fds "$pid")"
	done >"$WORK/$1"
}

expect_flat() {
	local pid early_kib early_fds late_kib late_fds

	while read -r pid early_kib early_fds _ late_kib late_fds; do
		expect_at_most "memory in KiB after $KNOWN programs ($early_kib) and at the end" \
			$((early_kib + SLACK_KIB)) "$late_kib"
		echo "memory $early_kib KiB after $KNOWN programs, $late_kib KiB at the end;" \
			"files $early_fds, $late_fds"
	done < <(paste -d ' ' "$WORK/early" "$WORK/late")
}

cp "$(target_path 1.24 default truth)" "$PROGRAM"
trace -e "$PROGRAM" --by site -o json -n 0 -w "$WORK/followed" 1
FOLLOWER=$TRACER_PID FOLLOWER_ERR=$TRACER_ERR
OTHER_PIDS+=("$FOLLOWER")
start_target "$(target_path 1.24 default gateway)" -rate 2000 -window 500ms
await_target '^ready$'
trace -p "$TARGET_PID" --max-bases $BASES -o json -n 20 -w "$WORK/report" 1
STAYER=$TRACER_PID
tell_target

begin=$SECONDS
while [ "$RUNS" -lt "$KNOWN" ]; do run_some 4 100; done
note early
while [ $((SECONDS - begin)) -lt "$SOAK_S" ]; do run_some 2 $((EVENTS >> RUNS % 6)); done
while read -r pid _ fds; do await_fds "$pid" "$fds"; done <"$WORK/early"
note late

tell_target
await_target '^truth '
as_truth "${LINE#truth }" >"$WORK/truth"
end_tracer
tell_target
await_target_end
expect_accounted 1000
compare --by-total
seen=$(count seen)

TRACER_PID=$FOLLOWER TRACER_ERR=$FOLLOWER_ERR
OTHER_PIDS=()
end_tracer
echo "# events $EVENTS_SUM len_sum $LEN_SUM cap_sum $CAP_SUM" >"$WORK/sums"
said=$("$ROOT/build/faults/judge" totals "$WORK/followed" "$WORK/sums") || fail "judge: $said"
[[ $said == *' missing 0 '* ]] || fail "events of programs that came and went: $said"
expect_flat
echo "$RUNS programs came and went, $EVENTS_SUM events; one stayed, $seen events; all exact"
