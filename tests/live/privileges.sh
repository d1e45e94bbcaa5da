#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What each capability is for: a user without rights traces with a set of them, then without one at a
# time. With all, every event is exact; without, one line says which is missing. SLICESTAT_ATTACHES,
# perf or uprobe_multi, says what the kernel is known to have.

. "$(dirname "$0")/lib.sh"

readonly NOBODY=65534 EVENTS=${SLICESTAT_EVENTS:-2000}
HELD=() # the capabilities of the slicestat that is started next
rows=0

as_nobody() {
	setpriv --reuid "$NOBODY" --regid "$NOBODY" --clear-groups "$@"
}

# Where nobody can run it, with HELD.
write_wrapper() {
	chmod 1777 "$WORK"
	cp "$SLICESTAT" "$WORK/slicestat"
	cp "$(target_path "${SLICESTAT_VERSIONS:-1.24}" default truth)" "$WORK/truth.bin"
	chmod 755 "$WORK/slicestat" "$WORK/truth.bin"
	SLICESTAT=$WORK/as
	cat >"$SLICESTAT" <<-END
		#!/bin/bash
		caps=-all\$(sed 's/[^ ][^ ]*/,+&/g; s/ //g' <"$WORK/held")
		exec setpriv --reuid $NOBODY --regid $NOBODY --clear-groups --inh-caps="\$caps" \
			--ambient-caps="\$caps" "$WORK/slicestat" "\$@"
	END
	chmod 755 "$SLICESTAT"
}

hold() {
	HELD=("$@")
	echo "${HELD[*]}" >"$WORK/held"
}

# row CAPABILITY FOR WITHOUT
row() {
	printf '%-20s %-34s %s\n' "$@"
	rows=$((rows + 1))
}

# start WHO: the target, as nobody or as root.
start() {
	rm -f "$WORK/truth" "$WORK/report"
	if [ "$1" = nobody ]; then
		start_target setpriv --reuid "$NOBODY" --regid "$NOBODY" --clear-groups \
			"$WORK/truth.bin" -events "$EVENTS" -out "$WORK/truth"
	else
		start_target "$WORK/truth.bin" -events "$EVENTS" -out "$WORK/truth"
	fi
	await_target '^ready$'
}

finish() {
	tell_target
	await_target '^done$'
	[ -z "$TRACER_PID" ] || end_tracer
	tell_target
	await_target_end
}

# expect_exact WHO: with what is held.
expect_exact() {
	start "$1"
	trace -p "$TARGET_PID" -o json -n 0 -w "$WORK/report"
	finish
	# shellcheck disable=SC2119 # no options
	compare
	expect_accounted "$EVENTS"
}

# expect_refused WHO REGEX: what was said is in SAID.
expect_refused() {
	start "$1"
	expect_error "$2" "$SLICESTAT" -p "$TARGET_PID" 1 1
	SAID=$("$SLICESTAT" -p "$TARGET_PID" 1 1 2>&1 >/dev/null | sed 's/^slicestat: //') || true
	SAID=${SAID//process $TARGET_PID/process N}
	SAID=${SAID//$WORK/}
	finish
}

# needed CAPABILITY WHO FOR REGEX: all in HELD but it.
needed() {
	local all=("${HELD[@]}") some=() cap

	for cap in "${all[@]}"; do
		[ "$cap" = "$1" ] || some+=("$cap")
	done
	expect_exact "$2"
	hold "${some[@]}"
	expect_refused "$2" "$4"
	row "$1" "$3" "$SAID"
	hold "${all[@]}"
}

attaches=${SLICESTAT_ATTACHES:-uprobe_multi}
readonly BPF='not permitted to use BPF.*CAP_BPF and CAP_PERFMON'
write_wrapper
hold
expect_refused nobody "$BPF"
row "none" "-" "$SAID"
if [ "$attaches" = perf ]; then
	own=(bpf perfmon sys_admin)
	hold "${own[@]}"
	needed sys_admin nobody "attaching by perf events" 'CAP_SYS_ADMIN'
else
	own=(bpf perfmon)
	hold "${own[@]}"
	needed bpf nobody "BPF programs and maps" "$BPF"
	needed perfmon nobody "BPF programs that read memory" "$BPF"
fi
hold "${own[@]}" sys_ptrace
needed sys_ptrace root "processes of other users" '([(]user root|uid 0).*CAP_SYS_PTRACE'
chmod 700 "$WORK/truth.bin"
hold "${own[@]}" sys_ptrace dac_read_search
needed dac_read_search root "executables nobody may read" 'CAP_DAC_READ_SEARCH'
chmod 755 "$WORK/truth.bin"
hold sys_admin
expect_exact nobody
row sys_admin "in the place of bpf and perfmon" "-"
echo "$rows rows: $attaches"
