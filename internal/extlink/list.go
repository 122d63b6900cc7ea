package extlink

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Link is a link as lists show it: what it opens is in no list.
type Link struct {
	ID, Credential, Title string // Title is "" where it can't be read
	Client, ClientName    string
	Fields                []string
	By, ByName            string
	Rev                   int64 // of the password that was copied
	Made, Expires         time.Time
	Most, Views           int64
	Viewed                time.Time
	Guarded               bool
	Tries                 int64 // wrong passphrases
	Ended                 time.Time
	Why                   string // "" while it is open
	Seen                  []View
	MayRevoke             bool
}

// View is one opening of a link.
type View struct {
	At time.Time
	IP string
}

const columns = `l.id, l.credential_id, COALESCE(c.client_id, ''), COALESCE(k.name, ''), l.fields, l.made_by, COALESCE(NULLIF(u.name, ''), u.email), l.password_rev,
	l.made_at, l.expires_at, l.most_views, l.views, l.viewed_at, l.guarded, l.tries, l.ended_at, l.ended_why
	FROM external_links l JOIN credentials c ON c.org_id = l.org_id AND c.id = l.credential_id JOIN users u ON u.org_id = l.org_id AND u.id = l.made_by
	LEFT JOIN clients k ON k.org_id = c.org_id AND k.id = c.client_id WHERE l.org_id = $1`

var (
	sqlAll  = gate.SQL(`SELECT ` + columns + ` ORDER BY l.made_at DESC, l.id LIMIT 2000`)
	sqlMine = gate.SQL(`SELECT ` + columns + ` AND l.made_by = $2 ORDER BY l.made_at DESC, l.id LIMIT 2000`)
	sqlOf   = gate.SQL(`SELECT ` + columns + ` AND l.credential_id = $2 ORDER BY l.made_at DESC, l.id LIMIT 500`)
	sqlSeen = gate.SQL(`SELECT at, ip FROM external_link_views WHERE org_id = $1 AND link_id = $2 ORDER BY number`)
)

// List gives the actor's own links, and those of others to whoever holds
// Organization: Admin: open ones first, then the latest.
func (s *Store) List(ctx context.Context, who gate.Actor) ([]Link, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) ([]Link, error) {
		if tx.Has(perm.OrganizationAdmin) {
			return s.list(tx, sqlAll)
		}
		return s.list(tx, sqlMine, who.User())
	})
}

// Of gives the links to a credential, whoever made them.
func (s *Store) Of(ctx context.Context, who gate.Actor, credential string) ([]Link, error) {
	return gate.Do(ctx, s.gate, who, OpOf, gate.Credential(credential), func(tx *gate.Tx) ([]Link, error) {
		return s.list(tx, sqlOf, credential)
	})
}

func (s *Store) list(tx *gate.Tx, stmt gate.Stmt, args ...any) (all []Link, err error) {
	admin, ids := tx.Has(perm.OrganizationAdmin), []string{}
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var l Link
		var fields string
		var made, expires, viewed, ended int64
		err := r.Scan(&l.ID, &l.Credential, &l.Client, &l.ClientName, &fields, &l.By, &l.ByName, &l.Rev, &made, &expires, &l.Most, &l.Views, &viewed, &l.Guarded, &l.Tries, &ended, &l.Why)
		l.Fields, l.Made, l.Expires, l.Viewed, l.Ended = strings.Fields(fields), at(made), at(expires), at(viewed), at(ended)
		if l.Why == "" && expires <= tx.Millis() { // not swept yet
			l.Why, l.Ended = Expired, l.Expires
		}
		l.MayRevoke = l.Why == "" && tx.May(OpRevoke, gate.Nothing()) && (l.By == tx.Who().User() || admin)
		all, ids = append(all, l), append(ids, l.Credential)
		return err
	}, args...)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	if tx.Who().Open() {
		if titles, err = s.vault.TitlesOf(tx, ids); err != nil {
			return nil, err
		}
	}
	for i := range all {
		l := &all[i]
		if l.Title = titles[l.Credential]; l.Title == "" && !tx.May(OpOf, gate.Credential(l.Credential)) {
			l.Client, l.ClientName = "", "" // it was reached once, and is no more
		}
		err := tx.Each(sqlSeen, func(r *gate.Rows) error {
			var v View
			var when int64
			err := r.Scan(&when, &v.IP)
			v.At = at(when)
			l.Seen = append(l.Seen, v)
			return err
		}, l.ID)
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b Link) int { return cmp.Compare(btoi(a.Why != ""), btoi(b.Why != "")) })
	return all, nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
