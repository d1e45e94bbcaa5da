#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A real program of 100 MB: functions, files, lines and inlining of 100,000 distinct instructions
# take less than a second of CPU time.

. "$(dirname "$0")/lib.sh"

readonly PCS=100000
readonly ROUNDS=3
readonly MAX_MS=1000

path=$("$ROOT/tools/programs.sh" --path prometheus)
said=$("$ROOT/build/tests/frames_speed" "$path" "$PCS" "$ROUNDS") || fail "cannot symbolize $path"
read -r ms frames <<<"$said"
[ "$frames" -gt "$PCS" ] || fail "$PCS pcs have only $frames frames: nothing is inlined"
expect_at_most "ms for $PCS pcs" "$MAX_MS" "$ms"
size=$(stat -c %s "$path" | numfmt --to=si)
echo "$PCS distinct pcs of prometheus (${size}B): $frames frames in $ms ms"
