#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/go.sh VERSION ARG...: runs the go command of one of the toolchains of toolchains.sh, shut
# off from the network, from `go env -w` and from other toolchains. GOARCH, GOEXPERIMENT, GOAMD64
# and CGO_ENABLED (default 0) count as usual.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

[ $# -ge 2 ] || die "usage: go.sh VERSION ARG... (VERSION such as 1.24, or any)"
GOROOT=$("$here/toolchains.sh" --goroot "$1")
shift
export GOROOT GOTOOLCHAIN=local GOENV=off GOPROXY=off GOFLAGS=-mod=mod
export GOSUMDB=off GO111MODULE=on
export CGO_ENABLED=${CGO_ENABLED:-0}
GOCACHE=$(cache_dir)/go-build
GOPATH=$(cache_dir)/go-path
XDG_CONFIG_HOME=$(cache_dir)/go-config # for its telemetry counters
export GOCACHE GOPATH XDG_CONFIG_HOME
exec "$GOROOT/bin/go" "$@"
