#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# With the collector on, addresses come again and again; the sums still agree.

. "$(dirname "$0")/lib.sh"

for version in 1.24 1.27; do
	path=$(target_path "$version" default truth)
	trace_target -- "$path" -gc -events 200000
	compare --by-total
done
