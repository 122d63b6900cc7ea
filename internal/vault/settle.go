package vault

import (
	"context"
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// OpSettle is done by any open session before anything else, while keys of
// shared credentials wait: those that came from the other organization are
// taken over, and those that somebody may have who has no right to them any
// more are replaced.
var OpSettle = gate.Define(gate.Op{Name: "share.settle", Sentence: "Take over keys of received credentials, and replace those of shared ones, when they wait", Scope: gate.Self, Enrol: true, Write: true, Keys: true, Settles: true})

// settledAtOnce is how many keys one transaction takes: others wait for it.
const settledAtOnce = 250

var (
	sqlArrived = gate.SQLShared("a key is handed to the other organization", `SELECT k.credential_id, k.key_id, k.from_org, k.to_epoch, k.sealed, k.signature, c.client_id, c.key_id = '' FROM share_keys k JOIN credentials c ON c.org_id = k.to_org AND c.id = k.credential_id AND c.from_org = k.from_org
		WHERE k.to_org = $1 ORDER BY k.credential_id, k.key_id LIMIT 250`)
	sqlKeepKey = gate.SQL(`INSERT INTO received_keys (org_id, credential_id, key_id, epoch, key_box) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (org_id, credential_id, key_id) DO UPDATE SET epoch = $4, key_box = $5`)
	sqlTakeKey    = gate.SQL(`UPDATE credentials SET key_id = $3, key_epoch = $4, key_box = $5, change_seq = $6 WHERE org_id = $1 AND id = $2`)
	sqlDropKey    = gate.SQLShared("a key is handed to the other organization", `DELETE FROM share_keys WHERE to_org = $1 AND credential_id = $2 AND key_id = $3`)
	sqlProblem    = gate.SQLShared("a key is handed to the other organization", `UPDATE shares SET problem = $3 WHERE to_org = $1 AND credential_id = $2`)
	sqlItsProblem = gate.SQL(`UPDATE shares SET problem = $3 WHERE org_id = $1 AND credential_id = $2`)
	sqlMyProblem  = gate.SQL(`UPDATE shares SET problem = $3 WHERE org_id = $1 AND to_org = $2`)
	// One's own that need a new key: shared ones, and those that were.
	sqlOld = gate.SQLShared("a key is handed to the other organization", `SELECT o.id FROM credentials o WHERE o.org_id = $1 AND o.from_org = '' AND o.key_stale AND o.id > $2
		AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.org_id = o.org_id AND s.credential_id = o.id AND EXISTS (SELECT 1 `+renewing+`)) ORDER BY o.id LIMIT 250`)
	sqlDue      = gate.SQLShared("a key is handed to the other organization", `SELECT DISTINCT s.credential_id, s.to_org `+lacking+` ORDER BY s.credential_id LIMIT 250`)
	sqlRightsOf = gate.SQL(`SELECT everyone, writes, history, since FROM shares WHERE org_id = $1 AND credential_id = $2 AND to_org = $3`)
	sqlUsersOf  = gate.SQL(`SELECT user_id FROM share_users WHERE org_id = $1 AND credential_id = $2 AND to_org = $3 ORDER BY user_id`)
	sqlSettled  = gate.SQL(`UPDATE organizations SET shares_due_at = 0 WHERE id = $1`)

	sqlShared   = gate.SQL(`SELECT COUNT(*) FROM shares WHERE org_id = $1`)
	sqlMakers   = gate.SQL(`SELECT DISTINCT from_org FROM credentials WHERE org_id = $1 AND from_org <> ''`)
	sqlAllStale = gate.SQL(`UPDATE credentials SET key_stale = TRUE WHERE org_id = $1 AND id IN (SELECT s.credential_id FROM shares s WHERE s.org_id = $1 AND s.to_org = $2)`)
)

// settleShares does all that waits, some at a time.
func (s *Store) settleShares(ctx context.Context, who gate.Actor) error {
	for at := (settled{more: true}); at.more; {
		var err error
		from := at
		at, err = gate.Do(ctx, s.gate, who, OpSettle, gate.Nothing(), func(tx *gate.Tx) (settled, error) { return s.settleSome(tx, from) })
		if err != nil {
			return org.HeldUp(err)
		}
	}
	return nil
}

// settled is how far it went.
type settled struct {
	more    bool
	after   string // the last one of one's own that was seen to
	mending string // the last one that had a problem
}

func (s *Store) settleSome(tx *gate.Tx, from settled) (settled, error) {
	seq, err := tx.NextChange()
	if err != nil {
		return settled{}, err
	}
	keys := partners{store: s, of: map[string]partnerKeys{}, after: from.after, mending: from.mending}
	for _, step := range []func(*gate.Tx, *partners, int64) (int, error){adopt, renewKeys, mend, handOver} {
		n, err := step(tx, &keys, seq)
		if err != nil {
			return settled{}, err
		}
		if n == settledAtOnce {
			return settled{true, keys.after, keys.mending}, nil
		}
	}
	_, err = tx.Exec(sqlSettled)
	return settled{}, err
}

// partners are the keys of other organizations, looked up once.
type partners struct {
	store *Store
	of    map[string]partnerKeys
	own   *org.Epoch
	pairs map[int64]seal.Identity
	after string // of one's own, the last one that has a new key

	mending string // the last one that had a problem
}

type partnerKeys struct {
	org.PartnerKeys
	problem string // why there are none
}

func (p *partners) keys(tx *gate.Tx, id string) (partnerKeys, error) {
	k, known := p.of[id]
	if known {
		return k, nil
	}
	var err error
	if k.PartnerKeys, err = p.store.org.Partner(tx, id); err != nil {
		f, told := fault.As(err)
		if !told {
			return k, err
		}
		k.problem = f.Text
	}
	p.of[id] = k
	return k, nil
}

func (p *partners) epoch(tx *gate.Tx) (*org.Epoch, error) {
	if p.own == nil {
		var err error
		if p.own, err = p.store.org.Present(tx); err != nil {
			return nil, err
		}
	}
	return p.own, nil
}

func (p *partners) pair(tx *gate.Tx, epoch int64) (seal.Identity, error) {
	pair, known := p.pairs[epoch]
	if known {
		return pair, nil
	}
	pair, err := p.store.org.KeyPair(tx, epoch)
	if p.pairs == nil {
		p.pairs = map[int64]seal.Identity{}
	}
	p.pairs[epoch] = pair
	return pair, err
}

// arrival is a key that came from another organization.
type arrival struct {
	org.Handover
	client            string
	sealed, signature []byte
	first             bool // none is here yet
}

// adopt takes keys over: they lie under the client's key from then on, so that
// API tokens have them, too. What nobody there signed opens nothing.
func adopt(tx *gate.Tx, keys *partners, seq int64) (int, error) {
	var all []arrival
	err := tx.Each(sqlArrived, func(r *gate.Rows) error {
		a := arrival{}
		a.To = tx.Who().Org()
		err := r.Scan(&a.Credential, &a.KeyID, &a.From, &a.Epoch, &a.sealed, &a.signature, &a.client, &a.first)
		all = append(all, a)
		return err
	})
	if err != nil || len(all) == 0 {
		return 0, err
	}
	for _, a := range all {
		if err := keys.adopt(tx, a, seq); err != nil {
			return 0, err
		}
		if _, err := tx.Exec(sqlDropKey, a.Credential, a.KeyID); err != nil {
			return 0, err
		}
	}
	return len(all), tx.BumpAccess()
}

func (p *partners) adopt(tx *gate.Tx, a arrival, seq int64) error {
	from, err := p.keys(tx, a.From)
	if err != nil {
		return err
	}
	if from.problem != "" {
		_, err := tx.Exec(sqlProblem, a.Credential, from.problem)
		return err
	}
	rights, ok := tx.Rights(a.Credential)
	if !ok || rights.From != a.From {
		return nil
	}
	a.Terms = rights.Terms
	key, err := p.open(tx, a, from.PartnerKeys)
	if err != nil && !damaged(err) && !errors.Is(err, org.ErrForged) {
		return err
	}
	if err != nil { // changed from outside; the organization that shares it sees it too
		tx.Note(gate.Event{Operation: "share.forged", Outcome: "failed", Kind: string(gate.KindCredential), ID: a.Credential, Client: a.client}, "")
		_, err := tx.Exec(sqlProblem, a.Credential, "What was shared is not what "+from.Name+" signed: the database was changed from outside.")
		return err
	}
	outer, epoch, err := writing(tx, a.client)
	if err != nil {
		return err
	}
	box := func(terms string) []byte {
		return outer.Wrap(seal.PurposeReceivedKey, placeOfReceivedKey(a.To, a.Credential, a.KeyID, terms, epoch), key)
	}
	if _, err := tx.Exec(sqlKeepKey, a.Credential, a.KeyID, epoch, box("")); err != nil {
		return err
	}
	if err := tx.One(sqlTakeKey, a.Credential, a.KeyID, epoch, box(rights.Terms), seq); err != nil || !a.first {
		return err
	}
	return a.titled(tx)
}

// titled logs that something has come, with its title: what the other side does
// to it is logged without one, and it is named by this when sharing has ended.
func (a arrival) titled(tx *gate.Tx) error {
	c, err := whole(tx, a.Credential)
	if err == nil && c.waits() {
		return nil
	}
	if err == nil {
		err = c.openUp(tx)
	}
	if err != nil {
		return passOver(err)
	}
	tx.Note(gate.Event{Operation: "share.taken", Kind: string(gate.KindCredential), ID: a.Credential, Client: a.client}, c.Title)
	return nil
}

func (p *partners) open(tx *gate.Tx, a arrival, from org.PartnerKeys) (seal.Key, error) {
	if a.Epoch < 1 || a.Epoch > tx.KeyEpoch() {
		return seal.Key{}, seal.ErrOpen
	}
	pair, err := p.pair(tx, a.Epoch)
	if err != nil {
		return seal.Key{}, err
	}
	return a.Open(from, pair, a.sealed, a.signature)
}

// renewKeys replaces keys of this organization's own that somebody may have who
// has no right to them any more.
func renewKeys(tx *gate.Tx, keys *partners, seq int64) (int, error) {
	ids, err := idsIn(tx, sqlOld, keys.after)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	keys.after = ids[len(ids)-1]
	return len(ids), eachOf(tx, ids, func(c *stored) error {
		if err := c.openUp(tx); err != nil {
			return passOver(err)
		}
		return passOver(rekey(tx, c, seq))
	})
}

// passOver leaves out what is damaged: one row must not keep everybody from
// working.
func passOver(err error) error {
	if damaged(err) {
		return nil
	}
	return err
}

// handOver gives the other side the keys that it lacks; where a shared one is
// of an earlier epoch, it is a new one.
func handOver(tx *gate.Tx, keys *partners, seq int64) (int, error) {
	to := map[string]string{}
	var ids []string
	err := tx.Each(sqlDue, func(r *gate.Rows) error {
		var id, org string
		err := r.Scan(&id, &org)
		to[id], ids = org, append(ids, id)
		return err
	}, tx.KeyEpoch())
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	due := map[string]bool{}
	err = eachOf(tx, ids, func(c *stored) error {
		other, err := keys.keys(tx, to[c.ID])
		if err != nil {
			return err
		}
		if other.problem != "" {
			tx.Note(gate.Event{Operation: "share.blocked", Outcome: "failed", Kind: string(gate.KindCredential), ID: c.ID, Client: c.ClientID}, "")
			_, err := tx.Exec(sqlMyProblem, to[c.ID], other.problem)
			return err
		}
		terms, err := termsOf(tx, c.ID, to[c.ID])
		if err != nil {
			return err
		}
		if mine, err := proved(tx, c, to[c.ID], terms); err != nil || !mine {
			return orForged(tx, c, err)
		}
		err = c.openUp(tx)
		if err == nil && (c.epoch != tx.KeyEpoch() || c.stale) {
			err = rekey(tx, c, seq)
		}
		if damaged(err) {
			_, err := tx.Exec(sqlItsProblem, c.ID, "It is damaged in the database, so its key can't be handed over.")
			return err
		}
		if err != nil {
			return err
		}
		w := sharing{partner: partner{org: to[c.ID]}, keys: other.PartnerKeys}
		if w.epoch, err = keys.epoch(tx); err != nil {
			return err
		}
		due[w.org] = true
		return w.hand(tx, c, terms)
	})
	for org := range due {
		if err == nil {
			err = tx.Beside(org, func(b *gate.Tx) error {
				_, err := b.Exec(sqlSharesDue, b.Millis())
				return err
			})
		}
	}
	return len(ids), err
}

// orForged leaves out a share that nobody here has made.
func orForged(tx *gate.Tx, c *stored, err error) error {
	if err != nil {
		return err
	}
	tx.Note(gate.Event{Operation: "share.forged", Outcome: "failed", Kind: string(gate.KindCredential), ID: c.ID, Client: c.ClientID}, "")
	_, err = tx.Exec(sqlItsProblem, c.ID, notChosen)
	return err
}

// termsOf is the hash of the rights of one's own share.
func termsOf(tx *gate.Tx, credential, to string) ([]byte, error) {
	var h Sharing
	var since int64
	if err := tx.Row(sqlRightsOf, credential, to).Scan(&h.Everyone, &h.Writes, &h.History, &since); err != nil {
		return nil, err
	}
	users, err := idsIn(tx, sqlUsersOf, credential, to)
	return gate.TermsOfShare(tx.Who().Org(), h.Everyone, h.Writes, h.History, since, users), err
}

func idsIn(tx *gate.Tx, stmt gate.Stmt, args ...any) (ids []string, err error) {
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, args...)
	return ids, err
}

// renewed is done with each new epoch: whoever was removed may know the keys of
// what is shared, on both sides.
func renewed(tx *gate.Tx) error {
	n := 0
	if err := tx.Row(sqlShared).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		if _, err := tx.Exec(sqlSharesDue, tx.Millis()); err != nil {
			return err
		}
	}
	return madeStale(tx)
}

// madeStale marks the keys of what others share with this organization, when
// somebody who may know them was removed: nothing more is written under them.
func madeStale(tx *gate.Tx) error {
	makers, err := idsIn(tx, sqlMakers)
	if err != nil {
		return err
	}
	me := tx.Who().Org()
	for _, org := range makers {
		err := tx.Beside(org, func(b *gate.Tx) error {
			if _, err := b.Exec(sqlAllStale, me); err != nil {
				return err
			}
			_, err := b.Exec(sqlSharesDue, b.Millis())
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
