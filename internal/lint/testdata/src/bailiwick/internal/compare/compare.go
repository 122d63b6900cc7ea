package compare

import (
	"bytes"
	"reflect"
	"slices"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

type record struct {
	Password string
	mac      []byte
	Name     string
}

type Secret struct{ Notes string }

func same(a, b record, token string, digest [32]byte, x, y Secret, s, t seal.Secret, p, q sdk.Secret, kind gate.Kind) {
	_ = a.Password == b.Password          // want `== on Password: use seal.Equal`
	_ = "x"+token != b.Name               // a new text, called nothing
	_ = b.Name != token                   // want `!= on token`
	_ = digest == [32]byte{1}             // want `== on digest`
	_ = string(a.mac) == string(b.mac)    // want `== on mac`
	_ = bytes.Equal(a.mac, b.mac)         // want `comparing mac`
	_ = bytes.Equal(a.mac[:4], b.mac[:4]) // want `comparing mac`
	_ = bytes.Compare(b.mac, a.mac)       // want `comparing mac`
	_ = slices.Equal(a.mac, b.mac)        // want `comparing mac`
	_ = strings.EqualFold(token, b.Name)  // want `comparing token`
	_ = reflect.DeepEqual(x, y)           // want `comparing a Secret`
	_ = x == y                            // want `== on a Secret`
	_ = p == q                            // want `== on a Secret`
	_ = s.Reveal() == t.Reveal()          // want `== on revealed secret`
	_ = seal.Equal(a.mac, b.mac)
	_ = a.Name == b.Name
	_ = token == "" || a.mac == nil
	_ = kind == gate.Token
	_ = len(token) == len(a.Password)
}
