#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What deploy/ is checked by, as tests/schemas/package-lock.json has it, from npm; never installed but kept
# in $SLICESTAT_CACHE/schemas. Makes sure that it is there, and prints where.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

readonly WANTED=$here/../tests/schemas
PLACE=$(cache_dir)/schemas

is_there() {
	[ -d "$PLACE/node_modules" ] && cmp -s "$WANTED/package-lock.json" "$PLACE/package-lock.json"
}

install_modules() {
	command -v npm >/dev/null || die "npm is not installed (apt-get install npm)"
	rm -rf "$PLACE.new"
	mkdir -p "$PLACE.new"
	cp "$WANTED"/package*.json "$PLACE.new"
	say "downloading what deploy/ is checked by"
	npm --prefix "$PLACE.new" ci --silent --ignore-scripts --no-audit --no-fund >/dev/null ||
		die "npm cannot get the modules of $WANTED/package-lock.json"
	rm -rf "$PLACE"
	mv "$PLACE.new" "$PLACE"
}

if ! is_there; then
	lock_cache
	is_there || install_modules
fi
echo "$PLACE"
