#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The static program alone in a root with nothing else, but for what the kernel shows in /proc, /sys
# and /dev: it checks, plans, and traces a process exactly.

. "$(dirname "$0")/lib.sh"

readonly STATIC=$ROOT/build/slicestat-static EVENTS=20000
readonly BARE=$WORK/bare

version=${SLICESTAT_VERSIONS:-1.24}
TRUTH=$(target_path "$version" "${SLICESTAT_FORMS:-default}" truth)
mkdir "$BARE"
cp "$STATIC" "$BARE/slicestat"
expect "what is in the root" slicestat "$(ls -A "$BARE")"
use_root "$BARE" /slicestat
said=$("$SLICESTAT" check) || fail "check: $said"
expect_match "check" 'self-test .*every event counted' "$said"
start_target "$TRUTH"
await_target '^ready$'
said=$("$SLICESTAT" plan -p "$TARGET_PID") || fail "plan: $said"
expect_match "plan" 'runtime[.]growslice .*grow_call' "${said//$'\n'/ }"
kill -KILL "$TARGET_PID"
trace_in_root "$TRUTH" "$EVENTS"
expect_error 'is linked statically, and cannot open the libraries' "$STATIC" serve --listen 9 -p 1
echo "$EVENTS events exact, from a root with a single file: go $version"
