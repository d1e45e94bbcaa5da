#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Go toolchains from Debian's suites, unpacked beside the system: $SLICESTAT_CACHE/go/VERSION.
#
#   tools/toolchains.sh [VERSION...]       makes sure that they are there (default: all below)
#   tools/toolchains.sh --goroot VERSION   the same for one, and prints its GOROOT
#
# VERSION is such as 1.24, or "any": the newest one there, else the newest of this machine's own
# suite and its backports, whose indexes are small. Quiet when nothing is missing.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

readonly VERSIONS=(1.21 1.22 1.23 1.24 1.25 1.26 1.27)
readonly SUITES=(bookworm bookworm-backports trixie trixie-backports forky sid)

goroot() { echo "$(cache_dir)/go/$1/usr/lib/go-$1"; }

is_there() { [ -x "$(goroot "$1")/bin/go" ]; }

# The newest version there; nothing when there is none.
newest_there() {
	local version newest=

	for version in "${VERSIONS[@]}"; do
		if is_there "$version"; then
			newest=$version
		fi
	done
	echo "$newest"
}

is_in_suites() { [ -n "$(newest_version "golang-$1-go")" ]; }

# fetch VERSION: which is in the suites opened.
fetch() {
	local compiler library

	compiler=$(newest_version "golang-$1-go")
	library=$(newest_version "golang-$1-src")
	unpack_packages "$(cache_dir)/go/$1" "golang-$1-go=$compiler" "golang-$1-src=$library"
}

fetch_any() {
	local own version newest=

	own=$(own_suite)
	suites_open "$(dpkg --print-architecture)" "$own" "$own-backports"
	for version in "${VERSIONS[@]}"; do
		if is_in_suites "$version"; then
			newest=$version
		fi
	done
	[ -n "$newest" ] || die "neither $own nor $own-backports has a golang-VERSION-go: ${VERSIONS[*]}"
	fetch "$newest"
}

ensure_any() {
	[ -z "$(newest_there)" ] || return 0
	lock_cache
	[ -n "$(newest_there)" ] || fetch_any
}

missing() {
	local version

	for version; do
		is_there "$version" || echo "$version"
	done
}

# ensure VERSION...: a version that no suite has is named at the end, the others are there then.
ensure() {
	local version wanted gone=()

	[ -n "$(missing "$@")" ] || return 0
	lock_cache
	mapfile -t wanted < <(missing "$@")
	[ "${#wanted[@]}" -gt 0 ] || return 0
	suites_open "$(dpkg --print-architecture)" "${SUITES[@]}"
	for version in "${wanted[@]}"; do
		if is_in_suites "$version"; then
			fetch "$version"
		else
			gone+=("$version")
		fi
	done
	[ "${#gone[@]}" -eq 0 ] || die "no suite (${SUITES[*]}) has a golang-VERSION-go: ${gone[*]}"
}

print_goroot() {
	if [ "$1" = any ]; then
		ensure_any
		goroot "$(newest_there)"
	else
		ensure "$1"
		goroot "$1"
	fi
}

main() {
	case ${1:-} in
	--goroot)
		[ $# -eq 2 ] || die "usage: toolchains.sh --goroot VERSION"
		print_goroot "$2"
		;;
	-*) die "usage: toolchains.sh [VERSION... | --goroot VERSION]" ;;
	any) ensure_any ;;
	'') ensure "${VERSIONS[@]}" ;;
	*) ensure "$@" ;;
	esac
}

main "$@"
