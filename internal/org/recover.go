package org

import (
	"context"
	"errors"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Recovery is what `bailiwick recover` was given.
type Recovery struct {
	Code     seal.Code   // the Recovery key
	Email    string      // of the administrator who is to be let in again; "": nobody
	Password seal.Secret // his new one
}

// Recovered is what was done. Where nobody was to be let in, only the outer
// keys were put under the instance key, in a new epoch.
type Recovered struct {
	Org, Name   string
	Epoch       int64
	Outer       int // outer keys that were put under another instance key
	User, Email string
	Code        seal.RecoveryCode // of that user
	Lost        int               // credentials of his personal vault, which nothing opens any more
	Early       int               // passwords of who accepted before a site's activation, which nothing opens either
	Bearers     int               // sessions, devices and API tokens of his that ended
}

// OpRecover is for anyone: nobody can sign in when it is needed. What it takes
// instead is the Recovery key, which must open that key's own grant inside the
// transaction, and with it every key of the organization. It is called by the
// server's own command line alone, on a database that no server has open.
var OpRecover = gate.Define(gate.Op{Name: "organization.recover", Sentence: "Recover the organization with the Recovery key from paper (at the server's own command line)", Scope: gate.Anyone,
	Write: true, Audit: true})

// ErrNotRecovery is a code that is not the Recovery key of any organization.
var ErrNotRecovery = errors.New("this is not the Recovery key of this database: check it against the printout; the Organization Key is another one. Nothing was changed")

// CheckRecovery finds out what Recover would do, and changes nothing.
func (s *Store) CheckRecovery(ctx context.Context, in Recovery) (Recovered, error) {
	r, err := s.recovering(ctx, in, true)
	if errors.Is(err, errOnlyLooking) {
		err = nil
	}
	return r, err
}

// Recover opens the organization with its Recovery key, puts its outer keys
// under the present instance key, makes a new epoch, and lets an administrator
// in again with a new password and new keys. All of it is one transaction.
func (s *Store) Recover(ctx context.Context, in Recovery) (Recovered, error) {
	if in.Email != "" {
		if text := CheckPassword(in.Password, in.Email); text != "" {
			return Recovered{}, fault.Bad("password", "%s", text)
		}
	}
	return s.recovering(ctx, in, false)
}

var errOnlyLooking = errors.New("nothing is to be changed")

func (s *Store) recovering(ctx context.Context, in Recovery, look bool) (Recovered, error) {
	if !in.Code.Valid() {
		return Recovered{}, ErrNotRecovery
	}
	orgs, err := s.everyID(ctx)
	if err != nil {
		return Recovered{}, err
	}
	for _, org := range orgs {
		var r Recovered
		_, err := gate.Do(ctx, s.gate, gate.Stranger(org, "", nil), OpRecover, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			return true, s.recover(tx, in, look, &r)
		})
		if !errors.Is(err, ErrNotRecovery) {
			return r, err
		}
	}
	return Recovered{}, ErrNotRecovery
}

var sqlRecover = gate.SQL(`SELECT name, key_epoch, sign_public FROM organizations WHERE id = $1`)

func (s *Store) recover(tx *gate.Tx, in Recovery, look bool, r *Recovered) error {
	r.Org = tx.Who().Org()
	var signer []byte
	if err := tx.Row(sqlRecover).Scan(&r.Name, &r.Epoch, &signer); err != nil {
		return err
	}
	if r.Epoch == waiting {
		return ErrNotRecovery
	}
	vault, err := vaultByRecovery(tx, in.Code, r.Epoch)
	if err != nil {
		return err
	}
	// From here on the actor holds the vault key, as an open session would; it
	// has no seed, and so no pin: the whole chain is checked instead.
	tx.Who().Ring().Advance(r.Epoch, vault)
	if err := s.chain(tx, in.Code, signer, r); err != nil {
		return err
	}
	if r.Outer > 0 {
		if err := s.early(tx, r); err != nil {
			return err
		}
	}
	if in.Email != "" {
		if err := shutOut(tx, in.Email, r); err != nil {
			return err
		}
	}
	if look {
		return errOnlyLooking
	}
	old, err := s.present(tx, r.Epoch)
	if err != nil {
		return err
	}
	e, err := s.after(tx, old, "recovered with the Recovery key", change{})
	if err != nil {
		return err
	}
	r.Epoch = e.N
	ev := tx.Event()
	ev.Kind, ev.ID, ev.Name = "organization", r.Org, r.Name
	if r.Outer > 0 {
		ev.Fields = append(ev.Fields, "instance key")
	}
	if r.User != "" {
		ev.Fields = append(ev.Fields, "administrator")
		if err := s.letIn(tx, e, in.Password, r); err != nil {
			return err
		}
	}
	return tx.BumpAccess()
}

// vaultByRecovery opens the Recovery key's own grant, which has no outer layer.
func vaultByRecovery(tx *gate.Tx, code seal.Code, epoch int64) (seal.Key, error) {
	org := tx.Who().Org()
	var sealed []byte
	err := tx.Row(sqlGrant, epoch, seal.HolderRecoveryKey, org).Scan(&sealed)
	if errors.Is(err, gate.ErrNoRows) {
		return seal.Key{}, forged(err, "the Recovery key's grant")
	}
	if err != nil {
		return seal.Key{}, err
	}
	vault, err := code.Key().Identity("recovery key").OpenKey(seal.PurposeGrant, placeOfGrant(org, seal.HolderRecoveryKey, org, epoch), sealed)
	if err != nil {
		return seal.Key{}, ErrNotRecovery
	}
	return vault, nil
}

var (
	sqlLink     = gate.SQL(`SELECT roster, outer_vault_box, outer_instance_box FROM key_epochs WHERE org_id = $1 AND epoch = $2`)
	sqlSetOuter = gate.SQL(`UPDATE key_epochs SET outer_instance_box = $3 WHERE org_id = $1 AND epoch = $2`)
)

// chain goes back to the first epoch and checks each: that its roster is
// signed by the one signing key, of its very vault key, and names the roster
// before; that this Recovery key is in it; that its vault key opens every
// client key of its time. Anybody can seal a key to the Recovery key's public
// one, but not one that opens what was there before. Outer keys that the
// instance key does not open are put under it.
func (s *Store) chain(tx *gate.Tx, code seal.Code, signer []byte, r *Recovered) error {
	public := code.Key().Identity("recovery key").Public()
	var previous []byte // what the roster after says of this one
	for n := r.Epoch; n >= 1; n-- {
		vault, err := tx.VaultKey(n)
		if err != nil {
			return forged(err, "earlier vault key")
		}
		var signed, outerVault, outerInstance []byte
		if err := tx.Row(sqlLink, n).Scan(&signed, &outerVault, &outerInstance); err != nil {
			return forged(err, "key epoch")
		}
		roster, err := openRoster(r.Org, n, signed, signer, vault)
		if err != nil {
			return err
		}
		if h, in := roster.Find(seal.HolderRecoveryKey, r.Org); !in || !seal.Equal(h.Public, public) {
			return forged(seal.ErrOpen, "roster without this Recovery key")
		}
		if n < r.Epoch && !seal.Equal(previous, seal.Hash(signed)) {
			return forged(seal.ErrOpen, "an earlier roster")
		}
		previous = roster.Previous
		if err := opensClients(tx, vault, n); err != nil {
			return err
		}
		outer, err := vault.Unwrap(seal.PurposeOuterVault, placeOfOuter(r.Org, n), outerVault)
		if err != nil {
			return forged(err, "outer key")
		}
		held, err := s.instance.Unwrap(seal.PurposeOuterInstance, placeOfOuter(r.Org, n), outerInstance)
		switch {
		case err == nil && held.Equal(outer):
			continue
		case err == nil:
			return forged(seal.ErrOpen, "outer key")
		}
		r.Outer++
		if err := tx.One(sqlSetOuter, n, s.instance.Wrap(seal.PurposeOuterInstance, placeOfOuter(r.Org, n), outer)); err != nil {
			return err
		}
	}
	return nil
}

func opensClients(tx *gate.Tx, vault seal.Key, epoch int64) error {
	return tx.Each(sqlClientBoxes, func(rows *gate.Rows) error {
		var id string
		var box []byte
		if err := rows.Scan(&id, &box); err != nil {
			return err
		}
		if _, err := vault.Unwrap(seal.PurposeClientKey, gate.PlaceOfClientKey(tx.Who().Org(), id, epoch), box); err != nil {
			return forged(err, "client key of "+id)
		}
		return nil
	}, epoch)
}

var (
	sqlByEmail = gate.SQL(`SELECT id, email, level_id FROM users WHERE org_id = $1 AND email_folded = $2`)
	// Without keys the new epoch leaves him out, and moves nothing of his.
	sqlShutOut = gate.SQL(`UPDATE users SET enabled = TRUE, approved = TRUE, invited = FALSE, failures = 0, locked_until = 0,
		password_record = NULL, factor = '', factor_due = FALSE, recovery_box = NULL, home_box = NULL, reset_box = NULL, hpke_public = NULL, pin = NULL, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlLost   = gate.SQL(`SELECT COUNT(*) FROM credentials WHERE org_id = $1 AND owner_id = $2`)
	sqlEndHis = []gate.Stmt{
		gate.SQL(`DELETE FROM sessions WHERE org_id = $1 AND user_id = $2`),
		gate.SQL(`DELETE FROM devices WHERE org_id = $1 AND user_id = $2`),
		gate.SQL(`DELETE FROM tokens WHERE org_id = $1 AND user_id = $2`),
	}
	sqlDropHis = []gate.Stmt{
		gate.SQL(`DELETE FROM factors WHERE org_id = $1 AND user_id = $2`),
		gate.SQL(`DELETE FROM personal_keys WHERE org_id = $1 AND user_id = $2`),
		gate.SQL(`DELETE FROM credentials WHERE org_id = $1 AND owner_id = $2`),
		gate.SQL(`DELETE FROM folders WHERE org_id = $1 AND owner_id = $2`),
	}
)

// shutOut takes everything from the administrator that his earlier keys open,
// so that the new epoch is made without them. His personal vault lies under
// his earlier seed alone; nothing can open it any more.
func shutOut(tx *gate.Tx, email string, r *Recovered) error {
	var level string
	err := tx.Row(sqlByEmail, Fold(email)).Scan(&r.User, &r.Email, &level)
	if errors.Is(err, gate.ErrNoRows) {
		return fault.Bad("admin", "There is no user with the address %s. Nothing was changed.", strings.TrimSpace(email))
	}
	if err != nil {
		return err
	}
	if level != perm.LevelAdmin && level != perm.LevelSiteAdministrator {
		return fault.Bad("admin", "%s is no administrator. Only an administrator can be let in with the Recovery key. Nothing was changed.", r.Email)
	}
	if err := tx.Row(sqlLost, r.User).Scan(&r.Lost); err != nil {
		return err
	}
	for _, stmt := range sqlEndHis {
		n, err := tx.Exec(stmt, r.User)
		if err != nil {
			return err
		}
		r.Bearers += int(n)
	}
	for _, stmt := range sqlDropHis {
		if _, err := tx.Exec(stmt, r.User); err != nil {
			return err
		}
	}
	return tx.One(sqlShutOut, r.User)
}

// letIn gives the administrator new keys in the new epoch. The Argon2id runs
// inside the transaction: the outer key that it needs is made in there, and no
// server is there to be held up.
func (s *Store) letIn(tx *gate.Tx, e *Epoch, password seal.Secret, r *Recovered) error {
	m, err := s.NewMember(tx.Context(), r.Org, r.User, password, e.Outer, e.N)
	if err != nil {
		return err
	}
	if err := s.Join(tx, e, m); err != nil {
		return err
	}
	r.Code = m.Recovery
	tx.Note(gate.Event{Operation: "organization.recover.user", Kind: "user", ID: r.User, Name: r.Email}, "")
	return nil
}
