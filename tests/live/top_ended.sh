#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view's process ends in the moment in which a key asks for other probes, or while these are
# attached: there is nothing left to attach them to, and the last figures of those there were stay until
# q. Where others go on, they are traced; and no other process is that has the number of one that ended.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

readonly EVENTS=2000
said=''

# seen: the events on the screen. It makes some more as it ends.
seen() {
	sed -n 's/^seen \([0-9,]*\),.*/\1/p' <<<"$SCREEN" | tr -d ,
}

# ended_while KEY VIEW_BEFORE VIEW_AFTER: slicestat is stopped meanwhile, so that the key comes first and
# the process has ended when it is looked at.
ended_while() {
	local before

	start_target "$(target_path 1.24 default truth)" -events "$EVENTS" -goroutines 1 -out "$WORK/truth"
	await_target '^ready$'
	start_top_alone -p "$TARGET_PID" --by "$2" 0.2
	tell_target
	await_target '^done$'
	await_screen 'seen 2,[0-9,]*, 0/s, lost 0,'
	before=$(seen)
	# No interval is over meanwhile, which would look for processes first.
	keys + + + + + +
	await_screen ', every 20 s: '
	stop_top
	keys "$1"
	await_keys 1
	tell_target
	await_target_end
	go_on_top
	await_screen 'the processes have ended: (these are the last figures|nothing else can be traced)'
	expect_match "the view after $1" "^slicestat by $3, " "$SCREEN"
	[ "$(seen)" -ge "$before" ] || fail "$(seen) events are left of $before"
	said+=" $(seen)"
	keys q
	await_alone 0
}

# start_one NAME: another process, that does nothing more.
start_one() {
	start_target "$(target_path 1.24 default truth)" -events "$EVENTS" -goroutines 1 -out "$WORK/truth.$1"
	await_target '^ready$'
	tell_target
	await_target '^done$'
	OTHER_PIDS+=("$TARGET_PID")
}

# end_one PID INPUT
end_one() {
	echo >&"$2"
	await_end "$1"
	expect "how process $1 ended" 0 "$STATUS"
}

# change_to_bases PIDS: slicestat is stopped as it opens the first of them again, which is when it has
# opened so many and what is to tell the cost of a trap.
change_to_bases() {
	local nth=$((2 + $(tr , '\n' <<<"$1" | wc -l)))

	: >"$WORK/opened"
	in_tmux respawn-window -k "strace -qq -o $WORK/opened -e trace=pidfd_open \
		-e inject=pidfd_open:signal=STOP:when=$nth $SLICESTAT top -p $1 0.2; echo ended \$?; exec cat"
	await_screen '^slicestat by site, .*seen 0, 0/s, .*cost '
	keys b
	await_that "slicestat is not stopped" grep -q 'stopped by SIGSTOP' "$WORK/opened"
	await_screen 'attaching probes for bases: counts begin at 0'
}

# go_on: the slicestat that has been stopped.
go_on() {
	kill -CONT "$(pgrep -x slicestat -P "$(pgrep -x strace -P "$(in_tmux display-message -p '#{pane_pid}')")")"
}

# expect_last: the figures of the session before, and nothing else.
expect_last() {
	await_screen '^slicestat by site, .*the processes have ended: these are the last figures; q quits'
	expect_match "the title" "^slicestat by site, 0:00:[0-9]+, every 0.2 s: $1" "$SCREEN"
	expect_match "what is left" $'\n''seen 0, 0/s, lost 0; ' "$SCREEN"
	keys q
	await_alone 0
}

# take_number PID: another process has it, or 1.
take_number() {
	echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
	"$(target_path 1.24 default truth)" -events "$EVENTS" -out "$WORK/truth" <>"$WORK/silent" >"$WORK/said" &
	[ "$!" != "$1" ] || return 0
	{ kill -KILL "$!" && wait "$!"; } 2>/dev/null || true
	return 1
}

open_screen 120 24
ended_while b site site
ended_while s base base

start_one first
first=("$TARGET_PID" "$TARGET_IN")
start_one second
change_to_bases "${first[0]},$TARGET_PID"
end_one "${first[@]}"
go_on
await_screen "^slicestat by base, .*: pid $TARGET_PID .*pid ${first[0]} has ended: it is not traced any more"
keys q
await_alone 0
end_one "$TARGET_PID" "$TARGET_IN"

start_one third
change_to_bases "$TARGET_PID"
end_one "$TARGET_PID" "$TARGET_IN"
go_on
expect_last "pid $TARGET_PID, ended, "

start_one fourth
change_to_bases "$TARGET_PID"
end_one "$TARGET_PID" "$TARGET_IN"
mkfifo "$WORK/silent"
await_that "no process has the number $TARGET_PID" take_number "$TARGET_PID"
OTHER_PIDS+=("$TARGET_PID")
go_on
expect_last "pid $TARGET_PID, ended, "
TARGET_PID=''

# A signal that came before the end of the process ends it all the same, and so does the count.
for asked in INT TERM COUNT; do
	start_one "$asked"
	start_top_alone -p "$TARGET_PID" 1 2
	stop_top
	if [ "$asked" = COUNT ]; then
		await_that "the last interval is not over" is_due "$(top_pid)"
	else
		signal_top "$asked"
	fi
	end_one "$TARGET_PID" "$TARGET_IN"
	go_on_top
	await_alone 0
done
TARGET_PID=''
echo "events still shown when the process had ended:$said; 3 ended while probes were attached"
