// SPDX-License-Identifier: BSD-2-Clause

// Fips signs growing messages. Started with GODEBUG=fips140=on, Go's crypto checks its own text
// when the program starts and would panic if a byte of it were changed.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"hash"

	"slicestat.test/targets/internal/live"
)

// signer owns all that is needed to sign without an allocation.
type signer struct {
	mac     hash.Hash
	sum     [sha256.Size]byte
	again   [sha256.Size]byte
	message []byte
}

func main() {
	o := live.Flags(20000, 4)
	signers := make([]*signer, o.Goroutines)
	for i := range signers {
		signers[i] = newSigner(byte(i))
	}
	live.Run(o, func(worker int, log *live.Log) {
		for !log.Full() {
			signers[worker].work(log)
		}
	})
}

// newSigner signs once: the first signature allocates what the later ones reuse.
func newSigner(key byte) *signer {
	s := &signer{mac: hmac.New(sha256.New, bytes.Repeat([]byte{key}, sha256.BlockSize))}
	s.sign(&s.sum)
	s.sign(&s.sum)
	return s
}

func (s *signer) work(log *live.Log) {
	s.message = makeMessage(log, 1+int(log.Make%7))
	for i := 0; i < 40 && !log.Full(); i++ {
		s.message = appendByte(log, s.message, byte(i))
	}
	s.sign(&s.sum)
	s.sign(&s.again)
	if s.sum != s.again {
		panic("one message, two signatures")
	}
}

func (s *signer) sign(sum *[sha256.Size]byte) {
	s.mac.Reset()
	s.mac.Write(s.message)
	s.mac.Sum(sum[:0])
}

//go:noinline
func makeMessage(log *live.Log, n int) []byte {
	s := make([]byte, n)
	live.Made(log, s)
	return s
}

//go:noinline
func appendByte(log *live.Log, s []byte, v byte) []byte {
	old := cap(s)
	s = append(s, v)
	live.Grown(log, old, s)
	return s
}
