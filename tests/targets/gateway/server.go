// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"log"
	"net"
	"time"

	"slicestat.test/targets/internal/live"
)

// server is one end of a connection with its own windows.
type server struct {
	conn    net.Conn
	in      *bufio.Reader
	log     *live.Log
	windows windows
	header  [2]byte
	ack     [1]byte
}

func newServer(conn net.Conn, window time.Duration) *server {
	return &server{
		conn:    conn,
		in:      bufio.NewReaderSize(conn, 64<<10),
		windows: newWindows(window),
	}
}

// serve handles batches until the connection ends.
func (s *server) serve() {
	for {
		n, err := s.number()
		for ; n > 0 && err == nil; n-- {
			err = s.message()
		}
		if err == nil {
			_, err = s.conn.Write(s.ack[:])
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

func (s *server) number() (int, error) {
	_, err := io.ReadFull(s.in, s.header[:])
	return int(binary.BigEndian.Uint16(s.header[:])), err
}

func (s *server) message() error {
	n, err := s.number()
	if err != nil {
		return err
	}
	body := makeBody(s.log, n)
	if _, err := io.ReadFull(s.in, body); err != nil {
		return err
	}
	s.windows.add(s.log, time.Now(), parseFields(s.log, nil, body))
	return nil
}

//go:noinline
func makeBody(log *live.Log, n int) []byte {
	body := make([]byte, n)
	live.Made(log, body)
	return body
}

type field struct {
	name, value []byte
}

// parseFields appends the fields of body, which they point into.
//
//go:noinline
func parseFields(log *live.Log, fields []field, body []byte) []field {
	for len(body) > 0 {
		line, rest, _ := bytes.Cut(body, []byte{'\n'})
		name, value, _ := bytes.Cut(line, []byte{'='})
		old := cap(fields)
		fields = append(fields, field{name, value})
		live.Grown(log, old, fields)
		body = rest
	}
	return fields
}
