// SPDX-License-Identifier: BSD-2-Clause

//go:build linkc

package live

import _ "runtime/cgo" // a C library and its threads, though no C is called
