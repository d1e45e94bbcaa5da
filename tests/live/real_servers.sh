#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Real servers, attached while they answer: they go on answering, and end as usual.

. "$(dirname "$0")/lib.sh"

readonly REQUESTS=200

# await_answer URL: the server is up.
await_answer() {
	curl --silent --fail --output /dev/null --max-time 5 --retry 200 \
		--retry-delay 1 --retry-connrefused --retry-max-time "$PATIENCE" "$1" ||
		fail "$1 is not answered; $(tail -n 3 "$WORK/server.log")"
}

# load URL: one curl, many requests; every one must be answered.
load() {
	local i

	for ((i = 0; i < REQUESTS; i++)); do
		printf 'url = "%s"\noutput = /dev/null\n' "$1"
	done | curl --silent --show-error --fail --max-time "$PATIENCE" --config - ||
		fail "a request to $1 failed while traced"
}

# check NAME URL ARG...: NAME listens on URL. Some work in a child process.
check() {
	local name=$1 url=$2 program pids

	shift 2
	program=$("$ROOT/tools/programs.sh" --path "$name")
	mkdir -p "$WORK/$name"
	(cd "$WORK/$name" && HOME=$PWD XDG_CONFIG_HOME=$PWD XDG_DATA_HOME=$PWD \
		exec "$program" "$@" >"$WORK/server.log" 2>&1 </dev/null) &
	TARGET_PID=$!
	await_answer "$url"
	pids=$(pgrep -d , -P "$TARGET_PID") || pids=
	IFS=, read -ra OTHER_PIDS <<<"$pids"
	trace -p "$TARGET_PID${pids:+,$pids}" -o json -n 1 -w "$WORK/report" 0.2
	load "$url"
	end_tracer
	expect_accounted 100
	load "$url"
	kill -TERM "$TARGET_PID"
	await_end "$TARGET_PID"
	TARGET_PID=''
	OTHER_PIDS=()
	case $STATUS in
	0 | 2 | 143) ;; # some leave a signal its default
	*) fail "$name ended with status $STATUS: $(tail -n 3 "$WORK/server.log")" ;;
	esac
	! grep -E '^(panic|fatal error|SIG[A-Z]+):' "$WORK/server.log" || fail "$name crashed"
	echo "$name: $(count seen) events"
}

printf 'global:\n  scrape_interval: 15s\n' >"$WORK/prometheus.yml"
check prometheus http://127.0.0.1:19090/metrics --config.file="$WORK/prometheus.yml" \
	--web.listen-address=127.0.0.1:19090 --storage.tsdb.path=data
check caddy http://127.0.0.1:19091/ file-server --listen 127.0.0.1:19091 --root "$WORK" --browse
check etcd http://127.0.0.1:19092/metrics --data-dir data \
	--listen-client-urls http://127.0.0.1:19092 \
	--advertise-client-urls http://127.0.0.1:19092 \
	--listen-peer-urls http://127.0.0.1:19093 \
	--initial-advertise-peer-urls http://127.0.0.1:19093 \
	--initial-cluster default=http://127.0.0.1:19093
check syncthing http://127.0.0.1:19094/rest/noauth/health --home=home --no-browser \
	--gui-address=127.0.0.1:19094 --no-restart
