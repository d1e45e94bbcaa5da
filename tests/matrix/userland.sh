#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/matrix/userland.sh ARCH: makes sure that there is a small Debian of this machine's own suite
# for a guest of that architecture, just enough for the scripts of tests/live, and prints the path of
# its archive, which a kernel takes as its initial file system. Quiet when it is there.

set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR/../../tools source=../../tools/suites.sh
. "$root/tools/suites.sh"

readonly PACKAGES=(bash coreutils sed mawk grep findutils diffutils mount util-linux)

# Packages put their files where systems of old had them, or into usr: one place for both.
merge_usr() {
	local old

	for old in bin sbin lib lib32 lib64; do
		mkdir -p "$1/usr/$old"
		if [ -d "$1/$old" ]; then
			cp -a "$1/$old/." "$1/usr/$old/"
			rm -r "${1:?}/$old"
		fi
		ln -s "usr/$old" "$1/$old"
	done
}

# What no script here uses goes; mawk is given its other name where it is installed.
slim() (
	cd "$1"
	rm -rf boot home media mnt opt root srv var etc usr/share usr/include usr/games \
		usr/lib/*/{gconv,perl*,audit}
	mkdir -p dev etc proc run sys tmp
	ln -s mawk usr/bin/awk
)

# pack DIRECTORY FILE
pack() {
	(cd "$1" && find . -print0 | sort -z | cpio --quiet -0 -o -H newc -R 0:0) >"$2.new"
	mv "$2.new" "$2"
}

make_userland() {
	local own wanted tree=$archive.tree

	own=$(own_suite)
	suites_open "$arch" "$own"
	mapfile -t wanted < <(with_dependencies "${PACKAGES[@]}")
	[ "${#wanted[@]}" -gt "${#PACKAGES[@]}" ] || die "$own has not all of ${PACKAGES[*]} for $arch"
	unpack_packages "$tree" "${wanted[@]}"
	merge_usr "$tree"
	slim "$tree"
	rm -f "${archive%/*}/$arch".*cpio
	pack "$tree" "$archive"
	rm -r "$tree"
}

[ $# -eq 1 ] || die "usage: userland.sh ARCH"
readonly arch=$1
# One of other packages is another.
archive=$(cache_dir)/userland/$arch.$(echo "${PACKAGES[@]}" | cksum | cut -d ' ' -f 1).cpio
if [ ! -r "$archive" ]; then
	lock_cache
	mkdir -p "${archive%/*}"
	[ -r "$archive" ] || make_userland
fi
echo "$archive"
