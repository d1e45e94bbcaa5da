#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds the traced programs of tests/targets into build/targets/goVERSION/FORM/NAME, only where
# their sources changed.
#
#   build-targets.sh [VERSION[/FORM]]...           default: what the tests need of all versions
#   build-targets.sh --matrix [VERSION[/FORM]]...  every form that the versions can be built in
#   build-targets.sh --list [--matrix] [...]       prints VERSION/FORM of each, and builds nothing
#
# VERSION is such as 1.24. FORM is one of
#   default stripped pie pie-stripped        for this machine
#   noopt race msan asan                     -gcflags=all='-N -l', -race, -msan, -asan
#   cover cover-all pgo                      -cover, -cover -coverpkg=all, -pgo
#   cgo external external-pie                with runtime/cgo: linked by Go's linker, by C's
#   c-shared plugin                          the program as a library of a C, of a Go program
#   v3 boringcrypto exp-NAME                 GOAMD64=v3, GOEXPERIMENT=boringcrypto, =NAME
#   386                                      which slicestat refuses
#   arm64 arm64-FORM                         the same for arm64, where no C is needed

set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

readonly ALL_VERSIONS=(1.21 1.22 1.23 1.24 1.25 1.26 1.27)
readonly JOBS=2

# Only the newest and the most common version get all programs, in the default form.
names() {
	case $1/$2 in
	*/c-shared | */plugin) ;;
	1.24/default)
		echo truth types sites record ops lives morestack panics churn bases load fips logfreq \
			gateway
		;;
	1.27/default)
		echo truth types sites record ops lives morestack panics fips logfreq gateway
		;;
	1.24/386) echo truth ;;
	1.24/arm64) echo truth types sites record ops lives load ;;
	1.21/default | 1.24/pie-stripped | 1.21/arm64 | 1.24/arm64-pie-stripped | 1.27/arm64)
		echo truth types sites record ops lives
		;;
	1.21/* | 1.24/* | 1.27/*) echo truth types sites record ops ;;
	*) echo truth sites ops ;;
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

# What changes the runtime or the code that calls it, of src/internal/goexperiment/flags.go. Up to
# Go 1.23 the compiler fails with preemptibleloops.
experiments() {
	echo arenas cgocheck2 heapminimum512kib staticlockranking
	case $1 in
	1.24 | 1.25 | 1.26 | 1.27) echo preemptibleloops ;;
	esac
	case $1 in
	1.21) echo loopvar ;;
	1.22) echo loopvar noallocheaders noexectracer2 newinliner rangefunc ;;
	1.23) echo aliastypeparams newinliner ;;
	1.24) echo noswissmap nospinbitmutex nosynchashtriemap newinliner synctest ;;
	1.25) echo noswissmap greenteagc newinliner nodwarf5 jsonv2 ;;
	1.26) echo nogreenteagc norandomizedheapbase64 runtimefreegc sizespecializedmalloc newinliner \
		runtimesecret simd goroutineleakprofile ;;
	1.27) echo nogreenteagc norandomizedheapbase64 runtimefreegc nosizespecializedmalloc newinliner \
		runtimesecret simd mapsplitgroup ;;
	esac
}

# usual_forms VERSION: what the tests need. Every form is among those of some version, but for
# msan and asan, of which race stands for both, and experiments.
usual_forms() {
	echo default stripped pie pie-stripped
	case $1 in
	1.22) echo exp-noallocheaders ;;
	1.24) echo 386 arm64 pgo boringcrypto external-pie ;;
	1.27)
		echo noopt race cover cover-all cgo external c-shared plugin v3 exp-runtimefreegc arm64
		;;
	esac
}

all_forms() {
	local experiment

	echo default stripped pie pie-stripped noopt race msan asan cover cover-all pgo cgo external \
		external-pie c-shared plugin v3 boringcrypto 386 arm64 arm64-stripped arm64-pie \
		arm64-pie-stripped arm64-noopt arm64-cover arm64-cover-all arm64-pgo
	for experiment in $(experiments "$1"); do
		echo "exp-$experiment"
	done
}

profile_of() { echo "$root/build/targets/go$1/truth.pgo"; }

# form_flags VERSION FORM: of go build, a line each.
form_flags() {
	case ${2#arm64-} in
	stripped) echo '-ldflags=-s -w' ;;
	pie) echo -buildmode=pie ;;
	pie-stripped) printf '%s\n' -buildmode=pie '-ldflags=-s -w' ;;
	noopt) printf '%s\n' '-gcflags=all=-N -l' -tags=nomerge ;;
	race | msan | asan) printf '%s\n' "-$2" -tags=nomerge ;;
	cover) echo -cover ;;
	cover-all) printf '%s\n' -cover -coverpkg=all ;;
	pgo) echo "-pgo=$(profile_of "$1")" ;;
	cgo) echo -tags=linkc ;;
	external) printf '%s\n' -tags=linkc -ldflags=-linkmode=external ;;
	external-pie) printf '%s\n' -tags=linkc -ldflags=-linkmode=external -buildmode=pie ;;
	plugins) echo -buildmode=plugin ;;
	plugin) printf '%s\n' -buildmode=plugin -tags=shared ;;
	c-shared) printf '%s\n' -buildmode=c-shared -tags=shared ;;
	esac
}

# form_environment FORM: of go build, NAME=VALUE a line.
form_environment() {
	case $1 in
	386) echo GOARCH=386 ;;
	arm64 | arm64-*) echo GOARCH=arm64 ;;
	msan) printf '%s\n' CGO_ENABLED=1 CC=clang ;;
	asan) printf '%s\n' CGO_ENABLED=1 CC=gcc ;;
	race | cgo | external* | plugin* | c-shared | with-cgo) echo CGO_ENABLED=1 ;;
	v3) echo GOAMD64=v3 ;;
	boringcrypto) echo GOEXPERIMENT=boringcrypto ;;
	exp-*) echo "GOEXPERIMENT=${1#exp-}" ;;
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
	local flags environment

	shift 3
	[ $# -gt 0 ] || return 0
	mapfile -t flags < <(form_flags "$version" "$form")
	mapfile -t environment < <(form_environment "$form")
	env "${environment[@]}" "$root/tools/go.sh" "$version" build -p 1 -trimpath -buildvcs=false \
		"${flags[@]}" -o "$out" "${@/#/./}"
}

# The go command makes one library at a time.
build_plugins() {
	local plugin

	for plugin in $(plugin_names "$1" "$2"); do
		go_build "$1" plugins "$3/" "$plugin"
	done
}

# What is profiled is the same program. A profile that is there already is as good as any.
build_profile() {
	local version=$1 profile=$2
	local program=$profile.program.$BASHPID

	[ ! -s "$profile" ] || return 0
	"$root/tools/go.sh" "$version" build -p 1 -trimpath -buildvcs=false -tags=profile \
		-o "$program" ./truth
	"$program" "$program.out"
	mv "$program.out" "$profile"
	rm "$program"
}

# The executable truth is then the host, which has its work done in truth.so.
build_library() {
	local version=$1 form=$2 out=$3

	go_build "$version" "$form" "$out/truth.so" truth
	if [ "$form" = plugin ]; then
		go_build "$version" with-cgo "$out/truth" plugin_host
	else
		"${CC:-gcc}" -o "$out/truth" c_host/host.c "$out/truth.so" -Wl,-rpath,"\$ORIGIN"
	fi
}

build() {
	local version=$1 form=$2 stamp=$3
	local out=$root/build/targets/go$version/$form
	local programs cgo_programs

	[ "$(cat "$out/.built" 2>/dev/null)" != "$stamp" ] || return 0
	read -ra programs <<<"$(names "$version" "$form")"
	read -ra cgo_programs <<<"$(cgo_names "$version" "$form")"
	mkdir -p "$out"
	cd "$root/tests/targets"
	case $form in
	pgo | arm64-pgo) build_profile "$version" "$(profile_of "$version")" ;;
	plugin | c-shared) build_library "$version" "$form" "$out" ;;
	esac
	go_build "$version" "$form" "$out/" ${programs[@]+"${programs[@]}"}
	go_build "$version" with-cgo "$out/" ${cgo_programs[@]+"${cgo_programs[@]}"}
	build_plugins "$version" "$form" "$out"
	echo "$stamp" >"$out/.built"
}

# cells FORMS VERSION[/FORM]...: FORMS is usual_forms or all_forms.
cells() {
	local forms=$1 word form

	shift
	for word; do
		if [[ $word == */* ]]; then
			echo "$word"
			continue
		fi
		for form in $("$forms" "$word"); do
			echo "$word/$form"
		done
	done
}

build_all() {
	local stamp

	stamp=$(fingerprint)
	# Fetching and locking the toolchains is not for parallel jobs.
	printf '%s\n' "${@%%/*}" | sort -u | xargs "$root/tools/toolchains.sh"
	printf "%s\0" "$@" | sed -z "s,/,\x00,; s,\$,\x00$stamp," |
		xargs -0 -n 3 -P "$JOBS" "$0" --one
}

main() {
	local list='' forms=usual_forms words

	while [[ ${1:-} == --* ]]; do
		case $1 in
		--one)
			build "${@:2}"
			return
			;;
		--list) list=1 ;;
		--matrix) forms=all_forms ;;
		*)
			echo "build-targets.sh: no option $1" >&2
			return 2
			;;
		esac
		shift
	done
	[ $# -gt 0 ] || set -- "${ALL_VERSIONS[@]}"
	mapfile -t words < <(cells "$forms" "$@")
	if [ "$list" ]; then
		printf '%s\n' "${words[@]}"
	else
		build_all "${words[@]}"
	fi
}

main "$@"
