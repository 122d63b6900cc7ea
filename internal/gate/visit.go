package gate

import "bailiwick/internal/perm"

// A user of a provider acts on the users of the site of a client that he
// reaches: he visits. His own organization's decision says whether he reaches
// the client; his own permissions, read as those of the site, whether he may do
// the act; and no operation that touches the vault or keys is made for visits.

// Visitor is a user of the provider who acts in one of its sites.
const Visitor ActorKind = "visitor"

// Visit gives the actor as a visitor of a site; who is no user by his own
// session stays what he is. Only package session may ask; internal/lint keeps
// that.
func (a Actor) Visit(site string) Actor {
	if a.kind == User {
		a.kind, a.home, a.org, a.keys, a.ring = Visitor, a.org, site, a.ring, &Ring{}
	}
	return a
}

// Home is the provider whose user a visitor is, "" otherwise.
func (a Actor) Home() string { return a.home }

// atHome is the visitor as the user that he is.
func (a Actor) atHome() Actor {
	if a.kind == Visitor {
		a.kind, a.org, a.home, a.ring, a.keys = User, a.home, "", a.keys, nil
	}
	return a
}

// has reports whether a permission is held. It is the one place that reads the
// permissions of a provider as those of a site.
func (m *Model) has(u *user, who Actor, p perm.P) bool {
	if m.site {
		switch p {
		case perm.UserAdd:
			p = perm.SiteUserAdd
		case perm.UserEdit:
			p = perm.SiteUserEdit
		case perm.UserDisable:
			p = perm.SiteUserDisable
		case perm.ClientViewList: // there is one client, and everybody sees it
			return u.leveled && who.kind != Visitor
		case perm.OrganizationAdmin:
			return u.override && who.limit == nil
		}
	}
	return u.permissions(who).Has(p)
}

// held reports whether the permission that an operation needs is held.
func (m *Model) held(u *user, who Actor, op *Op) bool {
	return m.has(u, who, op.Needs) || m.has(u, who, op.Or)
}

// visit is what a visitor's operation has of his own organization.
type visit struct {
	home   *Tx
	client string // whose site it is
}

var (
	sqlClientOfSite = SQL(`SELECT id FROM clients WHERE org_id = $1 AND site_id = $2`)
	sqlVisited      = SQL(`SELECT COUNT(*) FROM organizations WHERE id = $1 AND provider_id = $2 AND client_id = $3`)
)

// visitor decides by the visitor's own organization whether he reaches the
// client, and gives him as a user of the site's model: with his permissions,
// and the name that the site may know.
func (t *Tx) visitor() (*user, error) {
	h := &Tx{ctx: t.ctx, tx: t.tx, gate: t.gate, who: t.who.atHome(), op: t.op, now: t.now}
	if err := h.begin(); err != nil {
		return nil, refusedUnless(err)
	}
	var err error
	if h.model, err = t.gate.modelOf(h); err != nil {
		return nil, err
	}
	h.user = h.model.acting(h.who)
	v := &visit{home: h}
	if err := h.Row(sqlClientOfSite, t.who.org).Scan(&v.client); err != nil {
		return nil, refusedUnless(err)
	}
	n := 0
	if err := t.Row(sqlVisited, h.who.org, v.client).Scan(&n); err != nil || n == 0 {
		return nil, refusedUnless(err)
	}
	if !h.SeesClient(v.client) {
		return nil, errRefused
	}
	name, shown := "", ""
	if err := h.Row(sqlOwnName).Scan(&name, &shown); err != nil {
		return nil, err
	}
	if shown == "on" {
		name = h.user.name + ", " + name
	}
	if err := h.current(); err != nil {
		return nil, err
	}
	t.visit = v
	t.after, h.after = append(t.after, h.after...), nil
	return &user{id: h.user.id, name: name, kind: "member", active: true, leveled: true, set: h.user.set}, nil
}

func refusedUnless(err error) error {
	if err == nil || err == ErrNoRows {
		return errRefused
	}
	return err
}

// toldAtHome writes a visitor's events to his own organization's log, with his
// own name.
func (t *Tx) toldAtHome(e Event) error {
	if t.visit == nil {
		return nil
	}
	e.Client, e.Owner = t.visit.client, ""
	return t.visit.home.write(&e)
}

// AtHome runs fn in the records of the visitor's own organization, as the user
// that he is there, with the client whose site he visits.
func (t *Tx) AtHome(fn func(home *Tx, client string) error) error {
	if t.visit == nil {
		return errRefused
	}
	err := fn(t.visit.home, t.visit.client)
	t.after = append(t.after, t.visit.home.after...)
	t.visit.home.after = nil
	return err
}

// Visits reports whether the actor visits a site.
func (t *Tx) Visits() bool { return t.who.kind == Visitor }

// Site reports whether the organization is a site. Strangers' operations have
// no model, and are told no.
func (t *Tx) Site() bool { return t.model != nil && t.model.site }
