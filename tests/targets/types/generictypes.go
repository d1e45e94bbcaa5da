// SPDX-License-Identifier: BSD-2-Clause

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"math/big"
	"os"
	"sort"
	"strconv"
	"text/tabwriter"
	"time"
)

func genericTypes() []slices {
	lists := [][]slices{
		shapes[int64](), shapes[string](), shapes[*point](), shapes[record](), shapes[error](),
		shapes[pair[string, []int]](), shapes[block](), shapes[func(int) error](),
		shapes[chan int](), shapes[map[string][]byte](),
		libraryTypes(), localTypes(), localTypesOf[string](), localTypesOf[*node](),
	}
	var all []slices
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// shapes are types made from T; T and those that other lists have are left out.
func shapes[T any]() []slices {
	return []slices{
		dynamic[[2]T](),
		dynamic[map[uint32]*T](),
		dynamic[map[[2]string]chan T](),
		dynamic[func(T, ...T) (T, error)](),
		dynamic[interface{ Get(T) T }](),
		dynamic[struct {
			Value T `db:"value"`
			next  *T
		}](),
		dynamic[list[T]](),
		dynamic[*pair[uint8, T]](),
		dynamic[tree[string, *T]](),
		dynamic[mapper[T, []T]](),
	}
}

func libraryTypes() []slices {
	return []slices{
		dynamic[*os.File](), dynamic[io.Reader](), dynamic[json.RawMessage](),
		dynamic[*json.Decoder](), dynamic[big.Int](), dynamic[*bufio.Writer](),
		dynamic[context.Context](), dynamic[context.CancelFunc](), dynamic[time.Duration](),
		dynamic[map[time.Time]*big.Rat](), dynamic[sort.IntSlice](), dynamic[*strconv.NumError](),
		dynamic[chan<- func(io.Writer) (int64, error)](), dynamic[tabwriter.Writer](),
		dynamic[[]io.ReadWriteCloser](), dynamic[struct{ io.Reader }](),
	}
}

// The types of functions have no name of their own; not even the compiler tells these points apart.
func localTypes() []slices {
	type point struct{ a, b int8 }
	closure := func() slices {
		type point struct{ c *string }
		return dynamic[point]()
	}
	return []slices{
		dynamic[point](), dynamic[*point](), dynamic[pair[string, point]](), closure(),
	}
}

func localTypesOf[T any]() []slices {
	type local struct{ value T }
	return []slices{dynamic[local](), dynamic[map[string]*local](), dynamic[list[local]]()}
}
