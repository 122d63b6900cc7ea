package gate

import (
	"fmt"

	"bailiwick/internal/seal"
)

// Places of keys: where each wrapped key belongs, bound into its sealing so
// that a row moved elsewhere does not open.

// PlaceOfPreviousVault is where the vault key of epoch-1 lies under epoch.
func PlaceOfPreviousVault(org string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "key_epochs", Row: org, Envelope: "previous_box", Epoch: epoch}
}

// PlaceOfPreviousPersonal is where the personal-vault key of the seed before
// lies under that of this number.
func PlaceOfPreviousPersonal(org, user string, number int64) seal.Place {
	return seal.Place{Org: org, Table: "personal_keys", Row: user, Envelope: "previous_box", Version: number}
}

// PlaceOfClientKey is where a client key of an epoch lies under the vault key.
func PlaceOfClientKey(org, client string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "client_keys", Row: client, Envelope: "key_box", Epoch: epoch}
}

// PlaceOfTokenClient is where a client key lies under a token's scope key.
func PlaceOfTokenClient(org, token, client string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "token_client_keys", Row: token, Envelope: client, Epoch: epoch}
}

// PlaceOfScope is where a token's scope key lies, sealed to the token or
// under the vault key. It is bound to the token's terms, so that rows which
// widen them open nothing and are carried into no new epoch.
func PlaceOfScope(org, token string, terms []byte, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "token_scopes", Row: token, Envelope: "scope", KeyID: fmt.Sprintf("%x", terms), Epoch: epoch}
}

// ScopeContext is what the organization's signature of a scope is made in.
const ScopeContext = "token scope"

// ScopeText is what is signed of a scope: where it lies and what it is.
func ScopeText(at seal.Place, sealed []byte) []byte {
	return seal.Hash([]byte(at.Org), []byte(at.Row), []byte(at.KeyID), fmt.Append(nil, at.Epoch), sealed)
}

// PlaceOfTitle is where an event keeps the title of its credential.
func PlaceOfTitle(org string, seq, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "audit_events", Row: org, Envelope: "title_box", Epoch: epoch, Version: seq}
}

// PlaceOfActivation is where the activation secret of a client's site lies.
func PlaceOfActivation(org, client string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "clients", Row: client, Envelope: "site_box", Epoch: epoch}
}

// PlaceOfPartner is where a partner's public signing key lies as it was pinned.
func PlaceOfPartner(org, partner string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "partners", Row: partner, Envelope: "box", Epoch: epoch}
}

// KeyContext is what an organization's signature of its public key of an epoch
// is made in.
const KeyContext = "organization key"

// KeyText is what is signed of it.
func KeyText(org string, epoch int64, public []byte) []byte {
	return seal.Hash([]byte(org), fmt.Append(nil, epoch), public)
}
