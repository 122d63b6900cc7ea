package seal

import (
	"crypto/ed25519"
	"encoding/binary"
	"slices"
	"strings"
)

// Kinds of holders in a roster.
const (
	HolderUser            = "user"
	HolderOrganizationKey = "organization key"
	HolderRecoveryKey     = "recovery key"
	HolderToken           = "token"
	HolderLink            = "link"
)

// Holder is somebody or something that the vault key may be sealed to.
type Holder struct {
	Kind   string // user, organization key, recovery key, token, link
	ID     string
	Public []byte // HPKE public key
}

// Roster is the record of one epoch: who holds its keys. Nothing is sealed to
// a key outside it.
type Roster struct {
	Org      string
	Epoch    int64
	KeyCheck []byte // of the epoch's vault key, see Key.Check
	Previous []byte // Hash of the previous signed roster; empty for the first
	Holders  []Holder
}

const rosterContext = "roster"

// Sign returns the signed roster: 0x01, org, epoch (8), key check, previous,
// number of holders (4), then kind, id and public key of each, sorted by kind
// and id; then the Ed25519 signature (64) of all that. It panics when a holder
// occurs twice, because then nobody could say which key is meant.
func (r Roster) Sign(key SignKey) []byte {
	holders := slices.Clone(r.Holders)
	slices.SortFunc(holders, compareHolders)
	b := []byte{formatRoster}
	b = appendPart(b, r.Org)
	b = binary.BigEndian.AppendUint64(b, uint64(r.Epoch))
	b = appendPart(b, r.KeyCheck)
	b = appendPart(b, r.Previous)
	b = binary.BigEndian.AppendUint32(b, uint32(len(holders)))
	for i, h := range holders {
		if i > 0 && compareHolders(holders[i-1], h) == 0 {
			panic("seal: holder twice in a roster")
		}
		b = appendPart(appendPart(appendPart(b, h.Kind), h.ID), h.Public)
	}
	return append(b, key.Sign(rosterContext, b)...)
}

// OpenRoster checks the signature first and then reads the roster, or fails
// with ErrOpen. Holders come sorted by kind and id.
func OpenRoster(signed, public []byte) (Roster, error) {
	n := len(signed) - ed25519.SignatureSize
	if n < 0 || !Verify(public, rosterContext, signed[:n], signed[n:]) {
		return Roster{}, ErrOpen
	}
	return parseRoster(signed[:n])
}

func parseRoster(b []byte) (Roster, error) {
	r := newReader(slices.Clone(b))
	format := r.byte()
	roster := Roster{Org: string(r.part()), Epoch: r.int64(), KeyCheck: r.part(), Previous: r.part()}
	for count := r.uint32(); r.ok && count > 0; count-- {
		h := Holder{Kind: string(r.part()), ID: string(r.part()), Public: r.part()}
		if last := len(roster.Holders) - 1; last >= 0 && compareHolders(roster.Holders[last], h) >= 0 {
			return Roster{}, ErrOpen
		}
		roster.Holders = append(roster.Holders, h)
	}
	if !r.done() || format != formatRoster {
		return Roster{}, ErrOpen
	}
	return roster, nil
}

// Find returns the holder of that kind and id.
func (r Roster) Find(kind, id string) (Holder, bool) {
	i := slices.IndexFunc(r.Holders, func(h Holder) bool { return h.Kind == kind && h.ID == id })
	if i < 0 {
		return Holder{}, false
	}
	return r.Holders[i], true
}

func compareHolders(a, b Holder) int {
	if c := strings.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}
