#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Interactive shells complete slicestat's verbs, options and their values from what `slicestat
# completion` prints: what is typed, and a tab, becomes the line expected.

. "$(dirname "$0")/lib.sh"

# Typed, and what it becomes. A list of several that fit is only shown.
readonly EXPECTED='adv|advise
che|check
--by si|--by site
--by=pro|--by=process
--ops grow,ma|--ops grow,make
--ops=ref|--ops=reflect
--max-b|--max-bases
--chains e|--chains exact
--attach p|--attach perf_event
-s allo|-s alloc
-o js|-o json
--sch|--schema
-e WORK/only-one-f|-e WORK/only-one-file
-w WORK/only-one-f|-w WORK/only-one-file
advise --ski|advise --skip
advise --chains ch|advise --chains cheap
plan --not|plan --not-in
plan --ops con|plan --ops conv
plan WORK/only-one-f|plan WORK/only-one-file
completion zs|completion zsh
advise --not|advise --not
check --ski|check --ski'

# complete SHELL: the lines that it makes of what is typed.
complete() {
	cut -d '|' -f 1 <<<"$LINES_EXPECTED" | sed 's/^/slicestat /' |
		"$ROOT/tests/live/complete.py" "$1" "$WORK/$1"
}

touch "$WORK/only-one-file"
LINES_EXPECTED=${EXPECTED//WORK/$WORK}
for shell in bash zsh fish; do
	"$SLICESTAT" completion "$shell" >"$WORK/$shell"
	complete "$shell" >"$WORK/lines"
	expect "$shell: lines" "$(wc -l <<<"$LINES_EXPECTED")" "$(wc -l <"$WORK/lines")"
	while IFS='|' read -r typed expected <&3 && IFS= read -r line <&4; do
		expect "$shell, '$typed' and a tab" "slicestat $expected" "$line"
	done 3<<<"$LINES_EXPECTED" 4<"$WORK/lines"
done
echo "$(wc -l <<<"$EXPECTED") lines completed by bash, zsh and fish"
