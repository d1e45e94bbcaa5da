#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# With the collector on, addresses come again and again; the sums still agree. Go's own runtime may
# grow a slice of its own now and then.

. "$(dirname "$0")/lib.sh"

for version in 1.24 1.27; do
	path=$(target_path "$version" default truth)
	trace_target -- "$path" -gc -events 200000
	compare --by-total --allow-extra=20
done
