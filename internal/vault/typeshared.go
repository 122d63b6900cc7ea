package vault

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// What is shared keeps the type that its maker gave it. Where that is a custom
// one, the receiving side shows its name and drawing, and offers it for nothing
// of its own.

var sqlTheirTypes = gate.SQLShared("what is received follows its maker", `SELECT t.id, t.name, t.icon FROM credential_types t WHERE t.org_id IN (SELECT s.org_id FROM shares s WHERE s.to_org = $1)`)

// received reads the custom types of those who share something with this
// organization.
func (k *Kinds) received(tx *gate.Tx) error {
	if !tx.Shares() {
		return nil
	}
	return tx.Each(sqlTheirTypes, k.scanTheirs)
}

func (k *Kinds) scanTheirs(r *gate.Rows) error {
	var t Type
	err := r.Scan(&t.ID, &t.Name, &t.Icon)
	k.theirs = append(k.theirs, t)
	return err
}

// Received is these types for what another organization made: it would not know
// this one's own.
func (k Kinds) Received() Kinds {
	k.foreign = true
	return k
}

var sqlSitesUsing = gate.SQLShared("types that a provider gave its sites", `SELECT s.id FROM organizations s WHERE s.provider_id = $1
	AND EXISTS (SELECT 1 FROM credentials c WHERE c.org_id = s.id AND c.type = $2 AND length(c.type) > 30 AND c.from_org = '' UNION ALL SELECT 1 FROM credential_versions v WHERE v.org_id = s.id AND v.type = $2 AND length(v.type) > 30)
	ORDER BY s.id`)

// sitesUsing are the provider's sites that keep something of one of its custom
// types, because it makes them use its types, or did.
func sitesUsing(tx *gate.Tx, typ string) ([]string, error) { return idsIn(tx, sqlSitesUsing, typ) }

// atSites does something in the records of each of these sites.
func atSites(tx *gate.Tx, typ string, do func(*gate.Tx) error) error {
	sites, err := sitesUsing(tx, typ)
	for _, site := range sites {
		if err == nil {
			err = tx.Beside(site, do)
		}
	}
	return err
}

// settleOf settles the type of a credential that is there already.
func (k Kinds) settleOf(in *Input, c *stored) error {
	if c.got.from == "" {
		return k.settle(in, c.Type)
	}
	if t, ok := k.Find(in.Type); ok && t.Custom && t.ID != c.Type {
		return fault.Bad("type", "%s is a type of your organization, and this credential is another one's. Choose a built-in type, or leave it as it is.", t.Name)
	}
	return k.Received().settle(in, c.Type)
}
