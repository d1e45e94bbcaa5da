#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The cross-check with a CPU profile: lines that grow slices come in the same order by the bytes
# that slicestat saw copied and allocated as by the samples that the program's own CPU profile has
# of growslice below them. Two runs, so that tracing costs none of the samples.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/profiles/lib.sh"

readonly VERSION=1.24
readonly SOURCE=$ROOT/tests/live/profiles/grow.go

# marked: "FILE:LINE", the hottest first, as the source says.
marked() {
	awk '/\/\/ hot / { print $NF, "slicestat.test/profiles/grow.go:" NR }' "$SOURCE" |
		sort -rn | cut -d ' ' -f 2
}

# samples: "FILE:LINE SECONDS" below growslice, by line.
samples() {
	pprof -unit=ms -focus='^runtime\.growslice$' -top -cum -lines -nodecount=100000 \
		-nodefraction=0 "$WORK/cpu"
	awk '$1 == "flat" { rows = 1; next }
		rows && $NF ~ /grow\.go:/ { print $NF, $4 + 0 }' <<<"$SAID" | sort
}

# in_order WHAT: the marked lines in "FILE:LINE VALUE" on stdin, largest first; each value is at
# least 1.4 times the next one.
in_order() {
	local lines

	marked | sort >"$WORK/marked"
	lines=$(join "$WORK/marked" - | sort -k 2,2rn)
	expect "lines in order of $1" "$(marked)" "$(cut -d ' ' -f 1 <<<"$lines")"
	awk '{ if (NR > 1 && 1.4 * $2 > last) exit 1; last = $2 }' <<<"$lines" ||
		fail "$1 of these lines do not differ clearly:"$'\n'"$lines"
	SHARES+="${SHARES:+; }$1 $(awk '{ v[NR] = $2; sum += $2 }
		END { for (i = 1; i <= NR; i++) printf "%s%.1f %%", (i > 1 ? ", " : ""), 100 * v[i] / sum }' <<<"$lines")"
}

SHARES=''
build_profiled "$VERSION"
"$PROFILES/go$VERSION" -cpu "$WORK/cpu" 2>"$WORK/target.err" || fail "the program ended with status $?"
start_target "$PROFILES/go$VERSION" -hot
await_target '^ready$'
trace_profile
tell_target
await_target '^done$'
end_tracer
tell_target
await_target_end

samples >"$WORK/samples"
in_order "CPU time" <"$WORK/samples"
for index in copied allocated growths; do
	lines_of "$index" "$WORK/profile" >"$WORK/$index"
	in_order "$index" <"$WORK/$index"
done
echo "$SHARES"
