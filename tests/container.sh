#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/container.sh: podman builds the image from this tree, on bare trees of Debian, as registries may
# not be reachable; containerd, which Kubernetes runs its pods with, runs it with the rights that
# deploy/kubernetes gives the pod, its own seccomp profile among them, and the configuration there. So it
# traces a program in another container, exactly; without one of its capabilities it says so. Needs root
# and the network.

here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=live/lib.sh
. "$here/live/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tools/suites.sh
. "$here/../tools/suites.sh"
# shellcheck source-path=SCRIPTDIR source=trees.sh
. "$here/trees.sh"

readonly EVENTS=20000 IMAGE=localhost/slicestat:latest BASE=docker.io/library/debian
CONTAINERD=$("$ROOT/tools/programs.sh" --path containerd)
export PATH=${CONTAINERD%/*}:$PATH # its shim is looked for there
trap 'leave_containers' EXIT

podman() {
	command podman --root "$WORK/podman" --runroot "$WORK/podman.run" "$@"
}

ctr() {
	command ctr --address "$WORK/containerd/socket" "$@"
}

leave_containers() {
	local name mounts

	# With its task, the process beside a container that watches it ends.
	for name in $(ctr task ls -q 2>/dev/null); do
		ctr task rm --force "$name" >/dev/null 2>&1 || true
	done
	[ -z "${CONTAINERD_PID:-}" ] || { kill -TERM "$CONTAINERD_PID" && wait "$CONTAINERD_PID"; } || true
	mapfile -t mounts < <(awk -v at="$WORK/" 'index($2, at) == 1 { print $2 }' /proc/mounts | sort -r)
	[ "${#mounts[@]}" -eq 0 ] || umount "${mounts[@]}" || true
	cleanup
}

# import_base: Debian 12 under the names that the Containerfile has.
import_base() {
	local tree

	tree=$(bare_tree bookworm)
	mkdir -p "$WORK/more/etc/apt/apt.conf.d"
	mirror_config >"$WORK/more/etc/apt/apt.conf.d/mirror"
	tar -c -C "$tree" . -C "$WORK/more" ./etc/apt/apt.conf.d/mirror |
		podman import --quiet - "$BASE:bookworm" >/dev/null
	podman tag "$BASE:bookworm" "$BASE:bookworm-slim"
}

build_image() {
	podman build --quiet --network host --isolation chroot -t "$IMAGE" \
		-f "$ROOT/deploy/container/Containerfile" "$ROOT" >"$WORK/build" 2>&1 ||
		fail "podman build: $(tail -n 20 "$WORK/build")"
	expect "the entry point" '["/usr/sbin/slicestat"]' \
		"$(podman image inspect "$IMAGE" | jq -c '.[0].Config.Entrypoint')"
}

start_containerd() {
	mkdir -p "$WORK/containerd"
	cat >"$WORK/containerd/config.toml" <<-END
		version = 3
		root = "$WORK/containerd/root"
		state = "$WORK/containerd/state"
		disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images",
		  "io.containerd.cri.v1.runtime"]
		[grpc]
		address = "$WORK/containerd/socket"
	END
	"$CONTAINERD" -c "$WORK/containerd/config.toml" >"$WORK/containerd/log" 2>&1 </dev/null &
	CONTAINERD_PID=$!
	until ctr version >/dev/null 2>&1; do
		kill -0 "$CONTAINERD_PID" || fail "containerd: $(tail -n 3 "$WORK/containerd/log")"
	done
}

# hand_over IMAGE: from podman to containerd.
hand_over() {
	podman save --quiet --format oci-archive -o "$WORK/image.tar" "$1" >/dev/null
	ctr images import "$WORK/image.tar" >/dev/null
	rm "$WORK/image.tar"
}

# of_pod JQ: of the manifest's.
of_pod() {
	python3 -c 'import json, sys, yaml
print(json.dumps(yaml.safe_load(sys.stdin)))' <"$ROOT/deploy/kubernetes/daemonset.yaml" |
		jq -r ".spec.template.spec.containers[] | $1"
}

# write_spec [CAPABILITY]: what containerd makes of the pod's rights, but for that one, as spec.json. Only
# containerd's interface for Kubernetes can leave out the namespace of pids: it is taken off here.
write_spec() {
	local flags=() name

	for name in $(ctr container info bare | jq -r '.Spec.process.capabilities.bounding[]'); do
		flags+=(--cap-drop "$name")
	done
	for name in $(of_pod '.securityContext.capabilities.add[]'); do
		[ "$name" = "${1:-}" ] || flags+=(--cap-add "CAP_$name")
	done
	ctr container create --seccomp --read-only "${flags[@]}" \
		--mount "type=bind,src=$WORK/config,dst=/etc/slicestat,options=rbind:ro" \
		"$IMAGE" pod /usr/sbin/slicestat
	ctr container info pod | jq --arg root "$WORK/root" '.Spec | .root = {path: $root, readonly: true}
		| .linux.namespaces |= map(select(.type != "pid"))' >"$WORK/spec.json"
	ctr container rm pod
}

# as_pod NAME ARG...: becomes slicestat in a container of that name.
as_pod() {
	local name=$1

	shift
	jq --argjson args "$(printf '%s\n' /usr/sbin/slicestat "$@" | jq -R -n '[inputs]')" \
		'.process.args = $args' "$WORK/spec.json" >"$WORK/$name.json"
	exec ctr --address "$WORK/containerd/socket" run --rm --runc-binary runc --runc-root "$WORK/runc" \
		--config "$WORK/$name.json" "$name"
}

# pid_of NAME: of the first process in that container.
pid_of() {
	ctr task ls | awk -v name="$1" '$1 == name { print $2 }'
}

# start_contained: a program of another user, in a container of its own.
start_contained() {
	mkdir -m 777 "$WORK/out"
	start_target ctr run --rm --runc-binary runc --runc-root "$WORK/runc" --user 1000 --seccomp \
		--mount "type=bind,src=$(target_path 1.24 default sites),dst=/srv/app,options=rbind:ro" \
		--mount "type=bind,src=$WORK/out,dst=/out,options=rbind:rw" \
		"$BASE:bookworm-slim" target /srv/app -events "$EVENTS" -out /out/truth
	await_target '^ready'
}

metrics() {
	nsenter --target "$(pid_of slicestat)" --net -- \
		curl --silent --show-error --fail --max-time 10 http://127.0.0.1:9469/metrics
}

# await_metric NAME VALUE: the sum of its series.
await_metric() {
	local deadline=$((SECONDS + PATIENCE)) sum=''

	while [ "$SECONDS" -lt "$deadline" ]; do
		sum=$(metrics 2>/dev/null | awk -v name="$1" '{ split($1, part, "{") }
			part[1] == name { sum += $NF; found = 1 } END { if (found) printf "%d", sum }') || true
		[ "$sum" != "$2" ] || return 0
		wait_us 200000
	done
	fail "$1: expected $2 got $sum"
}

expect_confined() {
	local status=/proc/$1/status mask=0 name

	for name in BPF PERFMON SYS_PTRACE; do
		mask=$((mask | 1 << $(awk -v n="CAP_$name" '$1 == "#define" && $2 == n { print $3 }' /usr/include/linux/capability.h)))
	done
	expect "capabilities" "$(printf '%016x' "$mask")" "$(awk '$1 == "CapBnd:" { print $2 }' "$status")"
	expect "no_new_privs, seccomp" "1 2" \
		"$(awk '$1 == "NoNewPrivs:" || $1 == "Seccomp:" { printf "%s%s", s, $2; s = " " }' "$status")"
	expect_match "the root" '(^|,)ro(,|$)' "$(awk '$2 == "/" { print $4 }' "/proc/$1/mounts")"
	expect "its network" different \
		"$([ "/proc/$1/ns/net" -ef /proc/self/ns/net ] && echo "the host's" || echo different)"
	expect "its pids" "the host's" \
		"$([ "/proc/$1/ns/pid" -ef /proc/self/ns/pid ] && echo "the host's" || echo different)"
}

# trace_as_pod: with what the manifest says, but all is traced, all sites are told, and reports come too.
trace_as_pod() {
	local args

	mapfile -t args < <(of_pod '.args[]' | grep -vx -e --quiet)
	# shellcheck disable=SC2034 # start_tracer's
	SLICESTAT=as_pod
	start_tracer slicestat "${args[@]}" --budget off -n 10000 --ops grow,make,reflect \
		-o json -w /dev/stdout --interval 0.25
	await_tracing
	await_line "$TRACER_ERR" "$TRACER_PID" '^slicestat: serving ' >>"$WORK/tracer.err"
	POD_PID=$(pid_of slicestat)
	await_metric slicestat_targets 1
	expect_confined "$POD_PID"
}

# end_pod: the last report is then in $WORK/report.
end_pod() {
	kill -TERM "$POD_PID"
	await_tracer_end
	expect "slicestat's exit status" 0 "$STATUS"
	cp "$WORK/tracer.out" "$WORK/report"
}

# await_rest: what is served, into $WORK/metrics, when two intervals have brought nothing more.
await_rest() {
	local deadline=$((SECONDS + PATIENCE)) last=none now=''

	while [ "$SECONDS" -lt "$deadline" ]; do
		metrics >"$WORK/metrics"
		now=$(grep '^slicestat_events_seen_total' "$WORK/metrics")
		[ "$now" != "$last" ] || return 0
		last=$now
		wait_us 600000
	done
	fail "the target goes on: $now"
}

# peak_mib PID: what its container has had at most, maps included, as the limit of the pod counts it.
peak_mib() {
	local at

	at=$(awk -F: '$2 == "memory" { print "/sys/fs/cgroup/memory" $3 "/memory.max_usage_in_bytes"; exit }
		$1 == 0 { print "/sys/fs/cgroup" $3 "/memory.peak" }' "/proc/$1/cgroup")
	echo $(($(<"$at") / 1048576))
}

# traced_exactly: the report is as the target's truth, and what was served last as the report.
traced_exactly() {
	local family field said

	tell_target
	await_target '^done'
	await_rest
	PEAK=$(peak_mib "$POD_PID")
	end_pod
	tell_target
	await_target_end
	said=$("$ROOT/build/tests/compare_sites" "$WORK/out/truth" "$WORK/report" 2>&1) ||
		fail "the sites differ from the truth:"$'\n'"$said"
	expect_accounted "$EVENTS"
	while read -r family field; do
		expect "$family" "$(tail -n 1 "$WORK/report" | jq "[.rows[].$field] | add")" \
			"$(awk -v name="$family" '{ split($1, part, "{") } part[1] == name { sum += $NF }
				END { printf "%d", sum }' "$WORK/metrics")"
	done <<-END
		slicestat_slice_events_total events
		slicestat_slice_len_total len_sum
		slicestat_slice_cap_total cap_sum
		slicestat_slice_allocated_bytes_total bytes_allocated
		slicestat_slice_copied_bytes_total bytes_copied
	END
}

# expect_needed CAPABILITY REGEX
expect_needed() {
	local status=0

	write_spec "$1"
	(as_pod without serve --listen 9469 -p "$(pid_of target)") >"$WORK/said" 2>&1 || status=$?
	expect "exit status without CAP_$1" 1 "$status"
	expect_match "without CAP_$1" "^slicestat: not permitted to ($2)" "$(tail -n 1 "$WORK/said")"
}

if [ -z "${SLICESTAT_OWN_MOUNTS:-}" ]; then
	SLICESTAT_OWN_MOUNTS=1 in_own_mounts "$0" "$@"
fi
import_base
build_image
start_containerd
hand_over "$IMAGE"
hand_over "$BASE:bookworm-slim"
mkdir "$WORK/config" "$WORK/root"
cp "$ROOT/deploy/kubernetes/slicestat.conf" "$WORK/config"
ctr container create "$IMAGE" bare
ctr images mount --rw "$IMAGE" "$WORK/root" >/dev/null
start_contained
expect_needed BPF 'use BPF'
expect_needed PERFMON 'use BPF'
expect_needed SYS_PTRACE 'look into process'
write_spec
trace_as_pod
traced_exactly
echo "image of $(podman image inspect "$IMAGE" | jq '.[0].Size / 1048576 | floor') MiB" \
	"($(podman image inspect "$BASE:bookworm-slim" | jq '.[0].Size / 1048576 | floor') its base):" \
	"$(count seen) events exact, in $PEAK MiB, with 3 capabilities, each of them needed"
