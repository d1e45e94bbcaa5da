# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced behind lib.sh: servers that metrics come to, and what these then have. Debian's
# prometheus does not take OTLP; its victoria-metrics does, and is asked the same way.

readonly METRICS=127.0.0.1:19469 PROMETHEUS=127.0.0.1:19490 RECEIVER=127.0.0.1:19428
# shellcheck disable=SC2034 # cases have it
readonly OTLP=http://$RECEIVER/opentelemetry/v1/metrics

# in_own_network COMMAND...: becomes the command, with a loopback where all ports are free. What is fetched
# is fetched before.
in_own_network() {
	"$ROOT/tools/programs.sh" prometheus promtool victoria-metrics
	# shellcheck disable=SC2016 # it is for the other shell
	exec unshare --net bash -c 'ip link set lo up && exec "$@"' own_network "$@"
}

# serve ARG...: returns when metrics can be asked for.
serve() {
	trace serve --listen "$METRICS" -o json -w "$WORK/report" "$@"
	await_line "$TRACER_ERR" "$TRACER_PID" '^slicestat: serving ' >>"$WORK/tracer.err"
}

scrape() {
	curl --silent --show-error --fail --max-time 10 "http://$METRICS/metrics"
}

# await_http URL
await_http() {
	curl --silent --fail --output /dev/null --max-time 5 --retry 200 --retry-delay 1 \
		--retry-connrefused --retry-max-time "$PATIENCE" "$1" || fail "$1 is not answered"
}

# start_prometheus: scrapes twice a second, with the rules in the file PROMETHEUS_RULES, if there is one;
# PROMETHEUS_PID.
start_prometheus() {
	local program rules=${PROMETHEUS_RULES:-}

	program=$("$ROOT/tools/programs.sh" --path prometheus)
	cat >"$WORK/prometheus.yml" <<-END
		global:
		  scrape_interval: 500ms
		  scrape_timeout: 500ms
		  evaluation_interval: 1s
		rule_files: [${rules:+"'$rules'"}]
		scrape_configs:
		  - job_name: slicestat
		    static_configs:
		      - targets: ['$METRICS']
	END
	"$program" --config.file="$WORK/prometheus.yml" --web.listen-address="$PROMETHEUS" \
		--storage.tsdb.path="$WORK/prometheus" >"$WORK/prometheus.log" 2>&1 </dev/null &
	PROMETHEUS_PID=$!
	OTHER_PIDS+=("$PROMETHEUS_PID")
	await_http "http://$PROMETHEUS/-/ready"
}

# start_receiver: RECEIVER_PID. It shows what has come at once. RECEIVER_FLAGS are more of its flags.
RECEIVER_FLAGS=()
start_receiver() {
	local program

	program=$("$ROOT/tools/programs.sh" --path victoria-metrics)
	"$program" -httpListenAddr="$RECEIVER" -storageDataPath="$WORK/receiver" \
		-opentelemetry.usePrometheusNaming -search.latencyOffset=0s "${RECEIVER_FLAGS[@]}" \
		>"$WORK/receiver.log" 2>&1 </dev/null &
	RECEIVER_PID=$!
	OTHER_PIDS+=("$RECEIVER_PID")
	await_http "http://$RECEIVER/-/ready"
}

# stop_receiver: as systemd does; its data stay.
stop_receiver() {
	kill -INT "$RECEIVER_PID"
	await_end "$RECEIVER_PID"
}

# forget_received: another receiver, which has nothing.
forget_received() {
	stop_receiver
	rm -r "$WORK/receiver"
	start_receiver
}

# forget_scraped: another Prometheus, which has nothing.
forget_scraped() {
	kill -TERM "$PROMETHEUS_PID"
	await_end "$PROMETHEUS_PID"
	rm -r "$WORK/prometheus"
	start_prometheus
}

# query PLACE QUERY: the value; nothing where there is none.
query() {
	curl --silent --show-error --fail --max-time 10 --data-urlencode "query=$2" \
		"http://$1/api/v1/query" | jq -r '.data.result[].value[1]'
}

# await_value PLACE QUERY EXPECTED
await_value() {
	local deadline=$((SECONDS + PATIENCE)) value=''

	while [ "$SECONDS" -lt "$deadline" ]; do
		value=$(query "$1" "$2") || value=''
		[ "$value" != "$3" ] || return 0
		wait_us 200000
	done
	fail "$1, $2: expected $3 got $value"
}

# report_sum FIELD: over all rows of the final report, and its other; null for what other has not.
report_sum() {
	tail -n 1 "$WORK/report" | jq "if .other.rows > 0 and (.other | has(\"$1\") | not) then null
		else [.rows[].$1, .other.$1 // 0] | add end"
}

# expect_totals PLACE: those of the final report, all of them. Each is awaited: a receiver shows what
# has come, new series above all, when it likes.
expect_totals() {
	local family field sum

	await_value "$1" 'slicestat_events_seen_total' "$(count seen)"
	expect "rows and other" "$(count folded)" "$(report_sum events)"
	while read -r family field; do
		sum=$(report_sum "$field")
		[ "$sum" = null ] || await_value "$1" "sum($family)" "$sum"
	done <<-END
		slicestat_slice_events_total events
		slicestat_slice_len_total len_sum
		slicestat_slice_cap_total cap_sum
		slicestat_slice_allocated_bytes_total bytes_allocated
		slicestat_slice_copied_bytes_total bytes_copied
		slicestat_slice_slack_bytes_total bytes_slack
		slicestat_slice_length_count events
		slicestat_slice_length_sum len_sum
	END
	await_value "$1" 'sum(slicestat_events_total)' "$(count seen)"
	await_value "$1" slicestat_traps_total "$(tail -n 1 "$WORK/report" | jq .cost.traps)"
}

# site_totals: of the final report, a line each: op, elem, func, line, events, bytes.
site_totals() {
	tail -n 1 "$WORK/report" | jq -r '
		[.rows[] | {k: [.op, .elem, .site.func, (.site.line // "" | tostring)],
			e: .events, b: (.bytes_allocated // 0)}]
		| group_by(.k)[] | .[0].k + [([.[].e] | add), ([.[].b] | add)] | @tsv' | sort
}

# site_series PLACE: the same of the series there.
site_series() {
	local family out=()

	for family in slicestat_slice_events_total slicestat_slice_allocated_bytes_total; do
		curl --silent --fail --max-time 10 --data-urlencode "query=$family" \
			"http://$1/api/v1/query" >"$WORK/$family"
		out+=("$WORK/$family")
	done
	jq -r -s '[.[].data.result[] | select(.metric.site == null)]
		| group_by([.metric.op, .metric.elem, .metric.func, .metric.line // ""])[]
		| [.[0].metric.op, .[0].metric.elem, .[0].metric.func, .[0].metric.line // "",
		   (.[] | select(.metric.__name__ == "slicestat_slice_events_total").value[1]),
		   (.[] | select(.metric.__name__ == "slicestat_slice_allocated_bytes_total").value[1])]
		| @tsv' "${out[@]}" | sort
}

# is_scraped REGEX
is_scraped() {
	scrape 2>/dev/null | grep -E "$1" >/dev/null
}

# await_scraped REGEX: a line of what is served.
await_scraped() {
	await_that "nothing that is served matches /$1/" is_scraped "$1"
}
