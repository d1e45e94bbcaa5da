#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A call whose stack check fails starts again from its first instruction: it counts once.

. "$(dirname "$0")/lib.sh"

for version in 1.24 1.27; do
	path=$(target_path "$version" default morestack)
	trace_target -- "$path" -events 20000
	compare --allow-extra=20
done
