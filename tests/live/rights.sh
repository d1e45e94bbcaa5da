#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Rights that slicestat has and gives: setuid is refused, file capabilities are not passed on, a command
# keeps the caller's own, a session keeps no more than it needs, its parser none; and the system log
# says who traced what.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_pins.sh"

readonly NOBODY=65534 EVENTS=2000
readonly NICE=-10 # raised before the right to do it is given up
# As in linux/capability.h.
readonly KILL=5 DAC_READ_SEARCH=2 LEASE=28 SYS_PTRACE=19 PERFMON=38 BPF=39 NET_BIND_SERVICE=10

as_nobody() {
	setpriv --reuid "$NOBODY" --regid "$NOBODY" --clear-groups "$@"
}

# caps NUMBER...: as /proc/PID/status shows a set of them.
caps() {
	local cap set=0

	for cap; do
		set=$((set | 1 << cap))
	done
	printf '%016x\n' "$set"
}

# status_of PID FIELD
status_of() {
	sed -n "s/^$2:\t//p" "/proc/$1/status"
}

put_program() {
	chmod 1777 "$WORK"
	cp "$SLICESTAT" "$WORK/slicestat"
	TRUTH=$WORK/truth.bin
	cp "$(target_path 1.24 default truth)" "$TRUTH"
	chmod 755 "$WORK/slicestat" "$TRUTH"
}

setuid_is_refused() {
	chmod 4755 "$WORK/slicestat"
	expect_error 'setuid or setgid would give these rights' as_nobody "$WORK/slicestat" check
	expect_error 'setuid or setgid' as_nobody "$WORK/slicestat" -- "$TRUTH" -auto
	chmod 2755 "$WORK/slicestat"
	expect_error 'setuid or setgid' as_nobody "$WORK/slicestat" plan "$TRUTH"
	chmod 755 "$WORK/slicestat"
}

# commands CAPABILITIES: those that a command of nobody's slicestat has, while that traces it.
commands_rights() {
	local said

	said=$(as_nobody "$@" "$WORK/slicestat" -q -o json -w "$WORK/report" -n 0 -- sh -c \
		"grep CapEff /proc/self/status; exec $TRUTH -auto -events $EVENTS -out $WORK/truth") ||
		fail "the command's status: $?: $said"
	expect_accounted "$EVENTS"
	"$COMPARE" "$WORK/truth" "$WORK/report" --allow-extra >/dev/null || fail "not exact"
	rm -f "$WORK/truth" "$WORK/report"
	RIGHTS=$(sed -n 's/^CapEff:\t//p' <<<"$said")
}

# What the file gives is slicestat's alone; what the caller has is the command's.
commands_have_the_callers() {
	setcap cap_bpf,cap_perfmon+ep "$WORK/slicestat"
	commands_rights
	expect "a command's capabilities" "$(caps)" "$RIGHTS"
	setcap -r "$WORK/slicestat"
	commands_rights --inh-caps=+bpf,+perfmon,+net_bind_service \
		--ambient-caps=+bpf,+perfmon,+net_bind_service
	expect "a command's capabilities" "$(caps "$BPF" "$PERFMON" "$NET_BIND_SERVICE")" "$RIGHTS"
}

# expect_rights PID CAPABILITIES
expect_rights() {
	expect "CapPrm of $1" "$2" "$(status_of "$1" CapPrm)"
	expect "CapEff of $1" "$2" "$(status_of "$1" CapEff)"
	expect "NoNewPrivs of $1" 1 "$(status_of "$1" NoNewPrivs)"
}

# The parser's first process, and those of files, which are its children.
expect_parser() {
	local first files pid

	first=$(pgrep -P "$TRACER_PID" -x slicestat-parse)
	files=$(pgrep -P "$first") || fail "no process reads the executable"
	for pid in $first $files; do
		expect_rights "$pid" "$(caps)"
	done
	for pid in $files; do
		expect "Seccomp of $pid" 2 "$(status_of "$pid" Seccomp)"
		expect "its files" "$(printf '%s\n' 0 1 2 4 5)" \
			"$(find "/proc/$pid/fd" -mindepth 1 -printf '%f\n' | sort -n)"
	done
}

# keeps WANTED ARG...: slicestat's own, when it traces.
keeps() {
	trace "${@:2}" -w /dev/null 1000
	expect_rights "$TRACER_PID" "$1"
	expect "its priority" "$NICE" "$(awk '{ print $19 }' "/proc/$TRACER_PID/stat")"
	expect_parser
	end_tracer
}

sessions_keep_little() {
	start_target "$TRUTH" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	keeps "$(caps "$BPF" "$PERFMON")" -p "$TARGET_PID"
	keeps "$(caps "$BPF" "$PERFMON")" --by site --budget 5 -p "$TARGET_PID"
	keeps "$(caps "$BPF" "$PERFMON" "$SYS_PTRACE" "$DAC_READ_SEARCH" "$LEASE")" -e "$TRUTH"
	tell_target
	await_target '^done$'
	tell_target
	await_target_end
	mkfifo "$WORK/command.in"
	exec {COMMAND}<>"$WORK/command.in"
	# shellcheck disable=SC2016 # the inner shell's
	trace -w /dev/null 1000 -- sh -c 'exec "$0" -events "$1" -out /dev/null <"$2"' \
		"$TRUTH" "$EVENTS" "$WORK/command.in"
	expect_rights "$TRACER_PID" "$(caps "$BPF" "$PERFMON" "$KILL")"
	kill -TERM "$TRACER_PID"
	await_tracer_end
	exec {COMMAND}>&-
}

# with_log COMMAND...: in mounts of its own, where the system's log is the one that is read here.
with_log() (
	mkdir -p "$WORK/dev"
	touch "$WORK/dev/null"
	# shellcheck disable=SC2016 # the inner shell's
	in_own_mounts bash -c '
		mount --bind /dev/null "$0/dev/null"
		mount -t tmpfs -o mode=755 dev /dev
		ln -s "$0/dev/null" /dev/null
		ln -s "$0/log" /dev/log
		exec "$@"' "$WORK" "$@"
)

# next_entry: of the log, into ENTRY.
next_entry() {
	IFS= read -r -t "$PATIENCE" -u "$LOG" ENTRY || fail "nothing was logged"
}

the_log_says_who() {
	local seen

	mkfifo "$WORK/log.lines"
	exec {LOG}<>"$WORK/log.lines"
	"$ROOT/build/tests/log_socket" "$WORK/log" >"$WORK/log.lines" {LOG}>&- &
	OTHER_PIDS+=("$!")
	next_entry
	expect "the log" listening "$ENTRY"
	rm -f "$WORK/report"
	with_log "$SLICESTAT" -q -o json -w "$WORK/report" -- "$TRUTH" -auto -events "$EVENTS" \
		-out "$WORK/secret" >/dev/null
	next_entry
	expect_match "the log" "^<85>.* slicestat\[[0-9]+\]: begin: uid=0 login_uid=-?[0-9]+ \
pids=[0-9]+ exe=\"$TRUTH\" command=\"$SLICESTAT -q -o json -w $WORK/report -- $TRUTH\"$" "$ENTRY"
	next_entry
	seen=$(count seen)
	expect_match "the log" "slicestat\[[0-9]+\]: end: uid=0 .* seconds=[0-9.]+ seen=$seen$" "$ENTRY"
}

# Who leaves it, who looks at it and who stops it.
the_log_says_who_left() {
	start_target "$TRUTH" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	with_log "$SLICESTAT" -q -p "$TARGET_PID" --pin "$PIN" --detach
	next_entry
	expect_match "the log" "slicestat\[[0-9]+\]: begin: uid=0 .* pids=$TARGET_PID exe=\"[^\"]*$TRUTH\" \
command=\"$SLICESTAT -q -p $TARGET_PID --pin $PIN --detach\"$" "$ENTRY"
	with_log "$SLICESTAT" attach "$PIN" -q -w /dev/null 0.05 1
	next_entry
	expect_match "the log" "slicestat\[[0-9]+\]: attach: uid=0 .* pids=$TARGET_PID exe=\"[^\"]*$TRUTH\" \
command=\"$SLICESTAT attach $PIN -q -w /dev/null 0.05 1\"$" "$ENTRY"
	tell_target
	await_target '^done$'
	with_log "$SLICESTAT" stop "$PIN" -q -o json -w "$WORK/report"
	next_entry
	expect_match "the log" "slicestat\[[0-9]+\]: end: uid=0 .* pids=$TARGET_PID exe=\"[^\"]*$TRUTH\" \
seconds=[0-9.]+ seen=$(count seen)$" "$ENTRY"
	tell_target
	await_target_end
}

# Who looks keeps what reading maps takes.
lookers_keep_little() {
	start_target "$TRUTH" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	"$SLICESTAT" -q -p "$TARGET_PID" --pin "$PIN" --detach
	trace attach "$PIN" -w /dev/null 1000
	expect_rights "$TRACER_PID" "$(caps "$BPF" "$PERFMON")"
	expect_parser
	end_tracer
	"$SLICESTAT" stop "$PIN" -q -w /dev/null
	tell_target
	await_target '^done$'
	tell_target
	await_target_end
}

put_program
setuid_is_refused
commands_have_the_callers
sessions_keep_little
the_log_says_who
the_log_says_who_left
lookers_keep_little
