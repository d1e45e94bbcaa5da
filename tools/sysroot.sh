#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/sysroot.sh ARCH: makes sure that the libraries and headers which slicestat is linked with are
# there for another architecture (arm64), unpacked beside the system, and prints where: a directory
# to be given to the compiler as its sysroot. Quiet when nothing is missing.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

# Those of this machine's own suite, and those that Debian 12 has too old.
readonly PACKAGES=(libc6 libc6-dev libgcc-s1 libelf1 libelf-dev zlib1g zlib1g-dev libcapstone4
	libcapstone-dev libjansson4 libjansson-dev libcmocka0 libcmocka-dev libseccomp2
	libseccomp-dev libcap2 libcap-dev libprotobuf-c1 libprotobuf-c-dev
	libncursesw6 libtinfo6 libncurses-dev
	libmicrohttpd-dev libcurl4-openssl-dev)
readonly NEWER=(libbpf1 libbpf-dev linux-libc-dev)

# versioned PACKAGE...: as apt-get download wants them, the newest of the suites opened. One call: apt
# takes seconds to read the indexes.
versioned() {
	local package found

	found=$(apt-cache -c "$SUITES_CONFIG" madison "$@" |
		awk -F ' *[|] *' '{ sub(/^ */, "", $1) } !seen[$1]++ { print $1 "=" $2 }')
	for package; do
		grep "^$package=" <<<"$found" || die "no suite has $package for $arch"
	done
}

# fetch_from SUITE... -- DIRECTORY PACKAGE...
fetch_from() {
	local suites=() wanted

	while [ "$1" != -- ]; do
		suites+=("$1")
		shift
	done
	shift
	suites_open "$arch" "${suites[@]}"
	mapfile -t wanted < <(versioned "${@:2}")
	[ "${#wanted[@]}" -eq $(($# - 1)) ] || exit 1
	unpack_files "$1" "${wanted[@]}"
}

make_sysroot() {
	local own new=$sysroot.new

	own=$(own_suite)
	rm -rf "$new"
	mkdir -p "$new"
	fetch_from "$own" -- "$new" "${PACKAGES[@]}"
	fetch_from "$own" "$own-backports" -- "$new" "${NEWER[@]}"
	rm -rf "${sysroot%.*}" "${sysroot%.*}".*[0-9]
	mv "$new" "$sysroot"
}

[ $# -eq 1 ] || die "usage: sysroot.sh ARCH"
readonly arch=$1
# One of other packages is another.
sysroot=$(cache_dir)/sysroot/$arch.$(echo "${PACKAGES[@]}" "${NEWER[@]}" | cksum | cut -d ' ' -f 1)
if [ ! -d "$sysroot" ]; then
	lock_cache
	[ -d "$sysroot" ] || make_sysroot
fi
echo "$sysroot"
