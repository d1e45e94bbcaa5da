# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced after lib.sh: a terminal by tmux, with a shell in it that has no line editing which
# would set the terminal itself. Keys are sent to it, and what it shows is text.

TMUX_SOCKET=$WORK/tmux
SCREENS=0

in_tmux() {
	tmux -S "$TMUX_SOCKET" -f /dev/null "$@"
}

close_screen() {
	in_tmux kill-server 2>/dev/null || true
}

screen_cleanup() {
	close_screen
	cleanup
}
trap screen_cleanup EXIT

# open_screen WIDTH HEIGHT [VARIABLE=VALUE]...: a server of its own, as an old one takes its time to end.
open_screen() {
	local width=$1 height=$2

	shift 2
	SCREENS=$((SCREENS + 1))
	TMUX_SOCKET=$WORK/tmux.$SCREENS
	in_tmux new-session -d -x "$width" -y "$height" \
		env -u NO_COLOR LC_ALL=C.UTF-8 PS1='$ ' "$@" sh
	await_screen '^\$'
}

# screen: what it shows, into SCREEN.
screen() {
	SCREEN=$(in_tmux capture-pane -p)
}

# await_screen REGEX: until it shows that, twice: the rest of what was being drawn has been drawn then.
await_screen() {
	local deadline=$((SECONDS + PATIENCE))

	until screen && [[ $SCREEN =~ $1 ]] && sleep 0.05 && screen && [[ $SCREEN =~ $1 ]]; do
		[ "$SECONDS" -lt "$deadline" ] ||
			fail "the screen did not show /$1/ within $PATIENCE s:"$'\n'"$SCREEN"
		sleep 0.05
	done
}

keys() {
	in_tmux send-keys "$@"
}

# type_line TEXT: to the shell.
type_line() {
	keys -l "$1"
	keys Enter
}

# start_top ARG...: returns when the first interval is shown. The shell says how it has ended.
start_top() {
	type_line "clear; echo before; $SLICESTAT top $*; echo ended \$?"
	await_screen '^slicestat by [a-z]+, .*cost about|^slicestat by [a-z]+, .*cost 0 %'
	while [[ $SCREEN == *'first interval'* ]]; do
		await_screen 'slicestat by'
	done
}

# start_top_alone ARG...: in place of the shell, which would read keys while it is stopped; and it has no
# line that says how it has ended but this.
start_top_alone() {
	in_tmux respawn-window -k "$SLICESTAT top $*; echo ended \$?; exec cat"
	await_screen '^slicestat by [a-z]+, .*cost '
}

# await_alone STATUS: top has ended like that.
await_alone() {
	await_screen '(^|'$'\n'')ended [0-9]+'
	expect_match "how it ended" '(^|'$'\n'")ended $1($|"$'\n'')' "$SCREEN"
}

# stop_top: the slicestat in the terminal, until go_on_top.
stop_top() {
	signal_top STOP
	await_that "slicestat does not stop" grep -q '^State:.T' "/proc/$(top_pid)/status"
}

go_on_top() {
	signal_top CONT
}

# is_due PID: its timer has ticked, so that there is something to draw.
is_due() {
	cat "/proc/$1/fdinfo"/* 2>/dev/null | grep -q '^ticks: [1-9]'
}

# have_come N: so many bytes of keys wait in the terminal to be read.
have_come() {
	python3 -c '
import fcntl, os, struct, sys, termios
fd = os.open(sys.argv[1], os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
sys.exit(struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0" * 4))[0] < int(sys.argv[2]))
' "$(in_tmux display-message -p '#{pane_tty}')" "$1"
}

# await_keys N: as many as have been sent to one that is stopped.
await_keys() {
	await_that "$1 bytes of keys do not come" have_come "$1"
}

# await_shell STATUS: top has ended like that, and given the screen back.
await_shell() {
	await_screen "^before"$'\n'"(.*"$'\n'")?ended $1"$'\n'
}

# top_pid: the slicestat in the terminal.
top_pid() {
	pgrep -x slicestat -P "$(in_tmux display-message -p '#{pane_pid}')"
}

# signal_top NAME
signal_top() {
	kill -s "$1" "$(top_pid)"
}

# mode: how the terminal is set now.
mode() {
	stty -g -F "$(in_tmux display-message -p '#{pane_tty}')"
}

resize() {
	in_tmux resize-window -x "$1" -y "$2"
}

# column NAME: the cells of that column on the screen, without commas; those of text have no name.
column() {
	awk -v name="$1" '
		$0 ~ "(^| )" name "( |$)" && !end { match($0 " ", name " "); end = RSTART + RLENGTH - 2; next }
		end && /^q quit|^any key/ { exit }
		end && NF { n = split(substr($0, 1, end), part, " "); gsub(",", "", part[n]); print part[n] }
	' <<<"$SCREEN"
}

sum_column() {
	column "$1" | awk '{ sum += $1 } END { print sum + 0 }'
}

# grouped N: "1,234,567"
grouped() {
	sed -E ':more; s/^([0-9]+)([0-9]{3})/\1,\2/; t more' <<<"$1"
}
