// Package exporter writes credentials to a file for somebody who may take them
// away: CSV, KeePass (KDBX 4), Bitwarden.
//
// It gives out nothing that its actor could not reveal one by one, and nothing
// before it is noted that he has seen it. It keeps no file: what it writes goes
// to the one who asked, part by part, so that memory does not grow with the
// vault (but for KeePass files, which are bounded instead).
package exporter

import (
	"context"
	"slices"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// part is how many credentials are read, noted as seen and written at a time.
const part = 500

// Choice is what is to be exported, and how.
type Choice struct {
	Format     Format
	Clients    []string    // all that are reached, where empty
	Own        bool        // one's own personal vault instead
	Chosen     []string    // ids: only these credentials, of clients or of one's own vault
	Password   seal.Secret // the actor's own, again
	Passphrase seal.Secret // of a KeePass file
	Formulas   bool        // leave formula characters in CSV cells as they are
}

// Store is what the front doors call.
type Store struct {
	gate    *gate.Gate
	vault   *vault.Store
	confirm func(context.Context, gate.Actor, seal.Secret) error
}

// New makes the store; confirm checks the actor's own password again.
func New(g *gate.Gate, v *vault.Store, confirm func(context.Context, gate.Actor, seal.Secret) error) *Store {
	return &Store{g, v, confirm}
}

// Operations.
var (
	// OpBegin writes one event for each client, with how many credentials go out.
	OpBegin = gate.Define(gate.Op{Name: "export.credentials", Sentence: "Export credentials with their secrets, of what one reaches and may see (Password: View there)", Scope: gate.Listed, Needs: perm.AdminExportData, Write: true, Audit: true, Keys: true})
	// OpOwn needs no more than the vault itself: its owner could copy it by hand.
	OpOwn = gate.Define(gate.Op{Name: "export.own", Sentence: "Export one's own personal vault", Scope: gate.Self, Needs: perm.VaultAccess, Write: true, Audit: true, Keys: true})
	// OpPart decides again for each part of a client: an export under way stops
	// when its actor loses what it takes.
	OpPart = gate.Define(gate.Op{Name: "export.part", Sentence: "Go on with an export: a part of one client's credentials", Scope: gate.Single, Needs: perm.AdminExportData, Write: true, Ahead: true, Keys: true})
	// OpOwnPart is the same for one's own.
	OpOwnPart = gate.Define(gate.Op{Name: "export.own.part", Sentence: "Go on with an export of one's own personal vault", Scope: gate.Self, Needs: perm.VaultAccess, Write: true, Ahead: true, Keys: true})
)

var (
	sqlClients = gate.SQL(`SELECT k.id, k.name, COALESCE(c.folder_id, ''), ` + gate.AloneC + `, COUNT(*) FROM clients k JOIN credentials c ON c.org_id = k.org_id AND c.client_id = k.id AND c.archived_at = 0
		WHERE k.org_id = $1 GROUP BY k.id, k.name, k.name_folded, c.folder_id, 4 ORDER BY k.name_folded, k.id`)
	sqlMine    = gate.SQL(`SELECT COALESCE(folder_id, ''), COUNT(*) FROM credentials WHERE org_id = $1 AND owner_id = $2 AND archived_at = 0 GROUP BY folder_id`)
	sqlNamed   = gate.SQL(`SELECT name FROM clients WHERE org_id = $1 AND id = $2`)
	sqlFolders = gate.SQL(`SELECT id, COALESCE(parent_id, ''), name FROM folders WHERE org_id = $1`)
	sqlSession = gate.SQL(`SELECT COUNT(*) FROM sessions WHERE org_id = $1 AND id = $2 AND expires_at > $3`)
)

// plan is what an export goes through.
type plan struct {
	clients []client
	folders map[string]folder
	count   int
}

type client struct {
	ID, Name string
	folders  []string
	chosen   []string // ids of the credentials; empty: all
	count    int
}

type folder struct{ parent, name string }

// path is a folder with those above it.
func (p *plan) path(id string) (names []string) {
	for n := 0; id != "" && n < 20; n++ {
		f := p.folders[id]
		names = append(names, f.name)
		id = f.parent
	}
	slices.Reverse(names)
	return names
}

func (p *plan) places() (all []Place) {
	for _, c := range p.clients {
		if c.Name != "" {
			all = append(all, Place{Client: c.Name})
		}
		for _, f := range c.folders {
			if f != "" {
				all = append(all, Place{c.Name, p.path(f)})
			}
		}
	}
	return all
}

// Begun is an export that was decided on and noted, and can be written.
type Begun struct {
	store *Store
	who   gate.Actor
	in    Choice
	plan  *plan
	now   time.Time
}

// Name is the name of its file.
func (b *Begun) Name() string { return b.in.Format.Name(b.now) }

// Count is how many credentials there were when it began.
func (b *Begun) Count() int { return b.plan.count }

// Media is the media type of its file.
func (b *Begun) Media() string { return b.in.Format.Media() }

// Begin checks the password, decides, and writes the events.
func (s *Store) Begin(ctx context.Context, who gate.Actor, in Choice) (*Begun, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := s.confirm(ctx, who, in.Password); err != nil {
		return nil, err
	}
	op := OpBegin
	if in.Own {
		op = OpOwn
	}
	p, err := gate.Do(ctx, s.gate, who, op, gate.Nothing(), func(tx *gate.Tx) (*plan, error) { return in.plan(tx) })
	if err != nil {
		return nil, err
	}
	return &Begun{s, who, in, p, s.gate.Now()}, nil
}
