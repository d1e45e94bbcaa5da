#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds the program that recordings are compared of, as it is and with each patch, into
# build/recordings. Their sources lie in directories of their own, as those of two checkouts do.

set -euo pipefail
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/build/recordings

# build_as NAME [PATCH]
build_as() {
	local source=$out/source/$1

	rm -rf "$source"
	mkdir -p "$source"
	cp -r go.mod orders "$source"
	# As if in no repository: within this one, paths would be taken from its top.
	[ -z "${2-}" ] || (patch=$PWD/$2 && cd "$source" && GIT_CEILING_DIRECTORIES=$out git apply "$patch")
	(cd "$source" && ../../../../tools/go.sh 1.24 build -p 2 -trimpath -buildvcs=false -o "$out/$1" ./orders)
}

build_as base
for patch in *.patch; do
	build_as "${patch%.patch}" "$patch"
done
