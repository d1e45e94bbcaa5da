#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What servers have after a scrape, and after OTLP, is what the final report says, exactly: of a program
# that has ended, and of these servers themselves while they do it.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

PROMTOOL=$("$ROOT/tools/programs.sh" --path promtool)

# check_formats: of what is served now.
check_formats() {
	local said type

	said=$(scrape | "$PROMTOOL" check metrics 2>&1) || fail "promtool: $said"
	expect "what promtool says" "" "$said"
	type=$(curl -s --fail -H 'Accept: application/openmetrics-text; version=1.0.0' \
		-o "$WORK/openmetrics" -w '%{content_type}' "http://$METRICS/metrics")
	expect_match "type" '^application/openmetrics-text; version=1.0.0' "$type"
	expect "the last line" '# EOF' "$(tail -n 1 "$WORK/openmetrics")"
	expect "another path" 404 "$(curl -s -o /dev/null -w '%{http_code}' "http://$METRICS/other")"
	expect "another method" 405 \
		"$(curl -s -o /dev/null -w '%{http_code}' -d x "http://$METRICS/metrics")"
	expect "health" 'slicestat is healthy' "$(curl -s "http://$METRICS/-/healthy")"
}

# expect_no_rights: but for the thread that traces.
expect_no_rights() {
	local status threads=0

	for status in "/proc/$TRACER_PID/task"/*/status; do
		[ "${status%/status}" != "/proc/$TRACER_PID/task/$TRACER_PID" ] || continue
		expect "capabilities of $status" 0000000000000000 \
			"$(awk '$1 == "CapPrm:" { print $2 }' "$status")"
		threads=$((threads + 1))
	done
	expect "threads that serve" 2 "$threads"
}

# build_labels PLACE PID
build_labels() {
	local family="slicestat_target_info{pid=\"$2\"}"

	curl --silent --fail --max-time 10 --data-urlencode "query=$family" "http://$1/api/v1/query" |
		jq -r '.data.result[].metric | "\(.go_version) \(.arch) \(.package) \(.module) \(.module_version)"'
}

# expect_build PID: the labels of that process are what the go command says of its executable.
expect_build() {
	local said place

	said=$("$ROOT/tools/go.sh" 1.27 version -m "/proc/$1/exe" | awk '
		NR == 1 { go = $2 }
		$1 == "path" { package = $2 }
		$1 == "mod" { module = $2; version = $3 }
		/GOARCH=/ { split($2, arch, "=") }
		function known(text) { return text ? text : "null" }
		END { print go, arch[2], known(package), known(module), known(version) }')
	for place in "$PROMETHEUS" "$RECEIVER"; do
		expect "how $(readlink "/proc/$1/exe") was built" "$said" "$(build_labels "$place" "$1")"
	done
}

# await_cpu TICKS: of the target, since it is traced; user and system time are cut to whole ticks.
await_cpu() {
	[ "$1" -gt 0 ] || fail "the target used no time"
	await_value "$PROMETHEUS" \
		"abs(slicestat_targets_cpu_seconds_total * 100 - $1) < bool 3" 1
}

# When the target has ended, its totals stay.
ended_program() {
	local ticks

	start_target "$(target_path 1.24 default sites)" -events 60000 -out "$WORK/truth"
	await_target '^ready$'
	serve --otlp "$OTLP" -p "$TARGET_PID" -n 10000 --budget off --ops grow,make,reflect 0.25
	expect_no_rights
	await_value "$PROMETHEUS" 'slicestat_targets' 1
	await_value "$RECEIVER" 'slicestat_targets' 1
	expect_build "$TARGET_PID"
	ticks=$(proc_ticks "$TARGET_PID")
	tell_target
	await_target '^done$'
	await_cpu "$(($(proc_ticks "$TARGET_PID") - ticks))"
	tell_target
	await_target_end
	await_line "$TRACER_ERR" "$TRACER_PID" 'have ended: their totals are served' >/dev/null
	expect_totals "$PROMETHEUS"
	expect_totals "$RECEIVER"
	diff <(site_totals) <(site_series "$PROMETHEUS") >&2 || fail "sites of a scrape differ"
	diff <(site_totals) <(site_series "$RECEIVER") >&2 || fail "sites of OTLP differ"
	check_formats
	end_tracer
	expect_accounted 60000
	echo "sites: $(count seen) events in $(site_totals | wc -l) series, by scrapes and by OTLP"
}

# Both servers are traced at work; the last report comes when they are not any more, and is scraped.
servers_themselves() {
	local series

	serve --otlp "$OTLP" -p "$PROMETHEUS_PID,$RECEIVER_PID" -n 20 --budget off 0.25
	await_value "$PROMETHEUS" 'slicestat_targets' 2
	await_value "$RECEIVER" 'slicestat_targets' 2
	expect_build "$PROMETHEUS_PID"
	expect_build "$RECEIVER_PID"
	await_value "$RECEIVER" 'sum(slicestat_slice_events_total{site="other"} > bool 0)' 1
	await_value "$PROMETHEUS" 'sum(slicestat_events_seen_total > bool 2000)' 1
	kill -TERM "$TRACER_PID"
	await_tracer_end
	expect "slicestat's exit status" 0 "$STATUS"
	expect_accounted 2000
	expect_totals "$RECEIVER"
	# The place has gone, and its series with it: they are looked back for.
	await_value "$PROMETHEUS" 'sum(last_over_time(slicestat_events_seen_total[5m]))' "$(count seen)"
	expect "events in the last scrape" "$(report_sum events)" \
		"$(query "$PROMETHEUS" 'sum(last_over_time(slicestat_slice_events_total[5m]))')"
	expect "lengths in the last scrape" "$(report_sum len_sum)" \
		"$(query "$PROMETHEUS" 'sum(last_over_time(slicestat_slice_len_total[5m]))')"
	series=$(query "$RECEIVER" 'count(slicestat_slice_events_total)')
	expect_at_most "series of sites, other included" 21 "$series"
	[ "$series" -gt 5 ] || fail "only $series series of sites"
	! grep -E '^(panic|fatal error|SIG[A-Z]+):' "$WORK/prometheus.log" "$WORK/receiver.log" ||
		fail "a server crashed"
	echo "prometheus and its receiver: $(count seen) events, $((series - 1)) sites and all others"
}

start_prometheus
start_receiver
ended_program
forget_received
forget_scraped
servers_themselves
