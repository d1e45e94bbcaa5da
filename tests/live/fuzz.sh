#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What the fuzzers have found stays fixed, and a short run of each finds nothing new: ASan and UBSan
# watch what reads executables, plans probes, and hears of both. SLICESTAT_FUZZ_SECONDS makes the
# runs longer.

. "$(dirname "$0")/lib.sh"

readonly FUZZ=$ROOT/tools/fuzz.sh

"$FUZZ" build
"$FUZZ" replay
FUZZ_SEED=1 FUZZ_LOG=$WORK/log "$FUZZ" run "${SLICESTAT_FUZZ_SECONDS:-5}"
awk -F '\t' 'NR > 1 { n++; sum += $4; found += $6 }
	END { print n " targets, " sum " executions, " found " findings" }' "$WORK/log"
