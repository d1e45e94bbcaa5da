#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The main job on a live program: a log pipeline runs, slicestat attaches, shows ten reports by call
# site, and its totals are compared with what the pipeline itself counted. Then the pipeline runs
# once more, and slicestat says what to change in it. Usage: demo.sh [logfreq|gateway]
set -euo pipefail
cd "$(dirname "$0")/.."

# Tracing is root's; the toolchain is in the caller's cache.
if [ "$(id -u)" -ne 0 ]; then
	exec sudo env "SLICESTAT_CACHE=${SLICESTAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slicestat}" \
		"$PWD/tools/demo.sh" "$@"
fi

GO=any
REPORTS=${REPORTS:-10}
name=${1:-logfreq}
dir=$(mktemp -d)
target=
tracer=

clean_up() {
	[ -z "$tracer" ] || kill "$tracer" 2>/dev/null || true
	[ -z "$target" ] || kill "$target" 2>/dev/null || true
	rm -rf "$dir"
}
trap clean_up EXIT

fail() {
	echo "demo: $*" >&2
	exit 1
}

# The next line of fd $1 that begins with $2, into `line`. Other lines are for the user.
await() {
	while IFS= read -r -t 60 -u "$1" line; do
		[[ $line != "$2"* ]] || return 0
		echo "$line" >&2
	done
	fail "waited in vain for '$2'"
}

start_target() {
	(cd tests/targets && ../../tools/go.sh $GO build -ldflags='-s -w' -o "$dir/$name" "./$name")
	mkfifo "$dir/in" "$dir/out"
	"$dir/$name" <"$dir/in" >"$dir/out" &
	target=$!
	exec 3>"$dir/in" 4<"$dir/out"
	await 4 ready
	echo "demo: $name runs as pid $target, a stripped Go program"
}

# The gate opens while the program is at rest, so that both count the same events.
start_tracer() {
	mkfifo "$dir/messages"
	build/slicestat --by site -n 10 -s alloc -p "$target" 1 2>"$dir/messages" > >(tee "$dir/reports") &
	tracer=$!
	exec 5<"$dir/messages"
	await 5 "slicestat: tracing "
	echo "$line"
}

await_reports() {
	until [ "$(grep -c 'seen' "$dir/reports")" -ge "$1" ]; do
		kill -0 "$tracer" 2>/dev/null || fail "slicestat ended early"
		sleep 0.2
	done
}

# Keep only the digits of "WORD 1,234" in the last line of the reports.
figure() {
	tail -n 1 "$dir/reports" | grep -o "$1 [0-9,]*" | head -n 1 | tr -cd 0-9
}

start_target
start_tracer
echo start >&3
await_reports "$REPORTS"
echo stop >&3
await 4 truth
truth=$line
kill -INT "$tracer"
wait "$tracer" || fail "slicestat failed"
tracer=
# The reader of the reports ends a moment later.
until grep -q 'since attach: seen' "$dir/reports"; do sleep 0.1; done
echo end >&3
wait "$target"
target=

seen=$(printf 'events=%s len_sum=%s cap_sum=%s' "$(figure folded)" "$(figure len_sum)" \
	"$(figure cap_sum)")
echo
echo "the program counted:  $(grep -o 'events=[0-9]* len_sum=[0-9]* cap_sum=[0-9]*' <<<"$truth")"
echo "slicestat counted:    $seen"
[[ $truth == *"$seen"* ]] || fail "the totals differ"
echo "demo: equal, event for event"
echo
echo "demo: what to change, from 100 ticks of it:"
build/slicestat advise -q -n 3 -- "$dir/$name" -auto -steps 100 2>&1 | grep -v "^done\|^truth"
