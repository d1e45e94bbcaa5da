#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view is stopped, by its key or by others, and goes on: the shell has had the terminal
# meanwhile. No stop is lost, whenever it comes.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

CGROUP=''

leave_cgroup() {
	close_screen
	[ -z "$CGROUP" ] || until rmdir "$CGROUP" 2>/dev/null || [ ! -d "$CGROUP" ]; do
		echo 0 >"$CGROUP/cgroup.freeze"
		wait_us 100000
	done
	screen_cleanup
}

# goes_on: from the shell.
goes_on() {
	type_line 'fg; echo ended $?'
	await_screen '^slicestat by site,.*'$'\n''q quit[^'$'\n'']*$'
}

quit() {
	keys q
	await_shell 0
}

# is_frozen STATE
is_frozen() {
	grep -q "^frozen $1\$" "$CGROUP/cgroup.events"
}

# freeze 1|0
freeze() {
	echo "$1" >"$CGROUP/cgroup.freeze"
	await_that "frozen is not $1" is_frozen "$1"
}

start_target "$(target_path 1.24 default truth)" -events 100 -out "$WORK/truth"
await_target '^ready$'
open_screen 150 24

start_top -p "$TARGET_PID" 0.2
keys C-z
await_screen 'Stopped'
goes_on
quit

for sig in TSTP STOP; do
	start_top -p "$TARGET_PID" 0.2
	mode >"$WORK/during"
	signal_top "$sig"
	await_screen 'Stopped'
	# After SIGSTOP Enter is no end of a line.
	keys -l "stty sane; echo now sa''ne"
	keys C-j
	await_screen 'now sane'
	goes_on
	expect "the terminal after SIG$sig" "$(cat "$WORK/during")" "$(mode)"
	quit
done

# Both at once, as seen by it: an interval's screen is to be drawn, and then there is a stop.
trap leave_cgroup EXIT
CGROUP=$(hierarchy)/slicestat-stop-$$
mkdir "$CGROUP"
start_top -p "$TARGET_PID" 0.2
pid=$(top_pid)
echo "$pid" >"$CGROUP/cgroup.procs"
for _ in 1 2 3; do
	freeze 1
	await_that "the timer of $pid does not tick" is_due "$pid"
	signal_top TSTP
	freeze 0
	await_screen 'Stopped'
	goes_on
done
quit

# Where stops are ignored there is nobody to end one: neither its key nor a signal does it.
type_line "clear; echo before; (trap '' TSTP; exec $SLICESTAT top -p $TARGET_PID 0.2); echo ended \$?"
await_screen '^slicestat by site, .*cost'
pid=$(pgrep -x slicestat -P "$(in_tmux display-message -p '#{pane_pid}')")
kill -s TSTP "$pid"
keys C-z
keys t
await_screen '^slicestat by type,'
quit

tell_target
await_target '^done$'
tell_target
await_target_end
echo "stopped by a key, by SIGTSTP and SIGSTOP, and 3 times with a screen to draw; not where it is ignored"
