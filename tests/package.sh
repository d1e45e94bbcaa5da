#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/package.sh PACKAGE [SUITE]...: installs the Debian package by apt into bare trees of these suites
# (default: Debian 12 and 13), which have no other sources than their own; there it has its files, checks,
# and traces a live process exactly, on the command line and as a unit of the tree's systemd; purged, it
# leaves nothing. The trees are made once, and kept in the
# cache; what is installed is gone with the test. Needs root and the network.

here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=live/lib.sh
. "$here/live/lib.sh"
# shellcheck source-path=SCRIPTDIR source=live/lib_serve.sh
. "$here/live/lib_serve.sh"
# shellcheck source-path=SCRIPTDIR source=../tools/suites.sh
. "$here/../tools/suites.sh"
# shellcheck source-path=SCRIPTDIR source=trees.sh
. "$here/trees.sh"

readonly EVENTS=20000
FILES=(/usr/sbin/slicestat /usr/share/man/man8/slicestat.8.gz /usr/share/slicestat/report.schema.json
	/usr/share/doc/slicestat/copyright /usr/share/bash-completion/completions/slicestat
	/usr/share/zsh/vendor-completions/_slicestat /usr/share/fish/vendor_completions.d/slicestat.fish
	/lib/systemd/system/slicestat.service /usr/share/doc/slicestat/examples/slicestat.conf)

leave_trees() {
	umount -R "$WORK"/*/tree 2>/dev/null || true
	cleanup
}

# layer SUITE: the tree with a layer above it that takes all changes, in TREE. Packages that apt gets
# are kept for the next time.
layer() {
	local bare archives

	bare=$(bare_tree "$1")
	archives=$(cache_dir)/trees/archives.$1
	TREE=$WORK/$1/tree
	mkdir -p "$TREE" "$WORK/$1/upper" "$WORK/$1/work" "$archives/partial"
	mount -t overlay overlay "$TREE" \
		-o "lowerdir=$bare,upperdir=$WORK/$1/upper,workdir=$WORK/$1/work"
	mount --bind "$archives" "$TREE/var/cache/apt/archives"
	cp -L /etc/resolv.conf "$TREE/etc/resolv.conf"
	mirror_config >"$TREE/etc/apt/apt.conf.d/mirror"
}

# in_tree COMMAND...
in_tree() (
	use_root "$TREE" "$1"
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 \
		"$SLICESTAT" "${@:2}"
)

install_package() {
	cp "$PACKAGE" "$TREE/tmp/slicestat.deb"
	in_tree apt-get -qq update
	in_tree apt-get -qq -y --no-install-recommends install /tmp/slicestat.deb >"$WORK/apt" 2>&1 ||
		fail "apt: $(tail -n 3 "$WORK/apt")"
	in_tree dpkg --verify slicestat
	expect "state of the package" "install ok installed" \
		"$(in_tree dpkg-query -W -f "\${Status}" slicestat)"
}

# boot: the tree's systemd, with BPF let through; LEADER is its first process, MACHINE what ends it.
boot() {
	in_tree apt-get -qq -y --no-install-recommends install systemd systemd-sysv libmicrohttpd12 \
		>"$WORK/apt" 2>&1 ||
		fail "apt: $(tail -n 3 "$WORK/apt")"
	mkfifo "$WORK/console"
	exec {CONSOLE}<>"$WORK/console"
	systemd-nspawn --quiet --boot --register=no --keep-unit --directory="$TREE" --capability=all \
		--private-network '--system-call-filter=bpf perf_event_open' --kill-signal=SIGRTMIN+3 \
		</dev/null >"$WORK/console" 2>&1 {CONSOLE}>&- &
	MACHINE=$!
	OTHER_PIDS+=("$MACHINE")
	await_line "$CONSOLE" "$MACHINE" 'Reached target.*Multi-User' >"$WORK/booted"
	LEADER=$(tr -d ' ' <"/proc/$MACHINE/task/$MACHINE/children")
	# With it goes all that runs there.
	OTHER_PIDS+=("$LEADER")
}

inside() {
	nsenter -t "$LEADER" -a -- "$@"
}

# Its network has nobody else; curl is the machine's.
scrape() {
	nsenter -t "$LEADER" --net curl --silent --show-error --fail --max-time 10 \
		"http://$METRICS/metrics"
}

shut_down() {
	kill -TERM "$MACHINE"
	await_end "$MACHINE"
	exec {CONSOLE}>&-
	rm "$WORK/console"
	OTHER_PIDS=()
}

# main_events: of the target's own code, as served.
main_events() {
	scrape 2>"$WORK/scrape" | grep '^slicestat_slice_events_total{.*func="main\.' |
		grep -v 'func="main\.main"' | awk '{ sum += $NF } END { print sum + 0 }'
}

# await_events N
await_events() {
	local deadline=$((SECONDS + PATIENCE))

	while [ "$SECONDS" -lt "$deadline" ]; do
		[ "$(main_events)" != "$1" ] || return 0
		wait_us 200000
	done
	fail "the unit serves $(main_events) events of $1"
}

# try_unit: it waits for a configuration file; with one, it traces, and ends well.
try_unit() {
	boot
	inside systemctl start slicestat
	expect "the unit without a file" "ActiveState=inactive ConditionResult=no" \
		"$(inside systemctl show -p ActiveState,ConditionResult slicestat | paste -s -d ' ')"
	install -m 755 "$(target_path 1.24 default truth)" "$TREE/srv/app"
	sed "s,^listen = .*,listen = $METRICS,; s,^budget = .*,budget = off,; s,^interval = .*,interval = 1," \
		"$TREE/usr/share/doc/slicestat/examples/slicestat.conf" >"$TREE/etc/slicestat.conf"
	inside systemctl start slicestat
	await_scraped '^slicestat_targets 0'
	inside /srv/app -auto -events "$EVENTS" -out /run/truth >"$WORK/app"
	await_events "$EVENTS"
	inside systemctl stop slicestat
	expect "how it ended" "Result=success ExecMainStatus=0" \
		"$(inside systemctl show -p Result,ExecMainStatus slicestat | paste -s -d ' ')"
	shut_down
}

purge_package() {
	local file

	in_tree apt-get -qq -y purge slicestat >"$WORK/apt" 2>&1 || fail "purge: $(tail -n 3 "$WORK/apt")"
	for file in "${FILES[@]}"; do
		[ ! -e "$TREE$file" ] || fail "$file is left"
	done
}

# try SUITE
try() {
	local file said

	layer "$1"
	install_package
	for file in "${FILES[@]}"; do
		[ -s "$TREE$file" ] || fail "the package has no $file"
	done
	use_root "$TREE" /usr/sbin/slicestat
	expect "--version" "slicestat $(<"$ROOT/VERSION")" "$("$SLICESTAT" --version)"
	said=$("$SLICESTAT" check) || fail "check: $said"
	expect_match "check" 'self-test .*every event counted' "$said"
	trace_in_root "$(target_path 1.24 default truth)" "$EVENTS"
	try_unit
	purge_package
	echo "$1 (Debian $(<"$TREE/etc/debian_version")): $EVENTS events exact, as a unit too"
	umount -R "$TREE"
}

[ $# -ge 1 ] || die "usage: package.sh PACKAGE [SUITE]..."
if [ -z "${SLICESTAT_OWN_MOUNTS:-}" ]; then
	SLICESTAT_OWN_MOUNTS=1 in_own_mounts "$0" "$@"
fi
trap leave_trees EXIT
PACKAGE=$1
shift
[ $# -gt 0 ] || set -- bookworm trixie
for suite; do
	try "$suite"
done
