// SPDX-License-Identifier: BSD-2-Clause

package callers

import (
	"fmt"
	"os"

	"slicestat.test/targets/internal/live"
)

// Step causes some events; n varies from call to call.
type Step func(n int)

// Run takes the steps in turn, on one goroutine, until as many events are noted as the flags ask
// for, and writes them down as live.Run does.
func Run(events uint64, steps []Step) {
	o := live.Flags(events, 1)
	out := o.Out
	o.Out, o.Goroutines, o.TotalsOnly = "", 1, true
	live.Run(o, func(_ int, l *live.Log) {
		log, nrecords, npcs = l, 0, 0
		for i := 0; !log.Full(); i++ {
			steps[i%len(steps)](1 + i%37)
		}
	})
	if out == "" {
		return
	}
	if err := writeTruth(out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
