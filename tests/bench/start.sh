#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What slicestat itself takes: from its exec until it counts, on an executable of 100 MB; memory; the
# drain of a window; CPU time for a million events.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

readonly SECTION=start
ROUNDS=${ROUNDS:-5}
readonly MILLION=1048576 # whole stretches of the target's

readonly ATTACHED='exec to attached, 100 MB executable'
readonly MEMORY='most memory, 100 MB executable'
readonly BASES_WORK='CPU time for 10^6 growths, --ops grow'
readonly SITES_WORK='CPU time for 10^6 growths, --ops grow --by site'
readonly THREAD='the traced thread'
readonly DEFAULT='slicestat'

rules() {
	title "slicestat's own start, memory and CPU time"
	reference "$ATTACHED" "$DEFAULT"
	reference "$MEMORY" "$DEFAULT"
	reference "$BASES_WORK" "$THREAD, new addresses"
	reference "$SITES_WORK" "$THREAD"
	for n in 10000 100000 1000000; do
		reference "snapshot of $n bases" copy
	done
}

# watch_slicestat: from here on, what it takes is measured.
watch_slicestat() {
	cat >"$WORK/slicestat" <<-END
		#!/bin/sh
		exec '$BENCH/watched' '$WORK/took' 'slicestat: tracing ' '$SLICESTAT' "\$@"
	END
	chmod +x "$WORK/slicestat"
	SLICESTAT=$WORK/slicestat
}

# took NAME [FACTOR]
took() { awk -v name="$1" -v factor="${2:-1}" '$1 == name { print $2 * factor }' "$WORK/took"; }

# start_prometheus: idle; only its size matters.
start_prometheus() {
	local program

	program=$("$ROOT/tools/programs.sh" --path prometheus)
	printf 'global:\n  scrape_interval: 1h\n' >"$WORK/prometheus.yml"
	start_target "$program" --config.file="$WORK/prometheus.yml" \
		--storage.tsdb.path="$WORK/tsdb" --web.listen-address=127.0.0.1:19096
	curl --silent --fail --output /dev/null --max-time 5 --retry 200 --retry-delay 1 \
		--retry-all-errors --retry-max-time "$PATIENCE" http://127.0.0.1:19096/-/ready ||
		fail "prometheus is not ready: $(tail -n 3 "$WORK/target.err")"
	note "100 MB executable: prometheus, $(stat -c %s "$program") bytes," \
		"$("$SLICESTAT" plan "$program" | awk 'NR == 2' | sed 's/^ *//')"
}

# start_once SIDE OPTION...
start_once() {
	local side=$1

	shift
	trace -p "$TARGET_PID" -o json -w /dev/null "$@" 3600
	end_tracer
	sample "$ATTACHED" "$side" ms "$(took said_s 1000)"
	sample "$MEMORY" "$side" MiB "$(took rss_kib 0.0009765625)"
}

measure_start() {
	start_once "$DEFAULT"
	start_once 'slicestat --ops grow' --ops grow
	start_once 'slicestat --by site' --by site
	start_once 'slicestat --chains=cheap' --chains=cheap
	if has_scope; then
		start_once "slicestat --by site --in 'main.*'" --by site --in 'main.*'
		start_once "slicestat --by site --in 'net/http.*'" --by site --in 'net/http.*'
	fi
}

# cpu_for KIND OPTION...: into CPU, with reports every second; where KIND is `none`, without events.
cpu_for() {
	local kind=$1

	shift
	trace -p "$TARGET_PID" -o json -w /dev/null "$@"
	[ "$kind" = none ] || ask_target "$kind" "$MILLION"
	end_tracer
	CPU=$(took cpu_s 1000)
}

# work_sample CASE SIDE IDLE: CPU less that of a run without events.
work_sample() {
	sample "$1" "$2" ms "$(awk -v cpu="$CPU" -v idle="$3" -v n="$MILLION" \
		'BEGIN { print (cpu - idle) * 1e6 / n }')"
}

# thread_sample CASE SIDE: of the events before.
thread_sample() { sample "$1" "$2" ms "$LINE"; }

measure_work() {
	local idle

	cpu_for none --ops grow
	idle=$CPU
	cpu_for new --ops grow
	thread_sample "$BASES_WORK" "$THREAD, new addresses"
	work_sample "$BASES_WORK" 'slicestat, new addresses' "$idle"
	cpu_for hit --ops grow
	thread_sample "$BASES_WORK" "$THREAD, known addresses"
	work_sample "$BASES_WORK" 'slicestat, known addresses' "$idle"
	cpu_for none --ops grow --by site
	idle=$CPU
	cpu_for hit --ops grow --by site
	thread_sample "$SITES_WORK" "$THREAD"
	work_sample "$SITES_WORK" slicestat "$idle"
}

rules
has_scope || note 'slicestat has no --in'
start_prometheus
watch_slicestat
for ((round = 1; round <= ROUNDS; round++)); do
	say "start: round $round of $ROUNDS"
	measure_start
done
kill -TERM "$TARGET_PID"
await_target_end
start_target "$(build_target events)"
await_target '^ready$'
for ((round = 1; round <= ROUNDS; round++)); do
	measure_work
done
end_target
"$BENCH/drain" "$ROUNDS"
