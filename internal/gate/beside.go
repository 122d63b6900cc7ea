package gate

import "bailiwick/internal/fault"

// A provider and its sites are a family: what one of them changes can hold for
// the other in the same transaction.

// Partner is one organization acting in the other's records. It has no user and
// no keys there.
const Partner ActorKind = "partner"

var related = Across("an organization may act beside its provider or its site only",
	`SELECT COUNT(*) FROM organizations o, organizations me WHERE me.id = $1 AND o.id = $2 AND (o.provider_id = me.id OR me.provider_id = o.id)`)

// Beside runs fn in the records of the other organization of a provider and its
// site, in the same transaction: statements are bound to that one. It is absent
// where the two do not belong together. What fn may do there has been decided
// by the caller: the other side's model knows nothing of the actor.
func (t *Tx) Beside(partner string, fn func(*Tx) error) error {
	n := 0
	if err := t.tx.Row(t.ctx, related.text, t.who.org, partner).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fault.NotFound()
	}
	b := &Tx{ctx: t.ctx, tx: t.tx, gate: t.gate, who: Actor{kind: Partner, org: partner, ring: &Ring{}, trace: t.who.trace}, op: t.op, now: t.now}
	if err := b.begin(); err != nil {
		return err
	}
	var err error
	if b.model, err = t.gate.modelOf(b); err != nil {
		return err
	}
	if err := fn(b); err != nil {
		return err
	}
	t.after = append(t.after, b.after...)
	for i := range b.extra {
		if err := b.write(&b.extra[i]); err != nil {
			return err
		}
	}
	return nil
}
