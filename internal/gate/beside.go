package gate

import (
	"context"
	"errors"

	"bailiwick/internal/db"
	"bailiwick/internal/fault"
)

// A provider and its sites are a family: what one of them shares, changes or
// ends holds for the other in the same transaction. Writers of a family take
// turns, so that such a transaction never waits for a second lock.

// Partner is one organization acting in the other's records, for what it may do
// there: it has no user and no keys there.
const Partner ActorKind = "partner"

var (
	sqlFamily  = SQL(`SELECT COALESCE(provider_id, '') FROM organizations WHERE id = $1`)
	sqlRelated = SQLShared("a provider and its sites are a family", `SELECT o.name FROM organizations o, organizations me WHERE me.id = $1 AND o.id = $2 AND (o.provider_id = me.id OR me.provider_id = o.id)`)
	sqlOwnName = SQL(`SELECT o.name, COALESCE((SELECT t.value FROM settings t WHERE t.org_id = o.id AND t.name = '` + NamesToPartners + `'), 'off') FROM organizations o WHERE o.id = $1`)
)

// NamesToPartners is the setting by which an organization lets the other one
// read its users' names.
const NamesToPartners = "names-to-partners"

// family gives the organization whose lock the writers of an organization take:
// a site's provider, else itself.
func (g *Gate) family(ctx context.Context, org string) (string, error) {
	if org == "" {
		return "", nil
	}
	g.mu.Lock()
	of, known := g.families[org]
	g.mu.Unlock()
	if known {
		return of, nil
	}
	err := g.db.Look(ctx, func(tx *db.Tx) error { return tx.Row(ctx, sqlFamily.text, org).Scan(&of) })
	if errors.Is(err, ErrNoRows) { // it is about to be made
		return org, nil
	}
	if err != nil {
		return "", err
	}
	if of == "" {
		of = org
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.families[org] = of
	return of, nil
}

// errNotAhead leaves it to the turn to write.
var errNotAhead = errors.New("gate: what reaches another organization is not done ahead")

// Beside runs fn in the records of the other organization of a provider and its
// site, in the same transaction: statements are bound to that one. It is absent
// where the two do not belong together. What fn may do there has been decided
// by the caller: the other side's model knows nothing of the actor.
func (t *Tx) Beside(partner string, fn func(*Tx) error) error {
	if t.early {
		return errNotAhead
	}
	var name string
	if err := t.Row(sqlRelated, partner).Scan(&name); err != nil {
		if errors.Is(err, ErrNoRows) {
			return fault.NotFound()
		}
		return err
	}
	who, err := t.asPartner(partner)
	if err != nil {
		return err
	}
	b := &Tx{ctx: t.ctx, tx: t.tx, gate: t.gate, who: who, op: t.op, now: t.now}
	if err := b.begin(); err != nil {
		return err
	}
	if b.model = t.beside[partner]; b.model == nil || b.model.epoch != b.state.accessEpoch { // once in a transaction
		if b.model, err = t.gate.modelOf(b); err != nil {
			return err
		}
		if t.beside == nil {
			t.beside = map[string]*Model{}
		}
		t.beside[partner] = b.model
	}
	if err := fn(b); err != nil {
		return err
	}
	t.after = append(t.after, b.after...)
	if err := b.follow(); err != nil {
		return err
	}
	var rows []any
	for i := range b.extra {
		row, err := b.numbered(&b.extra[i])
		if err != nil {
			return err
		}
		rows = append(rows, row...)
	}
	return addEvent.insert(b, rows)
}

// asPartner is the actor as the other organization's log has him: by the name
// of his organization, and by his own where that allows it.
func (t *Tx) asPartner(partner string) (Actor, error) {
	var name, shown string
	if err := t.Row(sqlOwnName).Scan(&name, &shown); err != nil {
		return Actor{}, err
	}
	if shown == "on" && t.Name() != "" {
		name = t.Name() + ", " + name
	}
	return Actor{kind: Partner, org: partner, user: "", as: name, about: t.who.org, ring: &Ring{}, trace: t.who.trace}, nil
}

// Mirroring names what is to be done after every change that search must see,
// before the transaction ends: it brings the other side's rows up to date, so
// that no feature can forget them.
func (g *Gate) Mirroring(fn func(*Tx) error) { g.mirror = fn }

func (t *Tx) follow() error {
	if !t.changed || t.gate.mirror == nil {
		return nil
	}
	t.changed = false
	return t.gate.mirror(t)
}

// Related lists the organizations that a credential of this one may be shared
// with or come from: a provider's sites, a site's provider.
func (t *Tx) Related() (orgs []string, err error) {
	return orgs, t.Each(sqlRelatives, func(r *Rows) error {
		var id string
		err := r.Scan(&id)
		orgs = append(orgs, id)
		return err
	})
}

var sqlRelatives = SQLShared("a provider and its sites are a family", `SELECT id FROM organizations WHERE provider_id = $1 UNION SELECT provider_id FROM organizations WHERE id = $1 AND provider_id IS NOT NULL`)
