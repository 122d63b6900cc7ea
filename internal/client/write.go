package client

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

var (
	sqlAdd = gate.SQL(`INSERT INTO clients (org_id, id, name, name_folded, short_code, phone, address, website, created_at, changed_at, change_seq, rotation_days, types)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12)`)
	sqlSame   = gate.SQL(`SELECT id FROM clients WHERE org_id = $1 AND name_folded = $2 AND id <> $3`)
	sqlAssign = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ($1, $2, $3, 0)`)
)

// Add adds a client. Who adds it is assigned to it in the same transaction.
func (s *Store) Add(ctx context.Context, who gate.Actor, in Input) (clientID string, err error) {
	if err := in.checkNew(); err != nil {
		return "", err
	}
	return gate.Do(ctx, s.gate, who, OpAdd, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		clientID := id.New("client")
		if _, err := tx.NextChange(); err != nil {
			return "", err
		}
		sealed, err := s.put(tx, clientID, in, seal.NewKey())
		if err != nil {
			return "", err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name, e.Client, e.Sealed = "client", clientID, in.Name, clientID, sealed
		return clientID, tx.BumpAccess()
	})
}

// put writes a new client with its key, and gives the hash of what was sealed.
func (s *Store) put(tx *gate.Tx, clientID string, in Input, key seal.Key) ([]byte, error) {
	if err := settleTypes(tx, &in, nil); err != nil {
		return nil, err
	}
	if err := free(tx, in.Name, clientID); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(sqlAdd, clientID, in.Name, org.Fold(in.Name), in.ShortCode, in.Phone, in.Address, in.Website, tx.Millis(), tx.ChangeSeq(), in.RotationDays, strings.Join(in.Types, "\n")); err != nil {
		return nil, err
	}
	if err := s.org.KeepClientKey(tx, clientID, key); err != nil {
		return nil, err
	}
	notes, err := inNotes.save(tx, clientID, in.Notes, 1)
	if err != nil {
		return nil, err
	}
	tags, err := inTags.save(tx, clientID, strings.Join(in.Tags, "\n"), 1)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(sqlAssign, clientID, tx.Who().User())
	return hashOf(notes, tags), err
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

var (
	sqlEdit = gate.SQL(`UPDATE clients SET name = $3, name_folded = $4, short_code = $5, phone = $6, address = $7, website = $8, changed_at = $9, change_seq = $10, rotation_days = $12, types = $13, version = version + 1
		WHERE org_id = $1 AND id = $2 AND version = $11`)
	sqlRenamed = gate.SQL(`UPDATE credentials SET change_seq = $3 WHERE org_id = $1 AND client_id = $2`)
)

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
		if in.Website != old.Website { // what is there stays, as text
			if err := website(in.Website); err != nil {
				return 0, err
			}
		}
		if err := settleTypes(tx, &in, old.Types); err != nil {
			return 0, err
		}
		if _, err := tx.NextChange(); err != nil {
			return 0, err
		}
		e := tx.Event()
		e.Name, e.Fields = in.Name, changed(old, in)
		e.Sealed, err = change(tx, old, in)
		return version + 1, err
	})
}

// change writes the next version of a client, and gives the hash of what was
// sealed.
func change(tx *gate.Tx, old Client, in Input) ([]byte, error) {
	if err := free(tx, in.Name, old.ID); err != nil {
		return nil, err
	}
	if err := tx.One(sqlEdit, old.ID, in.Name, org.Fold(in.Name), in.ShortCode, in.Phone, in.Address, in.Website, tx.Millis(), tx.ChangeSeq(), old.Version, in.RotationDays, strings.Join(in.Types, "\n")); err != nil {
		return nil, err
	}
	if in.Name != old.Name { // credentials are found by their client's name too
		if _, err := tx.Exec(sqlRenamed, old.ID, tx.ChangeSeq()); err != nil {
			return nil, err
		}
		if err := renameSite(tx, old.ID, in.Name); err != nil {
			return nil, err
		}
	}
	var notes, tags []byte
	var err error
	if in.Notes != old.Notes {
		if notes, err = inNotes.save(tx, old.ID, in.Notes, old.Version+1); err != nil {
			return nil, err
		}
	}
	if !slices.Equal(in.Tags, old.Tags) {
		if tags, err = inTags.save(tx, old.ID, strings.Join(in.Tags, "\n"), old.Version+1); err != nil {
			return nil, err
		}
	}
	return hashOf(notes, tags), nil
}

func changed(old Client, in Input) []string {
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{{"address", old.Address == in.Address}, {"credential types", slices.Equal(old.Types, in.Types)}, {"name", old.Name == in.Name}, {"notes", old.Notes == in.Notes}, {"phone", old.Phone == in.Phone},
		{"rotation policy", old.RotationDays == in.RotationDays}, {"short code", old.ShortCode == in.ShortCode}, {"tags", slices.Equal(old.Tags, in.Tags)},
		{"website", old.Website == in.Website}} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// settleTypes turns names of credential types into ids. What is there may stay,
// also where a type was deleted since.
func settleTypes(tx *gate.Tx, in *Input, old []string) error {
	if len(in.Types) == 0 || slices.Equal(in.Types, old) {
		return nil
	}
	kinds, err := vault.KindsIn(tx)
	if err != nil {
		return err
	}
	ids, unknown := kinds.Forced(in.Types)
	if unknown != "" {
		return fault.Bad("types", "There is no credential type of this name: %s", unknown)
	}
	in.Types = ids
	return nil
}

// LongestRotation is ten years in days.
const LongestRotation = 3650

const (
	mostTags   = 20
	longestTag = 50
)

func (in *Input) check() error { return fault.BadFields(in.wrong()) }

// checkNew is check of what comes in from outside, with its website.
func (in *Input) checkNew() error {
	bad := in.wrong()
	if f, ok := fault.As(website(in.Website)); ok {
		bad = append(bad, f.Fields...)
	}
	return fault.BadFields(bad)
}

func (in *Input) wrong() []fault.Field {
	var bad []fault.Field
	wrong := func(name, text string) { bad = append(bad, fault.Field{Name: name, Text: text}) }
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" {
		wrong("name", "Give the client a name.")
	}
	for _, f := range []struct {
		name, value string
		limit       int
	}{{"name", in.Name, LongestName}, {"short_code", in.ShortCode, 20}, {"phone", in.Phone, 60}, {"address", in.Address, 500}, {"website", in.Website, 500}, {"notes", in.Notes, 100_000}} {
		if len(f.value) > f.limit {
			wrong(f.name, "This is too long.")
		}
	}
	if in.RotationDays < 0 || in.RotationDays > LongestRotation {
		wrong("rotation_days", "Give a number of days from 1 to 3,650, or 0 for no rotation policy.")
	}
	in.Types = slices.DeleteFunc(slices.Clone(in.Types), func(t string) bool { return strings.TrimSpace(t) == "" })
	if len(in.Types) == 0 {
		in.Types = nil
	}
	if len(in.Types) > 200 {
		wrong("types", "These are too many credential types.")
	}
	if in.Tags = tidy(in.Tags); len(in.Tags) > mostTags {
		wrong("tags", "A client has 20 tags at most.")
	}
	for _, t := range in.Tags {
		if utf8.RuneCountInString(t) > longestTag {
			wrong("tags", "A tag has 50 characters at most.")
			break
		}
	}
	return bad
}

// tidy drops empty tags, and those that differ in case only from one before.
// A tag is one line, and has no comma: forms and commands separate them by it.
func tidy(list []string) []string {
	var out []string
	for _, all := range list {
		for _, t := range strings.FieldsFunc(all, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
			t = strings.TrimSpace(t)
			if t != "" && !slices.ContainsFunc(out, func(o string) bool { return org.Fold(o) == org.Fold(t) }) {
				out = append(out, t)
			}
		}
	}
	return out
}
