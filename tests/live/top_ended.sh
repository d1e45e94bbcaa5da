#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view's process ends in the moment in which a key asks for other probes: there is nothing left
# to attach them to, and the last figures of those there were stay until q.

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
	local top before

	start_target "$(target_path 1.24 default truth)" -events "$EVENTS" -goroutines 1 -out "$WORK/truth"
	await_target '^ready$'
	in_tmux respawn-window -k "$SLICESTAT top -p $TARGET_PID --by $2 0.2; echo ended \$?; exec cat"
	await_screen "^slicestat by $2, .*cost "
	tell_target
	await_target '^done$'
	await_screen 'seen 2,[0-9,]*, 0/s, lost 0,'
	before=$(seen)
	# No interval is over meanwhile, which would look for processes first.
	keys + + + + + +
	await_screen ', every 20 s: '
	top=$(pgrep -x slicestat -P "$(in_tmux display-message -p '#{pane_pid}')")
	kill -STOP "$top"
	await_state "$top" T
	keys "$1"
	await_input
	tell_target
	await_target_end
	kill -CONT "$top"
	await_screen 'the processes have ended: (these are the last figures|nothing else can be traced)'
	expect_match "the view after $1" "^slicestat by $3, " "$SCREEN"
	[ "$(seen)" -ge "$before" ] || fail "$(seen) events are left of $before"
	said+=" $(seen)"
	keys q
	await_screen '(^|'$'\n'')ended [0-9]+'
	expect_match "how it ended" '(^|'$'\n'')ended 0' "$SCREEN"
}

# await_state PID LETTER
await_state() {
	local deadline=$((SECONDS + PATIENCE))

	until [ "$(awk '$1 == "State:" { print $2 }' "/proc/$1/status")" = "$2" ]; do
		[ "$SECONDS" -lt "$deadline" ] || fail "process $1 is not in state $2"
	done
}

# await_input: the key that was sent waits in the terminal to be read.
await_input() {
	local deadline=$((SECONDS + PATIENCE))

	until python3 -c '
import fcntl, os, struct, sys, termios
fd = os.open(sys.argv[1], os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
sys.exit(struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0" * 4))[0] == 0)
' "$(in_tmux display-message -p '#{pane_tty}')"; do
		[ "$SECONDS" -lt "$deadline" ] || fail "the key did not come"
	done
}

open_screen 120 24
ended_while b site site
ended_while s base base
echo "events still shown when the process had ended:$said"
