#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds what the faults are tried with, into build/faults: ledger (traced), judge, and a library
# with a clock that steps. The go command knows itself what has changed.

set -euo pipefail
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/build/faults

mkdir -p "$out"
../../tools/go.sh 1.24 build -p 2 -trimpath -buildvcs=false -o "$out/" ./ledger ./judge
"${CC:-gcc}" -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -shared -fPIC -o "$out/stepping_clock.so" \
	stepping_clock.c
