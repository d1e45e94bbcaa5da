# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced by the sections beside it, each of which prints samples as summary.c reads them. The
# target, the tracer and what is awaited of them are those of the live tests.

# shellcheck source-path=SCRIPTDIR source=../live/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../live/lib.sh"

BENCH=$ROOT/build/bench

say() { echo "bench: $*" >&2; }

# sample CASE SIDE UNIT VALUE: of the section in SECTION.
sample() { printf 'sample\t%s\t%s\t%s\t%s\t%s\n' "$SECTION" "$@"; }

title() { printf 'title\t%s\t*\t%s\n' "$SECTION" "$*"; }

note() { printf 'note\t%s\t*\t%s\n' "$SECTION" "$*"; }

# reference CASE SIDE, baseline CASE SIDE
reference() { printf 'reference\t%s\t%s\t%s\n' "$SECTION" "$@"; }
baseline() { printf 'baseline\t%s\t%s\t%s\n' "$SECTION" "$@"; }

# at_most CASE SIDE RATIO, at_least CASE SIDE RATIO: goals
at_most() { printf 'at-most\t%s\t%s\t%s\t%s\n' "$SECTION" "$@"; }
at_least() { printf 'at-least\t%s\t%s\t%s\t%s\n' "$SECTION" "$@"; }

# not_measured WHAT WHY: loudly, and in the results.
not_measured() {
	say "NOT MEASURED: $1: $2"
	note "NOT MEASURED: $1: $2"
}

# has_scope: whether this slicestat can be told where to look.
has_scope() { "$SLICESTAT" --help | grep -e ' --in' >/dev/null; }

# build_target NAME: prints its path.
build_target() {
	(cd "$ROOT/tests/bench/targets" &&
		"$ROOT/tools/go.sh" 1.24 build -trimpath -buildvcs=false -o "$BENCH/targets/" "./$1")
	echo "$BENCH/targets/$1"
}

# planned PATH POINT [OPTION]...: the address that slicestat would probe there.
planned() {
	local path=$1 point=$2

	shift 2
	"$SLICESTAT" plan "$path" "$@" | awk -v point="$point" '$1 == point { print $2; exit }'
}

# is_probed PID ADDRESS: whether a breakpoint is there now.
is_probed() {
	[ "$(dd if="/proc/$1/mem" bs=1 skip=$(($2)) count=1 2>/dev/null | od -An -tx1)" = ' cc' ]
}

# await_probed PID ADDRESS: until the tracer has put it there.
await_probed() {
	local deadline=$((SECONDS + PATIENCE))

	until is_probed "$1" "$2"; do
		kill -0 "$TRACER_PID" 2>/dev/null ||
			fail "the tracer ended: $(tail -n 3 "$WORK/tracer.out" "$WORK/tracer.err")"
		[ "$SECONDS" -lt "$deadline" ] || fail "nothing was probed within $PATIENCE s"
		sleep 0.01
	done
}

# await_unprobed PID ADDRESS
await_unprobed() {
	local deadline=$((SECONDS + PATIENCE))

	while is_probed "$1" "$2"; do
		[ "$SECONDS" -lt "$deadline" ] || fail "still probed after $PATIENCE s"
		sleep 0.01
	done
}

# trace_with COMMAND...: another tracer than slicestat.
trace_with() {
	: >"$WORK/tracer.err"
	"$@" >"$WORK/tracer.out" 2>"$WORK/tracer.err" &
	TRACER_PID=$!
}

# kill_tracer: one whose results nobody reads. Bash would announce the end of a job.
kill_tracer() {
	disown "$TRACER_PID"
	kill -KILL "$TRACER_PID"
	timeout "$PATIENCE" tail --pid="$TRACER_PID" -s 0.01 -f /dev/null ||
		fail "the tracer did not end within $PATIENCE s"
	TRACER_PID=''
}

# end_target: one that ends when nothing more is asked.
end_target() {
	exec {TARGET_IN}>&-
	await_end "$TARGET_PID"
	TARGET_PID=''
	exec {TARGET_OUT}>&-
	[ "$STATUS" = 0 ] || fail "the target ended with status $STATUS: $(tail -n 3 "$WORK/target.err")"
}

# ask_target QUESTION...: its answer, into LINE.
ask_target() {
	echo "$*" >&"$TARGET_IN"
	IFS= read -r -t "$PATIENCE" -u "$TARGET_OUT" LINE ||
		fail "the target gave no answer to '$*': $(tail -n 3 "$WORK/target.err")"
}
