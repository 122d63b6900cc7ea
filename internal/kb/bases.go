package kb

import (
	"context"
	"regexp"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
)

// Base is a knowledge base as the actor sees it.
type Base struct {
	ID, Path, Name, Description string
	Role                        gate.Role // the actor's
	Public                      bool      // there is something in it that anybody reads
	DefaultRole                 gate.Role // of members; 0: the organization's
	Default                     gate.Role // what that comes to
	SelfRegistration            bool
	AsksHelpful                 bool
	Version                     int64
	MayRename, MayDelete        bool
}

// NewBase is a knowledge base to be added.
type NewBase struct{ Path, Name, Description string }

var (
	sqlBases = gate.SQL(`SELECT id, path, name, description, default_role, self_registration, asks_helpful, version FROM kb_bases WHERE org_id = $1 ORDER BY name, id`)
	sqlBase  = gate.SQL(`SELECT id, path, name, description, default_role, self_registration, asks_helpful, version FROM kb_bases WHERE org_id = $1 AND id = $2`)
	sqlTaken = gate.SQL(`SELECT COUNT(*) FROM kb_bases WHERE org_id = $1 AND path = $2 AND id <> $3`)
	sqlAdd   = gate.SQL(`INSERT INTO kb_bases (org_id, id, path, name, description, created_at) VALUES ($1, $2, $3, $4, $5, $6)`)
)

// List gives the knowledge bases that the actor may read, by name.
func (s *Store) List(ctx context.Context, who gate.Actor) ([]Base, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) ([]Base, error) {
		return Open(tx)
	})
}

func scanBases(tx *gate.Tx, stmt gate.Stmt, args ...any) (all []Base, err error) {
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var b Base
		var role string
		err := r.Scan(&b.ID, &b.Path, &b.Name, &b.Description, &role, &b.SelfRegistration, &b.AsksHelpful, &b.Version)
		b.DefaultRole, _ = gate.RoleNamed(role)
		b.Role, b.Default, b.Public = tx.RoleIn(b.ID), tx.DefaultRoleIn(b.ID), tx.OpenToAll(b.ID)
		b.MayRename, b.MayDelete = tx.May(OpRename, gate.Base(b.ID)), tx.May(OpDelete, gate.Base(b.ID))
		all = append(all, b)
		return err
	}, args...)
	return all, err
}

// the is the knowledge base that the operation is about.
func the(tx *gate.Tx) (Base, error) {
	all, err := scanBases(tx, sqlBase, tx.BaseID())
	if err == nil && len(all) == 0 {
		err = fault.NotFound()
	}
	if err != nil {
		return Base{}, err
	}
	return all[0], nil
}

var pathForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkPath checks an address: no underscore, which ids have, and no name of the
// product's own pages.
func checkPath(value string) error {
	if len(value) > 60 || !pathForm.MatchString(value) {
		return fault.Bad("path", "Use lower-case letters, digits and single hyphens, at most 60 characters.")
	}
	if value == "new" || value == "search" || value == "default-role" {
		return fault.Bad("path", "This word is taken. Use another one.")
	}
	return nil
}

func (n *NewBase) check() (err error) {
	if n.Name, err = text("name", n.Name, 100); err != nil {
		return err
	}
	if len([]rune(n.Description)) > 500 {
		return fault.Bad("description", "Use at most 500 characters.")
	}
	return checkPath(n.Path)
}

func free(tx *gate.Tx, path, but string) error {
	n := 0
	if err := tx.Row(sqlTaken, path, but).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fault.Bad("path", "There is a knowledge base at this address already.")
	}
	return nil
}

// Add makes a knowledge base, with one category that all readers read.
func (s *Store) Add(ctx context.Context, who gate.Actor, in NewBase) (string, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	return gate.Do(ctx, s.gate, who, OpAdd, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		if err := free(tx, in.Path, ""); err != nil {
			return "", err
		}
		base := id.New("kb")
		if _, err := tx.Exec(sqlAdd, base, in.Path, in.Name, in.Description, tx.Millis()); err != nil {
			return "", err
		}
		if _, err := tx.Exec(sqlAddCategory, id.New("cat"), base, nil, "General", 1, gate.ForReaders); err != nil {
			return "", err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = string(gate.KindBase), base, in.Name
		return base, tx.BumpAccess()
	})
}

var (
	sqlRename   = gate.SQL(`UPDATE kb_bases SET name = $3, path = $4, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlSettings = gate.SQL(`UPDATE kb_bases SET description = $3, default_role = $4, self_registration = $5, asks_helpful = $6, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlDelete   = gate.SQL(`DELETE FROM kb_bases WHERE org_id = $1 AND id = $2`)
	sqlWeight   = gate.SQL(`SELECT (SELECT COUNT(*) FROM kb_articles WHERE org_id = $1 AND base_id = $2), (SELECT COUNT(*) FROM kb_articles WHERE org_id = $1 AND base_id = $2 AND published_at <> 0 AND published_at <= $3),
		(SELECT COUNT(*) FROM kb_categories WHERE org_id = $1 AND base_id = $2),
		(SELECT COUNT(*) FROM kb_files f JOIN kb_articles a ON a.org_id = f.org_id AND a.id = f.article_id WHERE f.org_id = $1 AND a.base_id = $2),
		(SELECT COUNT(*) FROM kb_roles r JOIN users u ON u.org_id = r.org_id AND u.id = r.user_id WHERE r.org_id = $1 AND r.base_id = $2 AND r.role <> 'none' AND u.kind = 'guest'
			AND NOT EXISTS (SELECT 1 FROM kb_roles o WHERE o.org_id = r.org_id AND o.user_id = r.user_id AND o.base_id <> r.base_id AND o.role <> 'none'))`)
)

// Rename changes a knowledge base's name and path, as it was read at a version.
// Its earlier address leads nowhere.
func (s *Store) Rename(ctx context.Context, who gate.Actor, base string, version int64, name, to string) (int64, error) {
	in := NewBase{Name: name, Path: to}
	if err := in.check(); err != nil {
		return 0, err
	}
	return gate.Do(ctx, s.gate, who, OpRename, gate.Base(base), func(tx *gate.Tx) (int64, error) {
		was, err := at(tx, version)
		if err != nil {
			return 0, err
		}
		if err := free(tx, in.Path, was.ID); err != nil {
			return 0, err
		}
		e := tx.Event()
		e.Name = in.Name
		if was.Name != in.Name {
			e.Fields = append(e.Fields, "name")
		}
		if was.Path != in.Path {
			e.Fields = append(e.Fields, "path")
		}
		if err := tx.One(sqlRename, was.ID, in.Name, in.Path); err != nil {
			return 0, err
		}
		return version + 1, tx.BumpAccess()
	})
}

// at is the operation's knowledge base, unless somebody has changed it since.
func at(tx *gate.Tx, version int64) (Base, error) {
	b, err := the(tx)
	if err == nil && b.Version != version {
		err = fault.Stale("knowledge base")
	}
	return b, err
}

// Settings are what a knowledge base's Admin sets.
type Settings struct {
	Description      string
	DefaultRole      gate.Role // of members; 0: the organization's
	SelfRegistration bool      // where the organization allows it too
	AsksHelpful      bool
}

// Set changes a knowledge base's settings, as they were read at a version.
func (s *Store) Set(ctx context.Context, who gate.Actor, base string, version int64, in Settings) (int64, error) {
	if len([]rune(in.Description)) > 500 {
		return 0, fault.Bad("description", "Use at most 500 characters.")
	}
	if in.DefaultRole == gate.Admin || in.DefaultRole > gate.Admin {
		return 0, fault.Bad("default_role", "Nobody becomes Admin by default.")
	}
	return gate.Do(ctx, s.gate, who, OpSettings, gate.Base(base), func(tx *gate.Tx) (int64, error) {
		was, err := at(tx, version)
		if err != nil {
			return 0, err
		}
		if in.SelfRegistration && tx.Site() {
			return 0, fault.Bad("self_registration", "Who registers becomes a guest, and a site has none.")
		}
		e := tx.Event()
		e.Name = was.Name
		for _, f := range []struct {
			name    string
			differs bool
		}{{"description", was.Description != in.Description}, {"default role", was.DefaultRole != in.DefaultRole},
			{"self-registration", was.SelfRegistration != in.SelfRegistration}, {"asks whether it helped", was.AsksHelpful != in.AsksHelpful}} {
			if f.differs {
				e.Fields = append(e.Fields, f.name)
			}
		}
		if err := tx.One(sqlSettings, was.ID, in.Description, in.DefaultRole.String(), in.SelfRegistration, in.AsksHelpful); err != nil {
			return 0, err
		}
		return version + 1, tx.BumpAccess()
	})
}

// Weight is what deleting a knowledge base deletes, and whom it leaves with
// nothing.
type Weight struct {
	Name                                   string
	Articles, Published, Categories, Files int
	Guests                                 int // who have a role here and in no other one
}

// Weigh says what deleting a knowledge base would delete.
func (s *Store) Weigh(ctx context.Context, who gate.Actor, base string) (Weight, error) {
	return gate.Do(ctx, s.gate, who, OpWeigh, gate.Base(base), func(tx *gate.Tx) (w Weight, err error) {
		b, err := the(tx)
		if err != nil {
			return w, err
		}
		w.Name = b.Name
		return w, tx.Row(sqlWeight, b.ID, tx.Millis()).Scan(&w.Articles, &w.Published, &w.Categories, &w.Files, &w.Guests)
	})
}

// Delete deletes a knowledge base with everything in it, for good. Name is its
// name, typed again.
func (s *Store) Delete(ctx context.Context, who gate.Actor, base, name string) error {
	_, err := gate.Do(ctx, s.gate, who, OpDelete, gate.Base(base), func(tx *gate.Tx) (bool, error) {
		b, err := the(tx)
		if err != nil {
			return false, err
		}
		if name != b.Name {
			return false, fault.Bad("name", "Type the name of the knowledge base: %s", b.Name)
		}
		tx.Event().Name = b.Name
		for _, stmt := range []gate.Stmt{sqlDropArticles, sqlDelete} { // articles first: they hang on categories too
			if _, err := tx.Exec(stmt, b.ID); err != nil {
				return false, err
			}
		}
		return true, tx.BumpAccess()
	})
	return err
}

var sqlDropArticles = gate.SQL(`DELETE FROM kb_articles WHERE org_id = $1 AND base_id = $2`)
