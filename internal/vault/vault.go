// Package vault is credentials and the folders that they lie in: what is
// sealed, who changed it when, who has seen which secret, and how to find it.
//
// It stores no title, username, address, note or secret in the clear, and
// keeps no index of them in the database.
package vault

import (
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Overview is what a list shows: sealed in its own envelope, so that lists
// never open a secret.
type Overview struct {
	Title    string   `json:"title"`
	Username string   `json:"username,omitempty"`
	URLs     []string `json:"urls,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	Code     bool     `json:"code,omitempty"` // it has a TOTP secret
}

// Secret is what only Reveal and Copy give out, but for TOTP: that is given
// out by nothing, only codes of it are.
type Secret struct {
	Password string  `json:"password"`
	Notes    string  `json:"notes,omitempty"`
	TOTP     string  `json:"totp,omitempty"`
	Fields   []Field `json:"fields,omitempty"`
}

// Credential is one stored login without its secret.
type Credential struct {
	ID, ClientID, OwnerID, FolderID, Type string
	TypeName, TypeIcon                    string // of Type, to be shown
	Overview
	Archived                    bool
	Expires, ArchivedAt         time.Time // zero: not
	Created, Changed            time.Time
	PasswordAt                  time.Time // when the password itself changed
	ChangedBy, ChangedByName    string
	Version                     int64
	MayReveal, MayEdit, MayMove bool
	MayArchive, MayTOTP         bool
	MayShare, MayExport         bool // by external link; in a file
	MayClear                    bool // flags
	MayDelete                   bool // for good, from the archive
	MayLend, MayUnshare         bool // share with the other organization; end that
	MayChoose                   bool // for Site Users - Limited
	Shared                      *Shared
	Flags                       []Flag // why it should be changed
	ShowSeconds                 int    // how long a page shows its secret; only where one credential is asked for
}

// Input is what can be set in a credential.
type Input struct {
	Type    string
	Expires time.Time
	Overview
	Secret
}

// Place is where a credential or folder lies or is put: a client or the
// actor's personal vault, and a folder there ("" is the root).
type Place struct {
	Client string
	Own    bool
	Folder string
}

func (p Place) target() gate.Target {
	if p.Own {
		return gate.Mine(p.Folder)
	}
	return gate.In(p.Client, p.Folder)
}

// Store is what the front doors call.
type Store struct {
	gate    *gate.Gate
	org     *org.Store
	indexes *indexes
	orders  *orders
	checks  *checks
}

// New makes the store.
func New(g *gate.Gate, o *org.Store) *Store {
	s := &Store{g, o, newIndexes(g.Now), newOrders(g.Now), newChecks(g.Now)}
	g.Mirroring(mirror)
	g.Settling(s.settleShares)
	o.Renewed(renewed)
	o.Owed(madeStale)
	return s
}

// Operations on credentials.
var (
	OpList          = gate.Define(gate.Op{Name: "credential.list", Sentence: "List credentials (title, username, addresses, tags)", Scope: gate.Single, Needs: perm.ClientViewList, Personal: true, Tokens: true, Keys: true, View: true})
	OpView          = gate.Define(gate.Op{Name: "credential.view", Sentence: "See a credential without its secret", Shared: gate.Received, Scope: gate.Single, Needs: perm.ClientViewList, Personal: true, Tokens: true, Keys: true, View: true})
	OpReveal        = gate.Define(gate.Op{Name: "credential.reveal", Sentence: "See a secret", Shared: gate.Received, Scope: gate.Single, Needs: perm.PasswordView, Personal: true, Tokens: true, Write: true, Audit: true, Keys: true, Ahead: true, Row: row})
	OpCopy          = gate.Define(gate.Op{Name: "credential.copy", Sentence: "Copy a secret without showing it", Shared: gate.Received, Scope: gate.Single, Needs: perm.PasswordView, Personal: true, Tokens: true, Write: true, Audit: true, Keys: true, Ahead: true, Row: row})
	OpHistory       = gate.Define(gate.Op{Name: "credential.history", Sentence: "See who changed a credential when", Shared: gate.Received, Scope: gate.Single, Needs: perm.ClientViewList, Personal: true, Tokens: true, Keys: true, View: true})
	OpRevealVersion = gate.Define(gate.Op{Name: "credential.reveal.version", Sentence: "See an earlier secret", Shared: gate.Received, Scope: gate.Single, Needs: perm.PasswordView, Personal: true, Tokens: true, Write: true, Audit: true, Keys: true})
	OpRestoreOld    = gate.Define(gate.Op{Name: "credential.restore.version", Sentence: "Restore an earlier version", Shared: gate.Written, Scope: gate.Single, Needs: perm.PasswordEdit, Personal: true, Tokens: true, Write: true, Audit: true, Once: true, Keys: true})
	OpAdd           = gate.Define(gate.Op{Name: "credential.add", Sentence: "Add a credential", Scope: gate.Single, Needs: perm.PasswordAdd, Personal: true, Tokens: true, Write: true, Audit: true, Once: true, Keys: true})
	OpEdit          = gate.Define(gate.Op{Name: "credential.edit", Sentence: "Change a credential", Shared: gate.Written, Scope: gate.Single, Needs: perm.PasswordEdit, Personal: true, Tokens: true, Write: true, Audit: true, Once: true, Keys: true})
	// OpMove asks more as it goes: see its sentence.
	OpMove    = gate.Define(gate.Op{Name: "credential.move", Shared: gate.Received, Sentence: "Move a credential to another folder or client (Password: Edit at both places, Security Groups: Manage out of a guarded folder; into a client Password: Add there; into one's personal vault Password: View and Password: Archive)", Scope: gate.Single, Needs: perm.ClientViewList, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
	OpArchive = gate.Define(gate.Op{Name: "credential.archive", Sentence: "Archive a credential", Scope: gate.Single, Needs: perm.PasswordArchive, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
	OpRestore = gate.Define(gate.Op{Name: "credential.restore", Sentence: "Restore a credential from the archive", Scope: gate.Single, Needs: perm.PasswordArchive, Personal: true, Tokens: true, Write: true, Audit: true, Once: true})
	OpSearch  = gate.Define(gate.Op{Name: "search", Sentence: "Search clients and credentials that one reaches", Scope: gate.Listed, Tokens: true, View: true})
)

// Places of this package's sealed columns.

func placeOfItemKey(org, credential, key string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "credentials", Row: credential, Envelope: "key_box", KeyID: key, Epoch: epoch}
}

func placeOfReceivedKey(org, credential, key, terms string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "received", Row: credential, Envelope: "key_box " + terms, KeyID: key, Epoch: epoch}
}

func placeOfEnvelope(org, credential, envelope, key string, epoch, version int64) seal.Place {
	return seal.Place{Org: org, Table: "credentials", Row: credential, Envelope: envelope, KeyID: key, Epoch: epoch, Version: version}
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
