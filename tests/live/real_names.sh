#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Real programs, stripped: fewer than one event in a thousand is without its source line or its
# element type.

. "$(dirname "$0")/lib.sh"

# check NAME: of the report in $WORK/report.
check() {
	local events untyped unplaced

	read -r events untyped unplaced < <("$ROOT/build/tests/unresolved" "$WORK/report")
	[ "$events" -ge 1000 ] || fail "$1: only $events events"
	expect_at_most "$1: events without element type of $events" $((events / 1000)) "$untyped"
	expect_at_most "$1: events without source line of $events" $((events / 1000)) "$unplaced"
	said+="${said:+, }$1 $events"
}

# await_server URL
await_server() {
	curl --silent --fail --output /dev/null --max-time 5 --retry 200 --retry-delay 1 \
		--retry-connrefused --retry-max-time "$PATIENCE" "$1" || fail "$1 is not answered"
}

# check_server NAME URL ARG...
check_server() {
	local name=$1 url=$2 program i

	shift 2
	program=$("$ROOT/tools/programs.sh" --path "$name")
	mkdir -p "$WORK/$name"
	(cd "$WORK/$name" && HOME=$PWD XDG_CONFIG_HOME=$PWD XDG_DATA_HOME=$PWD \
		exec "$program" "$@" >"$WORK/server.log" 2>&1 </dev/null) &
	TARGET_PID=$!
	await_server "$url"
	trace -p "$TARGET_PID" --by site -o json -n 0 -w "$WORK/report"
	for ((i = 0; i < 100; i++)); do
		printf 'url = "%s"\noutput = /dev/null\n' "$url"
	done | curl --silent --fail --max-time "$PATIENCE" --config - || fail "$name did not answer"
	end_tracer
	check "$name"
	kill -TERM "$TARGET_PID"
	await_end "$TARGET_PID"
	TARGET_PID=''
}

said=''
esbuild=$("$ROOT/tools/programs.sh" --path esbuild)
mkdir "$WORK/src"
for ((i = 0; i < 100; i++)); do
	echo "import \"./m$((i + 1)).js\"; export const t$i = [{ id: $i, n: [1, 2, $i] }, \"a\" + $i]"
done | awk -v dir="$WORK/src" '{ print >(dir "/m" NR - 1 ".js") }'
: >"$WORK/src/m100.js"
"$SLICESTAT" -q --by site -o json -n 0 -w "$WORK/report" -- "$esbuild" "$WORK/src/m0.js" --bundle \
	--minify --log-level=error --outfile="$WORK/out.js" || fail "esbuild: exit status $?"
check esbuild

: >"$WORK/prometheus.yml"
check_server prometheus http://127.0.0.1:19095/metrics --config.file="$WORK/prometheus.yml" \
	--web.listen-address=127.0.0.1:19095 --storage.tsdb.path=data
check_server caddy http://127.0.0.1:19096/ file-server --listen 127.0.0.1:19096 --root "$WORK" \
	--browse
echo "$said events, all but one in a thousand named"
