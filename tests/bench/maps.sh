#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What it costs to add an event up in the kernel, and to read all of it out, by kind of map.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

readonly SECTION=maps
ROUNDS=${ROUNDS:-5}

title 'CPU time of adding an event up in a map, and of draining it; medians of ratios to a BPF hash'
printf 'wide\t%s\t*\t-\n' "$SECTION"
say "maps: $ROUNDS rounds"
"$BENCH/maps" "$ROUNDS"
note 'All have room for 262144 keys (the last drain: 10^6); an LRU hash and tables for twice as many.'
