// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"encoding/binary"
	"io"
	"log"
	"net"
	"strconv"
	"time"

	"slicestat.test/targets/internal/live"
)

const ticksPerSecond = 50

// client sends batches of messages and awaits the server's answer to each batch, so that nothing
// is under way between two ticks.
type client struct {
	conn    net.Conn
	server  *server
	random  uint64
	perTick int
	buf     [64 << 10]byte
}

// connect starts a client and the server at the other end of its connection.
func connect(l net.Listener, seed uint64, rate int, window time.Duration) (*client, error) {
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, err
	}
	accepted, err := l.Accept()
	if err != nil {
		return nil, err
	}
	s := newServer(accepted, window)
	go s.serve()
	return &client{conn: conn, server: s, random: seed * 0x9e3779b97f4a7c15,
		perTick: min(rate/ticksPerSecond+1, 400)}, nil
}

// tick sends the messages of a fiftieth of a second.
func (c *client) tick(counts *live.Log) {
	c.server.log = counts // the server is idle until the batch arrives
	batch := c.buf[:2]
	for i := 0; i < c.perTick; i++ {
		batch = c.appendMessage(batch)
	}
	binary.BigEndian.PutUint16(batch, uint16(c.perTick))
	if _, err := c.conn.Write(batch); err != nil {
		log.Fatal(err)
	}
	if _, err := io.ReadFull(c.conn, c.buf[:1]); err != nil {
		log.Fatal(err)
	}
	live.Pause(time.Second / ticksPerSecond)
}

var statuses = [...]string{"200", "200", "200", "200", "204", "304", "404", "500", "502"}

// appendMessage appends one message: its length in two bytes, then fields NAME=VALUE with a line
// feed behind each.
func (c *client) appendMessage(b []byte) []byte {
	start := len(b)
	b = append(b, 0, 0)
	b = append(b, "version=1."...)
	b = strconv.AppendUint(b, c.below(4), 10)
	b = append(b, "\nstatus="...)
	b = append(b, statuses[c.below(len(statuses))]...)
	b = append(b, "\nmicros="...)
	b = strconv.AppendUint(b, 50+c.below(20000), 10)
	b = append(b, "\nbytes="...)
	b = strconv.AppendUint(b, c.below(1<<16), 10)
	b = append(b, "\npath=/v1/items/"...)
	b = strconv.AppendUint(b, c.below(5000), 10)
	b = append(b, '\n')
	binary.BigEndian.PutUint16(b[start:], uint16(len(b)-start-2))
	return b
}

// below is xorshift64.
func (c *client) below(n int) uint64 {
	x := c.random
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	c.random = x
	return x % uint64(n)
}
