#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A make that panics hands out no slice: it is counted as such, and nothing else is.

. "$(dirname "$0")/lib.sh"

for version in 1.24 1.27; do
	path=$(target_path "$version" default panics)
	trace_target -- "$path" -events 100000
	# shellcheck disable=SC2119
	compare
done
