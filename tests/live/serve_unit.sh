#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The systemd unit is one, and what it runs works with the capabilities that it leaves, and the
# configuration file beside it with its own two lines changed.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

readonly UNIT=$ROOT/deploy/systemd/slicestat.service
path=$(target_path 1.24 default load)
words=("$SLICESTAT" serve --config "$WORK/slicestat.conf")

sed "s,^ExecStart=/usr/sbin/slicestat ,ExecStart=$SLICESTAT ," "$UNIT" >"$WORK/slicestat.service"
said=$(systemd-analyze verify --man=no "$WORK/slicestat.service" 2>&1) || fail "$said"
expect "what systemd-analyze says" "" "$said"
expect "the command" "/usr/sbin/slicestat serve --quiet --config /etc/slicestat.conf" \
	"$(sed -n 's/^ExecStart=//p' "$UNIT")"
sed "s,^exe = .*,exe = $path,; s,^listen = .*,listen = $METRICS," \
	"$ROOT/deploy/systemd/slicestat.conf" >"$WORK/slicestat.conf"
kept=$(sed -n 's/^CapabilityBoundingSet=//p' "$UNIT" | tr ' ' '\n' | sed 's/^CAP_/+/' |
	tr '[:upper:]\n' '[:lower:],')

# wrong NUMBER REGEX: that line of the file is, for that reason; with this status it is not tried again.
wrong() {
	local status=0 said

	said=$("${words[@]}" 2>&1) || status=$?
	expect "exit status with a wrong configuration" \
		"$(sed -n 's/^RestartPreventExitStatus=//p' "$UNIT")" "$status"
	expect_match "what is said" "^slicestat: $WORK/slicestat.conf:$1: $2" "$(head -n 1 <<<"$said")"
}

cp "$WORK/slicestat.conf" "$WORK/right.conf"
number=$(grep -n '^listen = ' "$WORK/right.conf" | cut -d : -f 1)
for place in localhost:9469 127.0.0.1:99999; do
	sed "s,^listen = .*,listen = $place," "$WORK/right.conf" >"$WORK/slicestat.conf"
	wrong "$number" "--listen: '$place' is neither PORT nor ADDRESS:PORT"
done
for url in http://u:p@x/v1 'http://[x/v1' x:4318; do
	sed "s,^#otlp = .*,otlp = $url," "$WORK/right.conf" >"$WORK/slicestat.conf"
	wrong $((number + 3)) '--otlp: '
done
cp "$WORK/right.conf" "$WORK/slicestat.conf"

start_target "$path" -seconds 2 -spin 100
await_target '^ready$'
echo '#!/bin/sh' >"$WORK/as_unit"
echo "exec setpriv --no-new-privs --bounding-set=-all,${kept%,} ${words[*]}" >>"$WORK/as_unit"
chmod 755 "$WORK/as_unit"
SLICESTAT=$WORK/as_unit
start_tracer
await_tracing
await_line "$TRACER_ERR" "$TRACER_PID" '^slicestat: serving ' >>"$WORK/tracer.err"
tell_target
await_scraped '^slicestat_events_seen_total [1-9]'
await_scraped '^slicestat_budget_ratio 0.05'
await_scraped '^slicestat_targets 1'
await_scraped '^slicestat_interval_seconds 5$'
await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
kill -TERM "$TRACER_PID"
await_tracer_end
expect "slicestat's exit status" 0 "$STATUS"
tell_target
await_target_end
echo "the unit is one, and works with $(tr -cd '+' <<<"$kept" | wc -c) capabilities"
