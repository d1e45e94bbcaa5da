// SPDX-License-Identifier: BSD-2-Clause

package main

import "strconv"

// growths is what appends to one list cost.
type growths struct {
	events, allocated, copied int
}

// grow is what it costs to append n elements of 8 bytes, one by one, as Go itself does it.
func (g *growths) grow(n int) {
	var list []uint64
	for i := 0; i < n; i++ {
		before := cap(list)
		list = append(list, 0)
		if cap(list) != before {
			g.events++
			g.allocated += 8 * cap(list)
			g.copied += 8 * i
		}
	}
}

// truth tells what the list that the patches change costs: by appends alone, and made at once.
func truth() string {
	var open growths
	made := 0
	for day := 0; day < days; day++ {
		n := 0
		for i := 0; i < 100+day; i++ {
			if i%3 != 0 {
				n++
			}
		}
		open.grow(n)
		made += 8 * (100 + day)
	}
	return "truth events=" + strconv.Itoa(open.events) + " allocated=" + strconv.Itoa(open.allocated) +
		" copied=" + strconv.Itoa(open.copied) + " makes=" + strconv.Itoa(days) +
		" made=" + strconv.Itoa(made) + "\n"
}
