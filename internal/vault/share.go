package vault

import (
	"context"
	"fmt"
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Sharing is how a credential is shared with the other organization: a
// provider's client's site, or a site's provider.
type Sharing struct {
	Everyone bool     // whoever reaches the client there, and may see secrets
	Users    []string // otherwise these
	Writes   bool     // may change it, too
	History  bool     // sees earlier versions, from the beginning of the share on
}

// Operations on shares. API tokens can't share: what they make must be signed
// with the organization's key.
var (
	// OpShare asks for Password: View, too, and where the other side may write,
	// for Password: Edit: nobody gives what he does not have.
	OpShare = gate.Define(gate.Op{Name: "credential.share", Sentence: "Share a credential with the other organization, or change how it is shared (Password: View there; to let it be changed, Password: Edit)", Scope: gate.Single, Needs: perm.PermissionShare, Write: true, Audit: true, Once: true, Keys: true})
	// OpUnshare needs no keys: it must be possible at any time.
	OpUnshare  = gate.Define(gate.Op{Name: "credential.unshare", Sentence: "Stop sharing a credential, on either side", Shared: gate.Received, Scope: gate.Single, Needs: perm.PermissionShare, Write: true, Audit: true, Once: true})
	OpPartners = gate.Define(gate.Op{Name: "share.people", Sentence: "See with whom at the other organization credentials of a client can be shared", Scope: gate.Single, Needs: perm.PermissionShare})
)

var (
	sqlSiteOfClient = gate.SQLShared("a provider and its sites are a family", `SELECT k.site_id, k.site_login, o.activated_at <> 0, o.name FROM clients k JOIN organizations o ON o.id = k.site_id WHERE k.org_id = $1 AND k.id = $2 AND k.site_id <> ''`)
	sqlProvider     = gate.SQLShared("a provider and its sites are a family", `SELECT p.id, p.name, s.client_id FROM organizations s JOIN organizations p ON p.id = s.provider_id WHERE s.id = $1 AND s.activated_at <> 0`)
	sqlCompany      = gate.SQL(`SELECT id FROM clients WHERE org_id = $1 AND company`)

	sqlShareOf  = gate.SQL(`SELECT since FROM shares WHERE org_id = $1 AND credential_id = $2 AND to_org = $3`)
	sqlPutShare = gate.SQL(`INSERT INTO shares (org_id, credential_id, to_org, everyone, writes, history, since, made_at, made_by, proof, proof_epoch) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (org_id, credential_id, to_org) DO UPDATE SET everyone = $4, writes = $5, history = $6, problem = '', proof = $10, proof_epoch = $11`)
	sqlDropUsers = gate.SQL(`DELETE FROM share_users WHERE org_id = $1 AND credential_id = $2 AND to_org = $3`)
	sqlPutUser   = gate.SQL(`INSERT INTO share_users (org_id, credential_id, to_org, user_id) VALUES ($1, $2, $3, $4)`)
	sqlPutKey    = gate.SQLShared("a key is handed to the other organization", `INSERT INTO share_keys (to_org, credential_id, key_id, from_org, to_epoch, sealed, signature, made_at) VALUES ($2, $3, $4, $1, $5, $6, $7, $8)
		ON CONFLICT (to_org, credential_id, key_id) DO UPDATE SET from_org = $1, to_epoch = $5, sealed = $6, signature = $7, made_at = $8`)
	sqlFormerKey = gate.SQL(`SELECT COUNT(*) FROM credential_versions WHERE org_id = $1 AND credential_id = $2 AND key_id = $3`)
	sqlRekey     = gate.SQL(`UPDATE credentials SET key_id = $3, key_epoch = $4, key_box = $5, overview_box = $6, secret_box = $7, key_stale = FALSE, change_seq = $8
		WHERE org_id = $1 AND id = $2 AND key_id = $9`)

	// The other side's row. The organization is the one that it is shared with; $3
	// is whose it is.
	sqlReceive = gate.SQLShared("the row of what is received", `INSERT INTO credentials (org_id, id, client_id, type, archived_at, expires_at, created_at, changed_at, changed_by, version, change_seq, password_rev, password_at,
			key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box, from_org, source_seq, alone)
		SELECT CAST($1 AS TEXT), o.id, CAST($4 AS TEXT), o.type, o.archived_at, o.expires_at, o.created_at, o.changed_at, o.changed_by, o.version, CAST($5 AS BIGINT), o.password_rev, o.password_at,
			'', 0, $6, 0, $6, 0, $6, o.org_id, o.change_seq, TRUE
		FROM credentials o WHERE o.org_id = $3 AND o.id = $2 AND o.from_org = ''
		ON CONFLICT (org_id, id) DO UPDATE SET archived_at = excluded.archived_at, type = excluded.type, expires_at = excluded.expires_at, changed_at = excluded.changed_at, changed_by = excluded.changed_by,
			version = excluded.version, key_id = '', change_seq = excluded.change_seq, password_rev = excluded.password_rev, password_at = excluded.password_at, source_seq = excluded.source_seq`)
	sqlSharesDue = gate.SQL(`UPDATE organizations SET shares_due_at = $2 WHERE id = $1 AND shares_due_at = 0`)
)

// partner is the other organization of a client's credentials, and the client
// that they lie in there.
type partner struct{ org, name, client string }

// partnerOf gives the organization that a client's credentials can be shared
// with.
func partnerOf(tx *gate.Tx, client string) (p partner, err error) {
	if tx.Site() {
		err = tx.Row(sqlProvider).Scan(&p.org, &p.name, &p.client)
		if isAbsent(err) {
			err = fault.Cannot("This site is not activated yet, so nothing can be shared.")
		}
		return p, err
	}
	var login, active bool
	err = tx.Row(sqlSiteOfClient, client).Scan(&p.org, &login, &active, &p.name)
	switch {
	case isAbsent(err):
		return p, nobodyThere(tx, client)
	case err != nil:
		return p, err
	case !active:
		return p, fault.Cannot("The site of this client waits for activation by its administrator. Until then nothing can be shared with it.")
	case !login:
		return p, fault.Cannot("Site login of this client is switched off. Switch it on before you share something.")
	}
	return p, tx.Beside(p.org, func(b *gate.Tx) error { return b.Row(sqlCompany).Scan(&p.client) })
}

// nobodyThere says why a client has no site.
func nobodyThere(tx *gate.Tx, client string) error {
	var company string
	if err := tx.Row(sqlCompany).Scan(&company); err != nil {
		return err
	}
	if client == company {
		return fault.Cannot("The company vault belongs to no client, so there is nobody to share what lies in it with.")
	}
	return fault.Cannot("This client has no site, so there is nobody to share with. Switch its site login on first.")
}

// sharing is the work of one act: what it needs to know once.
type sharing struct {
	partner
	Sharing
	keys  org.PartnerKeys
	epoch *org.Epoch
	seq   int64
	here  string // the client in which they lie
}

// Share shares a credential, or changes how it is shared.
func (s *Store) Share(ctx context.Context, who gate.Actor, credential string, how Sharing) error {
	_, err := s.ShareAll(ctx, who, []Chosen{{ID: credential}}, how)
	return err
}

// ShareAll shares credentials of one client, all or none.
func (s *Store) ShareAll(ctx context.Context, who gate.Actor, chosen []Chosen, how Sharing) ([]Changed, error) {
	how.Users = slices.Compact(slices.Sorted(slices.Values(how.Users)))
	switch {
	case how.Everyone && len(how.Users) > 0:
		return nil, fault.Bad("users", "Share with everyone at the other organization, or with some of them, not both.")
	case !how.Everyone && len(how.Users) == 0:
		return nil, fault.Bad("users", "Choose with whom it is shared: with everyone at the other organization, or with somebody there.")
	}
	var work *sharing
	return s.several(ctx, who, OpShare, chosen, func(tx *gate.Tx, c *stored, i int) (Changed, error) {
		if i == 0 {
			work = &sharing{Sharing: how, here: c.ClientID}
			if err := s.begin(tx, work, c.ClientID); err != nil {
				return Changed{}, err
			}
			if err := work.deliver(tx, idsOf(chosen)); err != nil {
				return Changed{}, err
			}
		}
		if err := work.mayShare(tx, c); err != nil {
			return Changed{}, err
		}
		if err := work.put(tx, c); err != nil {
			return Changed{}, err
		}
		tx.Event().Name, tx.Event().Fields = work.name, work.words()
		if i == len(chosen)-1 { // at the end: whoever compiles its access now must see all of this
			if err := tx.Beside(work.org, (*gate.Tx).BumpAccess); err != nil {
				return Changed{}, err
			}
		}
		return Changed{ID: c.ID, Version: c.Version, From: c.where(), NoUndo: true}, nil
	})
}

// words say in the audit log how something is shared.
func (w *sharing) words() []string {
	words := []string{"with everyone"}
	if !w.Everyone {
		words = []string{fmt.Sprintf("with %d chosen users", len(w.Users))} // their names are the other side's to tell
	}
	if w.Writes {
		words = append(words, "read and write")
	} else {
		words = append(words, "read-only")
	}
	if w.History {
		words = append(words, "with history")
	}
	return words
}

func (s *Store) begin(tx *gate.Tx, w *sharing, client string) (err error) {
	if w.partner, err = partnerOf(tx, client); err != nil {
		return err
	}
	if err := w.known(tx); err != nil {
		return err
	}
	if w.keys, err = s.org.PartnerOf(tx, client, w.org); err != nil {
		return err
	}
	if w.epoch, err = s.org.Present(tx); err != nil {
		return err
	}
	w.seq, err = tx.NextChange()
	return err
}

// known demands that those chosen are users there who could be shown it.
func (w *sharing) known(tx *gate.Tx) error {
	if w.Everyone {
		return nil
	}
	people, err := w.people(tx)
	if err != nil {
		return err
	}
	for _, u := range w.Users {
		if !slices.ContainsFunc(people, func(p gate.Person) bool { return p.ID == u }) {
			return fault.Bad("users", "One of those chosen is no user of %s, or may not see secrets there. Nothing was shared.", w.name)
		}
	}
	return nil
}

// people lists the users of the other side who reach what lies in the client
// there, and may see secrets.
func (p partner) people(tx *gate.Tx) (all []gate.Person, err error) {
	err = tx.Beside(p.org, func(b *gate.Tx) error {
		for _, r := range b.Reachers(gate.Client(p.client)) {
			if r.Secrets {
				all = append(all, r.Person)
			}
		}
		return nil
	})
	return all, err
}

// Partner is the other organization of a client's credentials, and who there
// can be chosen.
type Partner struct {
	Org, Name string
	People    []gate.Person
	Problem   string // why nothing is shared with it, as far as the session can tell
}

// Partner says with whom credentials of a client can be shared.
func (s *Store) Partner(ctx context.Context, who gate.Actor, client string) (Partner, error) {
	return gate.Do(ctx, s.gate, who, OpPartners, gate.Client(client), func(tx *gate.Tx) (Partner, error) {
		p, err := partnerOf(tx, client)
		if err != nil {
			return Partner{}, err
		}
		people, err := p.people(tx)
		if err != nil {
			return Partner{}, err
		}
		problem, err := s.unfit(tx, client, p.org)
		return Partner{Org: p.org, Name: p.name, People: people, Problem: problem}, err
	})
}

// unfit says why the keys of the other organization can't be used.
func (s *Store) unfit(tx *gate.Tx, client, partner string) (string, error) {
	if !tx.Who().Open() {
		return "", nil
	}
	_, err := s.org.PartnerOf(tx, client, partner)
	if f, told := fault.As(err); told && f.Kind == fault.Unacceptable {
		return f.Text, nil
	}
	if fault.Is(err, fault.Sealed) {
		err = nil
	}
	return "", err
}

func (w *sharing) mayShare(tx *gate.Tx, c *stored) error {
	at := gate.At(c.lies())
	switch {
	case !tx.May(OpReveal, at) || w.Writes && !tx.May(OpEdit, at):
		return fault.NotFound()
	case c.Archived:
		return fault.Cannot("An archived credential can't be shared. Restore it first. Nothing was shared.")
	}
	if c.ClientID != w.here {
		return fault.Cannot("These credentials lie in several clients. Share those of one client at a time. Nothing was shared.")
	}
	return nil
}

// put stores one share and the key that goes with it. Where earlier versions
// lie under the present key, the present version gets a new one first: what was
// before the share stays this side's own.
func (w *sharing) put(tx *gate.Tx, c *stored) error {
	since := c.Version
	err := tx.Row(sqlShareOf, c.ID, w.org).Scan(&since)
	fresh := isAbsent(err)
	if err != nil && !fresh {
		return err
	}
	if fresh {
		former := 0
		if err := tx.Row(sqlFormerKey, c.ID, c.keyID).Scan(&former); err != nil {
			return err
		}
		if former > 0 || c.stale || c.epoch != tx.KeyEpoch() {
			if err := rekey(tx, c, w.seq); err != nil {
				return err
			}
		}
	}
	terms := gate.TermsOfShare(tx.Who().Org(), w.Everyone, w.Writes, w.History, since, w.Users)
	proof, epoch, err := prove(tx, c, w.org, terms)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(sqlPutShare, c.ID, w.org, w.Everyone, w.Writes, w.History, since, tx.Millis(), tx.Who().User(), proof, epoch); err != nil {
		return err
	}
	if _, err := tx.Exec(sqlDropUsers, c.ID, w.org); err != nil {
		return err
	}
	for _, u := range w.Users {
		if _, err := tx.Exec(sqlPutUser, c.ID, w.org, u); err != nil {
			return err
		}
	}
	return w.hand(tx, c, terms)
}

// hand seals the item key to the other organization. While its present keys are
// known to somebody who was removed there, that waits for its next ones.
func (w *sharing) hand(tx *gate.Tx, c *stored, terms []byte) error {
	if w.keys.Due {
		return nil
	}
	h := org.Handover{From: tx.Who().Org(), To: w.org, Epoch: w.keys.Epoch, Credential: c.ID, KeyID: c.keyID, Terms: gate.TermsText(terms)}
	sealed, signature, err := h.Seal(w.keys, w.epoch.Sign, c.key)
	if err != nil {
		return err
	}
	tx.Event().Sealed = seal.Hash(sealed, signature)
	_, err = tx.Exec(sqlPutKey, w.org, c.ID, c.keyID, h.Epoch, sealed, signature, tx.Millis())
	return err
}

// rekey gives a credential of one's own a new item key; both envelopes are
// sealed anew, and its version stays.
func rekey(tx *gate.Tx, c *stored, seq int64) error {
	whole, err := load(tx, c.ID) // with its secret
	if err != nil {
		return err
	}
	o := tx.Who().Org()
	secret, err := whole.openSecret(o)
	if err != nil {
		return err
	}
	it, err := newItem(tx, c.ID, c.ClientID)
	if err != nil {
		return err
	}
	if err := it.sealOverview(o, whole.overviewVersion, whole.Overview); err != nil {
		return err
	}
	if err := it.sealSecret(o, whole.secretVersion, secret); err != nil {
		return err
	}
	if err := orStale(tx.One(sqlRekey, c.ID, it.keyID, it.epoch, it.keyBox, it.overview, it.secret, seq, whole.keyID)); err != nil {
		return err
	}
	c.item = *it
	return nil
}

// deliver puts the rows of the other side in place, for keys to be handed to;
// whether each may be shared is decided after, and all is undone if one may not.
func (w *sharing) deliver(tx *gate.Tx, ids []string) error {
	from := tx.Who().Org()
	return tx.Beside(w.org, func(b *gate.Tx) error {
		seq, err := b.NextChange()
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := b.Exec(sqlReceive, id, from, w.client, seq, []byte{}); err != nil {
				return err
			}
			b.Note(gate.Event{Kind: string(gate.KindCredential), ID: id, Client: w.client, Fields: w.words()}, "")
		}
		_, err = b.Exec(sqlSharesDue, b.Millis())
		return err
	})
}
