#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Real Go programs, stripped as Debian's newer suites ship them, unpacked and never installed:
# $SLICESTAT_CACHE/programs/NAME. All are linked to a C library no newer than Debian 12's.
#
#   tools/programs.sh [NAME...]     makes sure that they are there (default: all below)
#   tools/programs.sh --path NAME   the same for one, and prints its executable's path
#   tools/programs.sh --names       what there is

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

readonly SUITES=(trixie trixie-backports forky sid)

# Name and Debian package, by executable under usr/bin.
declare -rA PACKAGES=(
	[caddy]=caddy
	[containerd]=containerd
	[esbuild]=esbuild
	[etcd]=etcd-server
	[kubectl]=kubectl
	[prometheus]=prometheus
	[promtool]=promtool
	[syncthing]=syncthing
	[victoria-metrics]=victoria-metrics
)

path() { echo "$(cache_dir)/programs/$1/usr/bin/$1"; }

missing() {
	local name

	for name; do
		[ -x "$(path "$name")" ] || echo "$name"
	done
}

check_names() {
	local name

	for name; do
		[ -n "${PACKAGES[$name]:-}" ] || die "no such program: $name (there are: ${!PACKAGES[*]})"
	done
}

fetch() {
	local package=${PACKAGES[$1]} version

	version=$(newest_version "$package")
	[ -n "$version" ] || die "no suite (${SUITES[*]}) has the package $package"
	unpack_packages "$(cache_dir)/programs/$1" "$package=$version"
}

ensure() {
	local name wanted

	check_names "$@"
	[ -n "$(missing "$@")" ] || return 0
	lock_cache
	mapfile -t wanted < <(missing "$@")
	[ "${#wanted[@]}" -gt 0 ] || return 0
	suites_open "$(dpkg --print-architecture)" "${SUITES[@]}"
	for name in "${wanted[@]}"; do
		fetch "$name"
	done
}

main() {
	case ${1:-} in
	--path)
		[ $# -eq 2 ] || die "usage: programs.sh --path NAME"
		ensure "$2"
		path "$2"
		;;
	--names) printf '%s\n' "${!PACKAGES[@]}" | sort ;;
	-*) die "usage: programs.sh [NAME... | --path NAME | --names]" ;;
	'') ensure "${!PACKAGES[@]}" ;;
	*) ensure "$@" ;;
	esac
}

main "$@"
