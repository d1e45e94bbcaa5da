#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Windows far too small for the flood: what is lost is counted, what is shown is right.

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default truth)

trace_target --max-bases 64 -- "$path" -events 200000
compare --lossy

events=$(awk 'NR == 1 { print $3 + $9 }' "$WORK/truth")
expect "events seen" "$events" "$(count seen)"
[ "$(count lost_bases_full)" -gt 0 ] || fail "nothing was lost: this case tests nothing"
for name in lost_pending_full lost_busy lost_fault bad_header panicked unreturned; do
	expect "$name" 0 "$(count "$name")"
done
echo "$(count lost_bases_full) of $events events lost, each of them counted"
