// SPDX-License-Identifier: BSD-2-Clause

// Http is a server whose handler grows slices, and, with -load, what asks it at a fixed rate. The
// server says "ready ADDRESS", and answers each line on stdin with the nanoseconds of CPU time that
// it has taken up to now. The load prints its requests and the percentiles 50, 90, 99 and 99.9 of
// their latencies in microseconds.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "http:", err)
	os.Exit(2)
}

type order struct {
	id    int
	name  string
	parts []int
}

func orders(n int) []order {
	var list []order
	for i := 0; i < n; i++ {
		var parts []int
		for j := 0; j < i%8; j++ {
			parts = append(parts, i*j)
		}
		list = append(list, order{id: i, name: "order " + strconv.Itoa(i), parts: parts})
	}
	return list
}

func body(list []order) []byte {
	var b []byte
	for _, o := range list {
		b = append(b, `{"id":`...)
		b = strconv.AppendInt(b, int64(o.id), 10)
		b = append(b, `,"name":`...)
		b = strconv.AppendQuote(b, o.name)
		for _, p := range o.parts {
			b = append(b, ',')
			b = strconv.AppendInt(b, int64(p), 10)
		}
		b = append(b, "}\n"...)
	}
	return b
}

func handle(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil {
		http.Error(w, "no n", http.StatusBadRequest)
		return
	}
	w.Write(body(orders(n)))
}

func cpuTime() int64 {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		fatal(err)
	}
	return use.Utime.Nano() + use.Stime.Nano()
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fatal(err)
	}
	go func() { fatal(http.Serve(listener, http.HandlerFunc(handle))) }()
	fmt.Println("ready", listener.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Println(cpuTime())
	}
}

func main() {
	address := flag.String("load", "", "ask the server at `ADDRESS`")
	rate := flag.Int("rate", 1000, "requests a second")
	duration := flag.Duration("for", 3*time.Second, "how long")
	flag.Parse()
	if *address == "" {
		serve()
		return
	}
	load(*address, *rate, *duration)
}
