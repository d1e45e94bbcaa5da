#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/deps.sh [build|cross|test|container|matrix|demo|bench]: installs what is missing to build slicestat (default),
# to build it for the other architecture, to test it, to show it, or to measure it. Quiet and without network when nothing is missing.
#
# Debian 12 lacks new enough libbpf and kernel headers: there they come from bookworm-backports, on
# the mirror that the machine uses anyway. apt's own sources and lists stay as they are. Go
# toolchains and the programs that tests attach to are not installed but kept in a cache directory
# (toolchains.sh, programs.sh).

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

# PACKAGE or PACKAGE>=VERSION. flamegraph.pl is in libdevel-nytprof-perl.
readonly BUILD=(gcc make clang pkg-config libelf-dev zlib1g-dev libcapstone-dev libjansson-dev
	libseccomp-dev libcap-dev libprotobuf-c-dev protobuf-c-compiler
	libmicrohttpd-dev libcurl4-openssl-dev libncurses-dev
	'libbpf-dev>=1:1.4' 'bpftool>=7.4' 'linux-libc-dev>=6.6')
readonly TEST=(libcmocka-dev clang-format clang-tidy cppcheck shellcheck universal-ctags llvm
	git procps iproute2 curl openssl gdb strace qemu-user qemu-system-x86 qemu-system-arm cpio
	libclang-rt-dev
	util-linux libcap2-bin protobuf-compiler python3-fastjsonschema python3-jsonschema
	libdevel-nytprof-perl libxml2-utils jq debootstrap python3-yaml
	zsh fish bash-completion mandoc systemd systemd-container tmux)
readonly DEB=(debhelper dpkg-dev lintian)
readonly CONTAINER=(podman runc)
readonly BENCH=(bpftrace jq curl binutils procps)
readonly BACKPORTED='libbpf* bpftool linux-libc-dev'

is_installed() {
	local name=${1%%>=*} version

	version=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$name" 2>/dev/null) || return 1
	[ "${version% *}" = installed ] || return 1
	[ "$name" = "$1" ] || dpkg --compare-versions "${version#* }" ge "${1#*>=}"
}

missing() {
	local package

	for package; do
		is_installed "$package" || echo "$package"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# The machine's own sources, and its suite's backports, which on Debian 12 have what its main suite
# lacks. Newer suites have it themselves.
write_sources() {
	local list parts

	eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
	mkdir "$1/sources.d"
	find "$list" "$parts" -maxdepth 1 \( -name '*.list' -o -name '*.sources' \) \
		-exec cp {} "$1/sources.d" \; 2>/dev/null || true
	[ "$(own_suite)" = bookworm ] || return 0
	# shellcheck disable=SC2016 # the variable is apt's
	if ! targets '$(RELEASE)' --no-release-info | grep -x bookworm-backports >/dev/null; then
		source_lines bookworm-backports >"$1/sources.d/slicestat-backports.list"
	fi
	printf 'Package: %s\nPin: release n=bookworm-backports\nPin-Priority: 990\n' \
		"$BACKPORTED" >"$1/preferences"
}

# As on the command line of apt, so that it counts for these calls only. The status of installed
# packages and the rest are the system's.
write_config() {
	mkdir -p "$1/lists/partial"
	touch "$1/preferences"
	cat >"$1/apt.conf" <<-END
		#clear APT::Update::Post-Invoke-Success;
		Acquire::Languages "none";
		Acquire::Retries "3";
		Dir::Etc::sourcelist "/dev/null";
		Dir::Etc::sourceparts "$1/sources.d";
		Dir::Etc::preferences "$1/preferences";
		Dir::State::lists "$1/lists";
		Dir::Cache::pkgcache "";
		Dir::Cache::srcpkgcache "";
	END
	chmod -R a+rX "$1"
}

# A source of a third party may fail: what is then missing is seen after.
run_apt() {
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -c "$1/apt.conf")

	shift
	as_root "${apt[@]}" -qq update || say "not every source could be read"
	as_root "${apt[@]}" -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@"
}

check_machine() {
	command -v apt-get >/dev/null || die "needs apt-get; on other systems install: $*"
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
		die "not root and no sudo; as root run: tools/deps.sh $PURPOSE"
}

# install_packages PACKAGE[>=VERSION]...
install_packages() {
	local root still

	check_machine "$@"
	say "installing $*"
	root=$(mktemp -d)
	# shellcheck disable=SC2064 # root is local
	trap "as_root rm -rf '$root'" EXIT
	write_sources "$root"
	write_config "$root"
	run_apt "$root" "${@%%>=*}"
	still=$(missing "$@")
	[ -z "$still" ] || die "the sources of apt do not have:" "${still//$'\n'/ }"
}

# ensure_packages PACKAGE[>=VERSION]...
ensure_packages() {
	local wanted

	mapfile -t wanted < <(missing "$@")
	[ "${#wanted[@]}" -eq 0 ] || install_packages "${wanted[@]}"
}

ensure_cross() {
	if [ "$(dpkg --print-architecture)" = arm64 ]; then
		ensure_packages gcc-x86-64-linux-gnu libc6-dev-amd64-cross
		"$here/sysroot.sh" amd64 >/dev/null
	else
		ensure_packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross
		"$here/sysroot.sh" arm64 >/dev/null
	fi
}

readonly PURPOSE=${1:-build}
case $PURPOSE in
build) ensure_packages "${BUILD[@]}" ;;
cross)
	ensure_packages "${BUILD[@]}"
	ensure_cross
	;;
deb)
	ensure_packages "${BUILD[@]}" "${DEB[@]}"
	[ "${ARCH:-}" = '' ] || ensure_cross
	;;
test | matrix)
	ensure_packages "${BUILD[@]}" "${TEST[@]}"
	ensure_cross
	# Node.js's own packages have npm in them, and none of Debian's beside.
	command -v npm >/dev/null || ensure_packages nodejs npm
	"$here/toolchains.sh"
	"$here/programs.sh"
	"$here/schemas.sh" >/dev/null
	;;
container) ensure_packages "${CONTAINER[@]}" ;;
demo)
	ensure_packages "${BUILD[@]}"
	"$here/toolchains.sh" any
	;;
bench)
	ensure_packages "${BUILD[@]}" "${BENCH[@]}"
	"$here/toolchains.sh" 1.24
	"$here/programs.sh" esbuild prometheus
	;;
*) die "usage: deps.sh [build|cross|test|container|matrix|demo|bench]" ;;
esac
