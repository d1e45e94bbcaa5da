#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The libraries that speak HTTP are opened by serve alone: it says which package lacks, all else works
# without them.

. "$(dirname "$0")/lib.sh"

# without SONAMES COMMAND...: with nothing in the place of these libraries.
without() (
	local library
	local sonames=$1 libraries=()

	for library in $sonames; do
		libraries+=("$(ldconfig -p | awk -v name="$library" '$1 == name { print $NF; exit }')")
		[ -n "${libraries[-1]}" ] || fail "there is no $library"
	done
	# shellcheck disable=SC2016 # it is for the other shell
	unshare_mounts bash -c 'for library in $1; do mount --bind /dev/null "$library" || exit 9; done
		exec "${@:2}"' without "${libraries[*]}" "${@:2}"
)

[ "$(ldd "$SLICESTAT" | grep -c -E 'microhttpd|curl|ssl|gnutls')" = 0 ] || fail "it is linked to them"
start_target "$(target_path 1.24 default load)" -seconds 1
await_target '^ready$'
expect_error 'serve takes the package libmicrohttpd12: ' \
	without libmicrohttpd.so.12 "$SLICESTAT" serve --listen 9 -p "$TARGET_PID"
expect_error 'serve takes the package libcurl4: ' \
	without libcurl.so.4 "$SLICESTAT" serve --otlp http://127.0.0.1:9/ -p "$TARGET_PID"
said=$(without "libcurl.so.4 libmicrohttpd.so.12" "$SLICESTAT" -p "$TARGET_PID" 0.1 1 2>&1) ||
	fail "without both: $said"
expect_match "without both" ' since attach: seen ' "$said"
tell_target
await_line "$TARGET_OUT" "$TARGET_PID" '^done ' >/dev/null
tell_target
await_target_end
echo "serve says what it lacks; tracing lacks nothing"
