package people

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
	"bailiwick/internal/session"
)

// OpExport exports the users with their rights.
var OpExport = gate.Define(gate.Op{Name: "user.export", Sentence: "Export the users with their rights as CSV", Scope: gate.Whole, Needs: perm.AdminExportData, Write: true, Audit: true, Visits: true})

var (
	sqlUserGroups  = gate.SQL(`SELECT gu.user_id, g.name FROM group_users gu JOIN security_groups g ON g.org_id = gu.org_id AND g.id = gu.group_id WHERE gu.org_id = $1 ORDER BY g.name`)
	sqlMoreOfAll   = gate.SQL(`SELECT id, phone, time_zone FROM users WHERE org_id = $1`)
	sqlUserClients = gate.SQL(`SELECT cu.user_id, cu.client_id, c.name, cu.until FROM client_users cu JOIN clients c ON c.org_id = cu.org_id AND c.id = cu.client_id WHERE cu.org_id = $1 AND (cu.until = 0 OR cu.until > $2) ORDER BY c.name_folded`)
)

// Export gives all users with level, roles, groups and assigned clients as CSV
// (RFC 4180, with a byte order mark for spreadsheets). Of clients that the actor
// does not reach it tells the number only.
func (s *Store) Export(ctx context.Context, who gate.Actor) ([]byte, error) {
	rows, err := s.exported(ctx, who)
	if err != nil {
		return nil, err
	}
	return table(rows)
}

// ExportSites gives the users of the sites of clients that the actor reaches in
// one table, client by client; client "" is all of them. Each site is visited by
// itself, so that its own log has the export, too.
func (s *Store) ExportSites(ctx context.Context, who gate.Actor, client string) ([]byte, error) {
	sites, err := s.Sites(ctx, who)
	if err == nil && who.Kind() != gate.User { // only a user by his own session visits
		err = fault.NotFound()
	}
	if err != nil {
		return nil, err
	}
	if client != "" {
		sites = slices.DeleteFunc(sites, func(one Site) bool { return one.Client != client })
	}
	if len(sites) == 0 {
		return nil, fault.NotFound()
	}
	var all [][]string
	for _, one := range sites {
		rows, err := s.exported(ctx, session.Visit(who, one.ID))
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = append(all, append([]string{"Client"}, rows[0]...))
		}
		for _, r := range rows[1:] {
			all = append(all, append([]string{one.ClientName}, r...))
		}
	}
	return table(all)
}

func (s *Store) exported(ctx context.Context, who gate.Actor) ([][]string, error) {
	return gate.Do(ctx, s.gate, who, OpExport, gate.Nothing(), func(tx *gate.Tx) ([][]string, error) {
		if !seesUsers(tx) {
			return nil, errNotYours
		}
		groups, clients, hidden, more := map[string][]string{}, map[string][]string{}, map[string]int{}, map[string][2]string{}
		err := tx.Each(sqlMoreOfAll, func(r *gate.Rows) error {
			var user string
			var m [2]string
			err := r.Scan(&user, &m[0], &m[1])
			more[user] = m
			return err
		})
		if err != nil {
			return nil, err
		}
		err = tx.Each(sqlUserGroups, func(r *gate.Rows) error {
			var user, name string
			err := r.Scan(&user, &name)
			groups[user] = append(groups[user], name)
			return err
		})
		if err != nil {
			return nil, err
		}
		err = tx.Each(sqlUserClients, func(r *gate.Rows) error {
			var user, client, name string
			var until int64
			err := r.Scan(&user, &client, &name, &until)
			switch {
			case !tx.SeesClient(client):
				hidden[user]++
			case until > 0:
				clients[user] = append(clients[user], name+" (until "+at(until).Format(time.RFC3339)+")")
			default:
				clients[user] = append(clients[user], name)
			}
			return err
		}, tx.Millis())
		if err != nil {
			return nil, err
		}
		services, err := kb.AllServices(tx)
		if err != nil {
			return nil, err
		}
		rows := [][]string{{"Name", "Email", "Kind", "Permission level", "Account roles", "State", "Enabled", "Approved", "Second factor", "Last sign-in", "Phone", "Time zone", "Security groups", "Clients", "Further clients", "Knowledge bases", "Id"}}
		for after := ""; ; {
			people, next, err := page(tx, Filter{Disabled: true, Limit: 500, After: after})
			if err != nil {
				return nil, err
			}
			for _, p := range people {
				rows = append(rows, []string{p.Name, p.Email, p.Kind, p.LevelName, roleNames(p), p.State, yesNo(p.Enabled), yesNo(p.Approved), p.Factor, stamp(p.LastSignIn), more[p.ID][0], more[p.ID][1],
					strings.Join(groups[p.ID], "; "), strings.Join(clients[p.ID], "; "), numberOf(hidden[p.ID]), strings.Join(services[p.ID], "; "), p.ID})
			}
			if after = next; after == "" {
				return columnsIn(rows, tx), nil
			}
		}
	})
}

// columnsIn leaves out what there is not in a site: kinds, roles, clients; and
// of what a site does with its users, what is not its provider's.
func columnsIn(rows [][]string, tx *gate.Tx) [][]string {
	if !tx.Site() {
		return rows
	}
	out := []string{"Kind", "Account roles", "Clients", "Further clients"}
	if tx.Visits() {
		out = append(out, "Security groups", "Knowledge bases")
	}
	var keep []int
	for i, heading := range rows[0] {
		if !slices.Contains(out, heading) {
			keep = append(keep, i)
		}
	}
	for i, r := range rows {
		short := make([]string, len(keep))
		for n, column := range keep {
			short[n] = r[column]
		}
		rows[i] = short
	}
	return rows
}

func roleNames(p Person) string {
	var all []string
	if p.RoleAccount {
		all = append(all, "Account")
	}
	if p.RoleUserManager {
		all = append(all, "User manager")
	}
	return strings.Join(all, "; ")
}

// table writes rows as CSV.
func table(rows [][]string) ([]byte, error) {
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	for _, r := range rows {
		r = slices.Clone(r)
		for i := range r {
			r[i] = guarded(r[i])
		}
		if err := w.Write(r); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// guarded keeps a spreadsheet from taking somebody's name for a formula: such
// a cell begins with an apostrophe (OWASP, CSV injection).
func guarded(cell string) string {
	if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") || strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠") {
		return "'" + cell
	}
	return cell
}
