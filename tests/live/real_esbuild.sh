#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A real program at full load: esbuild bundles thousands of modules, traced from its start. What it
# writes is the same to the byte, and every event is accounted for.

. "$(dirname "$0")/lib.sh"

esbuild=$("$ROOT/tools/programs.sh" --path esbuild)
readonly MODULES=4000

# Module i imports two later ones, so that all hang on the first.
write_modules() {
	mkdir "$WORK/src"
	awk -v n="$MODULES" -v dir="$WORK/src" 'BEGIN {
		for (i = 0; i < n; i++) {
			file = dir "/m" i ".js"
			for (j = 2 * i + 1; j <= 2 * i + 2 && j < n; j++)
				printf "import { f%d, table%d } from \"./m%d.js\";\n", j, j, j >file
			printf "export const table%d = [", i >file
			for (k = 0; k < 40; k++)
				printf "{ id: %d, name: \"item %d of %d\", next: [%d, %d] },\n", \
					k, k, i, i + k, i * k >file
			printf "];\nexport function f%d(x) {\n  let sum = x;\n", i >file
			printf "  for (const { id, next: [a, b] } of table%d) sum += id * a ?? b;\n", i >file
			for (j = 2 * i + 1; j <= 2 * i + 2 && j < n; j++)
				printf "  sum += f%d(sum %% 7) + table%d.length;\n", j, j >file
			printf "  return `${sum}` + %d;\n}\n", i >file
			close(file)
		}
		print "console.log(f0(1))" >>(dir "/m0.js")
	}'
}

bundle() {
	"$@" "$esbuild" "$WORK/src/m0.js" --bundle --minify --sourcemap --target=es2017 \
		--log-level=error --outdir="$OUT"
}

write_modules
OUT=$WORK/untraced bundle env
OUT=$WORK/traced bundle "$SLICESTAT" -o json --max-bases 1048576 -w "$WORK/report" -- \
	2>"$WORK/tracer.err" || fail "traced: exit status $?"
diff -r "$WORK/untraced" "$WORK/traced" || fail "the output differs"
expect_accounted 500000
echo "$(count seen) events, the output is the same to the byte"
