#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What a Go release changes of all that slicestat knows of Go: facts read from the sources of a
# toolchain, held against those of tools/go-releases.txt, which were reviewed.
#
#   tools/go-release.sh VERSION...     of toolchains.sh, such as 1.27
#   tools/go-release.sh GOROOT...      a directory with src/
#   tools/go-release.sh --facts ...    prints all facts: NAME VALUE
#   tools/go-release.sh --section ...  prints what go-releases.txt is to get, after a review
#
# A release that was reviewed must equal its section; any other is held against the nearest one
# before it. The exit status is 1 when something differs.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

readonly REVIEWED=${SLICESTAT_GO_RELEASES:-$here/go-releases.txt}

# What a fact is for, by the beginning of its name: the first that fits is told.
readonly USES=(
	'moduledata.' 'the row in user/gobin/release.c; user/gobin/moduledata.c'
	'pcHeader.' 'user/gobin/pclntab.c'
	'_func.' 'user/gobin/pclntab_layout.h'
	'inlinedCall.' 'user/gobin/lines.c'
	'abi.FuncIDWrapper' 'the row in user/gobin/release.c'
	'abi.PCLnTabMagic' 'user/gobin/pclntab.h'
	'abi.PCDATA' 'user/gobin/pclntab_layout.h'
	'abi.FUNCDATA' 'user/gobin/pclntab_layout.h'
	'abi.IntArgRegs' 'user/plan: the registers of arguments; bpf/regs.bpf.h'
	'abi.' 'user/gobin/types.c, typenames.c'
	'registers.' 'user/plan: the registers of arguments and of g; bpf/regs.bpf.h'
	'stack' 'user/plan: the stack check that probes are placed behind'
	'signature.' 'user/plan/plan.c, scope.c, and "traced" in the row in user/gobin/release.c'
	'compiler.calls' 'user/plan/plan.c, scope.c: a new function that makes slices is not seen'
	'body.' 'read it: user/plan proves what it takes from the code, but what it means is ours'
	'growth.' 'bpf/growth.bpf.h, bpf/size_classes.h; user/report/growth.c'
	'experiments' 'tests/build-targets.sh: one more form; does it change what is above?'
	'buildinfo.' 'user/gobin/buildinfo.c'
	'fips.' 'user/plan/fips.c'
)

# reviewed: the releases of the table, a line each.
reviewed() { sed -n 's/^\[\(.*\)\]$/\1/p' "$REVIEWED"; }

# reviewed_facts RELEASE: all up to its section; a section says what differs from the one before it,
# with a minus before what is gone.
reviewed_facts() {
	awk -v release="[$1]" '
		/^#/ || /^$/ { next }
		/^\[/ { done = last; last = $0 == release; if (done) exit; next }
		/^-/ { delete value[substr($1, 2)]; next }
		{ name = $1; if (!(name in seen)) { seen[name] = 1; order[n++] = name }
		  sub(/^[^ ]* ?/, ""); value[name] = $0 }
		END { for (i = 0; i < n; i++) if (order[i] in value) print order[i], value[order[i]] }' \
		"$REVIEWED"
}

# before RELEASE: the newest before it that was reviewed; nothing where there is none.
before() {
	{ reviewed && echo "$1"; } | sort -V -u |
		awk -v release="$1" '$0 == release { print last } { last = $0 }'
}

# nearest RELEASE: itself where it was reviewed, else the one before it.
nearest() {
	if reviewed | grep -Fx "$1"; then
		return
	fi
	before "$1"
}

# use NAME: where the fact counts.
use() {
	local i

	for ((i = 0; i < ${#USES[@]}; i += 2)); do
		if [[ $1 == "${USES[i]}"* ]]; then
			echo "${USES[i + 1]}"
			return
		fi
	done
}

# differences OLD NEW: the facts in these files: = NAME, OLD and NEW by tabs, in NEW's order.
differences() {
	awk '
		{ name = $1; sub(/^[^ ]* ?/, "") }
		NR == FNR { old[name] = $0; order[n++] = name; next }
		{ new[name] = 1 }
		!(name in old) || old[name] != $0 {
			print name "\t" (name in old ? old[name] : "-") "\t" $0 }
		END { for (i = 0; i < n; i++) if (!(order[i] in new))
			print order[i] "\t" old[order[i]] "\t-" }' "$1" "$2"
}

fact() { awk -v name="$1" '$1 == name { print $2 }' "$WORK/new"; }

# row RELEASE: of user/gobin/release.c, as the facts make it. That it can be traced, and that reflect
# names embedded fields once, no fact tells.
row() {
	local headers=true

	[ -n "$(fact growth.MallocHeaderSize)" ] || headers=false
	echo "{${1#1.}, true, $(fact moduledata.types), $(fact moduledata.etypes)," \
		"$(fact moduledata.gofunc), $(fact moduledata.next), $(fact abi.FuncIDWrapper), $headers,"
}

# check_row RELEASE: that it is there.
check_row() {
	local row

	row=$(row "$1")
	! tr -s ' \t' ' ' <"$here/../user/gobin/release.c" | grep -F "$row" >/dev/null || return 0
	printf 'go%s: user/gobin/release.c has no row\n    %s ...},\n' "$1" "$row"
	return 1
}

# tell TEXT AGAINST: what differs, in words.
tell() {
	local name old new

	if [ ! -s "$WORK/differences" ]; then
		echo "$1: all $(wc -l <"$WORK/new") facts as reviewed for $2"
		return
	fi
	echo "$1: $(wc -l <"$WORK/differences") facts are not those reviewed for $2"
	while IFS=$'\t' read -r name old new; do
		printf '\n%s   (%s)\n    was  %s\n    is   %s\n' "$name" "$(use "$name")" "$old" "$new"
	done <"$WORK/differences"
	printf '\nWhen each has been looked at, go-releases.txt is to get what --section prints.\n'
	return 1
}

# section RELEASE AGAINST
section() {
	local name new

	echo "[$1]"
	[ -n "$2" ] || { cat "$WORK/new" && return; }
	while IFS=$'\t' read -r name _ new; do
		if [ "$new" = - ]; then
			echo "-$name"
		else
			echo "$name $new"
		fi
	done <"$WORK/differences"
}

# compare AGAINST: into $WORK/differences.
compare() {
	: >"$WORK/old"
	[ -z "$1" ] || reviewed_facts "$1" >"$WORK/old"
	differences "$WORK/old" "$WORK/new" >"$WORK/differences"
}

# look_at MODE VERSION|GOROOT
look_at() {
	local root=$2 text release against status=0

	[ -d "$root/src" ] || root=$("$here/toolchains.sh" --goroot "$root")
	text=$(head -n 1 "$root/VERSION")
	release=$(sed -E 's/^go(1\.[0-9]+).*/\1/' <<<"$text")
	"$here/go-facts.sh" "$root" >"$WORK/new"
	case $1 in
	facts) cat "$WORK/new" ;;
	section)
		against=$(before "$release")
		compare "$against"
		section "$release" "$against"
		;;
	*)
		against=$(nearest "$release")
		compare "$against"
		tell "$text" "$against" || status=1
		check_row "$release" || status=1
		;;
	esac
	return "$status"
}

main() {
	local mode=compare status=0 word

	case ${1:-} in
	--facts | --section)
		mode=${1#--}
		shift
		;;
	-*) die "usage: go-release.sh [--facts | --section] VERSION|GOROOT..." ;;
	esac
	[ $# -gt 0 ] || die "usage: go-release.sh [--facts | --section] VERSION|GOROOT..."
	WORK=$(mktemp -d)
	trap 'rm -rf "$WORK"' EXIT
	for word; do
		look_at "$mode" "$word" || status=1
	done
	exit "$status"
}

main "$@"
