package seal

import (
	"testing"
)

// place is where test values lie; keyN are fixed keys.
var place = Place{
	Org: "org_a", Table: "item", Row: "cred_1", Envelope: "secret",
	KeyID: "key_1", Epoch: 7, Version: 3,
}

func bytesFrom(first byte) []byte {
	b := make([]byte, KeySize)
	for i := range b {
		b[i] = first + byte(i)
	}
	return b
}

func keyN(first byte) Key {
	k, err := KeyFrom(bytesFrom(first))
	if err != nil {
		panic(err)
	}
	return k
}

func tokenN(first byte) Token {
	secret := [KeySize]byte(bytesFrom(first))
	return Token{secret: hide(&secret)}
}

func signKeyN(first byte) SignKey {
	k, err := SignKeyFrom(bytesFrom(first))
	if err != nil {
		panic(err)
	}
	return k
}

func codeN(first byte) Code {
	bits := [codeBytes]byte(bytesFrom(first))
	bits[codeBytes-1] &= 0xc0
	return Code{bits: hide(&bits)}
}

func recoveryN(first byte) RecoveryCode {
	var bits [codeBytes]byte
	copy(bits[:codeBytes-1], bytesFrom(first))
	return RecoveryCode{bits: hide(&bits)}
}

func totpN(first byte) TOTPSeed {
	secret := [totpSize]byte(bytesFrom(first))
	return TOTPSeed{secret: hide(&secret)}
}

func factorCodeN(first byte) FactorCode {
	bits := [factorCodeBytes]byte(bytesFrom(first))
	return FactorCode{bits: hide(&bits)}
}

// cheapArgon runs at a cost that only tests may use.
func cheapArgon(parallel, queue int) *Argon {
	a := NewArgon(parallel, queue)
	a.cost = Cost{Time: 1, MemoryKiB: 64, Threads: 1}
	a.floor = a.cost
	return a
}

// displaced returns the place with each field changed in turn.
func displaced(at Place) map[string]Place {
	moved := map[string]Place{}
	change := func(field string, f func(*Place)) {
		p := at
		f(&p)
		moved[field] = p
	}
	change("org", func(p *Place) { p.Org = "org_b" })
	change("table", func(p *Place) { p.Table = "items" })
	change("row", func(p *Place) { p.Row = "cred_2" })
	change("envelope", func(p *Place) { p.Envelope = "" })
	change("key id", func(p *Place) { p.KeyID = "key_2" })
	change("epoch", func(p *Place) { p.Epoch++ })
	change("version", func(p *Place) { p.Version-- })
	change("border between org and table", func(p *Place) { p.Org, p.Table = p.Org+p.Table[:1], p.Table[1:] })
	change("epoch and version swapped", func(p *Place) { p.Epoch, p.Version = p.Version, p.Epoch })
	return moved
}

func mustPanic(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic", what)
		}
	}()
	f()
}
