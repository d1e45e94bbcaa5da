#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A command is traced from its first instruction; its exit status becomes slicestat's.
# shellcheck disable=SC2016 # the scripts are for the shells that are started

. "$(dirname "$0")/lib.sh"

path=$(target_path 1.24 default truth)

# run STATUS COMMAND...: with the reports in $WORK/report.
run() {
	local expected=$1 status=0

	shift
	rm -f "$WORK/report"
	"$SLICESTAT" -o json -n 0 -w "$WORK/report" -- "$@" >"$WORK/command.out" \
		2>"$WORK/tracer.err" || status=$?
	expect "exit status of $*" "$expected" "$status"
	expect_valid_outputs
}

# A wrapper is followed until a Go program comes.
run_wrapped() {
	local expected=$1 script=$2

	run "$expected" sh -c "$script" "$path" -auto -events 5000 -out "$WORK/truth"
	compare --by-total --allow-extra
}

export GOGC=off
run 0 "$path" -auto -events 5000 -out "$WORK/truth"
compare --allow-extra
run_wrapped 0 '"$0" "$@"'
run_wrapped 0 'exec "$0" "$@"'
run_wrapped 7 '"$0" "$@"; exit 7'
run_wrapped 137 '"$0" "$@"; kill -KILL $$'

# Its output stays its own.
run 0 sh -c 'echo out; "$0" "$@"' "$path" -auto -events 10
expect "the command's stdout" out "$(cat "$WORK/command.out")"

run 1 true
expect_match "a command that is not Go" '^slicestat: true .*no Go program; .*not a Go executable' \
	"$(cat "$WORK/tracer.err")"
run 1 "$WORK/no-such-command"
expect_match "no such command" "^slicestat: .*$WORK/no-such-command" "$(cat "$WORK/tracer.err")"

# After COUNT reports the command runs on untraced; slicestat stays for its status, and signals that
# are sent to it are passed on.
export GOGC=100 # it would take all memory else
churn=$(target_path 1.24 default churn)
for signal in TERM HUP; do
	open_reports
	mkfifo "$WORK/churn.$signal"
	"$SLICESTAT" -o json -n 1 -w "$WORK/reports" 0.05 10 -- sh -c \
		'exec "$0" -goroutines 2 <"$1"' "$churn" "$WORK/churn.$signal" \
		>"$WORK/command.out" 2>"$WORK/tracer.err" &
	TRACER_PID=$!
	exec {CHURN}>"$WORK/churn.$signal"
	final_report
	kill "-$signal" "$TRACER_PID"
	await_end "$TRACER_PID"
	TRACER_PID=''
	exec {CHURN}>&-
	case $signal in
	TERM) expect "exit status after SIGTERM" 0 "$STATUS" ;;
	HUP) expect "exit status after SIGHUP" 129 "$STATUS" ;;
	esac
done

# Without -w, reports go to stderr, as the command's own output goes to stdout.
"$SLICESTAT" -o json -- "$path" -auto -events 10 >"$WORK/command.out" 2>"$WORK/tracer.err"
expect "stdout" "" "$(cat "$WORK/command.out")"
expect_match "last line on stderr" '"final":true' "$(tail -n 1 "$WORK/tracer.err")"
