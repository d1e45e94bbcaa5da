#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/matrix/run_cells.sh <CELLS: runs each, on this very kernel, and prints a line
#
#   CELL ok|FAILED CASE GO FORM SECONDS TEXT
#
# where TEXT is the last line of the case. The output of one that failed goes before, each line behind
# "OUT ". SLICESTAT_ATTACHES tells check.sh what it must find, SLICESTAT_RESTARTS follow.sh how many
# files come one after the other.

set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

# The longest that a cell may take, in seconds.
readonly CELL_SECONDS=${SLICESTAT_CELL_SECONDS:-300}
export SLICESTAT_RESTARTS=${SLICESTAT_RESTARTS:-6}

output=$(mktemp)
trap 'rm -f "$output"' EXIT

# script_of CASE
script_of() {
	case $1 in
	check) echo "$root/tests/matrix/check.sh" ;;
	*) echo "$root/tests/live/$1.sh" ;;
	esac
}

# run_cell CASE GO FORM
run_cell() {
	local state=ok begin=$SECONDS forms=$3

	[ "$forms" != - ] || forms=
	SLICESTAT_NO_VALIDATION=yes SLICESTAT_VERSIONS=$2 SLICESTAT_FORMS=$forms timeout "$CELL_SECONDS" "$(script_of "$1")" \
		>"$output" 2>&1 </dev/null || state=FAILED
	[ "$state" = ok ] || tail -n 20 "$output" | sed 's/^/OUT /'
	echo "CELL $state $* $((SECONDS - begin)) $(tail -n 1 "$output" | cut -c 1-200)"
}

while read -ra cell; do
	run_cell "${cell[@]}"
done
