package client

import (
	"slices"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
)

// Archived credentials are counted by folder, which an index says; those that
// are decided on by themselves are named besides.
const ofClient = ` FROM credentials WHERE org_id = $1 AND client_id = $2 AND archived_at <> 0`

var (
	sqlArchived = gate.SQL(`SELECT COALESCE(folder_id, ''), '', COUNT(*)` + ofClient + ` GROUP BY folder_id UNION ALL SELECT COALESCE(folder_id, ''), id, 0` + ofClient + ` AND alone`)
	sqlFolders  = gate.SQL(`SELECT id FROM folders WHERE org_id = $1 AND client_id = $2`)
	sqlFlagsAt  = gate.SQL(`SELECT c.id, COALESCE(c.folder_id, ''), f.cause FROM flags f JOIN credentials c ON c.org_id = f.org_id AND c.id = f.credential_id
		WHERE f.org_id = $1 AND f.home = $2 AND f.cleared_at = 0 AND c.archived_at = 0 AND c.client_id IS NOT NULL ORDER BY f.set_at, c.id, f.cause`)
	sqlExpiring = gate.SQL(`SELECT id, COALESCE(folder_id, ''), expires_at FROM credentials
		WHERE org_id = $1 AND client_id = $2 AND expires_at <> 0 AND expires_at < $3 AND archived_at = 0 ORDER BY expires_at, id`)
)

// archived counts the archived credentials that the actor reaches: a number
// must not betray a guarded folder.
func archived(tx *gate.Tx, client string) (n int, err error) {
	err = tx.Each(sqlArchived, func(r *gate.Rows) error {
		at := gate.Lies{Client: client}
		var k int
		if err := r.Scan(&at.Folder, &at.Item, &k); err != nil {
			return err
		}
		if tx.Sees(at) {
			n += k
		}
		if at.Item != "" {
			n += alone(tx, at)
		}
		return nil
	}, client)
	return n, err
}

// alone is what a credential that is decided on by itself changes in the count
// of its folder.
func alone(tx *gate.Tx, at gate.Lies) (n int) {
	if tx.Sees(at) {
		n++
	}
	if at.Item = ""; tx.Sees(at) {
		n--
	}
	return n
}

// Flag is a credential with flags, and the causes of these.
type Flag struct {
	Credential string
	Causes     []string
}

// flagsOf gives the flagged credentials of a client that the actor reaches, by
// when they were flagged.
func flagsOf(tx *gate.Tx, client string) (found []Flag, err error) {
	index := map[string]int{}
	err = tx.Each(sqlFlagsAt, func(r *gate.Rows) error {
		at := gate.Lies{Client: client}
		var cause string
		if err := r.Scan(&at.Item, &at.Folder, &cause); err != nil || !tx.Sees(at) {
			return err
		}
		i, ok := index[at.Item]
		if !ok {
			i = len(found)
			index[at.Item], found = i, append(found, Flag{Credential: at.Item})
		}
		if f := &found[i]; !slices.Contains(f.Causes, cause) { // touched by several people
			f.Causes = append(f.Causes, cause)
		}
		return nil
	}, client)
	return found, err
}

// Due is a credential with an expiry date that is near, or has passed.
type Due struct {
	Credential string
	Expires    time.Time
	Passed     bool
}

// Soon is how near an expiry date is when it shows on the overview.
const Soon = vault.Soon

// dueOf gives the credentials that expire soon or have expired, and that the
// actor reaches. A date holds until the end of its day.
func dueOf(tx *gate.Tx, client string) (list []Due, err error) {
	err = tx.Each(sqlExpiring, func(r *gate.Rows) error {
		var d Due
		var folder string
		var at int64
		if err := r.Scan(&d.Credential, &folder, &at); err != nil {
			return err
		}
		if tx.Sees(gate.Lies{Client: client, Folder: folder, Item: d.Credential}) {
			d.Expires = time.UnixMilli(at).UTC()
			d.Passed = over(d.Expires, tx.Now())
			list = append(list, d)
		}
		return nil
	}, client, tx.Now().Add(Soon).UnixMilli())
	return list, err
}

// over reports whether a day is over.
func over(day, now time.Time) bool { return !now.Before(day.Add(24 * time.Hour)) }

// Counts is what lies in a client, as far as the actor reaches it.
type Counts struct{ Credentials, Archived, Folders, Flagged, Expiring, Expired int }

func countsOf(tx *gate.Tx, client string) (c Counts, err error) {
	sums, err := vault.Sums(tx, client)
	if err != nil {
		return c, err
	}
	c.Credentials, c.Flagged = sums[client].Credentials, sums[client].Flagged
	if c.Archived, err = archived(tx, client); err != nil {
		return c, err
	}
	err = tx.Each(sqlFolders, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		if err == nil && tx.SeesFolder(id) {
			c.Folders++
		}
		return err
	}, client)
	return c, err
}
