#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The rules are what promtool says they should be; prometheus, which scrapes a slicestat at work, computes
# the numbers from them that its samples give; each query of the dashboard has an answer there, and all
# metrics and labels that rules and dashboard name are among those that slicestat shows.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

readonly DASHBOARD=$ROOT/deploy/grafana/slicestat.json
readonly RULES=$ROOT/deploy/prometheus/slicestat.rules.yml
readonly POD=0d1e2f3a-4b5c-6d7e-8f90-a1b2c3d4e5f6
CONTAINER=$(printf 'c%.0s' {1..64})
PROMTOOL=$("$ROOT/tools/programs.sh" --path promtool)
trap 'leave_pod' EXIT

# check_rules: as they are, and not with another threshold.
check_rules() {
	local said

	said=$("$PROMTOOL" check rules "$RULES" 2>&1) || fail "$said"
	said=$("$PROMTOOL" check config "$ROOT/deploy/prometheus/prometheus.yml" 2>&1) || fail "$said"
	said=$("$PROMTOOL" test rules "$ROOT/tests/rules/slicestat.test.yml" 2>&1) || fail "$said"
	mkdir -p "$WORK/deploy/prometheus" "$WORK/tests/rules"
	cp "$ROOT/tests/rules/slicestat.test.yml" "$WORK/tests/rules"
	sed 's/fill_ratio > 0.75/fill_ratio > 0.96/' "$RULES" >"$WORK/deploy/prometheus/${RULES##*/}"
	! said=$("$PROMTOOL" test rules --run='all is wrong' "$WORK/tests/rules/slicestat.test.yml" 2>&1) ||
		fail "promtool finds nothing wrong with another threshold"
	expect_match "what promtool says" 'alertname: SlicestatWindowFull' "$said"
}

leave_pod() {
	kill -KILL ${TARGET_PID:+"$TARGET_PID"} 2>/dev/null || true
	[ -z "${SCOPE:-}" ] || until rmdir "$SCOPE" "${SCOPE%/*}" 2>/dev/null || [ ! -d "$SCOPE" ]; do
		wait_us 100000
	done
	cleanup
}

# in_pod COMMAND...: becomes the command, in a cgroup that is named as containerd does it.
in_pod() {
	echo 0 >"$SCOPE/cgroup.procs"
	exec "$@"
}

# api PATH [ARG]...: its data; ARG as curl's --data-urlencode.
api() {
	local path=$1 args=()

	shift
	for arg; do
		args+=(--data-urlencode "$arg")
	done
	curl --silent --show-error --fail-with-body --max-time 10 -G "${args[@]}" \
		"http://$PROMETHEUS/api/v1/$path" >"$WORK/answer" || fail "$path $*: $(<"$WORK/answer")"
	jq -c .data "$WORK/answer"
}

# as_query EXPRESSION: of the dashboard, with all of each variable, as Grafana asks.
as_query() {
	sed -e "s/\\\$job/slicestat/g" -e "s/\\\$__rate_interval/300s/g; s/\\\$__range/300s/g" \
		-e "s/\\\$\\(instance\\|exe\\|pid\\|op\\|elem\\|func\\)\\b/.*/g" <<<"$1"
}

# expect_known QUERY [LABEL]...: its metrics are there, and the labels that it names, and these.
expect_known() {
	local query=$1 parsed name label

	shift
	parsed=$(api parse_query "query=$query")
	jq -r '[.. | objects | select(.type? == "vectorSelector" or .type? == "matrixSelector")
			| "\(.name) \(.matchers[].name)"][]' <<<"$parsed" >"$WORK/selected"
	: >"$WORK/labels"
	while read -r name label; do
		[ -s "$WORK/labels_of_$name" ] ||
			api labels "match[]=$name" | jq -r '.[]' >"$WORK/labels_of_$name"
		grep -x "$label" "$WORK/labels_of_$name" >/dev/null || fail "$query: $name has no label $label"
		cat "$WORK/labels_of_$name" >>"$WORK/labels"
	done <"$WORK/selected"
	while read -r label; do
		[ -z "$label" ] || grep -x "$label" "$WORK/labels" >/dev/null ||
			fail "$query: nothing there has a label $label"
	done < <(jq -r '.. | objects | (.grouping? // [])[], (.matching?.labels? // [])[]' <<<"$parsed" &&
		printf '%s\n' "$@")
}

# expect_answer QUERY: not empty, but where only what is greater than something is asked for.
expect_answer() {
	local answer

	answer=$(api query "query=$1" | jq '.result | length')
	[[ $1 == *' > 0' ]] || [ "$answer" -gt 0 ] || fail "$1: no answer"
}

# dashboard_queries: a line each, and with it the labels that its legend shows.
dashboard_queries() {
	jq -r '.panels[] | (.targets // [])[]
		| [.expr, ([.legendFormat | scan("{{([a-z_]+)}}")[]] | join(" "))] | @tsv' "$DASHBOARD"
}

# expect_chosen: each query that a PID is chosen for has nothing of others, nor of other.
expect_chosen() {
	local query

	while read -r query; do
		query=$(as_query "${query//\$pid/1}")
		expect "$query" '[]' "$(api query "query=$query" | jq -c .result)"
	done < <(dashboard_queries | cut -f 1 | grep -F "pid=~\"\$pid\"")
}

check_dashboard() {
	local query said legend

	while IFS=$'\t' read -r query legend; do
		query=$(as_query "$query")
		[[ $query != *'$'* ]] || fail "$query: a variable that is not known"
		# shellcheck disable=SC2086 # the labels are words
		expect_known "$query" $legend
		expect_answer "$query"
	done < <(dashboard_queries)
	while read -r query; do
		[[ $(as_query "$query") =~ ^label_values\((.*),\ ([a-z_]+)\)$ ]] || fail "variable: $query"
		said=$(api "label/${BASH_REMATCH[2]}/values" "match[]=${BASH_REMATCH[1]}")
		[ "$said" != '[]' ] || fail "$query: no values"
	done < <(jq -r '.templating.list[] | select(.type == "query") | .query.query' "$DASHBOARD")
}

check_rule_queries() {
	local query

	while read -r query; do
		[[ $query != *kube_* ]] || continue # kube-state-metrics is not there
		expect_known "$query"
	done < <(api rules | jq -r '.groups[].rules[].query')
	expect "rules that failed" '' \
		"$(api rules | jq -r '.groups[].rules[] | select(.lastError // "" != "") | .name')"
	expect "rules" "$(grep -cE '^ +- (record|alert):' "$RULES")" \
		"$(api rules | jq '[.groups[].rules[]] | length')"
}

check_rules
PROMETHEUS_RULES=$RULES start_prometheus
start_receiver
# What only those show that look for processes.
serve -e /srv/nothing-there --containers 0.25
await_value "$PROMETHEUS" 'count(slicestat_processes_missed_total)' 3
end_tracer
SCOPE=$(hierarchy)/kubepods-besteffort-pod${POD//-/_}.slice/cri-containerd-$CONTAINER.scope
mkdir -p "$SCOPE"
start_target in_pod "$(target_path 1.24 default load)" -seconds 4
await_target '^ready$'
serve --otlp "$OTLP" -p "$TARGET_PID" --budget 20 -n 20 0.25
await_value "$PROMETHEUS" 'sum(slicestat_slice_events_total)' 0
tell_target
await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
await_value "$PROMETHEUS" 'sum(slicestat_slice_events_total{site!="other"} > bool 0) > bool 0' 1
await_value "$PROMETHEUS" \
	"count(slicestat_target_info{pod=\"$POD\",container=\"$CONTAINER\",pid=\"$TARGET_PID\"})" 1
await_value "$PROMETHEUS" 'count(instance:slicestat_cost:ratio_rate5m)' 1
said=$("$ROOT/tests/live/rates.py" "http://$PROMETHEUS") || fail "$said"
check_rule_queries
check_dashboard
expect_chosen
! (expect_known 'sum by (nothing) (slicestat_targets)') 2>/dev/null || fail "any label is known"
! (expect_known 'slicestat_nothing{pid="1"}') 2>/dev/null || fail "any metric is known"
end_tracer
tell_target
await_target_end
expect_accounted 100
echo "$(grep -c . <<<"$said") recorded rules to nine digits, $(dashboard_queries | wc -l) queries of" \
	"the dashboard answered"
