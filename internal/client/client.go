// Package client is the customers whom the provider looks after: the list,
// each one's facts, assignments of users to them, and bookmarks.
//
// It holds no credentials (vault does).
package client

import (
	"context"
	"sort"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Client is one client. Notes are empty, and Sealed is true, where the actor's
// session does not hold the keys.
type Client struct {
	ID, Name, ShortCode, Phone, Address, Website, Notes string
	Sealed                                              bool
	Company, Enabled, Bookmarked                        bool
	Credentials                                         int // present ones that the actor reaches
	Created, Changed                                    time.Time
	Version                                             int64
	MayEdit, MayDisable, MayAdd                         bool // MayAdd: credentials, at its root
}

// Input is what can be set.
type Input struct {
	Name, ShortCode, Phone, Address, Website, Notes string
}

// Store is what the front doors call.
type Store struct {
	gate *gate.Gate
	org  *org.Store
}

// New makes the store.
func New(g *gate.Gate, o *org.Store) *Store { return &Store{g, o} }

// Operations.
var (
	OpList = gate.Define(gate.Op{Name: "client.list", Sentence: "List the clients that one reaches", Scope: gate.Listed, Needs: perm.ClientViewList, Tokens: true, View: true})
	OpView = gate.Define(gate.Op{Name: "client.view", Sentence: "See a client", Scope: gate.Single, Needs: perm.ClientViewList, Tokens: true, View: true})
	OpAdd  = gate.Define(gate.Op{Name: "client.add", Sentence: "Add a client", Scope: gate.Whole, Needs: perm.ClientAdd, Write: true, Audit: true, Once: true, Keys: true})
	OpEdit = gate.Define(gate.Op{Name: "client.edit", Sentence: "Edit a client", Scope: gate.Single, Needs: perm.ClientEdit, Tokens: true, Write: true, Audit: true, Once: true})
	// OpDisable hides a client and all in it.
	OpDisable = gate.Define(gate.Op{Name: "client.disable", Sentence: "Disable a client", Scope: gate.Single, Needs: perm.ClientDisable, Tokens: true, Write: true, Audit: true, Once: true})
	OpEnable  = gate.Define(gate.Op{Name: "client.enable", Sentence: "Enable a client", Scope: gate.Single, Needs: perm.ClientDisable, Tokens: true, Write: true, Audit: true, Once: true})
	// OpBookmark puts a client first in one's own lists.
	OpBookmark = gate.Define(gate.Op{Name: "bookmark.set", Sentence: "Set one's own bookmark on a client", Scope: gate.Single, Needs: perm.ClientViewList, Write: true})
)

const columns = `c.id, c.name, c.short_code, c.phone, c.address, c.website, c.company, c.enabled, c.created_at, c.changed_at, c.version,
	EXISTS (SELECT 1 FROM bookmarks b WHERE b.org_id = c.org_id AND b.client_id = c.id AND b.user_id = $2)`

var (
	sqlList  = gate.SQL(`SELECT ` + columns + ` FROM clients c WHERE c.org_id = $1 AND (c.enabled OR $3) AND (NOT $4 OR c.company OR EXISTS (SELECT 1 FROM bookmarks b WHERE b.org_id = c.org_id AND b.client_id = c.id AND b.user_id = $2)) ORDER BY c.company DESC, c.name_folded`)
	sqlOne   = gate.SQL(`SELECT ` + columns + ` FROM clients c WHERE c.org_id = $1 AND c.id = $3`)
	sqlNotes = gate.SQL(`SELECT notes_epoch, notes_version, notes_box FROM clients WHERE org_id = $1 AND id = $2`)
	sqlCount = gate.SQL(`SELECT COALESCE(folder_id, ''), COUNT(*) FROM credentials WHERE org_id = $1 AND client_id = $2 AND archived_at = 0 GROUP BY folder_id`)
)

func scan(r interface{ Scan(...any) error }) (Client, error) {
	var c Client
	var created, changed int64
	err := r.Scan(&c.ID, &c.Name, &c.ShortCode, &c.Phone, &c.Address, &c.Website, &c.Company, &c.Enabled, &created, &changed, &c.Version, &c.Bookmarked)
	c.Created, c.Changed = time.UnixMilli(created).UTC(), time.UnixMilli(changed).UTC()
	return c, err
}

// Filter narrows a list.
type Filter struct {
	Text     string
	Disabled bool // disabled ones too
	Counts   bool // with the number of credentials
	Marked   bool // only the company vault and bookmarked ones
	After    string
	Limit    int // 0: all
}

// List gives the clients that the actor reaches: the company vault first, then
// by name. more tells that there are others after the last.
func (s *Store) List(ctx context.Context, who gate.Actor, f Filter) (list []Client, more bool, err error) {
	_, err = gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		started := f.After == ""
		words := strings.Fields(find.Plain(f.Text))
		err := tx.Each(sqlList, func(r *gate.Rows) error {
			c, err := scan(r)
			if err != nil || !tx.SeesClient(c.ID) || !matches(c, words) {
				return err
			}
			switch {
			case !started:
				started = c.ID == f.After
			case f.Limit > 0 && len(list) == f.Limit:
				more = true
			default:
				list = append(list, c)
			}
			return nil
		}, who.User(), f.Disabled, f.Marked)
		for i := range list {
			list[i].MayEdit = tx.May(OpEdit, gate.Client(list[i].ID))
			list[i].MayDisable = tx.May(OpDisable, gate.Client(list[i].ID)) && !list[i].Company
			if err == nil && f.Counts {
				list[i].Credentials, err = count(tx, list[i].ID)
			}
		}
		return true, err
	})
	return list, more, err
}

func matches(c Client, words []string) bool {
	text := find.Plain(c.Name + " " + c.ShortCode)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// count counts what the actor reaches: a number must not betray a guarded
// folder.
func count(tx *gate.Tx, client string) (n int, err error) {
	err = tx.Each(sqlCount, func(r *gate.Rows) error {
		var folder string
		var k int
		if err := r.Scan(&folder, &k); err != nil {
			return err
		}
		if tx.Sees(client, "", folder) {
			n += k
		}
		return nil
	}, client)
	return n, err
}

// Get gives one client.
func (s *Store) Get(ctx context.Context, who gate.Actor, clientID string) (Client, error) {
	return gate.Do(ctx, s.gate, who, OpView, gate.Client(clientID), func(tx *gate.Tx) (Client, error) {
		return get(tx, clientID)
	})
}

func get(tx *gate.Tx, clientID string) (Client, error) {
	c, err := scan(tx.Row(sqlOne, tx.Who().User(), clientID))
	if err != nil {
		return c, err
	}
	if c.Credentials, err = count(tx, clientID); err != nil {
		return c, err
	}
	c.MayEdit = tx.May(OpEdit, gate.Client(clientID))
	c.MayDisable = tx.May(OpDisable, gate.Client(clientID)) && !c.Company
	c.MayAdd = tx.Has(perm.PasswordAdd)
	c.Notes, c.Sealed, err = notes(tx, clientID)
	return c, err
}

func placeOfNotes(org, client string, epoch, version int64) seal.Place {
	return seal.Place{Org: org, Table: "clients", Row: client, Envelope: "notes_box", Epoch: epoch, Version: version}
}

func notes(tx *gate.Tx, clientID string) (text string, sealed bool, err error) {
	var epoch, version int64
	var box []byte
	if err := tx.Row(sqlNotes, clientID).Scan(&epoch, &version, &box); err != nil {
		return "", false, err
	}
	if epoch == 0 {
		return "", false, nil
	}
	key, err := tx.ClientKey(clientID, epoch)
	if fault.Is(err, fault.Sealed) {
		return "", true, nil
	}
	if err != nil {
		return "", false, err
	}
	plain, err := key.OpenPadded(seal.PurposeNotes, placeOfNotes(tx.Who().Org(), clientID, epoch, version), box)
	return string(plain), false, err
}

var (
	sqlAdd = gate.SQL(`INSERT INTO clients (org_id, id, name, name_folded, short_code, phone, address, website, created_at, changed_at, change_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`)
	sqlSame   = gate.SQL(`SELECT id FROM clients WHERE org_id = $1 AND name_folded = $2 AND id <> $3`)
	sqlAssign = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ($1, $2, $3, 0)`)
)

// Add adds a client. Who adds it is assigned to it in the same transaction.
func (s *Store) Add(ctx context.Context, who gate.Actor, in Input) (clientID string, err error) {
	if err := in.check(); err != nil {
		return "", err
	}
	return gate.Do(ctx, s.gate, who, OpAdd, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		clientID := id.New("client")
		if err := free(tx, in.Name, clientID); err != nil {
			return "", err
		}
		seq, err := tx.NextChange()
		if err != nil {
			return "", err
		}
		if _, err := tx.Exec(sqlAdd, clientID, in.Name, org.Fold(in.Name), in.ShortCode, in.Phone, in.Address, in.Website, tx.Millis(), seq); err != nil {
			return "", err
		}
		if err := s.org.AddClientKey(tx, clientID); err != nil {
			return "", err
		}
		if err := setNotes(tx, clientID, in.Notes, 1); err != nil {
			return "", err
		}
		if _, err := tx.Exec(sqlAssign, clientID, who.User()); err != nil {
			return "", err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name, e.Client = "client", clientID, in.Name, clientID
		return clientID, tx.BumpAccess()
	})
}

// free refuses a name that the actor can see is taken. One that he can't see
// is no reason: the refusal would betray it.
func free(tx *gate.Tx, name, clientID string) error {
	taken := false
	err := tx.Each(sqlSame, func(r *gate.Rows) error {
		var other string
		err := r.Scan(&other)
		taken = taken || tx.SeesClient(other)
		return err
	}, org.Fold(name), clientID)
	if err == nil && taken {
		return fault.Bad("name", "There is a client of this name already. Add something that tells them apart.")
	}
	return err
}

var sqlSetNotes = gate.SQL(`UPDATE clients SET notes_epoch = $3, notes_version = $4, notes_box = $5 WHERE org_id = $1 AND id = $2`)

func setNotes(tx *gate.Tx, clientID, text string, version int64) error {
	if text == "" {
		return tx.One(sqlSetNotes, clientID, 0, 0, nil)
	}
	key, epoch, err := tx.WriteKey(clientID)
	if err != nil {
		return err
	}
	box := key.SealPadded(seal.PurposeNotes, placeOfNotes(tx.Who().Org(), clientID, epoch, version), []byte(text))
	tx.Event().Sealed = seal.Hash(box)
	return tx.One(sqlSetNotes, clientID, epoch, version, box)
}

var sqlEdit = gate.SQL(`UPDATE clients SET name = $3, name_folded = $4, short_code = $5, phone = $6, address = $7, website = $8, changed_at = $9, change_seq = $10, version = version + 1
	WHERE org_id = $1 AND id = $2 AND version = $11`)

var sqlRenamed = gate.SQL(`UPDATE credentials SET change_seq = $3 WHERE org_id = $1 AND client_id = $2`)

// Edit changes a client that the actor read at a version.
func (s *Store) Edit(ctx context.Context, who gate.Actor, clientID string, version int64, in Input) (int64, error) {
	if err := in.check(); err != nil {
		return 0, err
	}
	return gate.Do(ctx, s.gate, who, OpEdit, gate.Client(clientID), func(tx *gate.Tx) (int64, error) {
		old, err := get(tx, clientID)
		if err != nil {
			return 0, err
		}
		if old.Version != version {
			return 0, fault.Stale("client")
		}
		if err := free(tx, in.Name, clientID); err != nil {
			return 0, err
		}
		seq, err := tx.NextChange()
		if err != nil {
			return 0, err
		}
		if err := tx.One(sqlEdit, clientID, in.Name, org.Fold(in.Name), in.ShortCode, in.Phone, in.Address, in.Website, tx.Millis(), seq, version); err != nil {
			return 0, err
		}
		if in.Name != old.Name { // credentials are found by their client's name too
			if _, err := tx.Exec(sqlRenamed, clientID, seq); err != nil {
				return 0, err
			}
		}
		e := tx.Event()
		e.Name, e.Fields = in.Name, changed(old, in)
		if in.Notes == old.Notes {
			return version + 1, nil
		}
		return version + 1, setNotes(tx, clientID, in.Notes, version+1)
	})
}

func changed(old Client, in Input) []string {
	var fields []string
	for _, f := range []struct{ name, a, b string }{{"name", old.Name, in.Name}, {"short code", old.ShortCode, in.ShortCode},
		{"phone", old.Phone, in.Phone}, {"address", old.Address, in.Address}, {"website", old.Website, in.Website}, {"notes", old.Notes, in.Notes}} {
		if f.a != f.b {
			fields = append(fields, f.name)
		}
	}
	sort.Strings(fields)
	return fields
}

var sqlEnabled = gate.SQL(`UPDATE clients SET enabled = $3, changed_at = $4, change_seq = $5, version = version + 1 WHERE org_id = $1 AND id = $2 AND enabled <> $3 AND NOT company`)

// Disable hides a client, and all in it, from whoever may not disable clients.
func (s *Store) Disable(ctx context.Context, who gate.Actor, clientID string) error {
	return s.setEnabled(ctx, who, OpDisable, clientID, false)
}

// Enable brings a disabled client back.
func (s *Store) Enable(ctx context.Context, who gate.Actor, clientID string) error {
	return s.setEnabled(ctx, who, OpEnable, clientID, true)
}

func (s *Store) setEnabled(ctx context.Context, who gate.Actor, op *gate.Op, clientID string, on bool) error {
	_, err := gate.Do(ctx, s.gate, who, op, gate.Client(clientID), func(tx *gate.Tx) (bool, error) {
		c, err := scan(tx.Row(sqlOne, who.User(), clientID))
		if err != nil {
			return false, err
		}
		if c.Company {
			return false, fault.Cannot("The company vault can't be disabled.")
		}
		tx.Event().Name = c.Name
		if c.Enabled == on {
			return true, nil
		}
		seq, err := tx.NextChange()
		if err != nil {
			return false, err
		}
		if err := tx.One(sqlEnabled, clientID, on, tx.Millis(), seq); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

var (
	sqlMark   = gate.SQL(`INSERT INTO bookmarks (org_id, user_id, client_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	sqlUnmark = gate.SQL(`DELETE FROM bookmarks WHERE org_id = $1 AND user_id = $2 AND client_id = $3`)
)

// Bookmark sets or takes away the actor's own bookmark.
func (s *Store) Bookmark(ctx context.Context, who gate.Actor, clientID string, on bool) error {
	_, err := gate.Do(ctx, s.gate, who, OpBookmark, gate.Client(clientID), func(tx *gate.Tx) (bool, error) {
		stmt := sqlUnmark
		if on {
			stmt = sqlMark
		}
		_, err := tx.Exec(stmt, who.User(), clientID)
		return true, err
	})
	return err
}

func (in *Input) check() error {
	var bad []fault.Field
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" {
		bad = append(bad, fault.Field{Name: "name", Text: "Give the client a name."})
	}
	for _, f := range []struct {
		name, value string
		limit       int
	}{{"name", in.Name, 200}, {"short_code", in.ShortCode, 20}, {"phone", in.Phone, 60}, {"address", in.Address, 500}, {"website", in.Website, 500}, {"notes", in.Notes, 100_000}} {
		if len(f.value) > f.limit {
			bad = append(bad, fault.Field{Name: f.name, Text: "This is too long."})
		}
	}
	return fault.BadFields(bad)
}
