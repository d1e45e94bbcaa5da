#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Clocks that step: the wall clock by an hour at each look, and the clocks since boot, which differ by
# days in a time namespace of slicestat's own. Intervals, times and totals are as ever.
#
# shellcheck disable=SC2119 # functions that take options are called without

. "$(dirname "$0")/lib.sh"

readonly EVENTS=20000 REPORTS_WANTED=5
path=$WORK/program # of its own: -e is to find nobody else
cp "$(target_path 1.24 default truth)" "$path"

# with_clock wall|ahead|behind: slicestat from here on.
with_clock() {
	local tool=$ROOT/build/slicestat

	SLICESTAT=$WORK/slicestat
	case $1 in
	wall) echo "LD_PRELOAD=$ROOT/build/faults/stepping_clock.so exec $tool \"\$@\"" ;;
	ahead) echo "exec unshare --time --monotonic=8000000 --boottime=9000000 $tool \"\$@\"" ;;
	behind) echo "exec unshare --time --monotonic=-1000 --boottime=-2000 $tool \"\$@\"" ;;
	esac | sed '1i #!/bin/sh' >"$SLICESTAT"
	chmod +x "$SLICESTAT"
}

# expect_steady MAX_S: elapsed_s of the reports rises, to no more than have passed.
expect_steady() {
	grep -o '"elapsed_s":[0-9.]*' "$WORK/report" | cut -d : -f 2 |
		awk -v max="$1" '$1 <= last || $1 > max { bad = $1 } { last = $1 }
			END { if (bad != "") print bad; exit bad != "" || NR < 3 }' >&2 ||
		fail "elapsed_s does not rise, or above the $1 s that have passed"
}

# try CLOCK ARG...: how slicestat finds the target; PID stands for its process id.
try() {
	local clock=$1 begin

	shift
	with_clock "$clock"
	start_target "$path" -events $EVENTS -out "$WORK/truth"
	await_target '^ready$'
	begin=$SECONDS
	: >"$WORK/report"
	trace "${@/PID/$TARGET_PID}" -o json -n 0 -w "$WORK/report" 0.05
	until [ "$(wc -l <"$WORK/report")" -ge "$REPORTS_WANTED" ]; do pass_time 20; done
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
	compare
	expect_steady $((SECONDS - begin + 1))
}

n=$(tries 20)
for clock in wall ahead behind; do
	for ((i = 0; i < n; i++)); do
		try "$clock" -p PID
		try "$clock" -e "$path"
	done
done
expect_nothing_left
result "the wall clock steps by an hour at each look" $((2 * n)) 0 \
	"the reports' time steps; intervals and totals exact"
result "clocks since boot differ (time namespace), -p and -e" $((4 * n)) 0 "nothing; exact"
