#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Two builds of one program: `diff` names the one line that was fixed and nothing else, also where the
# fix moves the lines behind it. Its exit status is a gate, at the edge too.

. "$(dirname "$0")/lib.sh"

readonly PROGRAMS=$ROOT/build/recordings

# record_run NAME BUILD ARG...: all its work, into $WORK/NAME.rec; what it says of it into TRUTH.
record_run() {
	start_target "$PROGRAMS/$2"
	await_line "$TARGET_OUT" "$TARGET_PID" '^truth ' >/dev/null
	TRUTH=$LINE
	await_target '^ready$'
	trace record -O "$WORK/$1.rec" -p "$TARGET_PID" "${@:3}"
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
}

# truth NAME
truth() {
	sed -n "s/.* $1=\([0-9]*\).*/\1/p" <<<"$TRUTH"
}

# compared A B ARG...: the rows, a line each, in ROWS.
compared() {
	"$SLICESTAT" diff "$WORK/$1.rec" "$WORK/$2.rec" -o json "${@:3}" >"$WORK/diff" 2>"$WORK/tracer.err" ||
		fail "diff $*: status $?"
	ROWS=$(sed 's/{"state"/\n&/g' "$WORK/diff" | sed 1d)
}

# line_of BUILD TEXT: the line that this is of the build's source.
line_of() {
	grep -nF "$2" "$PROGRAMS/source/$1/orders/main.go" | cut -d : -f 1
}

# expect_row STATE LINE OP: among ROWS, and there only once; into ROW.
expect_row() {
	ROW=$(grep "^{\"state\":\"$1\",\"func\":\"main.divide\",\"file\":\"[^\"]*main.go\",\"line\":$2," <<<"$ROWS" |
		grep "\"op\":\"$3\",\"elem\":\"uint64\"") || fail "no row $1, line $2, $3 in:"$'\n'"$ROWS"
	expect "rows $1, line $2, $3" 1 "$(wc -l <<<"$ROW")"
}

# expect_figure NAME A B: of ROW.
expect_figure() {
	expect_match "$1 of $ROW" "\"$1\":\{\"a\":$2,\"b\":$3,\"delta\":$(($3 - $2))," "$ROW"
}

# expect_fix BUILD: the list's growths are gone and it is made instead, and nothing else changed.
expect_fix() {
	compared base "$1"
	expect "rows changed by $1" 2 "$(wc -l <<<"$ROWS")"
	expect_row gone "$(line_of base 'open = append(open')" grow
	expect_figure events "$(truth events)" 0
	expect_figure bytes_allocated "$(truth allocated)" 0
	expect_figure bytes_copied "$(truth copied)" 0
	expect_row new "$(line_of "$1" 'make([]uint64, 0, len(orders))')" make
	expect_figure events 0 "$(truth makes)"
	expect_figure bytes_allocated 0 "$(truth made)"
	expect_figure bytes_copied 0 0
}

# status EXPECTED REGEX A B ARG...: of diff, which says one such line on stderr; "" for none.
status() {
	local got=0

	"$SLICESTAT" diff "$WORK/$3.rec" "$WORK/$4.rec" "${@:5}" >"$WORK/table" 2>"$WORK/said" || got=$?
	expect "status of diff ${*:3}" "$1" "$got"
	expect "lines on stderr of diff ${*:3}" "$([ -z "$2" ] && echo 0 || echo 1)" "$(wc -l <"$WORK/said")"
	[ -z "$2" ] || expect_match "diff ${*:3}" "$2" "$(cat "$WORK/said")"
}

# total NAME REPORT: a sum over all of $WORK/REPORT.rec.
total() {
	"$SLICESTAT" diff "$WORK/$2.rec" "$WORK/$2.rec" -o json |
		sed "s/.*\"total\":{.*\"$1\":{\"a\":\([0-9]*\),\"b\":\1,.*\"fail_over\".*/\1/"
}

# The whole grows by as much as one row of it, from fixed to base: the limit is that share.
gate() {
	local a b

	a=$(total bytes_copied capacity)
	b=$(total bytes_copied base)
	expect "bytes copied more" "$(truth copied)" $((b - a))
	limit() { awk -v a="$a" -v b="$b" -v more="$1" 'BEGIN { printf "%.9f", 100 * (b - a) / a + more }'; }
	status 3 "bytes copied grew from .* to .*: more than " capacity base -s copied --fail-over "$(limit -0.000001)"
	status 0 '' capacity base -s copied --fail-over "$(limit 0.000001)%"
	status 0 '' base capacity -s copied --fail-over 0
	status 0 '' base base --fail-over 0
	# In all fewer bytes, but there is a line that had none.
	status 3 "bytes allocated of main.divide orders/main.go:$(line_of capacity 'open := make') grew from 0 B to .*: more than 1 % of all" \
		base capacity --fail-over 1
	status 0 '' base capacity --fail-over 50
	status 0 '' base capacity
	grep -q '; 2 rows changed$' "$WORK/table" || fail "the table's last line: $(tail -n 1 "$WORK/table")"
	status 1 'cannot read' nothing base --fail-over 10
	for wrong in much -1 10%% ''; do
		STATUS=0
		"$SLICESTAT" diff "$WORK/base.rec" "$WORK/base.rec" --fail-over="$wrong" >/dev/null 2>&1 || STATUS=$?
		expect "status with --fail-over=$wrong" 2 "$STATUS"
	done
}

# rates: each figure over the time of its own recording.
rates() {
	local figures

	"$SLICESTAT" diff "$WORK/capacity.rec" "$WORK/base.rec" --rate -o json >"$WORK/diff"
	figures=$(sed 's/.*"elapsed_s":\([^,]*\),.*"elapsed_s":\([^,]*\),.*"total":{"events":{"a":\([^,]*\),"b":\([^,]*\),.*/\1 \2 \3 \4/' \
		"$WORK/diff")
	awk -v a="$(total events capacity)" -v b="$(total events base)" '
		function near(x, y) { return x > 0 && x / y > 0.999999 && x / y < 1.000001 }
		{ exit !(near($1 * $3, a) && near($2 * $4, b)) }' <<<"$figures" || fail "rates: $figures"
}

"$ROOT/tests/recordings/build.sh"
for build in base capacity capacity_on_its_own_line comments; do
	record_run "$build" "$build"
done
expect_fix capacity
expect_fix capacity_on_its_own_line
compared base comments
expect "rows changed by comments" "" "$ROWS"
# Of growths alone, the line that was fixed is the only one.
record_run base_grow base --ops grow
record_run own_line_grow capacity_on_its_own_line --ops grow
compared base_grow own_line_grow
expect "rows of growths changed" 1 "$(wc -l <<<"$ROWS")"
expect_row gone "$(line_of base 'open = append(open')" grow
gate
rates
record_run chains base --chains=cheap
status 1 'not recorded by site' base chains
echo "one line of $(wc -l <"$PROGRAMS/source/base/orders/main.go") fixed: $(truth events) growths gone, nothing else named"
