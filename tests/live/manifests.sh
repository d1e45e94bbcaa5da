#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What is for Kubernetes and Grafana is as their schemas say, which refuse what is a little wrong; kubectl
# puts it together; the pod has the rights that are documented and no more, with which slicestat takes the
# configuration there, and is healthy where there is nothing to trace.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

readonly MANIFESTS=$ROOT/deploy/kubernetes DASHBOARD=$ROOT/deploy/grafana/slicestat.json
KUBECTL=$("$ROOT/tools/programs.sh" --path kubectl)
SCHEMAS=$("$ROOT/tools/schemas.sh")

check() {
	node "$ROOT/tests/schemas/check.mjs" "$SCHEMAS" "$@" 2>&1
}

# wrong NAME SED FILE: a copy with an error.
wrong() {
	sed -E "$2" "$3" >"$WORK/wrong/$1.${3##*.}"
	! cmp -s "$3" "$WORK/wrong/$1.${3##*.}" || fail "$1: '$2' changes nothing"
}

make_wrong() {
	mkdir "$WORK/wrong"
	while IFS='|' read -r name change; do
		wrong "$name" "$change" "$WORK/all.yaml"
	done <<-'END'
		field|s/hostPID:/hostPid:/
		type|s/periodSeconds: 2$/periodSeconds: "2"/
		word|s/type: RuntimeDefault/type: Default/
		label|s,(app.kubernetes.io/name:).*,\1 true,
		quantity|s/memory: 128Mi/memory: 128Mib/
		place|s/^(  +)(readOnlyRootFilesystem:)/\1  capabilities: {}\n\1\2/
		list|s/policyTypes:/policyTypes: Ingress/; /^  - (In|E)gress$/d
		missing|/^  selector:$/,+2d
		kind|s/kind: DaemonSet/kind: Daemonset/
		relabel|s/action: labeldrop/action: labeldropp/
	END
	while IFS='|' read -r name change; do
		wrong "$name" "$change" "$DASHBOARD"
	done <<-'END'
		panel_type|s/"type": "heatmap"/"type": "heatmapp"/
		cell|s/"cellHeight": "sm"/"cellHeight": "tiny"/
		grid|s/"h": 12/"h": "12"/
		option|s/"reduceOptions"/"reduceOption"/
		legend|s/"displayMode": "list"/"displayMode": "lists"/
		drawn|s/"drawStyle": "line"/"drawStyle": "lines"/
	END
}

# expect_refused: each of them.
expect_refused() {
	local path said

	said=$(check "$WORK"/wrong/*) && fail "nothing is refused"
	for path in "$WORK"/wrong/*; do
		grep -F "$path: " <<<"$said" >/dev/null || fail "$path is not looked at: $said"
		! grep -xF "$path: ok" <<<"$said" >/dev/null || fail "${path##*/} is not refused"
	done
	REFUSED=$(find "$WORK/wrong" -type f | wc -l)
}

# of KIND JQ: of the object of that kind.
of() {
	jq -c "select(.kind == \"$1\") | $2" "$WORK/all.json"
}

expect_rights() {
	local name container='.spec.template.spec.containers[]'

	expect "capabilities" '["BPF","PERFMON","SYS_PTRACE"]' \
		"$(of DaemonSet "$container.securityContext.capabilities.add")"
	for name in BPF PERFMON SYS_PTRACE; do
		grep -E "^#define CAP_$name\s" /usr/include/linux/capability.h >/dev/null ||
			fail "Linux has no CAP_$name"
		grep "^| CAP_$name |" "$ROOT/docs/privileges.md" >/dev/null || fail "CAP_$name: what for?"
	done
	expect "all others" '["ALL"]' "$(of DaemonSet "$container.securityContext.capabilities.drop")"
	expect "containers" 1 "$(of DaemonSet "[$container] | length")"
	expect "the container" '[0,false,false,true]' "$(of DaemonSet "$container.securityContext
		| [.runAsUser, .privileged, .allowPrivilegeEscalation, .readOnlyRootFilesystem]")"
	expect "seccomp" '"RuntimeDefault"' \
		"$(of DaemonSet '.spec.template.spec.securityContext.seccompProfile.type')"
	expect "namespaces of the host" '[true,null,null]' \
		"$(of DaemonSet '.spec.template.spec | [.hostPID, .hostNetwork, .hostIPC]')"
	expect "volumes" '[["configMap","name"]]' \
		"$(of DaemonSet '[.spec.template.spec.volumes[] | keys]')"
	expect "tokens" '[false,false]' "$(of DaemonSet .spec.template.spec.automountServiceAccountToken |
		jq -c --argjson account "$(of ServiceAccount .automountServiceAccountToken)" '[., $account]')"
}

# What belongs together in several of them.
expect_together() {
	local port

	port=$(of DaemonSet '.spec.template.spec.containers[].ports[].containerPort')
	expect "who may ask" "[$port]" "$(of NetworkPolicy '[.spec.ingress[].ports[].port]')"
	expect_match "the configuration" $'\nlisten = 0\\.0\\.0\\.0:'"$port"$'\n' \
		"$(of ConfigMap '.data["slicestat.conf"]' | jq -r .)"
	expect "annotations, by which others would scrape it too" null \
		"$(of DaemonSet '.spec.template.metadata.annotations')"
	expect "the configuration's name" "$(of DaemonSet '.spec.template.spec.volumes[].configMap.name')" \
		"$(of ConfigMap .metadata.name)"
	expect "nodes that it keeps away from" '[{"operator":"Exists"}]' \
		"$(of DaemonSet .spec.template.spec.tolerations)"
	expect "what instances are" '["instance","node"]' \
		"$(of PodMonitor '[.spec.podMetricsEndpoints[].relabelings[]
			| select(.sourceLabels == ["__meta_kubernetes_pod_node_name"]).targetLabel] | sort')"
	expect "the same in prometheus.yml" '["instance","node"]' \
		"$(python3 -c 'import json, sys, yaml
print(json.dumps(yaml.safe_load(sys.stdin)))' <"$ROOT/deploy/prometheus/prometheus.yml" |
			jq -c '[.scrape_configs[].relabel_configs[]
				| select(.source_labels == ["__meta_kubernetes_pod_node_name"]).target_label]
				| sort')"
	expect "labels" "$(of DaemonSet .spec.selector.matchLabels)" \
		"$(of DaemonSet .spec.template.metadata.labels)"
	expect "of the policy" "$(of DaemonSet .spec.selector.matchLabels)" \
		"$(of NetworkPolicy .spec.podSelector.matchLabels)"
	expect "of the monitor" "$(of DaemonSet .spec.selector.matchLabels)" \
		"$(of PodMonitor .spec.selector.matchLabels)"
	expect "its port" "$(of DaemonSet '.spec.template.spec.containers[].ports[].name')" \
		"$(of PodMonitor '.spec.podMetricsEndpoints[].port')"
	expect "the image" "\"slicestat:$(<"$ROOT/VERSION")\"" \
		"$(of DaemonSet '.spec.template.spec.containers[].image')"
	expect "probes" '["/-/healthy"]' "$(of DaemonSet '[.spec.template.spec.containers[]
		| (.startupProbe, .livenessProbe, .readinessProbe).httpGet.path] | unique')"
}

# expect_rollout: another configuration is one of another name, which the pods ask for.
expect_rollout() {
	local before

	before=$(of ConfigMap .metadata.name | jq -r .)
	sed -i 's/^top = .*/top = 99/' "$WORK/kubernetes/slicestat.conf"
	"$KUBECTL" kustomize "$WORK/kubernetes" >"$WORK/changed.yaml" || fail "kubectl kustomize"
	! grep -F "$before" "$WORK/changed.yaml" >/dev/null || fail "pods stay with the old configuration"
	expect "what has the new one's name" 2 "$(grep -c ' name: slicestat-' "$WORK/changed.yaml")"
}

# number_like DASHBOARD: the tables that have a unit for all columns, and columns of numbers that are names
# and are not said to be text: a PID would be 12.3 K, in links too.
number_like() {
	jq -c '[.panels[] | select(.type == "table") | . as $table
		| (if .fieldConfig.defaults | has("unit") then .title else empty end),
		  ((.transformations[].options.renameByName // {}) | (.pid, .line) | values | . as $column
			| if any($table.fieldConfig.overrides[]; .matcher.options == $column
				and any(.properties[]; .id == "unit" and .value == "string"))
			  then empty else "\($table.title): \($column)" end)]' "$1"
}

expect_text() {
	expect "tables that show names as numbers" '[]' "$(number_like "$DASHBOARD")"
	jq '(.panels[] | select(.type == "table").fieldConfig.defaults).unit = "short"
		| (.panels[] | select(.type == "table" and .title == "Sites").fieldConfig.overrides) |=
			map(select(.matcher.options != "Line"))' "$DASHBOARD" >"$WORK/numbers.json"
	expect "links to a PID that series may not have" '[]' \
		"$(jq -c '[.. | objects | .url? | strings | select(test("var-pid=[$][{]__"))]' "$DASHBOARD")"
	expect "those of another dashboard" '["Processes","Sites","Sites: Line","Element types","Versions"]' \
		"$(number_like "$WORK/numbers.json")"
}

# expect_waiting: as a pod on a node without any of the processes.
expect_waiting() {
	local kept

	of ConfigMap '.data["slicestat.conf"]' | jq -r . >"$WORK/slicestat.conf"
	kept=$(of DaemonSet '.spec.template.spec.containers[].securityContext.capabilities.add' |
		jq -r 'map("+" + ascii_downcase) | join(",")')
	printf '#!/bin/sh\nexec setpriv --no-new-privs --bounding-set=-all,%s %s "$@"\n' \
		"$kept" "$SLICESTAT" >"$WORK/as_pod"
	chmod 755 "$WORK/as_pod"
	SLICESTAT=$WORK/as_pod
	trace serve --config "$WORK/slicestat.conf" --listen "$METRICS" -e /srv/nothing-there
	await_line "$TRACER_ERR" "$TRACER_PID" '^slicestat: serving ' >>"$WORK/tracer.err"
	await_http "http://$METRICS/-/healthy"
	await_scraped '^slicestat_targets 0'
	await_scraped '^slicestat_budget_ratio 0.05'
	end_tracer
}

mkdir "$WORK/kubernetes"
cp "$MANIFESTS"/*.yaml "$MANIFESTS"/*.conf "$WORK/kubernetes"
"$KUBECTL" kustomize "$WORK/kubernetes" >"$WORK/without.yaml" || fail "kubectl kustomize"
sed -i 's/^  # - podmonitor/  - podmonitor/' "$WORK/kubernetes/kustomization.yaml"
"$KUBECTL" kustomize "$WORK/kubernetes" >"$WORK/all.yaml" || fail "kubectl kustomize"
expect "objects" "5 6" "$(for name in without all; do grep -c '^kind:' "$WORK/$name.yaml"; done | paste -s -d ' ')"
python3 -c 'import json, sys, yaml
for each in yaml.safe_load_all(sys.stdin): print(json.dumps(each))' <"$WORK/all.yaml" >"$WORK/all.json"
said=$(check "$MANIFESTS"/*.yaml "$WORK/all.yaml" "$DASHBOARD") || fail "$said"
make_wrong
expect_refused
expect_rights
expect_together
expect_rollout
expect_text
expect_waiting
echo "6 objects and a dashboard as their schemas say, $REFUSED others refused; 3 capabilities"
