// SPDX-License-Identifier: BSD-2-Clause

package live

import (
	"bufio"
	"fmt"
	"os"
	"sort"
)

// writeTruth writes a header with the totals and one line a base: 0xBASE EVENTS LEN_SUM CAP_SUM.
func writeTruth(path string, logs []Log) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	c := total(logs)
	fmt.Fprintf(w, "# events %d grow %d make %d zero %d panicked %d len_sum %d cap_sum %d\n",
		c.Events(), c.Grow, c.Make, c.Zero, c.Panicked, c.LenSum, c.CapSum)
	all := sorted(logs)
	for len(all) > 0 {
		n, lenSum, capSum := 0, 0, 0
		for ; n < len(all) && all[n].base == all[0].base; n++ {
			lenSum += all[n].len
			capSum += all[n].cap
		}
		fmt.Fprintf(w, "%#x %d %d %d\n", all[0].base, n, lenSum, capSum)
		all = all[n:]
	}
	return w.Flush()
}

func total(logs []Log) Counts {
	var sum Counts
	for i := range logs {
		c := &logs[i].Counts
		sum.Grow += c.Grow
		sum.Make += c.Make
		sum.Zero += c.Zero
		sum.Panicked += c.Panicked
		sum.LenSum += c.LenSum
		sum.CapSum += c.CapSum
	}
	return sum
}

func sorted(logs []Log) []record {
	var all []record
	for i := range logs {
		if l := &logs[i]; len(l.records) > 0 {
			all = append(all, l.records[:l.Events()]...)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].base < all[j].base })
	return all
}
