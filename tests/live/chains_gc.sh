#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# With the collector on, an array that nobody saw being made may lie where a slice that is dead had
# one; when it grows, it may be taken for that. How often, the program knows: such growths have lines
# of their own. Where old capacities are probed never, but for arrays of the very capacity of the
# dead: twins, of which no tracer of growslice can know. No chain is ever cut.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=400000
readonly CHEAP_MAX=12000 # 3 in 100; the program is made to mislead
readonly TWINS_MAX=20000 # 5 in 100

# joins VERSION MODE MAX [OPTION]...: of the program.
joins() {
	local path said

	path=$(target_path "$1" default lives)
	trace_target --chains "$2" --skip 'slices.*' -- "$path" -gc -events "$EVENTS" "${@:4}"
	expect_accounted "$EVENTS"
	said=$("$ROOT/build/tests/compare_chains" "$WORK/truth" "$WORK/report" "$2" --joins "$3") ||
		fail "go $1 $2 ${*:4}: $said"
	echo "go $1 $2 ${*:4}: $said"
	JOINS=${said%% *}
}

for version in 1.24 1.27; do
	joins "$version" cheap "$CHEAP_MAX"
	cheap=$JOINS
	joins "$version" exact 0
	exact=$JOINS
	joins "$version" exact "$TWINS_MAX" -twins
done
echo "go $version, of $EVENTS events: cheap $cheap false joins, exact $exact, with twins $JOINS"
