#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/deb.sh ARCH: builds the Debian package for amd64 or arm64 from a copy of the files that git knows,
# in build/deb, and has lintian look at it: a warning is an error. Prints the package's path. What the
# build said is in build/deb/ARCH.log.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"
cd "$here/.."

[ $# -eq 1 ] || die "usage: deb.sh ARCH"
readonly arch=$1
version=$(cat VERSION)
readonly place=build/deb/$arch version
readonly package=build/deb/slicestat_${version}_$arch.deb log=build/deb/$arch.log

check_version() {
	local changes

	changes=$(dpkg-parsechangelog -l deploy/debian/changelog -S Version)
	[ "$changes" = "$version" ] || die "deploy/debian/changelog is of $changes, VERSION $version"
}

# The packaging lies where dpkg-buildpackage looks for it.
stage() {
	rm -rf "$place"
	mkdir -p "$place/slicestat"
	git ls-files -z -co --exclude-standard |
		xargs -0 cp --parents -t "$place/slicestat"
	cp -r deploy/debian "$place/slicestat/debian"
}

# The build's dependencies are those that tools/deps.sh has installed, for the other architecture in a
# place of their own.
build() {
	(cd "$place/slicestat" &&
		DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" SLICESTAT_CACHE=$(cache_dir) \
			dpkg-buildpackage --unsigned-changes --unsigned-buildinfo --build=binary \
			--no-check-builddeps --host-arch "$arch") >"$log" 2>&1 ||
		die "the build failed, see $log: $(tail -n 3 "$log")"
}

check_version
stage
build
lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$place"/*.changes
mv "$place/${package##*/}" "$package"
rm -r "$place"
echo "$package"
