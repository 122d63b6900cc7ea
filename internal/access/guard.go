package access

import (
	"context"
	"slices"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Guards is what guards a folder, and who has a personal pass to it.
type Guards struct {
	Folder
	Groups, Others []Named // on the folder; all others
	Off            map[string]bool
	Above          bool // a folder above it has groups of its own
	Passes         []Assigned
	Version        int64         // of the folder
	Users          []gate.Person // who can be given a pass
	MayChange      bool
}

// Assigned is a user who has something, until when: the zero time is for good.
type Assigned struct {
	gate.Person
	Until     time.Time
	MayChange bool
}

var (
	sqlFolder  = gate.SQL(`SELECT f.id, f.name, c.id, c.name, COALESCE(f.parent_id, '') FROM folders f JOIN clients c ON c.org_id = f.org_id AND c.id = f.client_id WHERE f.org_id = $1 AND f.id = $2`)
	sqlVersion = gate.SQL(`SELECT version FROM folders WHERE org_id = $1 AND id = $2`)
	sqlGuards  = gate.SQL(`SELECT group_id FROM folder_groups WHERE org_id = $1 AND folder_id = $2`)
	sqlUnguard = gate.SQL(`DELETE FROM folder_groups WHERE org_id = $1 AND folder_id = $2`)
	sqlGuard   = gate.SQL(`INSERT INTO folder_groups (org_id, folder_id, group_id) SELECT $1, $2, id FROM security_groups WHERE org_id = $1 AND id = $3`)
	sqlGuarded = gate.SQL(`UPDATE folders SET version = version + 1, changed_at = $4, changed_by = $5 WHERE org_id = $1 AND id = $2 AND version = $3`)
	sqlPasses  = gate.SQL(`SELECT u.id, COALESCE(NULLIF(u.name, ''), u.email), u.email, u.level_id, p.until FROM folder_passes p JOIN users u ON u.org_id = p.org_id AND u.id = p.user_id
		WHERE p.org_id = $1 AND p.folder_id = $2 AND (p.until = 0 OR p.until > $3) ORDER BY COALESCE(NULLIF(u.name, ''), u.email), u.id`)
	sqlPass   = gate.SQL(`INSERT INTO folder_passes (org_id, folder_id, user_id, until) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, folder_id, user_id) DO UPDATE SET until = $4`)
	sqlNoPass = gate.SQL(`DELETE FROM folder_passes WHERE org_id = $1 AND folder_id = $2 AND user_id = $3`)
)

// Guards shows what guards a folder.
func (s *Store) Guards(ctx context.Context, who gate.Actor, folder string) (Guards, error) {
	return gate.Do(ctx, s.gate, who, OpGuards, gate.Folder(folder), func(tx *gate.Tx) (Guards, error) {
		g := Guards{Off: map[string]bool{}, MayChange: tx.May(OpGuard, gate.Folder(folder))}
		parent := ""
		if err := tx.Row(sqlFolder, folder).Scan(&g.ID, &g.Name, &g.Client.ID, &g.Client.Name, &parent); err != nil {
			return g, err
		}
		if err := tx.Row(sqlVersion, folder).Scan(&g.Version); err != nil {
			return g, err
		}
		g.Above = tx.Guarded(parent)
		var on []string
		err := tx.Each(sqlGuards, func(r *gate.Rows) error {
			var id string
			err := r.Scan(&id)
			on = append(on, id)
			return err
		}, folder)
		if err != nil {
			return g, err
		}
		err = tx.Each(sqlGroups, func(r *gate.Rows) error {
			var one Group
			err := r.Scan(&one.ID, &one.Name, &one.Enabled, &one.Version)
			g.Off[one.ID] = !one.Enabled
			if slices.Contains(on, one.ID) {
				g.Groups = append(g.Groups, Named{one.ID, one.Name})
			} else {
				g.Others = append(g.Others, Named{one.ID, one.Name})
			}
			return err
		})
		if err != nil {
			return g, err
		}
		g.Passes, err = assigned(tx, sqlPasses, g.MayChange, folder, tx.Millis())
		if g.MayChange {
			g.Users = giveTo(tx, g.Passes)
		}
		return g, err
	})
}

// assigned reads users with the end of what they have.
func assigned(tx *gate.Tx, stmt gate.Stmt, may bool, args ...any) (all []Assigned, err error) {
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var a Assigned
		var until int64
		err := r.Scan(&a.ID, &a.Name, &a.Email, &a.Level, &until)
		_, over := tx.Outranks(a.ID)
		a.Until, a.MayChange = Until(until), may && over
		all = append(all, a)
		return err
	}, args...)
	return all, err
}

// giveTo lists whom the actor can give what some have already.
func giveTo(tx *gate.Tx, have []Assigned) []gate.Person {
	return slices.DeleteFunc(tx.People(false), func(p gate.Person) bool {
		_, ok := tx.Outranks(p.ID)
		return !ok || slices.ContainsFunc(have, func(a Assigned) bool { return a.ID == p.ID })
	})
}

// Guard puts exactly these groups on a folder that the actor read at a version.
func (s *Store) Guard(ctx context.Context, who gate.Actor, folder string, version int64, groups []string) error {
	_, err := gate.Do(ctx, s.gate, who, OpGuard, gate.Folder(folder), func(tx *gate.Tx) (bool, error) {
		if _, err := tx.Exec(sqlUnguard, folder); err != nil {
			return false, err
		}
		for _, g := range unique(groups) {
			if err := tx.One(sqlGuard, folder, g); err != nil {
				return false, err
			}
		}
		tx.Event().Fields = []string{"security groups"}
		err := tx.One(sqlGuarded, folder, version, tx.Millis(), who.User())
		if fault.Is(err, fault.Absent) {
			err = fault.Stale("folder")
		}
		if err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

// PreviewGuard says who would gain and lose a folder if exactly these groups
// were on it.
func (s *Store) PreviewGuard(ctx context.Context, who gate.Actor, folder string, groups []string) (gain, lose []gate.Person, err error) {
	_, err = gate.Do(ctx, s.gate, who, OpGuards, gate.Folder(folder), func(tx *gate.Tx) (bool, error) {
		gain, lose = tx.GuardChange(folder, groups)
		return true, nil
	})
	return gain, lose, err
}

// Pass lets a user whom the actor outranks past the groups on one folder, for
// good (0) or until a time. It gives no access to the client.
func (s *Store) Pass(ctx context.Context, who gate.Actor, folder, user string, until int64) error {
	_, err := gate.Do(ctx, s.gate, who, OpPass, gate.Folder(folder), func(tx *gate.Tx) (bool, error) {
		if _, ok := tx.Outranks(user); !ok {
			return false, fault.NotFound()
		}
		if err := ends(tx, until); err != nil {
			return false, err
		}
		tx.Event().Fields = []string{"pass for " + user}
		if _, err := tx.Exec(sqlPass, folder, user, until); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

// EndPass takes a personal pass from a user.
func (s *Store) EndPass(ctx context.Context, who gate.Actor, folder, user string) error {
	_, err := gate.Do(ctx, s.gate, who, OpPass, gate.Folder(folder), func(tx *gate.Tx) (bool, error) {
		if _, ok := tx.Outranks(user); !ok {
			return false, fault.NotFound()
		}
		tx.Event().Fields = []string{"no pass for " + user}
		if err := tx.One(sqlNoPass, folder, user); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}
