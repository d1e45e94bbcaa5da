// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"fmt"
	"io"
	"net/http"
	"sort"
	"sync"
	"time"
)

const connections = 8

func get(client *http.Client, url string) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// ask sends requests, one each interval. One that had to wait for the answer to another has begun
// when it should have been sent, else the server's delays would hide each other.
func ask(url string, begin time.Time, interval time.Duration, n int) []time.Duration {
	client := &http.Client{Transport: &http.Transport{}}
	took := make([]time.Duration, 0, n)
	for i := 0; i < n; i++ {
		sent := begin.Add(time.Duration(i) * interval)
		if wait := time.Until(sent); wait > 0 {
			time.Sleep(wait)
			sent = time.Now()
		}
		if err := get(client, url); err != nil {
			fatal(err)
		}
		took = append(took, time.Since(sent))
	}
	return took
}

func percentile(sorted []time.Duration, p float64) float64 {
	return float64(sorted[int(p/100*float64(len(sorted)-1))].Nanoseconds()) / 1000
}

func load(address string, rate int, duration time.Duration) {
	var (
		all   []time.Duration
		lock  sync.Mutex
		group sync.WaitGroup
	)
	interval := time.Second * connections / time.Duration(rate)
	begin := time.Now().Add(10 * time.Millisecond)
	for i := 0; i < connections; i++ {
		first := begin.Add(time.Duration(i) * interval / connections)
		group.Add(1)
		go func() {
			defer group.Done()
			took := ask("http://"+address+"/?n=10", first, interval, int(duration/interval))
			lock.Lock()
			defer lock.Unlock()
			all = append(all, took...)
		}()
	}
	group.Wait()
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	fmt.Println(len(all), percentile(all, 50), percentile(all, 90), percentile(all, 99),
		percentile(all, 99.9))
}
