// SPDX-License-Identifier: BSD-2-Clause

package main

import "sort"

// chain is what has become of a slice up to an array.
type chain struct {
	birth  *record
	steps  int
	copied int  // bytes
	dead   int  // bytes
	left   bool // another array continues it
}

// beginning is where chains begin and to which capacity they came.
type beginning struct {
	op   operation
	elem elem
	pc   uintptr
	cap  int
}

// ends are sums over the chains of one beginning.
type ends struct {
	chains, len, steps, copied, dead int
}

// told is all that a tracer tells in one mode.
type told struct {
	kinds [kinds]int
	ends  map[beginning]ends
}

// history has all records in an order in which each array comes before what grew from it.
type history struct {
	records []*record
	numbers map[array]int
}

func newHistory(all []notes) *history {
	h := &history{numbers: make(map[array]int)}
	names := make(map[*record]array)
	for i := range all {
		for k := range all[i].records[:all[i].used] {
			r := &all[i].records[k]
			h.records = append(h.records, r)
			names[r] = all[i].name(k)
		}
	}
	sort.Slice(h.records, func(i, j int) bool { return h.records[i].seq < h.records[j].seq })
	for i, r := range h.records {
		h.numbers[names[r]] = i
	}
	return h
}

// follow tells the lives of all slices as a tracer would.
func (h *history) follow(m mode) *told {
	t := &told{ends: make(map[beginning]ends)}
	chains := make([]chain, len(h.records))
	for i, r := range h.records {
		chains[i].birth = r
		if r.op == grow {
			h.step(m, t, chains, i)
		}
	}
	for i := range chains {
		if !chains[i].left {
			t.end(&chains[i], h.records[i])
		}
	}
	return t
}

func (h *history) step(m mode, t *told, chains []chain, i int) {
	var from *record
	var before *chain
	r := h.records[i]
	if number, seen := h.numbers[r.old.array]; seen {
		from, before = h.records[number], &chains[number]
	}
	k := kindOf(m, r, from, before != nil && before.left)
	t.kinds[k]++
	c := &chains[i]
	c.steps = 1
	c.copied = r.old.len * r.size
	if k == linked || k == queue {
		before.left = true
		c.birth = before.birth
		c.steps += before.steps
		c.copied += before.copied
		c.dead = before.dead + from.cap*from.size
	}
}

func (t *told) end(c *chain, last *record) {
	b := beginning{c.birth.op, c.birth.elem, c.birth.pc[0], last.cap}
	e := t.ends[b]
	e.chains++
	e.len += last.len
	e.steps += c.steps
	e.copied += c.copied
	e.dead += c.dead
	t.ends[b] = e
}
