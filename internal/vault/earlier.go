package vault

import (
	"slices"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

// A password that was the credential's before is no new one: restored from the
// history or typed again, it is as old as it was, and whoever knew it knows it.

// lookBack is how many versions back a password is looked for; a restored one
// is found however far back it is.
const lookBack = 200

var (
	sqlEarlier = gate.SQL(`SELECT ` + versionColumns + `, key_box, key_epoch FROM credential_versions WHERE org_id = $1 AND credential_id = $2 AND (version > $3 OR password_rev = $4) ORDER BY version`)
	sqlKnew    = gate.SQL(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)
		SELECT org_id, credential_id, user_id, CAST($4 AS BIGINT), first_at, last_at FROM seen WHERE org_id = $1 AND credential_id = $2 AND password_rev = $3
		ON CONFLICT (org_id, credential_id, user_id, password_rev) DO NOTHING`)
	sqlWhoKnows = gate.SQL(`SELECT s.user_id, COALESCE(u.enabled, FALSE) FROM seen s LEFT JOIN users u ON u.org_id = s.org_id AND u.id = s.user_id
		WHERE s.org_id = $1 AND s.credential_id = $2 AND s.password_rev = $3 ORDER BY s.user_id`)
	sqlTouched = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, set_by, password_rev) VALUES ($1, $2, $3, 'touched', $4, $5, $6, $7)
		ON CONFLICT (org_id, credential_id, cause, about) DO UPDATE SET set_at = $5, set_by = $6, password_rev = $7, cleared_at = 0, cleared_by = ''`)
	// What is received: versions of the time of the share, each under a key that
	// was taken over. They are compared, and not shown, so it is not asked whether
	// the history is shared.
	sqlGotEarlier = gate.SQLShared("versions of what is received", `SELECT `+gotVersion+` AND v.version >= s.since AND (v.version > $3 OR v.password_rev = $4) ORDER BY v.version`)
)

// earlierUse is where a password was present before: its revisions, and since
// when the first of them was.
type earlierUse struct {
	revs  []int64
	since int64
}

// usedBefore looks for a password among the earlier ones of a credential. What
// does not open tells nothing.
func usedBefore(tx *gate.Tx, c *stored, password string) (u earlierUse, err error) {
	if password == "" {
		return u, nil
	}
	stmt := sqlEarlier
	if c.got.from != "" {
		stmt = sqlGotEarlier
	}
	var first []*oldVersion // of each revision
	err = tx.Each(stmt, func(r *gate.Rows) error {
		v, err := scanVersion(r, c)
		if err == nil && v.rev != c.rev && !slices.ContainsFunc(first, func(o *oldVersion) bool { return o.rev == v.rev }) {
			first = append(first, v)
		}
		return err
	}, c.ID, c.Version-lookBack, c.restores)
	for _, v := range first {
		if err != nil {
			return u, err
		}
		var secret Secret
		if err = v.openAgain(tx, c.ClientID); err == nil {
			secret, err = v.openSecret(tx.Who().Org())
			v.key.Wipe()
		}
		switch {
		case damaged(err):
			err = nil
		case err == nil && same(secret.Password, password):
			if len(u.revs) == 0 {
				u.since = v.changed
			}
			u.revs = append(u.revs, v.rev)
		}
	}
	return u, err
}

// openAgain opens the item key of an earlier version, which may lie under a key
// that there is not.
func (v *oldVersion) openAgain(tx *gate.Tx, client string) error {
	if v.got.from != "" {
		return v.open(tx, client)
	}
	outer, err := keyUnder(tx, wrapper{client, v.epoch})
	if err != nil {
		return err
	}
	return v.openWith(tx.Who().Org(), outer)
}

// comesBack carries over what is known of a password that was there before, on
// either side: who knows it, and who of those lost his access since. An expiry
// date that had passed has passed again: the rotation job finds it.
func (u earlierUse) comesBack(tx *gate.Tx, credential string, rev int64) error {
	if len(u.revs) == 0 {
		return nil
	}
	if _, err := tx.Exec(sqlPostpone, credential); err != nil {
		return err
	}
	for _, old := range u.revs {
		if _, err := tx.Exec(sqlKnew, credential, old, rev); err != nil {
			return err
		}
	}
	client := ""
	if err := tx.Row(sqlClientThere, credential).Scan(&client); err != nil || client == "" {
		return err
	}
	left, err := whoLeft(tx, credential, rev)
	for _, user := range left {
		if err == nil {
			err = Touch(tx, credential, client, user, rev)
		}
	}
	return err
}

// whoLeft lists who knows a password and does not reach the credential any more.
func whoLeft(tx *gate.Tx, credential string, rev int64) (left []string, err error) {
	enabled := map[string]bool{}
	var all []string
	err = tx.Each(sqlWhoKnows, func(r *gate.Rows) error {
		var user string
		var on bool
		err := r.Scan(&user, &on)
		all, enabled[user] = append(all, user), on
		return err
	}, credential, rev)
	for _, user := range all {
		if Left(tx, user, enabled[user], gate.Credential(credential)) {
			left = append(left, user)
		}
	}
	return left, err
}

// comesBackHere is comesBack at the side with which a credential is shared: of
// those who left here the maker learns, too.
func (u earlierUse) comesBackHere(tx *gate.Tx, credential string, rev int64) error {
	if err := u.comesBack(tx, credential, rev); err != nil || len(u.revs) == 0 {
		return err
	}
	return org.TouchedThere(tx)
}

// comesBackThere does that from the maker's side.
func (u earlierUse) comesBackThere(tx *gate.Tx, credential string, rev int64) error {
	if len(u.revs) == 0 {
		return nil
	}
	to, _, err := sharedWith(tx, credential)
	if err != nil || to == "" {
		return err
	}
	return tx.Beside(to, func(b *gate.Tx) error { return u.comesBackHere(b, credential, rev) })
}

// Left reports whether somebody who has seen a password may not see it any
// more.
func Left(tx *gate.Tx, user string, enabled bool, at gate.Target) bool {
	if !enabled {
		return true
	}
	_, reaches := tx.ReachOf(user, at)
	return !reaches
}

// Touch flags a credential whose password somebody knows who has left.
func Touch(tx *gate.Tx, credential, clientID, user string, rev int64) error {
	if _, err := tx.Exec(sqlTouched, credential, clientID, user, tx.Millis(), tx.Who().User(), rev); err != nil {
		return err
	}
	tx.Note(gate.Event{Operation: "credential.flagged", Kind: "credential", ID: credential, Client: clientID, Fields: []string{Touched}}, "")
	return nil
}
