#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A receiver of OTLP that asks for a password, with a certificate of an authority of its own: both are told
# by the environment, the totals come, and the password is in no message. Who is not told says so, and
# sends nothing.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_serve.sh"

if [ -z "${SLICESTAT_OWN_NETWORK:-}" ]; then
	SLICESTAT_OWN_NETWORK=1 in_own_network "$0"
fi

readonly SECURE=127.0.0.1:19429 PASSWORD=open,sesame
CODED=$(printf 'u:%s' "$PASSWORD" | base64)
readonly CODED
# Of base64, '=' must not be the sign that it is in a list of headers.
readonly HEADERS="X-Scope=t1, Authorization=Basic%20${CODED//=/%3D}"

# Only this test's own queries know the password otherwise.
export CURL_HOME=$WORK
printf 'user = "u:%s"\n' "$PASSWORD" >"$WORK/.curlrc"

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=receiver -addext subjectAltName=IP:127.0.0.1 \
	-keyout "$WORK/key.pem" -out "$WORK/cert.pem" 2>"$WORK/openssl" || fail "$(<"$WORK/openssl")"
RECEIVER_FLAGS=(-httpListenAddr="$SECURE" -tls=false -tls=true -tlsCertFile="$WORK/cert.pem" \
	-tlsKeyFile="$WORK/key.pem" -httpAuth.username=u -httpAuth.password="$PASSWORD")
start_receiver

# sends URL: a program's events, until it has ended. What is said of it is in tracer.err.
sends() {
	start_target "$(target_path 1.24 default load)" -seconds 1 -spin 10
	await_target '^ready$'
	serve --otlp "$1/opentelemetry/v1/metrics" -p "$TARGET_PID" --budget off 0.25
	tell_target
	await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
	tell_target
	await_target_end
	await_line "$TRACER_ERR" "$TRACER_PID" 'have ended: their totals are served' >>"$WORK/tracer.err"
}

# fails REGEX: nothing has come, and that says why.
fails() {
	end_tracer
	expect_match "stderr" "$1" "$(<"$WORK/tracer.err")"
	expect_match "stderr" 'slicestat: sent 0 snapshots to ' "$(<"$WORK/tracer.err")"
	expect_accounted 10
}

# comes: exactly what the final report says.
comes() {
	expect_totals "$RECEIVER"
	end_tracer
	expect_accounted 10
	! grep -F -e "$PASSWORD" -e "$CODED" "$WORK/tracer.err" || fail "a secret is told"
	total=$(count seen)
}

sends "http://$RECEIVER"
fails 'refuses what is sent: HTTP status 401'
OTEL_EXPORTER_OTLP_HEADERS=$HEADERS sends "https://$SECURE"
fails "cannot send to https://$SECURE/[^:]*: SSL certificate problem: .*; tried again"
OTEL_EXPORTER_OTLP_HEADERS=$HEADERS sends "http://$RECEIVER"
comes
clear=$total
forget_received
OTEL_EXPORTER_OTLP_HEADERS=Authorization=none OTEL_EXPORTER_OTLP_METRICS_HEADERS=$HEADERS \
	OTEL_EXPORTER_OTLP_CERTIFICATE=$WORK/cert.pem sends "https://$SECURE"
comes

# Before anything is attached, as what trying again does not mend.
refused() {
	local status=0 said

	said=$("$SLICESTAT" serve -p $$ --otlp "$2" 2>&1 >/dev/null) || status=$?
	expect "exit status with $2" 2 "$status"
	expect_match "$2" "^slicestat: ($1)" "$(head -n 1 <<<"$said")"
	! grep -F "$PASSWORD" <<<"$said" || fail "a secret is told"
}
refused "--otlp: a user or password does not belong in the URL: name it by OTEL_EXPORTER_OTLP_HEADERS" \
	"http://u:$PASSWORD@$RECEIVER/"
refused "--otlp: 'http://': " http://
refused "--otlp: 'http://\[x/v1': " 'http://[x/v1'
refused "--otlp: 'http://a b/': " 'http://a b/'
OTEL_EXPORTER_OTLP_HEADERS=$PASSWORD refused 'OTEL_EXPORTER_OTLP_HEADERS: header 1 is not name=value$' \
	"$OTLP"
echo "$clear events with a password, $total with TLS as well; neither without"
