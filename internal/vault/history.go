package vault

import (
	"context"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

const purposeItemKey = seal.PurposeItemKey

// Version is one state of a credential: what the change that made it touched,
// and who made it when.
type Version struct {
	Version                  int64
	Changed                  time.Time
	ChangedBy, ChangedByName string
	Fields                   []string // empty: it was added
	Type, TypeName           string
	Expires                  time.Time // zero: not
	Overview
	Present   bool
	OtherCode bool // its TOTP secret may differ from the present one: restoring it needs Password: TOTP Add/Remove
}

type oldVersion struct {
	item
	Version    int64
	typ, by    string
	fields     string
	changed    int64
	rev, until int64
}

const versionColumns = `version, type, changed_at, changed_by, changed_fields, password_rev, expires_at, key_id, key_epoch, overview_version, overview_box, secret_version, secret_box`

const gotVersion = `v.version, v.type, v.changed_at, v.changed_by, v.changed_fields, v.password_rev, v.expires_at, v.key_id, v.key_epoch, v.overview_version, v.overview_box, v.secret_version, v.secret_box, k.key_box, k.epoch
	FROM shares s JOIN credential_versions v ON v.org_id = s.org_id AND v.credential_id = s.credential_id JOIN received_keys k ON k.org_id = s.to_org AND k.credential_id = s.credential_id AND k.key_id = v.key_id
	WHERE s.to_org = $1 AND s.credential_id = $2`

var (
	sqlVersions = gate.SQL(`SELECT ` + versionColumns + `, key_box, key_epoch FROM credential_versions WHERE org_id = $1 AND credential_id = $2 ORDER BY version DESC`)
	sqlVersion  = gate.SQL(`SELECT ` + versionColumns + `, key_box, key_epoch FROM credential_versions WHERE org_id = $1 AND credential_id = $2 AND version = $3`)
	// What another organization shares with its history: versions of the time of
	// the share, each under a key that was taken over.
	sqlGotVersions = gate.SQLShared("versions of what is received", `SELECT `+gotVersion+` AND s.history AND v.version >= s.since ORDER BY v.version DESC`)
	sqlGotVersion  = gate.SQLShared("versions of what is received", `SELECT `+gotVersion+` AND s.history AND v.version >= s.since AND v.version = $3`)
	sqlFields      = gate.SQLShared("envelopes of what is received", `SELECT COALESCE(o.changed_fields, c.changed_fields) `+source+` WHERE c.org_id = $1 AND c.id = $2`)
)

func scanVersion(r interface{ Scan(...any) error }, c *stored) (*oldVersion, error) {
	v := &oldVersion{}
	v.credential, v.got.from = c.ID, c.got.from
	err := r.Scan(&v.Version, &v.typ, &v.changed, &v.by, &v.fields, &v.rev, &v.until, &v.keyID, &v.epoch, &v.overviewVersion, &v.overview, &v.secretVersion, &v.secret, &v.keyBox, &v.got.epoch)
	v.got.keyID, v.got.former = v.keyID, true
	return v, err
}

func versionsOf(tx *gate.Tx, c *stored) (all []*oldVersion, err error) {
	stmt := sqlVersions
	if c.got.from != "" {
		stmt = sqlGotVersions
	}
	err = tx.Each(stmt, func(r *gate.Rows) error {
		v, err := scanVersion(r, c)
		all = append(all, v)
		return err
	}, c.ID)
	return all, err
}

// History lists a credential's versions, the present one first.
func (s *Store) History(ctx context.Context, who gate.Actor, credential string) ([]Version, error) {
	return gate.Do(ctx, s.gate, who, OpHistory, gate.Credential(credential), func(tx *gate.Tx) ([]Version, error) {
		c, err := load(tx, credential)
		if err != nil {
			return nil, err
		}
		var fields string
		if err := tx.Row(sqlFields, credential).Scan(&fields); err != nil {
			return nil, err
		}
		kinds, err := KindsIn(tx)
		if err != nil {
			return nil, err
		}
		all := []Version{{Version: c.Version, Changed: c.Changed, ChangedBy: c.ChangedBy, Fields: split(fields), Type: c.Type, Expires: c.Expires, Overview: c.Overview, Present: true}}
		if c.discreet(tx) { // who and which field are part of the history
			all[0].Fields, all[0].ChangedBy = nil, ""
		}
		old, err := versionsOf(tx, c)
		if err != nil {
			return nil, err
		}
		for _, v := range old {
			if err := v.open(tx, c.ClientID); err != nil {
				return nil, err
			}
			o, err := v.openOverview(who.Org())
			if err != nil {
				return nil, err
			}
			all = append(all, Version{Version: v.Version, Changed: at(v.changed), ChangedBy: v.by, Fields: split(v.fields), Type: v.typ, Expires: at(v.until), Overview: o,
				OtherCode: all[len(all)-1].OtherCode || slices.Contains(all[len(all)-1].Fields, "totp")})
		}
		for i := range all {
			all[i].TypeName = kinds.Of(all[i].Type).Name
			if all[i].ChangedBy == "" {
				continue
			}
			if err := tx.Row(sqlName, all[i].ChangedBy).Scan(&all[i].ChangedByName); err != nil {
				return nil, err
			}
		}
		return all, nil
	})
}

func split(fields string) []string {
	if fields == "" {
		return nil
	}
	return strings.Split(fields, "\n")
}

// RevealVersion gives the secret of an earlier version; an event like Reveal.
func (s *Store) RevealVersion(ctx context.Context, who gate.Actor, credential string, version int64) (Secret, error) {
	return gate.Do(ctx, s.gate, who, OpRevealVersion, gate.Credential(credential), func(tx *gate.Tx) (Secret, error) {
		c, v, secret, err := earlier(tx, credential, version)
		if err != nil {
			return Secret{}, err
		}
		secret.TOTP = ""
		tx.Title(c.ClientID, c.Title)
		if c.got.from != "" { // what was before it was shared is nothing to the other side
			if err := c.toldThere(tx); err != nil {
				return Secret{}, err
			}
		}
		return secret, saw(tx, credential, v.rev)
	})
}

func earlier(tx *gate.Tx, credential string, version int64) (*stored, *oldVersion, Secret, error) {
	c, err := load(tx, credential)
	if err != nil {
		return nil, nil, Secret{}, err
	}
	stmt := sqlVersion
	if c.got.from != "" {
		stmt = sqlGotVersion
	}
	v, err := scanVersion(tx.Row(stmt, credential, version), c)
	if err != nil {
		return nil, nil, Secret{}, err
	}
	if err := v.open(tx, c.ClientID); err != nil {
		return nil, nil, Secret{}, err
	}
	secret, err := v.openSecret(tx.Who().Org())
	return c, v, secret, err
}

// RestoreVersion makes an earlier version the present one; what was present
// stays in the history.
func (s *Store) RestoreVersion(ctx context.Context, who gate.Actor, credential string, present, version int64) (int64, error) {
	return gate.Do(ctx, s.gate, who, OpRestoreOld, gate.Credential(credential), func(tx *gate.Tx) (int64, error) {
		_, v, secret, err := earlier(tx, credential, version)
		if err != nil {
			return 0, err
		}
		overview, err := v.openOverview(who.Org())
		if err != nil {
			return 0, err
		}
		overview.Code = secret.TOTP != ""
		in := Input{Type: v.typ, Expires: at(v.until), Overview: overview, Secret: secret}
		return edit(tx, credential, present, false, func(c *stored, _ Secret) (Input, error) {
			c.restores = v.rev
			return in, nil
		})
	})
}
