# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced by programs.sh: the programs and what they have to do. What cannot be had is left out
# and said.

# shellcheck disable=SC2034 # programs.sh reads them

readonly ESBUILD='esbuild bundles three.js x10' # as its own benchmark
readonly CHECKING='tsgo checks 80 generated modules'
readonly BUILDING='hugo builds 800 pages'
readonly SCRAPING='prometheus scrapes itself'
readonly COPIES=10
readonly MODULES=80
readonly PAGES=800
readonly SCRAPERS=8 # jobs, each of them every 100 ms
readonly SCRAPE_SECONDS=3
readonly PROMETHEUS_URL=http://127.0.0.1:19095

THREE="" TSGO="" HUGO="" PROMETHEUS_PID=""
ESBUILD_COMMAND=() TSGO_COMMAND=() HUGO_COMMAND=()

# program NAME: its directory, or why there is none.
program() {
	"$ROOT/tools/bench_programs.sh" "$1" 2>"$WORK/why"
}

why() { tail -n 1 "$WORK/why"; }

prepare_esbuild() {
	local i esbuild

	THREE=$(program three) || { not_measured esbuild "$(why)" && return; }
	esbuild=$("$ROOT/tools/programs.sh" --path esbuild)
	mkdir "$WORK/three"
	for ((i = 1; i <= COPIES; i++)); do
		cp -r "$THREE/package/src" "$WORK/three/copy$i"
		echo "import * as copy$i from './copy$i/Three.js'; export { copy$i }"
	done >"$WORK/three/entry.js"
	ESBUILD_COMMAND=("$esbuild" --bundle --global-name=THREE --sourcemap --minify
		--log-level=error "$WORK/three/entry.js" "--outfile=$WORK/three/out/entry.js")
}

# Module i uses two later ones, so that all hang on the first.
write_modules() {
	awk -v n="$MODULES" -v dir="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			file = dir "/m" i ".ts"
			for (j = 2 * i + 1; j <= 2 * i + 2 && j < n; j++)
				printf "import { Item%d, list%d } from \"./m%d\";\n", j, j, j >file
			printf "export interface Item%d<T> { id: number; name: string; of: T[]; " \
				"next?: Item%d<T | string>; }\n", i, i >file
			for (k = 0; k < 60; k++)
				printf "export type Pick%d_%d<T extends Item%d<unknown>> = { [K in keyof T " \
					"as `k%d_${K & string}`]: T[K] | %d };\n" \
					"export const pick%d_%d = (x: Pick%d_%d<Item%d<number>>) => " \
					"[x.k%d_id, x.k%d_name, ...[1, 2, 3].map(n => ({ n, x }))] as const;\n", \
					i, k, i, k, k, i, k, i, k, i, k, k >file
			printf "export const list%d: Item%d<number>[] = [", i, i >file
			for (k = 0; k < 60; k++)
				printf "{ id: %d, name: \"item %d\", of: [%d, %d] },\n", k, k, i, k >file
			printf "];\n" >file
			for (j = 2 * i + 1; j <= 2 * i + 2 && j < n; j++)
				printf "export const more%d: Item%d<number> = { ...list%d[0], next: " \
					"undefined };\n", j, j, j >file
			close(file)
		}
	}'
}

prepare_tsgo() {
	TSGO=$(program tsgo) || { not_measured tsgo "$(why)" && return; }
	mkdir "$WORK/ts"
	write_modules "$WORK/ts"
	echo '{"compilerOptions":{"strict":true,"noEmit":true,"target":"es2022",
		"module":"esnext","moduleResolution":"bundler"},"files":["m0.ts"]}' >"$WORK/ts/tsconfig.json"
	TSGO_COMMAND=("$TSGO/package/lib/tsgo" -p "$WORK/ts/tsconfig.json")
}

write_site() {
	mkdir -p "$1/content/posts" "$1/layouts/_default"
	printf 'baseURL = "http://example.org/"\ntitle = "Site"\n' >"$1/hugo.toml"
	printf '<html><head><title>{{ .Title }}</title></head><body>%s</body></html>\n' \
		'{{ .Content }}{{ range first 20 .Site.RegularPages }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}' |
		tee "$1/layouts/_default/single.html" >"$1/layouts/_default/list.html"
	awk -v n="$PAGES" -v dir="$1/content/posts" 'BEGIN {
		for (i = 0; i < n; i++) {
			file = dir "/p" i ".md"
			printf "---\ntitle: Page %d\ntags: [a%d, b%d]\n---\n", i, i % 40, i % 7 >file
			for (k = 0; k < 30; k++)
				printf "## Part %d of %d\n\nSome *text* with `code`, [a link](p%d.md) and " \
					"**%d** words.\n\n* one\n* two\n\n", k, i, (i + k) % n, k >file
			close(file)
		}
	}'
}

# It is a child of the shell's here, so that its library is found.
prepare_hugo() {
	HUGO=$(program hugo) || { not_measured hugo "$(why)" && return; }
	write_site "$WORK/site"
	HUGO_COMMAND=("$HUGO/usr/bin/hugo" --quiet -s "$WORK/site" -d "$WORK/site/public"
		--noBuildLock --cacheDir "$WORK/site/cache")
	export LD_LIBRARY_PATH
	LD_LIBRARY_PATH=$(echo "$HUGO"/usr/lib/*-linux-gnu)
}

write_scrapers() {
	local i

	printf 'global:\n  scrape_interval: 100ms\n  scrape_timeout: 100ms\nscrape_configs:\n'
	for ((i = 1; i <= SCRAPERS; i++)); do
		printf '  - job_name: job%d\n    static_configs: [{targets: ["%s"]}]\n' \
			"$i" "${PROMETHEUS_URL#http://}"
	done
}

# scrapes: that prometheus has made.
scrapes() {
	curl --silent --fail --max-time 10 "$PROMETHEUS_URL/metrics" |
		awk '$1 ~ /^prometheus_target_interval_length_seconds_count/ { n += $2 } END { print n + 0 }'
}

# start_prometheus: returns when it scrapes.
start_prometheus() {
	local prometheus deadline=$((SECONDS + PATIENCE))

	prometheus=$("$ROOT/tools/programs.sh" --path prometheus 2>"$WORK/why") ||
		{ not_measured prometheus "$(why)" && return; }
	write_scrapers >"$WORK/prometheus.yml"
	"$prometheus" --config.file="$WORK/prometheus.yml" --storage.tsdb.path="$WORK/tsdb" \
		--web.listen-address="${PROMETHEUS_URL#http://}" >"$WORK/prometheus.log" 2>&1 &
	PROMETHEUS_PID=$!
	OTHER_PIDS=("$PROMETHEUS_PID")
	curl --silent --fail --output /dev/null --max-time 5 --retry 200 --retry-delay 1 \
		--retry-all-errors --retry-max-time "$PATIENCE" "$PROMETHEUS_URL/-/ready" ||
		fail "prometheus is not ready: $(tail -n 3 "$WORK/prometheus.log")"
	until [ "$(scrapes)" -ge $((10 * SCRAPERS)) ]; do
		[ "$SECONDS" -lt "$deadline" ] || fail "prometheus scrapes nothing"
		sleep 0.1
	done
}

end_prometheus() {
	[ -n "$PROMETHEUS_PID" ] || return 0
	kill -TERM "$PROMETHEUS_PID"
	await_end "$PROMETHEUS_PID"
	PROMETHEUS_PID=
	OTHER_PIDS=()
}
