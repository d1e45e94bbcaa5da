# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced behind ../lib.sh: the program that profiles itself, and pprof, which reads its
# profiles and slicestat's.

PROFILES=$ROOT/build/profiles

# build_profiled VERSION: as $PROFILES/goVERSION.
build_profiled() {
	"$ROOT/tools/go.sh" "$1" build -C "$ROOT/tests/live/profiles" -p 1 -trimpath \
		-buildvcs=false -o "$PROFILES/go$1" . || fail "cannot build profiles with Go $1"
}

# pprof ARG...: into SAID. It has nothing to say on stderr but what it reads.
pprof() {
	local err=$WORK/pprof.err

	SAID=$("$ROOT/tools/go.sh" "${PPROF_VERSION:-1.24}" tool pprof "$@" 2>"$err") ||
		fail "pprof $*: $(<"$err")"
	grep -vE '^(File|Build ID|Type|Time|Duration): |^slicestat |^(seen|folded): |^$' "$err" \
		>"$WORK/pprof.words" || return 0
	fail "pprof $*: complains: $(<"$WORK/pprof.words")"
}

# lines_of INDEX ARG...: "FILE:LINE VALUE" for each line that has a value of its own.
lines_of() {
	local index=$1

	shift
	pprof -sample_index="$index" -unit=B -top -lines -nodecount=100000 -nodefraction=0 "$@"
	awk '$1 == "flat" { rows = 1; next }
		rows && $1 + 0 { sums[$NF == "(inline)" || $NF == "(partial-inline)" ? $(NF - 1) : $NF] += $1 }
		END { for (line in sums) printf "%s %.0f\n", line, sums[line] }' <<<"$SAID" | sort
}

# trace_profile: into $WORK/profile.
trace_profile() {
	trace -p "$TARGET_PID" -o pprof -w "$WORK/profile"
}
