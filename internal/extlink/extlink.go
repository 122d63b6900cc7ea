// Package extlink is temporary external links: a copy of chosen fields of one
// credential that somebody without an account may open a few times.
//
// The copy lies under the link's own key, which stands behind the # of its
// address and never comes to the server; no other key of the vault is in it.
// A link never holds the secret of one-time codes, never anything of a personal
// vault, and opens nothing from the moment that its sender could not make it.
package extlink

import (
	"fmt"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Limits of a link, and what it gets where nothing is chosen.
const (
	MostViews   = 20
	Shortest    = 10 * time.Minute
	Longest     = 30 * 24 * time.Hour
	Lifetime    = 3 * 24 * time.Hour
	MostAtOnce  = 20 // links made by one act
	Tries       = 10 // wrong passphrases; then the link is over
	keeping     = 90 * 24 * time.Hour
	leastPhrase = 8
	mostPhrase  = 1024
	mostNote    = 2000
)

// Fields that a copy can hold.
const (
	Title    = "title"
	Username = "username"
	URLs     = "urls"
	Password = "password"
	Notes    = "notes"
	Fields   = "fields" // custom ones
)

// AllFields are all of them, in the order in which a copy shows them.
var AllFields = []string{Title, Username, Password, URLs, Notes, Fields}

// Secret reports whether a field is one that only Reveal and Copy give out.
func Secret(field string) bool { return field == Password || field == Notes || field == Fields }

// Why a link is over.
const (
	Used     = "used"
	Revoked  = "revoked"
	Expired  = "expired"
	Archived = "archived"
	NoSender = "sender"  // disabled, off-boarded, made a guest
	NoAccess = "access"  // the sender may not share this credential any more
	Guessed  = "guessed" // too many wrong passphrases
)

// Copy is what the recipient gets: the fields that were chosen, and a note.
type Copy struct {
	Title    string   `json:"title,omitempty"`
	Username string   `json:"username,omitempty"`
	Password string   `json:"password,omitempty"`
	URLs     []string `json:"urls,omitempty"`
	Notes    string   `json:"notes,omitempty"`
	Fields   []Field  `json:"fields,omitempty"`
	Note     string   `json:"note,omitempty"` // from the sender
}

// Field is a custom field of a copy.
type Field struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Hidden bool   `json:"hidden,omitempty"`
}

// Original is what a copy is made of.
type Original struct {
	Client   string
	Rev      int64 // of the password
	Archived bool
	Copy     // all fields
}

// Vault is what a link needs of credentials. It decides nothing of its own.
type Vault interface {
	// ForCopy opens a credential of which somebody outside is to get a copy.
	// With secrets the actor must be allowed to see them, and knows them then.
	ForCopy(tx *gate.Tx, credential string, secrets bool) (Original, error)
	// TitlesOf gives the titles of those that the actor may view.
	TitlesOf(tx *gate.Tx, ids []string) (map[string]string, error)
}

// Store is what the front doors call.
type Store struct {
	gate  *gate.Gate
	org   *org.Store
	mail  *mail.Store
	vault Vault
}

// New makes the store.
func New(g *gate.Gate, o *org.Store, m *mail.Store, v Vault) *Store { return &Store{g, o, m, v} }

// Operations.
var (
	// OpAdd is not for API tokens: a link goes on when its token is over, and
	// outside of the token's scope.
	OpAdd = gate.Define(gate.Op{Name: "link.add", Sentence: "Make a temporary link, or one for each of several credentials, for somebody outside (Password: View too, unless it holds only title, username and addresses)", Scope: gate.Single, Needs: perm.PasswordExternalLinkShare, Write: true, Audit: true, Once: true, Keys: true})
	// OpOf is also what the button on a credential asks.
	OpOf     = gate.Define(gate.Op{Name: "link.of", Sentence: "See the external links to a credential", Scope: gate.Single, Needs: perm.PasswordExternalLinkShare, View: true})
	OpList   = gate.Define(gate.Op{Name: "link.list", Sentence: "See one's own external links (Organization: Admin: everybody's)", Scope: gate.Listed, Needs: perm.PasswordExternalLinkShare, View: true})
	OpRevoke = gate.Define(gate.Op{Name: "link.revoke", Sentence: "End an external link (one's own; Organization: Admin: anybody's)", Scope: gate.Self, Write: true, Audit: true})

	// OpTry and OpOpen are the external link's own.
	OpTry  = gate.Define(gate.Op{Name: "link.try", Sentence: "Try the passphrase of an external link", Scope: gate.Single, Needs: perm.PasswordExternalLinkShare, Links: true, Write: true, Audit: true})
	OpOpen = gate.Define(gate.Op{Name: "link.open", Sentence: "Open an external link: one view of it", Scope: gate.Single, Needs: perm.PasswordExternalLinkShare, Links: true, Write: true, Audit: true})

	opGiveBack = gate.Define(gate.Op{Name: "link.try.back", Sentence: "Give back a try of a passphrase that could not be checked", Scope: gate.Anyone, Write: true})
	opEnded    = gate.Define(gate.Op{Name: "link.end", Sentence: "End an external link whose sender lost access, or whose passphrase was guessed at", Scope: gate.Anyone, Write: true, Audit: true})
	opFind     = gate.Define(gate.Op{Name: "link.due", Sentence: "Find the organizations that have external links to be looked after", Scope: gate.Anyone})
	opSweep    = gate.Define(gate.Op{Name: "link.sweep", Sentence: "End expired external links, and forget old ones", Scope: gate.Anyone, Write: true})
)

// Places of this package's sealed columns. That of the copy holds the link's
// terms: a row that was changed to let more in opens nothing.

func placeOfCopy(org, id string, terms []byte, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "external_links", Row: id, Envelope: "copy_box", KeyID: fmt.Sprintf("%x", terms), Epoch: epoch}
}

func placeOfPassphrase(org, id string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "external_links", Row: id, Envelope: "passphrase_record", Epoch: epoch}
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
