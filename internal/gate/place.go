package gate

import "bailiwick/internal/seal"

// Places of keys: where each wrapped key belongs, bound into its sealing so
// that a row moved elsewhere does not open.

// PlaceOfPreviousVault is where the vault key of epoch-1 lies under epoch.
func PlaceOfPreviousVault(org string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "key_epochs", Row: org, Envelope: "previous_box", Epoch: epoch}
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
// under the vault key.
func PlaceOfScope(org, token string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "token_scopes", Row: token, Envelope: "scope", Epoch: epoch}
}

// PlaceOfTitle is where an event keeps the title of its credential.
func PlaceOfTitle(org string, seq, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "audit_events", Row: org, Envelope: "title_box", Epoch: epoch, Version: seq}
}
