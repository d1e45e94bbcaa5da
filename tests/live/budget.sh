#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Under a budget a program at full load is traced for a part of the time: what the traps took is
# within the budget, and the truth within the error that the estimates state. SLICESTAT_BUDGET_RUNS=20
# makes as many runs, of which 19 must be within it once; in few runs each must be within it twice.

. "$(dirname "$0")/lib.sh"

readonly PERCENT=5 SECONDS_A_RUN=8
TICKS=$(getconf CLK_TCK)

path=$(target_path 1.24 default load)
runs=${SLICESTAT_BUDGET_RUNS:-2}
within=0

# est NAME: total and error of the final report.
est() {
	tail -n 1 "$WORK/report" | head -c 4096 |
		sed -n "s/.*\"est\":{.*\"$1\":{\"total\":\([0-9]*\),\"error\":\([0-9]*\)}.*/\1 \2/p"
}

# off NAME TRUTH: by how many stated errors the estimate is off, in hundredths.
off() {
	local total error

	read -r total error <<<"$(est "$1")"
	[ -n "$error" ] || fail "no estimate of $1 with an error in $(tail -n 1 "$WORK/report")"
	awk -v total="$total" -v error="$error" -v truth="$2" \
		'BEGIN { d = total - truth; print int(100 * (d < 0 ? -d : d) / error) }'
}

run() {
	local words ticks exposure worst=0 hundredths i
	local names=(events len_sum cap_sum)

	start_target "$path" -seconds "$SECONDS_A_RUN" -spin "$1"
	await_target '^ready$'
	trace -p "$TARGET_PID" --ops grow --by site --budget "$PERCENT%" -o json -n 1 -w "$WORK/report"
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	read -r -a words <<<"$LINE"
	ticks=$(proc_ticks "$TARGET_PID")
	end_tracer
	tell_target
	await_target_end

	expect_accounted 1000
	exposure=$(member exposure)
	awk -v e="$exposure" 'BEGIN { exit !(e > 0.005 && e < 0.9) }' ||
		fail "the share of the time traced is $exposure: this tests nothing"
	# The last burst may overrun, by what fires while the kernel detaches: nothing repays it.
	awk -v cost="$(member cpu_s)" -v cpu="$ticks" -v hz="$TICKS" -v most="$PERCENT" \
		'BEGIN { exit !(cost <= most * 1.1 / 100 * cpu / hz + 0.1) }' ||
		fail "traps took more than $PERCENT % of $ticks ticks: $(member cpu_s) s"
	for i in 0 1 2; do
		hundredths=$(off "${names[i]}" "${words[i + 2]}")
		[ "$hundredths" -le "$worst" ] || worst=$hundredths
	done
	expect_at_most "estimates off by hundredths of their error" 200 "$worst"
	[ "$worst" -gt 100 ] || within=$((within + 1))
	echo "traced $exposure of the time, estimates off by $worst % of the stated error"
}

for ((i = 0; i < runs; i++)); do
	run $((i % 2 ? 30 : 100))
done
if [ "$runs" -ge 20 ]; then
	[ "$within" -ge $((runs * 19 / 20)) ] || fail "only $within of $runs runs within their error"
fi
echo "$within of $runs runs within their stated error"
