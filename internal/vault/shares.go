package vault

import (
	"context"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Shared is how a credential is shared: by this organization with another, or
// by another with this one.
type Shared struct {
	Out      bool   // this organization shares it
	Org      string // the other one
	OrgName  string
	Everyone bool
	Users    []gate.Person // of the receiving side, where it is not for everyone there
	AllUsers bool          // those are all of them: not every user here is told with whom else
	Off      bool          // the other side is a site that is switched off
	Writes   bool
	History  bool
	Since    time.Time
	By       string // who shares it, where it is this side
	Waits    bool   // the other side has not taken the key over yet
	Problem  string // why it can't

	client string
	since  int64
	chosen []string // ids, sorted
	proof  []byte
	epoch  int64 // of the proof
}

// OpShares shows the shares of what one reaches; each credential is decided on
// by itself.
var OpShares = gate.Define(gate.Op{Name: "share.list", Sentence: "See which credentials, of those that one reaches, are shared with whom, and which came from another organization", Scope: gate.Listed, Needs: perm.ClientViewList, Tokens: true, View: true, Keys: true})

const sharedColumns = `c.id, COALESCE(c.client_id, ''), COALESCE(c.folder_id, ''), c.from_org <> '', p.id, p.name, s.everyone, s.writes, s.history, s.made_at, CASE WHEN c.from_org = '' THEN s.made_by ELSE '' END, s.problem,
	CASE WHEN c.from_org = '' THEN (SELECT COUNT(*) FROM credentials r WHERE r.org_id = s.to_org AND r.id = c.id AND r.key_id = c.key_id) ELSE 1 END,
	p.suspended_at <> 0, s.since, s.proof, COALESCE(s.proof_epoch, 0)`

// Both directions in one text: shares of this organization's own credentials,
// and those that its received ones come from.
const sharedFrom = ` FROM credentials c JOIN shares s ON s.org_id = CASE WHEN c.from_org = '' THEN c.org_id ELSE c.from_org END AND s.credential_id = c.id AND (c.from_org = '' OR s.to_org = c.org_id)
	JOIN organizations p ON p.id = CASE WHEN c.from_org = '' THEN s.to_org ELSE c.from_org END WHERE c.org_id = $1 AND c.archived_at = 0`

var (
	sqlSharesAll = gate.SQLShared("with whom something is shared", `SELECT `+sharedColumns+sharedFrom+` ORDER BY c.client_id, c.id`)
	sqlSharesAt  = gate.SQLShared("with whom something is shared", `SELECT `+sharedColumns+sharedFrom+` AND c.client_id = $2 ORDER BY c.id`)
	sqlSharesOf  = gate.SQLShared("with whom something is shared", `SELECT `+sharedColumns+sharedFrom+` AND c.id IN (`+marks(2, some)+`)`)
	sqlToUsers   = gate.SQLShared("with whom something is shared", `SELECT su.credential_id, su.user_id, u.id IS NOT NULL, COALESCE(u.name, ''), COALESCE(u.email, ''), COALESCE(u.level_id, '') FROM share_users su LEFT JOIN users u ON u.org_id = su.to_org AND u.id = su.user_id
		WHERE (su.org_id = $1 OR su.to_org = $1) AND su.credential_id IN (`+marks(2, some)+`) ORDER BY u.name_folded, u.id`)
)

// sharesOf reads the shares of these credentials, of those that the actor
// reaches.
func sharesOf(tx *gate.Tx, ids ...string) (map[string]*Shared, error) {
	all := map[string]*Shared{}
	for part := range slices.Chunk(ids, some) {
		if err := readShares(tx, all, sqlSharesOf, someOf(part)...); err != nil {
			return nil, err
		}
	}
	return all, fillShares(tx, all)
}

// fillShares puts to shares with whom they are, and what is wrong with them.
func fillShares(tx *gate.Tx, all map[string]*Shared) error {
	if err := readToUsers(tx, all); err != nil {
		return err
	}
	for id, s := range all {
		if s.Problem != "" {
			continue
		}
		var err error
		if s.Problem, err = s.altered(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// sharesAt reads those of a client, or of all with clientID "".
func sharesAt(tx *gate.Tx, clientID string) (map[string]*Shared, error) {
	all, stmt, args := map[string]*Shared{}, sqlSharesAll, []any{}
	if clientID != "" {
		stmt, args = sqlSharesAt, []any{clientID}
	}
	if err := readShares(tx, all, stmt, args...); err != nil {
		return nil, err
	}
	return all, fillShares(tx, all)
}

func readShares(tx *gate.Tx, into map[string]*Shared, stmt gate.Stmt, args ...any) error {
	return tx.Each(stmt, func(r *gate.Rows) error {
		s, l := &Shared{}, gate.Lies{}
		var received bool
		var made int64
		var there int
		if err := r.Scan(&l.Item, &l.Client, &l.Folder, &received, &s.Org, &s.OrgName, &s.Everyone, &s.Writes, &s.History, &made, &s.By, &s.Problem, &there, &s.Off, &s.since, &s.proof, &s.epoch); err != nil {
			return err
		}
		if s.Out, s.Since, s.Waits = !received, at(made), there == 0; tx.Sees(l) {
			s.client = l.Client
			into[l.Item] = s
		}
		return nil
	}, args...)
}

// readToUsers puts the chosen users to the shares that are not for everyone.
func readToUsers(tx *gate.Tx, all map[string]*Shared) error {
	var chosen []string
	asks := tx.Has(perm.EditAccessAssignments) || tx.Has(perm.SecurityGroupsView) // who sees what
	for id, s := range all {
		s.AllUsers = s.Out || asks
		if !s.Everyone {
			chosen = append(chosen, id)
		}
	}
	for part := range slices.Chunk(chosen, some) {
		err := tx.Each(sqlToUsers, func(r *gate.Rows) error {
			var id string
			var p gate.Person
			var there bool
			err := r.Scan(&id, &p.ID, &there, &p.Name, &p.Email, &p.Level)
			if p.Name == "" {
				p.Name = p.Email
			}
			s := all[id]
			s.chosen = append(s.chosen, p.ID)
			if there && (s.AllUsers || p.ID == tx.Who().User()) {
				s.Users = append(s.Users, p)
			}
			return err
		}, someOf(part)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// ShareRow is one line of the list of shares.
type ShareRow struct {
	Credential, Title, Username string
	ClientID, ClientName        string
	Shared
	ByName string
}

var sqlClientName = gate.SQL(`SELECT id, name FROM clients WHERE org_id = $1`)

// Shares lists what is shared with whom, of what the actor reaches, by client
// and title; clientID "" is all clients.
func (s *Store) Shares(ctx context.Context, who gate.Actor, clientID string) ([]ShareRow, error) {
	return gate.Do(ctx, s.gate, who, OpShares, gate.Nothing(), func(tx *gate.Tx) ([]ShareRow, error) {
		all, err := sharesAt(tx, clientID)
		if err != nil {
			return nil, err
		}
		clients, names := map[string]string{}, map[string]string{}
		err = tx.Each(sqlClientName, func(r *gate.Rows) error {
			var id, name string
			err := r.Scan(&id, &name)
			clients[id] = name
			return err
		})
		if err != nil {
			return nil, err
		}
		ids := make([]string, 0, len(all))
		for id := range all {
			ids = append(ids, id)
		}
		var rows []ShareRow
		err = eachOf(tx, ids, func(c *stored) error {
			shared := all[c.ID]
			if err := c.openUp(tx); damaged(err) && !shared.Out { // its key is bound to other rights
				shared.Problem = "It does not open with these rights: the database was changed from outside."
			} else if err != nil {
				return err
			}
			row := ShareRow{Credential: c.ID, Title: c.Title, Username: c.Username, ClientID: c.ClientID, ClientName: clients[c.ClientID], Shared: *shared}
			if row.By != "" {
				var err error
				if row.ByName, err = nameOf(tx, names, row.By); err != nil {
					return err
				}
			}
			rows = append(rows, row)
			return nil
		})
		slices.SortFunc(rows, func(a, b ShareRow) int {
			return strings.Compare(sortable(a.ClientName)+"\n"+sortable(a.Title)+a.Credential, sortable(b.ClientName)+"\n"+sortable(b.Title)+b.Credential)
		})
		return rows, err
	})
}

// sharable puts to a credential how it is shared, and what the actor may do
// about that, and about who sees it here.
func (c *stored) sharable(tx *gate.Tx, shared *Shared, partner, chooses bool) {
	c.Shared = shared
	c.MayChoose = chooses && !c.Archived && c.OwnerID == ""
	t := gate.At(c.lies())
	c.MayUnshare = shared != nil && tx.May(OpUnshare, t)
	c.MayLend = partner && !c.Archived && c.OwnerID == "" && c.MayReveal && tx.May(OpShare, t)
}

// hasPartner reports whether there is anybody with whom a client's credentials
// can be shared.
func hasPartner(tx *gate.Tx, client string) (bool, error) {
	if client == "" || !tx.Has(perm.PermissionShare) {
		return false, nil
	}
	var p partner
	login, active := true, true
	var err error
	if tx.Site() {
		err = tx.Row(sqlProvider).Scan(&p.org, &p.name, &p.client)
	} else {
		err = tx.Row(sqlSiteOfClient, client).Scan(&p.org, &login, &active, &p.name)
	}
	if isAbsent(err) {
		return false, nil
	}
	return login && active, err
}
