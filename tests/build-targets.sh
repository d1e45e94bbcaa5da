#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds the traced programs of tests/targets into build/targets/goVERSION/FORM/NAME, only where
# their sources changed. VERSION is such as 1.24; FORM is one of
#   default stripped pie pie-stripped   for this machine
#   386 arm64                           which slicestat must refuse here
#
# Usage: build-targets.sh [VERSION...]    default: all that tools/toolchains.sh knows

set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

readonly ALL_VERSIONS=(1.21 1.22 1.23 1.24 1.25 1.26 1.27)
readonly JOBS=2

# Only the newest and the most common version get all programs, in the default form.
names() {
	case $1/$2 in
	1.24/default)
		echo truth types sites record ops lives morestack panics churn bases load fips logfreq \
			gateway
		;;
	1.27/default)
		echo truth types sites record ops lives morestack panics fips logfreq gateway
		;;
	1.24/386 | 1.24/arm64) echo truth ;;
	1.21/default | 1.24/pie-stripped) echo truth types sites record ops lives ;;
	1.21/* | 1.24/* | 1.27/*) echo truth types sites record ops ;;
	1.26/*) echo truth sites ops ;;
	*) echo truth sites ;;
	esac
}

# Those that call C.
cgo_names() {
	case $1/$2 in
	1.24/default | 1.27/default) echo sites_cgo plugins ;;
	esac
}

# Those that the program plugins opens; the file of plugins/one is one.so.
plugin_names() {
	case $1/$2 in
	1.24/default | 1.27/default) echo plugins/one plugins/two ;;
	esac
}

forms() {
	case $1 in
	1.24) echo default stripped pie pie-stripped 386 arm64 ;;
	*) echo default stripped pie pie-stripped ;;
	esac
}

form_flags() {
	case $1 in
	stripped) echo '-ldflags=-s -w' ;;
	pie) echo -buildmode=pie ;;
	pie-stripped) printf '%s\n' -buildmode=pie '-ldflags=-s -w' ;;
	plugin) echo -buildmode=plugin ;;
	esac
}

# What the binaries are made from, as one word.
fingerprint() {
	cd "$root/tests"
	find targets build-targets.sh -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum |
		cut -c 1-16
}

# go_build VERSION FORM DIRECTORY PROGRAM...: DIRECTORY is that of the executables.
go_build() {
	local version=$1 form=$2 out=$3
	local flags

	shift 3
	[ $# -gt 0 ] || return 0
	mapfile -t flags < <(form_flags "$form")
	"$root/tools/go.sh" "$version" build -p 1 -trimpath -buildvcs=false \
		"${flags[@]}" -o "$out/" "${@/#/./}"
}

build() {
	local version=$1 form=$2 stamp=$3
	local out=$root/build/targets/go$version/$form
	local arch='' programs cgo_programs plugin

	[ "$(cat "$out/.built" 2>/dev/null)" != "$stamp" ] || return 0
	case $form in
	386 | arm64) arch=$form ;;
	esac
	read -ra programs <<<"$(names "$version" "$form")"
	read -ra cgo_programs <<<"$(cgo_names "$version" "$form")"
	mkdir -p "$out"
	cd "$root/tests/targets"
	GOARCH=$arch go_build "$version" "$form" "$out" "${programs[@]}"
	CGO_ENABLED=1 go_build "$version" "$form" "$out" ${cgo_programs[@]+"${cgo_programs[@]}"}
	# The go command makes one plugin at a time.
	for plugin in $(plugin_names "$version" "$form"); do
		CGO_ENABLED=1 go_build "$version" plugin "$out" "$plugin"
	done
	echo "$stamp" >"$out/.built"
}

build_all() {
	local stamp version form

	stamp=$(fingerprint)
	# Fetching and locking the toolchains is not for parallel jobs.
	"$root/tools/toolchains.sh" "$@"
	for version; do
		for form in $(forms "$version"); do
			printf "%s\0" "$version" "$form" "$stamp"
		done
	done | xargs -0 -n 3 -P "$JOBS" "$0" --one
}

if [ "${1:-}" = --one ]; then
	shift
	build "$@"
elif [ $# -gt 0 ]; then
	build_all "$@"
else
	build_all "${ALL_VERSIONS[@]}"
fi
