# SPDX-License-Identifier: BSD-2-Clause
#
# From what `go tool pprof -raw` says to folded stacks, "root;...;leaf;[type] VALUE", of the value
# in that column.

# As slicestat names functions for people: type arguments left out.
function shown(name,    from, to) {
	from = index(name, "[")
	if (from > 1 && match(name, /.*\]/)) {
		to = RLENGTH
		name = substr(name, 1, from - 1) "[...]" substr(name, to + 1)
	}
	gsub(/;/, ",", name)
	return name
}

/^Samples:/ { part = "samples"; getline; next }
/^Locations/ { part = "locations"; next }
/^Mappings/ { part = ""; next }

part == "samples" && /^ +[0-9 ]+: / {
	n++
	value[n] = $column
	sub(/:$/, "", value[n])
	places[n] = substr($0, index($0, ":") + 2)
	next
}

part == "samples" && /type:\[/ {
	type[n] = substr($0, index($0, "type:[") + 6)
	sub(/\][^]]*$/, "", type[n])
	gsub(/;/, ",", type[n])
}

part == "locations" {
	if (match($0, /^ *[0-9]+: 0x[0-9a-f]+ (M=[0-9]+ )?/)) {
		id = $1 + 0
		$0 = substr($0, RLENGTH + 1)
	}
	sub(/^ +/, "")
	sub(/ [^ ]*:[0-9]+(:[0-9]+)? s=[0-9]+.*$/, "")
	callees = id in frames ? ";" frames[id] : ""
	frames[id] = shown($0) callees
}

END {
	for (i = 1; i <= n; i++) {
		if (value[i] == 0)
			continue
		stack = ""
		count = split(places[i], ids, " ")
		for (k = count; k >= 1; k--)
			stack = stack frames[ids[k]] ";"
		sums[stack "[" type[i] "]"] += value[i]
	}
	for (stack in sums)
		printf "%s %.0f\n", stack, sums[stack]
}
