// SPDX-License-Identifier: BSD-2-Clause

// Gateway receives reports of requests over TCP and aggregates them by status and version in
// windows of a minute. Its clients run in the same process.
//
// It notes each slice that it grows or makes (the calls to live), so that what slicestat reports
// can be checked against it.
package main

import (
	"flag"
	"log"
	"net"
	"time"

	"slicestat.test/targets/internal/live"
)

func main() {
	window := flag.Duration("window", time.Minute, "length of a window")
	rate := flag.Int("rate", 1000, "messages a second and connection")
	connections := flag.Int("connections", 2, "clients, each with a connection")
	auto := flag.Bool("auto", false, "start at once, not at a line on standard input")
	steps := flag.Int("steps", 0, "ticks of each, then stop; 0: until told to")
	flag.Parse()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	clients := make([]*client, *connections)
	for i := range clients {
		clients[i], err = connect(listener, uint64(i)+1, *rate, *window)
		if err != nil {
			log.Fatal(err)
		}
	}
	live.Watch(len(clients), *auto, *steps, func(i int, log *live.Log) {
		clients[i].tick(log)
	})
}
