// SPDX-License-Identifier: BSD-2-Clause

//go:build shared

package main

import "C"

// Run is what a host calls: of a plugin, or of a library for C.
//
//export Run
func Run() { main() }
