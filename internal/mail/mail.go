// Package mail is the outbox: a mail is written in the transaction of what
// causes it, and sent by a runner outside of every request.
//
// It reads no mail, follows no redirects, connects to nothing but the mail
// server of the settings, and writes to no address but a user's stored one. It
// logs no address and no text. A mail whose link opens the vault never comes
// into the database.
package mail

import (
	"context"
	"sync"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Store is what the front doors and the other features call.
type Store struct {
	gate     *gate.Gate
	instance seal.Key
	confirm  func(context.Context, gate.Actor, seal.Secret) error
	node     string // this server, as the holder of mails in memory
	public   string // its address, where the organization has not set one
	patience patience
	slots    chan struct{}
	ctx      context.Context
	stop     context.CancelFunc
	jobs     sync.WaitGroup
	mu       sync.Mutex
	held     map[string]Mail // by id: those that are in no database
	heldOrg  map[string]string
	lanes    map[string]*lane
}

const (
	lease    = time.Minute // of one try; longer than a try can take
	holding  = 5 * time.Minute
	keeping  = 90 * 24 * time.Hour // of the rows of ended mails
	giveUp   = 2 * 24 * time.Hour
	useful   = 2 * 24 * time.Hour // of a mail without a link that expires
	parallel = 8                  // mails at a time on one server
	perOrg   = 2                  // of them for one organization
)

// New makes the store. The instance key seals what waits; confirm checks the
// actor's own password again.
func New(g *gate.Gate, instance seal.Key, confirm func(context.Context, gate.Actor, seal.Secret) error) *Store {
	ctx, stop := context.WithCancel(context.Background())
	return &Store{gate: g, instance: instance, confirm: confirm, node: id.New("node"),
		patience: patience{10 * time.Second, 30 * time.Second}, slots: make(chan struct{}, parallel), ctx: ctx, stop: stop,
		held: map[string]Mail{}, heldOrg: map[string]string{}, lanes: map[string]*lane{}}
}

// ServeAt tells the address of this server, such as https://vault.example, for
// links of organizations that have not set one. It is called before the first
// request, and never with anything that a request says.
func (s *Store) ServeAt(public string) { s.public = public }

// Operations.
var (
	OpSettings = gate.Define(gate.Op{Name: "mail.settings.view", Sentence: "See the settings of mail", Scope: gate.Whole, Needs: perm.OrganizationAdmin, View: true})
	OpSave     = gate.Define(gate.Op{Name: "mail.settings.save", Sentence: "Set the mail server, the sender and the address in links", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
	OpTest     = gate.Define(gate.Op{Name: "mail.test", Sentence: "Send a test mail to oneself", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
	OpOutbox   = gate.Define(gate.Op{Name: "mail.list", Sentence: "See the outbox, without what the mails say", Scope: gate.Whole, Needs: perm.OrganizationAdmin, View: true})
	// OpShow takes no idempotency key: its answer must not be kept.
	OpShow = gate.Define(gate.Op{Name: "mail.show", Sentence: "Read a mail that waits, to pass its link on by other means, while no mail server is set", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true})
	OpDrop = gate.Define(gate.Op{Name: "mail.drop", Sentence: "Take a mail that waits out of the outbox", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})

	opDue   = gate.Define(gate.Op{Name: "mail.due", Sentence: "Find the organizations whose mails are to be sent or given up", Scope: gate.Anyone})
	opReady = gate.Define(gate.Op{Name: "mail.ready", Sentence: "Find out whether an organization has a mail server", Scope: gate.Anyone})
	opSend  = gate.Define(gate.Op{Name: "mail.send", Sentence: "Claim a mail that waits, and note what came of it", Scope: gate.Anyone, Write: true})
	opSweep = gate.Define(gate.Op{Name: "mail.sweep", Sentence: "Give up mails that are of no use any more, and forget old ones", Scope: gate.Anyone, Write: true})
)

// placeOfBody binds a body to the row's kind, user and address: a row that was
// changed to go to somebody else does not open.
func placeOfBody(org, id string, kind Kind, user, address string) seal.Place {
	return seal.Place{Org: org, Table: "mails", Row: id, Envelope: "body_box", KeyID: string(kind) + " " + user + " " + address}
}

func placeOfSettings(org string) seal.Place {
	return seal.Place{Org: org, Table: "settings", Row: "mail", Envelope: "value"}
}
