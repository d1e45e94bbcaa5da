#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/top_docs.sh: the screens that README.md and docs/top.md show, of prometheus that scrapes itself
# and is asked all the time, into docs/top: site.txt, and bases.txt, of a site gone into. Needs root,
# build/slicestat and what `tools/deps.sh test` installs; takes half a minute.

set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

readonly PROMETHEUS=${SLICESTAT_CACHE:-$HOME/.cache/slicestat}/programs/prometheus/usr/bin/prometheus
readonly ADDRESS=127.0.0.1:19099
readonly INTERVALS=18
readonly OUT=$root/docs/top

work=$(mktemp -d)
pids=()

finish() {
	in_tmux kill-server 2>/dev/null || true
	kill "${pids[@]}" 2>/dev/null || true
	wait
	rm -rf "$work"
}
trap finish EXIT

in_tmux() {
	tmux -S "$work/tmux" -f /dev/null "$@"
}

# await_screen REGEX
await_screen() {
	local screen i

	for ((i = 0; i < 600; i++)); do
		screen=$(in_tmux capture-pane -p)
		[[ ! $screen =~ $1 ]] || return 0
		sleep 0.1
	done
	echo "the screen did not show /$1/: $screen" >&2
	exit 1
}

# In bursts of changing length, so that rates change.
ask() {
	local burst

	while true; do
		for burst in 1 5 10 20 40 20 10 5; do
			curl -s "http://$ADDRESS/metrics?[1-$burst]" >"$work/answer" || true
			sleep 0.6
		done
	done
}

# capture NAME
capture() {
	in_tmux capture-pane -p | sed "s|$work/|/usr/bin/|" >"$OUT/$1.txt"
}

mkdir -p "$OUT"
printf 'global:\n  scrape_interval: 1s\nscrape_configs:\n- job_name: self\n  static_configs:\n  - targets: [%s]\n' \
	"$ADDRESS" >"$work/prometheus.yml"
# The title has room for a short path.
cp "$PROMETHEUS" "$work/prometheus"
"$work/prometheus" --config.file="$work/prometheus.yml" --web.listen-address="$ADDRESS" \
	--storage.tsdb.path="$work/data" >"$work/log" 2>&1 &
pids+=($!)
until curl -s -o "$work/answer" "http://$ADDRESS/-/ready"; do sleep 0.1; done
ask &
pids+=($!)
in_tmux new-session -d -x 108 -y 14 env -u NO_COLOR LC_ALL=C.UTF-8 \
	"$root/build/slicestat" top -p "${pids[0]}" -s alloc
await_screen "0:00:$INTERVALS"
capture site
in_tmux send-keys / && in_tmux send-keys -l genSplit && in_tmux send-keys Enter
await_screen "with 'genSplit'"
in_tmux send-keys Enter
await_screen 'slicestat by base, 0:00:03'
capture bases
in_tmux send-keys q
