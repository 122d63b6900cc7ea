package org

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// The steps of a new epoch that re-wrap what lies in rows. Nobody's password
// or device secret is needed: only the outer layers change.

var (
	sqlMembers = gate.SQL(`SELECT id, outer_epoch, password_record, password_version, recovery_box, recovery_version, home_box FROM users
		WHERE org_id = $1 AND (enabled OR lingering) AND password_record IS NOT NULL`)
	sqlMoveUser = gate.SQL(`UPDATE users SET outer_epoch = $3, password_record = $4, recovery_box = $5, home_epoch = $3, home_box = $6 WHERE org_id = $1 AND id = $2`)
)

type memberRow struct {
	id                     string
	epoch                  int64
	record, recovery, home []byte
	recordAt, recoveryAt   int64 // versions
}

func moveUsers(tx *gate.Tx, old, e *Epoch) error {
	var rows []memberRow
	err := tx.Each(sqlMembers, func(r *gate.Rows) error {
		var m memberRow
		err := r.Scan(&m.id, &m.epoch, &m.record, &m.recordAt, &m.recovery, &m.recoveryAt, &m.home)
		rows = append(rows, m)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range rows {
		if m.epoch != old.N {
			continue // enabled again after an epoch was missed: comes in by invitation
		}
		if err := moveUser(tx, m, old, e); err != nil {
			return err
		}
	}
	return nil
}

func moveUser(tx *gate.Tx, m memberRow, old, e *Epoch) error {
	record, err := seal.Rekey(m.record, old.Outer, PlaceOfPassword(e.Org, m.id, old.N, m.recordAt), e.Outer, PlaceOfPassword(e.Org, m.id, e.N, m.recordAt))
	if err != nil {
		return forged(err, "password record of "+m.id)
	}
	recovery, home := m.recovery, m.home
	if (len(recovery) == 0) != (len(home) == 0) { // guests have neither, members both
		return forged(seal.ErrOpen, "a way in of "+m.id)
	}
	if len(recovery) > 0 {
		if recovery, err = seal.RekeyOuter(recovery, seal.PurposeRecovery, old.Outer, placeOfRecovery(e.Org, m.id, old.N, m.recoveryAt),
			e.Outer, placeOfRecovery(e.Org, m.id, e.N, m.recoveryAt)); err != nil {
			return forged(err, "recovery way in of "+m.id)
		}
	}
	if len(home) > 0 {
		if home, err = seal.Rehome(home, old.Vault, placeOfHome(e.Org, m.id, old.N), e.Vault, placeOfHome(e.Org, m.id, e.N)); err != nil {
			return forged(err, "home way in of "+m.id)
		}
	}
	return tx.One(sqlMoveUser, m.id, e.N, record, recovery, home)
}

var (
	sqlDevices    = gate.SQL(`SELECT id, way_in_box FROM devices WHERE org_id = $1 AND outer_epoch = $2`)
	sqlMoveDevice = gate.SQL(`UPDATE devices SET outer_epoch = $3, way_in_box = $4 WHERE org_id = $1 AND id = $2`)
)

func moveDevices(tx *gate.Tx, old, e *Epoch) error {
	boxes := map[string][]byte{}
	err := tx.Each(sqlDevices, func(r *gate.Rows) error {
		var id string
		var box []byte
		err := r.Scan(&id, &box)
		boxes[id] = box
		return err
	}, old.N)
	if err != nil {
		return err
	}
	for id, box := range boxes {
		moved, err := seal.RekeyOuter(box, seal.PurposeDevice, old.Outer, PlaceOfDevice(e.Org, id, old.N), e.Outer, PlaceOfDevice(e.Org, id, e.N))
		if err != nil {
			return forged(err, "device "+id)
		}
		if err := tx.One(sqlMoveDevice, id, e.N, moved); err != nil {
			return err
		}
	}
	return nil
}

var (
	sqlFactors    = gate.SQL(`SELECT id, user_id, kind, version, factor_box, p_box FROM factors WHERE org_id = $1 AND outer_epoch = $2`)
	sqlMoveFactor = gate.SQL(`UPDATE factors SET outer_epoch = $3, factor_box = $4, p_box = $5 WHERE org_id = $1 AND id = $2`)
)

type factorRow struct {
	id, user, kind string
	version        int64
	box, p         []byte
}

func moveFactors(tx *gate.Tx, old, e *Epoch) error {
	var rows []factorRow
	err := tx.Each(sqlFactors, func(r *gate.Rows) error {
		var f factorRow
		err := r.Scan(&f.id, &f.user, &f.kind, &f.version, &f.box, &f.p)
		rows = append(rows, f)
		return err
	}, old.N)
	if err != nil {
		return err
	}
	for _, f := range rows {
		box, err := seal.RekeyOuter(f.box, PurposeOfFactor(f.kind), old.Outer, PlaceOfFactor(e.Org, f.id, f.user, f.kind, old.N, f.version),
			e.Outer, PlaceOfFactor(e.Org, f.id, f.user, f.kind, e.N, f.version))
		if err == nil && f.p != nil {
			f.p, err = seal.RekeyOuter(f.p, seal.PurposePasskeyP, old.Outer, PlaceOfPasskey(e.Org, f.id, f.user, old.N), e.Outer, PlaceOfPasskey(e.Org, f.id, f.user, e.N))
		}
		if err != nil {
			return forged(err, "second factor "+f.id)
		}
		if err := tx.One(sqlMoveFactor, f.id, e.N, box, f.p); err != nil {
			return err
		}
	}
	return nil
}

var (
	sqlClientIDs    = gate.SQL(`SELECT id FROM clients WHERE org_id = $1`)
	sqlAddClientKey = gate.SQL(`INSERT INTO client_keys (org_id, client_id, epoch, key_box) VALUES ($1, $2, $3, $4)`)
)

func renewClients(tx *gate.Tx, _, e *Epoch) error {
	var ids []string
	err := tx.Each(sqlClientIDs, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := newClientKey(tx, e, id, seal.NewKey()); err != nil {
			return err
		}
	}
	return nil
}

func newClientKey(tx *gate.Tx, e *Epoch, client string, key seal.Key) error {
	box := e.Vault.Wrap(seal.PurposeClientKey, gate.PlaceOfClientKey(e.Org, client, e.N), key)
	_, err := tx.Exec(sqlAddClientKey, client, e.N, box)
	return err
}

var (
	sqlTokenHolders = gate.SQL(`SELECT id, all_clients FROM tokens WHERE org_id = $1`)
	sqlTokenClients = gate.SQL(`SELECT client_id FROM token_clients WHERE org_id = $1 AND token_id = $2`)
	sqlClientBoxes  = gate.SQL(`SELECT client_id, key_box FROM client_keys WHERE org_id = $1 AND epoch = $2`)
	sqlAddScope     = gate.SQL(`INSERT INTO token_scopes (org_id, token_id, epoch, sealed, vault_box) VALUES ($1, $2, $3, $4, $5)`)
	sqlAddTokenKey  = gate.SQL(`INSERT INTO token_client_keys (org_id, token_id, client_id, epoch, scope_epoch, key_box) VALUES ($1, $2, $3, $4, $5, $6)`)
)

func renewTokens(tx *gate.Tx, _, e *Epoch) error {
	all := map[string]bool{}
	err := tx.Each(sqlTokenHolders, func(r *gate.Rows) error {
		var id string
		var every bool
		err := r.Scan(&id, &every)
		all[id] = every
		return err
	})
	if err != nil {
		return err
	}
	for id, every := range all {
		h, in := e.Roster.Find(seal.HolderToken, id)
		if !in {
			continue
		}
		if err := e.Scope(tx, id, h.Public, every, e.N); err != nil {
			return err
		}
	}
	return nil
}

// Scope makes a token's scope key of this epoch, sealed to the token and
// signed, because anybody can seal to a public key; and puts the client keys
// from epoch first on under it. The token must be in the roster.
func (e *Epoch) Scope(tx *gate.Tx, token string, public []byte, all bool, first int64) error {
	terms, err := gate.TermsOf(tx, token)
	if err != nil {
		return err
	}
	scope := seal.NewKey()
	at := gate.PlaceOfScope(e.Org, token, terms, e.N)
	sealed, err := seal.SealTo(public, seal.PurposeTokenScope, at, scope)
	if err != nil {
		return err
	}
	signature := e.Sign.Sign(gate.ScopeContext, gate.ScopeText(at, sealed))
	if _, err := tx.Exec(sqlAddScope, token, e.N, append(signature, sealed...), e.Vault.Wrap(seal.PurposeTokenScope, at, scope)); err != nil {
		return err
	}
	within := map[string]bool{}
	err = tx.Each(sqlTokenClients, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		within[id] = true
		return err
	}, token)
	if err != nil {
		return err
	}
	for n := first; n <= e.N; n++ {
		if err := e.scopeEpoch(tx, token, scope, n, all, within); err != nil {
			return err
		}
	}
	return nil
}

func (e *Epoch) scopeEpoch(tx *gate.Tx, token string, scope seal.Key, n int64, all bool, within map[string]bool) error {
	boxes := map[string][]byte{}
	err := tx.Each(sqlClientBoxes, func(r *gate.Rows) error {
		var id string
		var box []byte
		err := r.Scan(&id, &box)
		if all || within[id] {
			boxes[id] = box
		}
		return err
	}, n)
	if err != nil {
		return err
	}
	vault := e.Vault
	if n != e.N {
		if vault, err = tx.VaultKey(n); err != nil {
			return err
		}
	}
	for id, box := range boxes {
		key, err := vault.Unwrap(seal.PurposeClientKey, gate.PlaceOfClientKey(e.Org, id, n), box)
		if err != nil {
			return forged(err, "client key of "+id)
		}
		if err := e.giveToken(tx, token, scope, id, n, key); err != nil {
			return err
		}
	}
	return nil
}

func (e *Epoch) giveToken(tx *gate.Tx, token string, scope seal.Key, client string, n int64, key seal.Key) error {
	box := scope.Wrap(seal.PurposeTokenScope, gate.PlaceOfTokenClient(e.Org, token, client, n), key)
	_, err := tx.Exec(sqlAddTokenKey, token, client, n, e.N, box)
	return err
}

var sqlOpenScopes = gate.SQL(`SELECT s.token_id, s.vault_box FROM token_scopes s JOIN tokens t ON t.org_id = s.org_id AND t.id = s.token_id
	WHERE s.org_id = $1 AND s.epoch = $2 AND t.all_clients`)

// AddClientKey makes the key of a new client, and gives it to the tokens that
// reach whatever their owners reach.
func (s *Store) AddClientKey(tx *gate.Tx, client string) error {
	return s.KeepClientKey(tx, client, seal.NewKey())
}

// KeepClientKey is AddClientKey for a key that was made before, because much
// was sealed under it outside of the transaction. The caller has made sure
// that the epoch is still the same.
func (s *Store) KeepClientKey(tx *gate.Tx, client string, key seal.Key) error {
	e, err := s.Present(tx)
	if err != nil {
		return err
	}
	if err := newClientKey(tx, e, client, key); err != nil {
		return err
	}
	boxes := map[string][]byte{}
	err = tx.Each(sqlOpenScopes, func(r *gate.Rows) error {
		var token string
		var box []byte
		err := r.Scan(&token, &box)
		boxes[token] = box
		return err
	}, e.N)
	if err != nil {
		return err
	}
	for token, box := range boxes {
		scope, err := e.scopeKey(tx, token, box)
		if err != nil {
			return err
		}
		if err := e.giveToken(tx, token, scope, client, e.N, key); err != nil {
			return err
		}
	}
	return nil
}
