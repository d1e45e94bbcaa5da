// SPDX-License-Identifier: BSD-2-Clause

// Plugin_host is a Go program whose work is done by a plugin: the file beside it of its own name
// with .so.
package main

import (
	"fmt"
	"os"
	"plugin"
)

func run() error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	p, err := plugin.Open(path + ".so")
	if err != nil {
		return err
	}
	symbol, err := p.Lookup("Run")
	if err != nil {
		return err
	}
	symbol.(func())()
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
