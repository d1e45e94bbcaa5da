#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view on terminals of many kinds and sizes: it says what it cannot draw on, fits what it can,
# and gives the terminal back as it was, however it ends.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

readonly EVENTS=2000
said=''

# refused REGEX SHELL_COMMAND: one line on stderr, and status 1.
refused() {
	commands=$((commands + 1))
	type_line "clear; $2; echo ended $commands: \$?"
	await_screen "ended $commands: [0-9]"
	expect_match "$2" "^slicestat: top $1: [^"$'\n'"]*slicestat -p PID prints reports to anything"$'\n'"ended $commands: 1" \
		"$SCREEN"
}
commands=0

# ends WORD STATUS COMMAND...: does that when it is drawn; the terminal is as before.
ends() {
	local word=$1 status=$2

	shift 2
	type_line "stty -g >$WORK/before"
	start_top -p "$TARGET_PID" 0.2
	"$@"
	await_shell "$status"
	type_line "clear; stty -g >$WORK/after; echo compared"
	await_screen '^compared'
	expect "the terminal after $word" "$(cat "$WORK/before")" "$(cat "$WORK/after")"
	expect "the alternate screen after $word" 0 "$(in_tmux display-message -p '#{alternate_on}')"
	expect "the cursor after $word" 1 "$(in_tmux display-message -p '#{cursor_flag}')"
	said+=" $word"
}

# size WIDTH HEIGHT REGEX: what it shows there.
size() {
	resize "$1" "$2"
	await_screen "$3"
}

colours() {
	in_tmux capture-pane -p -e | grep -c $'\033\[[0-9;]*[34][0-7]' || true
}

start_target "$(target_path 1.24 default truth)" -events "$EVENTS" -goroutines 1 -out "$WORK/truth"
await_target '^ready$'

expect_error 'top needs a terminal' "$SLICESTAT" top -p "$TARGET_PID" </dev/null
open_screen 150 24
top="$SLICESTAT top -p $TARGET_PID"
refused 'cannot draw on the terminal .dumb.' "TERM=dumb $top"
refused 'does not know the terminal .nothing-such.' "TERM=nothing-such $top"
refused 'does not know the terminal ..' "env -u TERM $top"
refused 'needs a terminal as standard input and output' "$top 2>&1 | cat; false"
refused 'needs a terminal as standard input and output' "$top </dev/null"

ends q 0 keys q
ends F10 0 keys F10
ends ^C 0 keys C-c
ends TERM 0 signal_top TERM
ends HUP 0 signal_top HUP
ends SEGV 139 signal_top SEGV
ends ABRT 134 signal_top ABRT
# shellcheck disable=SC1003 # it is the key
ends '^\' 131 keys 'C-\'

# What is no key of its own does nothing: Alt and a key, one with Shift and Ctrl, one that no terminal has.
start_top -p "$TARGET_PID" 0.2
keys M-t M-q M-é
keys -l $'\033[1;6q\033[200~\033Op\033[t'
keys R /
keys -l é
await_screen 'slicestat by site.*filter: é_'
keys M-q Enter
await_screen "by EVENTS/S, least first, with 'é'"
keys Escape
await_screen 'by EVENTS/S, least first'$'\n'
keys q
await_shell 0

# Every size, with rows to show. What it leaves behind then is not for the shell: tmux keeps a saved
# screen's lines as it is resized.
start_top -p "$TARGET_PID" 0.2
tell_target
await_target '^done$'
await_screen 'seen 2,[0-9,]*, 0/s, lost 0,'
seen=$(sed -n 's/^seen \([0-9,]*\),.*/\1/p' <<<"$SCREEN")
rows=$(sed -n 's/^rows \([0-9]*\) .*/\1/p' <<<"$SCREEN")
size 200 50 "LEN_SUM .*"$'\n'"q quit[^"$'\n'"]*\$"
expect "rows in all" "$rows" "$(column EVENTS | wc -l)"
events=$(sum_column EVENTS)
expect_match "bars" '[▁▂▃▄▅▆▇█]' "$SCREEN"
size 80 24 '^slicestat by site'
expect "rows at 80 x 24" 19 "$(column EVENTS | wc -l)"
expect "longest line" 80 "$(awk '{ n = gsub(/[^\x80-\xbf]/, "&"); if (n > max) max = n } END { print max }' <<<"$SCREEN")"
size 40 8 '^slicestat by site'
size 30 5 "^seen $seen,"
size 12 3 '^EVENTS/S'
size 8 1 '^       0$'
size 2 1 '^$'
size 200 50 "LEN_SUM .*"$'\n'"q quit[^"$'\n'"]*\$"
expect "events after all sizes" "$events" "$(sum_column EVENTS)"
[ "$(colours)" -gt 0 ] || fail "no colours, where the terminal has them"
keys q
await_screen 'ended 0'
close_screen

open_screen 100 24 NO_COLOR=1 LC_ALL=C
start_top -p "$TARGET_PID" 0.2
expect "coloured lines with NO_COLOR" 0 "$(colours)"
keys q
await_shell 0
close_screen
open_screen 100 24 TERM=vt100
start_top -p "$TARGET_PID" 0.2
expect "coloured lines of a vt100" 0 "$(colours)"
keys q
await_screen $'\nended 0\n'

# Its terminal goes, whatever is being done in it.
for doing in '' / h; do
	start_top -p "$TARGET_PID" 0.2
	keys -l "$doing"
	await_screen "^slicestat by.*(q quit|filter: _|any key)[^"$'\n'"]*\$"
	pid=$(top_pid)
	close_screen
	timeout "$PATIENCE" tail --pid="$pid" -s 0.05 -f /dev/null || fail "it goes on without its terminal after '$doing'"
	open_screen 100 24
done
tell_target
await_target_end
echo "7 sizes, 5 refused terminals, without colours and with; given back after$said"
