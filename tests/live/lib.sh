# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced by the cases beside it. One target and one slicestat run at a time; what they say is
# awaited, never slept for. Everything started ends with the case.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SLICESTAT=$ROOT/build/slicestat
COMPARE=$ROOT/build/tests/compare
WORK=$(mktemp -d)

# SLICESTAT_VERSIONS and SLICESTAT_FORMS choose Go versions and forms of executables, and with them a
# part of a case; SLICESTAT_EVENTS says how many events a program causes there.

# Seconds until a line or an end that must come is given up. Tracing on a busy machine is slow.
PATIENCE=${SLICESTAT_PATIENCE:-120}

TARGET_PID='' # of the process started last by start_target
TRACER_PID='' # of the slicestat started last

cleanup() {
	local pid valid=yes

	for pid in $TRACER_PID $TARGET_PID ${OTHER_PIDS[@]+"${OTHER_PIDS[@]}"}; do
		{ kill -KILL "$pid" && wait "$pid"; } 2>/dev/null || true
	done
	validate_outputs || valid=
	if [ -n "${SLICESTAT_KEEP:-}" ]; then
		echo "kept: $WORK" >&2
	else
		rm -rf --one-file-system "$WORK"
	fi
	[ -n "$valid" ] || exit 1
}
OTHER_PIDS=()
trap cleanup EXIT

fail() {
	echo "FAILED: $*" >&2
	if [ -s "$WORK/tracer.err" ]; then
		sed 's/^/  stderr: /' "$WORK/tracer.err" >&2
	fi
	if [ -s "$WORK/target.err" ]; then
		head -n 12 "$WORK/target.err" | sed 's/^/  target: /' >&2
	fi
	exit 1
}

# expect WHAT EXPECTED GOT
expect() {
	[ "$2" = "$3" ] || fail "$1: expected $2 got $3"
}

# expect_match WHAT REGEX GOT
expect_match() {
	[[ $3 =~ $2 ]] || fail "$1: expected /$2/ got $3"
}

# expect_at_most WHAT MAX GOT
expect_at_most() {
	[ "$3" -le "$2" ] || fail "$1: expected at most $2 got $3"
}

# expect_error REGEX COMMAND...
expect_error() {
	local regex=$1 status=0 said

	shift
	said=$("$@" 2>&1 >/dev/null) || status=$?
	expect "exit status of $*" 1 "$status"
	expect_match "$*" "^slicestat: [^"$'\n'"]*($regex)[^"$'\n'"]*\$" "$said"
}

# validate_outputs: those in $WORK that have come or changed since the last time are as their schemas
# say, or 1. It is called at the end of a tracer, of the case and before a comparison; who writes a file
# anew without one of these must call it. One process a case does the work, which subshells cannot speak
# to. Where there is no Python, in the machines of the matrix, it is left out.
validate_outputs() {
	local path said

	[ -z "${SLICESTAT_NO_VALIDATION:-}" ] || return 0
	[ -n "${VALIDATOR[0]:-}" ] || coproc VALIDATOR { exec "$ROOT/tests/live/validate.py"; }
	touch "$WORK/validated.new"
	while read -r path; do
		said="$path cannot be validated"
		! echo "$path" >&"${VALIDATOR[1]}" || read -r -u "${VALIDATOR[0]}" said || true
		if [[ $said != 'valid '* ]]; then
			echo "not as its schema says: $said" >&2
			return 1
		fi
	done < <(new_files)
	mv "$WORK/validated.new" "$WORK/validated"
}

expect_valid_outputs() {
	validate_outputs || fail "an output is not as its schema says"
}

new_files() {
	local newer=()

	[ ! -e "$WORK/validated" ] || newer=(-newer "$WORK/validated")
	find "$WORK" -xdev -type f "${newer[@]}"
}

# shellcheck source-path=SCRIPTDIR/live source-path=SCRIPTDIR/../live source-path=SCRIPTDIR source=lib_roots.sh
. "$ROOT/tests/live/lib_roots.sh"
# shellcheck source-path=SCRIPTDIR/live source-path=SCRIPTDIR/../live source-path=SCRIPTDIR source=lib_processes.sh
. "$ROOT/tests/live/lib_processes.sh"
# shellcheck source-path=SCRIPTDIR/live source-path=SCRIPTDIR/../live source-path=SCRIPTDIR source=lib_reports.sh
. "$ROOT/tests/live/lib_reports.sh"
