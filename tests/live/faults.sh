#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A short run of the faults: kills, stops, exits, neighbours, too little memory and disk, a crowd of
# targets. None harms a target or loses an event without a counter. `make faults` is the whole.

. "$(dirname "$0")/lib.sh"

"$ROOT/tests/faults/run.sh" --short
