#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What `make bench` runs besides the programs of programs.sh, kept in $SLICESTAT_CACHE/bench/NAME:
#
#   three   the sources of three.js, which esbuild's own benchmark bundles; from npm
#   tsgo    the TypeScript compiler in Go; from npm
#   hugo    the site builder and the library that it needs; from Debian's suites
#
# tools/bench_programs.sh NAME: makes sure that it is there and prints its directory. What cannot be
# had is said in one line on stderr, with exit status 1.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

readonly SUITES=(trixie trixie-backports forky sid)
readonly THREE=three@0.108.0
readonly TSGO=@typescript/native-preview-linux-x64@7.0.0-dev.20260707.2

directory() { echo "$(cache_dir)/bench/$1"; }

# from_npm NAME PACKAGE@VERSION
from_npm() {
	local dir new

	dir=$(directory "$1")
	new=$dir.new
	command -v npm >/dev/null || die "npm is not installed (apt-get install npm)"
	rm -rf "$new"
	mkdir -p "$new"
	say "downloading $2"
	(cd "$new" && npm pack --silent "$2" >/dev/null 2>&1 && tar -xzf ./*.tgz && rm ./*.tgz) ||
		die "npm cannot get $2"
	mv "$new" "$dir"
}

# into_new DIRECTORY PACKAGE SUITE...: the newest one of these suites.
into_new() {
	local dir=$1 package=$2 version

	shift 2
	suites_open "$(dpkg --print-architecture)" "$@"
	version=$(newest_version "$package")
	[ -n "$version" ] || die "no suite ($*) has the package $package"
	unpack_files "$dir" "$package=$version"
}

# Its library must be one for this machine's C library.
hugo_from_debian() {
	local dir new

	dir=$(directory hugo)
	new=$dir.new
	rm -rf "$new"
	mkdir -p "$new"
	into_new "$new" libsass1 "$(own_suite)"
	into_new "$new" hugo "${SUITES[@]}"
	LD_LIBRARY_PATH=$(echo "$new"/usr/lib/*-linux-gnu) "$new/usr/bin/hugo" version >/dev/null 2>&1 ||
		die "Debian's hugo does not run here"
	mv "$new" "$dir"
}

fetch() {
	case $1 in
	three) from_npm three "$THREE" ;;
	tsgo) from_npm tsgo "$TSGO" ;;
	hugo) hugo_from_debian ;;
	*) die "usage: bench_programs.sh three|tsgo|hugo" ;;
	esac
}

main() {
	[ $# -eq 1 ] || die "usage: bench_programs.sh three|tsgo|hugo"
	if [ ! -d "$(directory "$1")" ]; then
		lock_cache
		[ -d "$(directory "$1")" ] || fetch "$1"
	fi
	directory "$1"
}

main "$@"
