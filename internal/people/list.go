package people

import (
	"context"
	"errors"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Filter narrows the list of users.
type Filter struct {
	Kind     string // administrator, member, guest; "": all
	Text     string // words that the name or address holds
	Disabled bool   // disabled ones too
	Pending  bool   // only those who wait for approval
	After    string // Next of the page before
	Limit    int    // 1 to 500; 0: 100
}

// List is a page of users by name, and what stands above it.
type List struct {
	People  []Person
	Next    string         // goes into After; "" on the last page
	Counts  map[string]int // by kind, of what the filter's Text and Disabled leave
	Pending int            // enabled users who wait for approval, while it is required
	May     map[Act]bool   // what the viewer may do to anybody at all
	MayAdd  bool
	MayLock bool // see the lockouts
	// MayExport is whether the viewer may export the users.
	MayExport bool
}

// OpList lists users. Whoever holds a user permission may; the permissions of
// the acts are asked for besides.
var OpList = gate.Define(gate.Op{Name: "user.list", Sentence: "List the users (any of the permissions on users)", Scope: gate.Listed, Visits: true, View: true})

// onUsers are the permissions on users: each opens the list.
var onUsers = []perm.P{perm.UserAdd, perm.UserEdit, perm.UserDisable, perm.UserPerspective, perm.AdminManageUserLockouts, perm.OrganizationAdmin}

// onSiteUsers open the list of the sites' users.
var onSiteUsers = []perm.P{perm.SiteUserAdd, perm.SiteUserEdit, perm.SiteUserDisable, perm.AdminManageUserLockouts, perm.OrganizationAdmin}

func seesUsers(tx *gate.Tx) bool { return slices.ContainsFunc(onUsers, tx.Has) }

// SeesUsers reports whether the list of users is there for the actor.
func (m Me) SeesUsers() bool { return slices.ContainsFunc(onUsers, m.Has) }

const filtered = `u.org_id = $1 AND NOT u.unconfirmed AND (u.enabled OR $2) AND (NOT $3 OR (u.enabled AND NOT u.approved))
	AND u.name_folded || ' ' || u.email_folded LIKE $4 ESCAPE '!' AND u.name_folded || ' ' || u.email_folded LIKE $5 ESCAPE '!'
	AND u.name_folded || ' ' || u.email_folded LIKE $6 ESCAPE '!'`

var (
	sqlList = gate.SQL(`SELECT ` + personColumns + ` FROM users u WHERE ` + filtered + `
		AND ($7 = '' OR u.kind = $7) AND (u.name_folded > $8 OR (u.name_folded = $8 AND u.id > $9)) ORDER BY u.name_folded, u.id LIMIT $10`)
	sqlKinds   = gate.SQL(`SELECT u.kind, COUNT(*) FROM users u WHERE ` + filtered + ` GROUP BY u.kind`)
	sqlPending = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND enabled AND NOT approved AND NOT unconfirmed`)
)

// patterns makes the words of a filter into three patterns; further words have
// to follow the third.
func patterns(text string) [3]string {
	out := [3]string{"%", "%", "%"}
	escape := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
	for i, w := range strings.Fields(find.Plain(text)) {
		out[min(i, 2)] += escape.Replace(w) + "%"
	}
	return out
}

// List gives a page of users.
func (s *Store) List(ctx context.Context, who gate.Actor, f Filter) (List, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (List, error) {
		out := List{Counts: map[string]int{"administrator": 0, "member": 0, "guest": 0}, May: map[Act]bool{}}
		if !seesUsers(tx) {
			return out, fault.NotFound()
		}
		people, next, err := page(tx, f)
		if err != nil {
			return out, err
		}
		out.People, out.Next = people, next
		w := patterns(f.Text)
		err = tx.Each(sqlKinds, func(r *gate.Rows) error {
			var kind string
			var n int
			err := r.Scan(&kind, &n)
			out.Counts[kind] = n
			return err
		}, f.Disabled, f.Pending, w[0], w[1], w[2])
		if err != nil {
			return out, err
		}
		all := make([]*Person, len(out.People))
		for i := range out.People {
			all[i] = &out.People[i]
		}
		if err := judge(tx, all...); err != nil {
			return out, err
		}
		for _, p := range all {
			for a := range p.May {
				out.May[a] = true
			}
		}
		out.MayAdd, out.MayLock, out.MayExport = tx.Has(perm.UserAdd), tx.Has(perm.AdminManageUserLockouts), tx.Has(perm.AdminExportData)
		st, err := ReadSettings(tx)
		if err != nil || !st.ApprovalRequired { // nobody is asked to approve anybody then
			return out, err
		}
		return out, tx.Row(sqlPending).Scan(&out.Pending)
	})
}

// Find gives one user as the list shows him.
func (s *Store) Find(ctx context.Context, who gate.Actor, user string) (Person, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (Person, error) {
		if !seesUsers(tx) {
			return Person{}, fault.NotFound()
		}
		p, err := scanPerson(tx.Row(sqlPerson, user), tx.Millis())
		if err == nil {
			err = judge(tx, &p)
		}
		return p, err
	})
}

// page reads by key: the name and id of the user after whom it goes on.
func page(tx *gate.Tx, f Filter) (people []Person, next string, err error) {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 100
	}
	name, id := "", ""
	if f.After != "" {
		if name, id, err = afterOf(tx, f.After); err != nil {
			return nil, "", err
		}
	}
	w := patterns(f.Text)
	err = tx.Each(sqlList, func(r *gate.Rows) error {
		p, err := scanPerson(r, tx.Millis())
		if len(people) == f.Limit {
			next = people[f.Limit-1].ID
			return err
		}
		people = append(people, p)
		return err
	}, f.Disabled, f.Pending, w[0], w[1], w[2], f.Kind, name, id, f.Limit+1)
	return people, next, err
}

var sqlAfter = gate.SQL(`SELECT name_folded FROM users WHERE org_id = $1 AND id = $2`)

// afterOf finds where a list goes on. Who is gone meanwhile was shown before:
// the list begins anew.
func afterOf(tx *gate.Tx, id string) (name, last string, err error) {
	err = tx.Row(sqlAfter, id).Scan(&name)
	if errors.Is(err, gate.ErrNoRows) {
		return "", "", nil
	}
	return name, id, err
}
