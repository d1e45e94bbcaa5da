#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Under a budget, processes that live for some hundredths of a second: their time counts although it can
# be asked for no more when they have ended, and what another slicestat counts without a budget is
# within twice the error that the estimates state.

. "$(dirname "$0")/lib.sh"

readonly PERCENT=5 PROCESSES=60 EVENTS=20000
path=$(target_path 1.24 default sites)

# of REPORT FILTER: a number of the final report.
of() {
	tail -n 1 "$WORK/$1" | jq "$2"
}

also_trace exact -e "$path" --by site
also_trace sampled -e "$path" --by site --budget "$PERCENT"
for ((i = 0; i < PROCESSES; i++)); do
	"$path" -auto -events "$EVENTS" -out "$WORK/truth" >"$WORK/out" || fail "the target failed"
done
end_tracers

for figure in events len_sum cap_sum bytes_allocated; do
	truth=$(of exact "[.rows[].$figure] | add")
	read -r total error <<<"$(of sampled ".est.$figure | \"\(.total) \(.error)\"" | tr -d '"')"
	[ "$truth" -ge $((PROCESSES * EVENTS)) ] || fail "$figure: only $truth"
	expect_at_most "$figure, by how many hundredths of its error $error $total is off $truth" 200 \
		$((100 * (truth > total ? truth - total : total - truth) / error))
done
exposure=$(of sampled .exposure)
expect_at_most "millionths of the time traced" 900000 "$(of sampled '.exposure * 1000000 | floor')"
echo "traced $exposure of the time of $PROCESSES processes: $total of $truth bytes, error $error"
