package people

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/session"
)

// Site is the site of a client that the actor reaches.
type Site struct {
	ID, Client, ClientName string
	Waits, Off             bool // it waits for activation; its login is off
}

var (
	// OpSites lists the sites whose users the actor may see.
	OpSites     = gate.Define(gate.Op{Name: "site.list", Sentence: "List the sites of the clients that one reaches (any of the permissions on site users)", Scope: gate.Listed, View: true})
	opWhoseSite = gate.Define(gate.Op{Name: "user.whose", Sentence: "Find out in which of the organization's sites a user is", Scope: gate.Anyone})

	sqlSites     = gate.SQL(`SELECT id, name, site_id FROM clients WHERE org_id = $1 AND site_id <> '' ORDER BY name_folded, id`)
	sqlWhoseSite = gate.Across("whose user an id of one of the sites is tells a visitor the site",
		`SELECT u.org_id FROM organizations s JOIN users u ON u.org_id = s.id AND u.id = $2 WHERE s.provider_id = $1`)
)

// Sites lists the sites whose users the actor may see.
func (s *Store) Sites(ctx context.Context, who gate.Actor) ([]Site, error) {
	return gate.Do(ctx, s.gate, who, OpSites, gate.Nothing(), func(tx *gate.Tx) (all []Site, err error) {
		if tx.Site() || !slices.ContainsFunc(onSiteUsers, tx.Has) {
			return nil, nil
		}
		err = tx.Each(sqlSites, func(r *gate.Rows) error {
			var one Site
			err := r.Scan(&one.Client, &one.ClientName, &one.ID)
			if tx.SeesClient(one.Client) {
				all = append(all, one)
			}
			return err
		})
		for i := range all {
			if err != nil {
				break
			}
			err = tx.Beside(all[i].ID, func(b *gate.Tx) error {
				is, err := org.StandingOf(b)
				all[i].Waits, all[i].Off = is.Waits, is.Suspended
				return err
			})
		}
		return all, err
	})
}

// At gives the actor for an act on a user: as a visitor where that is a user of
// one of his organization's sites, as himself otherwise.
func (s *Store) At(ctx context.Context, who gate.Actor, user string) (gate.Actor, error) {
	if who.Kind() != gate.User {
		return who, nil
	}
	site, err := gate.Do(ctx, s.gate, gate.Stranger(who.Org(), who.IP(), nil), opWhoseSite, gate.Nothing(), func(tx *gate.Tx) (site string, err error) {
		return site, tx.Everywhere(sqlWhoseSite, func(r *gate.Rows) error { return r.Scan(&site) }, who.Org(), user)
	})
	if err != nil || site == "" {
		return who, err
	}
	return session.Visit(who, site), nil
}

// nowhere is the site of a client that has none, or that is not reached: it is
// visited by nobody, so that the gate refuses the act itself, and logs that.
const nowhere = "org_none"

// In gives the actor for an act on the users of a client's site.
func (s *Store) In(ctx context.Context, who gate.Actor, client string) (gate.Actor, error) {
	all, err := s.Sites(ctx, who)
	if err == nil && who.Kind() != gate.User { // only a user by his own session visits
		err = fault.NotFound()
	}
	if err != nil {
		return who, err
	}
	for _, one := range all {
		if one.Client == client {
			return session.Visit(who, one.ID), nil
		}
	}
	return session.Visit(who, nowhere), nil
}

// SiteUser is a user of a client's site as the provider's list shows him.
type SiteUser struct {
	Person
	Site Site
}

// SiteList is a page of users of sites, by client and name.
type SiteList struct {
	Users  []SiteUser
	Next   string // goes into After; "" on the last page
	Total  int    // of what the filter leaves
	Sites  []Site // all that the actor reaches, for the filter by client
	May    map[Act]bool
	MayAdd bool
	// MayExport is whether the viewer may export the users of these sites.
	MayExport bool
}

// SiteUsers lists the users of the sites of the clients that the actor reaches;
// client narrows the list to one of them.
func (s *Store) SiteUsers(ctx context.Context, who gate.Actor, client string, f Filter) (out SiteList, err error) {
	if out.Sites, err = s.Sites(ctx, who); err != nil {
		return out, err
	}
	out.May = map[Act]bool{}
	from, after, _ := strings.Cut(f.After, " ")
	limit := cmp.Or(f.Limit, 100)
	for _, one := range out.Sites {
		if client != "" && one.Client != client {
			continue
		}
		in := f
		in.After, in.Limit = "", max(1, limit-len(out.Users))
		if from == one.Client {
			in.After, from = after, ""
		}
		list, err := s.List(ctx, session.Visit(who, one.ID), in)
		if fault.Is(err, fault.Absent) { // reached no more since
			continue
		}
		if err != nil {
			return out, err
		}
		out.Total += list.Counts["administrator"] + list.Counts["member"]
		out.MayAdd, out.MayExport = out.MayAdd || list.MayAdd, out.MayExport || list.MayExport
		if from != "" || out.Next != "" {
			continue
		}
		if len(out.Users) >= limit {
			if len(list.People) > 0 {
				out.Next = one.Client + " "
			}
			continue
		}
		for _, p := range list.People {
			out.Users = append(out.Users, SiteUser{p, one})
		}
		for a := range list.May {
			out.May[a] = true
		}
		if list.Next != "" {
			out.Next = one.Client + " " + list.Next
		}
	}
	return out, nil
}
