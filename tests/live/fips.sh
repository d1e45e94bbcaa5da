#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Go's FIPS module checks its own text at start: a probe in it would end the program.

. "$(dirname "$0")/lib.sh"

export GODEBUG=fips140=on
for version in 1.24 1.27; do
	path=$(target_path "$version" default fips)
	trace_target -- "$path" -events 20000
	compare
	"$SLICESTAT" -o json -n 0 -w "$WORK/report" -- "$path" -auto -out "$WORK/truth" \
		2>"$WORK/tracer.err" || fail "traced from its start: status $?"
	compare --allow-extra --by-total
done
