#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A few cells of the matrix: an old kernel, where perf events are attached, and arm64. make
# test-matrix runs the others.

. "$(dirname "$0")/lib.sh"

SLICESTAT_MATRIX=$WORK/matrix "$ROOT/tests/matrix/run.sh" --quick
