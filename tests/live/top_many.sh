#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view of an executable that more processes run than are known at a time: all are counted, what
# those did that are forgotten is in one row, and no other process is shown as the one gone into.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

readonly PROCESSES=2600 MAKES=3
PROGRAM=$WORK/turns
export GOGC=off

build_turns 1.24 "$PROGRAM"

# run N: so many processes, two at a time.
run() {
	seq "$1" | xargs -P 2 -I{} "$PROGRAM" "make=$MAKES" || fail "a process failed"
}

open_screen 120 24
start_top -e "$PROGRAM" --in main.makeSlices --by process 0.2
run 1
await_screen 'pid [0-9]+, ended, .*rows 1 by'
pid=$(sed -n 's/.*: pid \([0-9]*\), ended.*/\1/p' <<<"$SCREEN")
await_screen $'\n'" *$pid .* $MAKES "
keys Enter
await_screen "^slicestat by type,.*rows 1 by EVENTS/S, in process $pid"
run $((PROCESSES - 1))
await_screen ": 2,600 processes, 2,600 ended, .*seen 7,800, 0/s,.*rows 0 by EVENTS/S, in process $pid"
keys BSpace
await_screen "^slicestat by process,.*rows [0-9,]* by EVENTS/S"$'\n'
rows=$(sed -n 's/^rows \([0-9,]*\) by.*/\1/p' <<<"$SCREEN" | tr -d ,)
# None does anything now: of the same rate, those with the most events come first.
ended=$(column EVENTS | head -n 1)
expect_match "the first row" "EXE *"$'\n'" *ended " "$SCREEN"
expect "events of processes that are forgotten" $(((PROCESSES - rows + 1) * MAKES)) "$ended"
[ "$ended" -ge $((500 * MAKES)) ] || fail "only $ended events are of processes that are forgotten"
keys q
await_shell 0
echo "$PROCESSES processes counted, $ended events of such as are forgotten in one row"
