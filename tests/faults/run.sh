#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/faults/run.sh [--short] [FAULT]...: does to slicestat and to what it traces what can happen to
# them, each fault as often as it says, all faults without a word; --short: a part of the faults, a
# few times each. FAULT_PERCENT=10 tries a tenth. `make tests` and tests/build-targets.sh have built
# what is run.
#
# build/faults/results.tsv then has a line for each: fault, times tried, targets harmed, events
# unaccounted for or the counter that names them, what the user sees. results.md has them as a table.

set -euo pipefail
cd "$(dirname "$0")"

readonly ALL=(kill_tracer kill_target exits stopped two_tracers debuggers other_uprobe maps_full
	memory outputs clocks short_lived)
readonly SHORT=(kill_tracer kill_target exits stopped two_tracers other_uprobe memory outputs
	short_lived)
readonly OUT=../../build/faults

faults=()
usual=("${ALL[@]}")
for word; do
	case $word in
	--short)
		export FAULT_PERCENT=${FAULT_PERCENT:-2}
		usual=("${SHORT[@]}")
		;;
	-*)
		echo "usage: run.sh [--short] [FAULT]..." >&2
		exit 2
		;;
	*) faults+=("$word") ;;
	esac
done
[ "${#faults[@]}" -gt 0 ] || faults=("${usual[@]}")

./build.sh
mkdir -p "$OUT"
FAULT_RESULTS=$(realpath "$OUT")/results.tsv
export FAULT_RESULTS
: >"$FAULT_RESULTS"

failed=()
for fault in "${faults[@]}"; do
	begin=$SECONDS
	if env --default-signal=HUP "./$fault.sh"; then
		echo "ok      $fault $((SECONDS - begin)) s"
	else
		echo "FAILED  $fault $((SECONDS - begin)) s"
		failed+=("$fault")
	fi
done

awk -F '\t' '
	BEGIN {
		print "| fault | tried | target harmed | events unaccounted for | what the user sees |"
		print "|---|---|---|---|---|"
	}
	{ printf "| %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5 }' "$FAULT_RESULTS" >"$OUT/results.md"
awk -F '\t' '{ tried += $2; harmed += $3 }
	END { printf "%d faults, %d tries, %d targets harmed\n", NR, tried, harmed }' "$FAULT_RESULTS"
[ "${#failed[@]}" -eq 0 ] || {
	echo "failed: ${failed[*]}"
	exit 1
}
