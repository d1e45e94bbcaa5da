#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's stock kernels for cloud machines, unpacked and never installed:
# $SLICESTAT_CACHE/kernels/ARCH/VERSION/vmlinuz, and beside it, in the file "package", what it is of.
#
#   tools/kernels.sh [VERSION/ARCH...]     makes sure that they are there (default: all)
#   tools/kernels.sh --path VERSION/ARCH   the same for one, and prints its vmlinuz's path
#   tools/kernels.sh --names               what there is, as VERSION/ARCH
#
# Quiet when nothing is missing.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

readonly ARCHES=(amd64 arm64)
readonly VERSIONS=(5.10 6.1 6.12 7.2)

# Suites that have them, by version.
declare -rA SUITES=(
	[5.10]='bullseye bullseye-security'
	[6.1]='bookworm bookworm-security'
	[6.12]='trixie trixie-security'
	[7.2]='forky sid'
)

names() {
	local arch version

	for arch in "${ARCHES[@]}"; do
		for version in "${VERSIONS[@]}"; do
			echo "$version/$arch"
		done
	done
}

directory() { echo "$(cache_dir)/kernels/${1#*/}/${1%/*}"; }

path() { echo "$(directory "$1")/vmlinuz"; }

missing() {
	local name

	for name; do
		[ -r "$(path "$name")" ] || echo "$name"
	done
}

check_names() {
	local name known

	known=$(names)
	for name; do
		grep -qxF -e "$name" <<<"$known" ||
			die "no such kernel: $name (there are: ${known//$'\n'/ })"
	done
}

# packages_of VERSION/ARCH: prints their names, the newest first. Newer ones have the kernel itself
# in linux-binary-*, and linux-image-* is empty.
packages_of() {
	local version=${1%/*} arch=${1#*/} kind

	for kind in binary image; do
		matching_packages "linux-$kind-${version/./[.]}[.][^a-z]*([+]deb[^-]*)?-cloud-$arch"
	done
}

# unpack DIRECTORY PACKAGE: 1 if the mirror has it not, whatever its index says.
unpack() {
	local all=$1/all

	unpack_packages "$all" "$2=$(newest_version "$2")" || return
	find "$all" -type f -name 'vmlinuz*' -exec mv {} "$1/vmlinuz" \;
	echo "$2" >"$1/package"
	rm -r "$all"
	[ -r "$1/vmlinuz" ]
}

# fetch VERSION/ARCH: the newest that can be had; 1 if none can.
fetch() {
	local dir new package packages

	# shellcheck disable=SC2086 # words
	suites_open "${1#*/}" ${SUITES[${1%/*}]}
	mapfile -t packages < <(packages_of "$1")
	dir=$(directory "$1")
	new=$dir.new
	mkdir -p "$new"
	for package in ${packages[@]+"${packages[@]}"}; do
		unpack "$new" "$package" && mv "$new" "$dir" && return
		say "the mirror lacks $package"
	done
	return 1
}

# ensure VERSION/ARCH...: what no suite has is named at the end, the others are there then.
ensure() {
	local name wanted gone=()

	check_names "$@"
	[ -n "$(missing "$@")" ] || return 0
	lock_cache
	mapfile -t wanted < <(missing "$@")
	for name in ${wanted[@]+"${wanted[@]}"}; do
		fetch "$name" || gone+=("$name")
	done
	[ "${#gone[@]}" -eq 0 ] ||
		die "the mirror lacks the kernels ${gone[*]}"
}

main() {
	local all

	case ${1:-} in
	--path)
		[ $# -eq 2 ] || die "usage: kernels.sh --path VERSION/ARCH"
		ensure "$2"
		path "$2"
		;;
	--names) names ;;
	-*) die "usage: kernels.sh [VERSION/ARCH... | --path VERSION/ARCH | --names]" ;;
	'')
		mapfile -t all < <(names)
		ensure "${all[@]}"
		;;
	*) ensure "$@" ;;
	esac
}

main "$@"
