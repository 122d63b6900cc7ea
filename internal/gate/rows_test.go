package gate

import (
	"context"
	"strings"
	"testing"

	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/perm"
)

// An organization as it is stored, so that the model is what load makes of it.
// The company vault is c2. Guards: g1 has ann, g2 has bob, g3 is disabled and
// has both. In client c1: open > shut(g1) > deep(g2), dead(g3). Ann's own: mine.
const stored = `
INSERT INTO organizations (id, kind, name, slug, created_at, sign_public) VALUES ('o', 'provider', 'O', 'o', 1, ''), ('s', 'site', 'S', 's', 1, ''), ('x', 'provider', 'X', 'x', 1, '');
INSERT INTO levels (org_id, id, name, permissions) VALUES
 ('o', 'level_view', 'View', 'Client: View List
Password: View
Vault Access
Organization: Admin
User: Auto-provision'), ('o', 'level_edit', 'Edit', 'Client: View List
Password: Edit'), ('s', 'level_view', 'View', 'Password: View'), ('x', 'level_x', 'X', 'Client: View List');
INSERT INTO users (org_id, id, email, email_folded, name, kind, level_id, enabled, approved, invited, role_account, role_user_manager, created_at) VALUES
 ('o', 'ada', 'a', 'a', 'Ada', 'administrator', 'admin', TRUE, TRUE, FALSE, FALSE, FALSE, 1),
 ('o', 'ann', 'b', 'b', 'Ann', 'member', 'level_view', TRUE, TRUE, FALSE, FALSE, FALSE, 1),
 ('o', 'bob', 'c', 'c', 'Bob', 'member', 'level_edit', TRUE, TRUE, FALSE, TRUE, TRUE, 1),
 ('o', 'mia', 'd', 'd', 'Mia', 'member', 'manager-default', TRUE, TRUE, FALSE, FALSE, FALSE, 1),
 ('o', 'off', 'e', 'e', 'Off', 'member', 'level_view', FALSE, TRUE, FALSE, FALSE, FALSE, 1),
 ('o', 'pen', 'f', 'f', 'Pen', 'member', 'level_view', TRUE, FALSE, FALSE, FALSE, FALSE, 1),
 ('o', 'inv', 'g', 'g', 'Inv', 'member', 'level_view', TRUE, TRUE, TRUE, FALSE, FALSE, 1),
 ('o', 'gus', 'h', 'h', 'Gus', 'guest', 'level_view', TRUE, TRUE, FALSE, TRUE, TRUE, 1),
 ('o', 'sit', 'i', 'i', 'Sit', 'member', 'site-administrator', TRUE, TRUE, FALSE, FALSE, FALSE, 1),
 ('o', 'xen', 'j', 'j', 'Xen', 'member', 'level_x', TRUE, TRUE, FALSE, FALSE, FALSE, 1),
 ('s', 'sam', 'a', 'a', 'Sam', 'administrator', 'site-administrator', TRUE, TRUE, FALSE, TRUE, TRUE, 1),
 ('s', 'sue', 'b', 'b', 'Sue', 'member', 'level_view', TRUE, TRUE, FALSE, FALSE, FALSE, 1),
 ('s', 'ada', 'c', 'c', 'Ada', 'member', 'admin', TRUE, TRUE, FALSE, FALSE, FALSE, 1);
INSERT INTO clients (org_id, id, company, name, name_folded, enabled, created_at, changed_at) VALUES ('o', 'c1', FALSE, '1', '1', TRUE, 1, 1),
 ('o', 'c2', TRUE, '2', '2', TRUE, 1, 1), ('o', 'c3', FALSE, '3', '3', FALSE, 1, 1), ('o', 'c4', FALSE, '4', '4', TRUE, 1, 1), ('s', 'c1', TRUE, '1', '1', TRUE, 1, 1);
INSERT INTO security_groups (org_id, id, name, enabled) VALUES ('o', 'g1', '1', TRUE), ('o', 'g2', '2', TRUE), ('o', 'g3', '3', FALSE);
INSERT INTO group_users (org_id, group_id, user_id) VALUES ('o', 'g1', 'ann'), ('o', 'g2', 'bob'), ('o', 'g3', 'ann'), ('o', 'g3', 'bob'), ('o', 'g1', 'mia');
INSERT INTO group_clients (org_id, group_id, client_id) VALUES ('o', 'g1', 'c4'), ('o', 'g3', 'c2');
INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ('o', 'c1', 'ann', 0), ('o', 'c1', 'bob', LATER), ('o', 'c4', 'bob', NOW), ('o', 'c3', 'ann', 0);
INSERT INTO folders (org_id, id, client_id, owner_id, parent_id, name, name_folded, created_at) VALUES ('o', 'open', 'c1', NULL, NULL, 'x', 'x', 1), ('o', 'shut', 'c1', NULL, 'open', 'x', 'x', 1),
 ('o', 'deep', 'c1', NULL, 'shut', 'x', 'x', 1), ('o', 'dead', 'c1', NULL, NULL, 'x', 'x', 1), ('o', 'other', 'c4', NULL, NULL, 'x', 'x', 1), ('o', 'mine', NULL, 'ann', NULL, 'x', 'x', 1);
INSERT INTO folder_groups (org_id, folder_id, group_id) VALUES ('o', 'shut', 'g1'), ('o', 'deep', 'g2'), ('o', 'dead', 'g3');
INSERT INTO credentials (org_id, id, client_id, owner_id, folder_id, type, created_at, changed_at, changed_by, change_seq, key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box) VALUES
 ('o', 'k1', 'c1', NULL, NULL, 'x', 1, 1, '', 1, '', 1, '', 1, '', 1, ''), ('o', 'kshut', 'c1', NULL, 'shut', 'x', 1, 1, '', 1, '', 1, '', 1, '', 1, ''),
 ('o', 'kown', NULL, 'ann', 'mine', 'x', 1, 1, '', 1, '', 1, '', 1, '', 1, '')`

// inside gives the transaction that a user of an organization would have.
type inside func(org, user string) *Tx

func withRows(t *testing.T, fn func(as inside), more ...string) {
	t.Helper()
	ctx, d := context.Background(), dbtest.SQLite(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	text := strings.NewReplacer("LATER", "1793610000001", "NOW", "1793610000000").Replace(stored)
	must(d.Write(ctx, "", func(tx *db.Tx) error {
		for _, s := range append(strings.Split(text, ";\n"), more...) {
			if _, err := tx.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}))
	must(d.Read(ctx, func(tx *db.Tx) error {
		fn(func(org, user string) *Tx {
			one := &Tx{ctx: ctx, tx: tx, gate: New(d, clock.System{}), who: Actor{kind: User, org: org, user: user}, now: now}
			m, err := load(one)
			must(err)
			one.model, one.user = m, m.users[user]
			return one
		})
		return nil
	}))
}

func TestLoadedUsers(t *testing.T) {
	withRows(t, func(as inside) {
		for id, want := range map[string]struct {
			active, leveled, override bool
			has, lacks                []perm.P
		}{
			"ada": {true, true, true, []perm.P{perm.OrganizationAdmin, perm.PasswordArchive}, nil},
			"ann": {true, true, false, []perm.P{perm.PasswordView, perm.VaultAccess}, []perm.P{perm.OrganizationAdmin, perm.UserAutoProvision, perm.PasswordEdit, perm.UserAdd, perm.AdminPaymentDetails}},
			"bob": {true, true, false, []perm.P{perm.PasswordEdit, perm.PasswordView, perm.UserAdd, perm.AdminPaymentDetails}, []perm.P{perm.VaultAccess}},
			"mia": {true, true, false, []perm.P{perm.ClientDefaultAccess}, []perm.P{perm.OrganizationAdmin}},
			"off": {false, true, false, []perm.P{perm.PasswordView}, nil}, "pen": {false, true, false, nil, nil}, "inv": {false, true, false, nil, nil},
			"gus": {true, false, false, nil, []perm.P{perm.PasswordView, perm.UserAdd, perm.AdminPaymentDetails}},
			"sit": {true, false, false, nil, []perm.P{perm.PasswordView}},   // a site's level in a provider
			"xen": {true, false, false, nil, []perm.P{perm.ClientViewList}}, // another organization's level
		} {
			check(t, as("o", id), id, want.active, want.leveled, want.override, want.has, want.lacks)
		}
		check(t, as("s", "sam"), "sam", true, true, true, []perm.P{perm.PasswordView, perm.OrganizationAdmin, perm.ClientViewList, perm.UserAdd}, []perm.P{perm.AdminPaymentDetails, perm.ClientAdd, perm.EditAccessAssignments})
		check(t, as("s", "sue"), "sue", true, false, false, nil, []perm.P{perm.PasswordView})
		check(t, as("s", "ada"), "ada of the site", true, false, false, nil, []perm.P{perm.OrganizationAdmin, perm.PasswordView})
		if as("o", "ada").model.site || !as("s", "sam").model.site || as("o", "sam").user != nil {
			t.Error("which is the site, and whose users?")
		}
	})
}

func check(t *testing.T, tx *Tx, name string, active, leveled, override bool, has, lacks []perm.P) {
	t.Helper()
	if u := tx.user; u == nil || u.active != active || u.leveled != leveled || u.override != override {
		t.Errorf("%s is %+v", name, tx.user)
	}
	for _, p := range has {
		if !tx.Has(p) {
			t.Errorf("%s lacks %s", name, p)
		}
	}
	for _, p := range lacks {
		if tx.Has(p) {
			t.Errorf("%s has %s", name, p)
		}
	}
}

// seen lists what somebody reaches of some ids.
func seen(see func(string) bool, ids string) string {
	var all []string
	for _, id := range strings.Fields(ids) {
		if see(id) {
			all = append(all, id)
		}
	}
	return strings.Join(all, " ")
}

func TestLoadedReach(t *testing.T) {
	const clients, folders = "c1 c2 c3 c4 c9", "open shut deep dead other mine f9"
	withRows(t, func(as inside) {
		for id, want := range map[string][3]string{ // clients, folders, events of credentials
			"ada": {"c1 c2 c3 c4", "open shut deep dead other", "k1 kshut k9"},
			"ann": {"c1 c4", "open shut other mine", "k1 kshut kown k9"},
			"bob": {"c1", "open", "k1 k9"},
			"mia": {"c1 c3 c4", "open shut other", "k1 kshut k9"},
			"off": {"", "", "k9"}, "gus": {"", "", "k9"}, "pen": {"", "", "k9"}, "nobody": {"", "", "k9"},
		} {
			tx := as("o", id)
			events := func(k string) bool { return tx.SeesTarget("credential", k) }
			if got := [3]string{seen(tx.SeesClient, clients), seen(tx.SeesFolder, folders), seen(events, "k1 kshut kown k9")}; got != want {
				t.Errorf("%s sees %q, want %q", id, got, want)
			}
			if got := seen(func(f string) bool { return tx.SeesTarget("folder", f) }, folders); got != strings.TrimSpace(want[1]+" f9") {
				t.Errorf("%s sees events of folders %q", id, got)
			}
			if !tx.SeesTarget("user", "x") {
				t.Errorf("%s: events of users are not judged here", id)
			}
			inFolder := func(f string) bool {
				if f == "other" {
					return tx.Sees(Lies{Client: "c4", Folder: f})
				}
				return tx.Sees(Lies{Client: "c1", Folder: f})
			}
			if got := seen(inFolder, "open shut deep dead other f9"); got != strings.TrimSuffix(strings.TrimSuffix(want[1], "mine"), " ") {
				t.Errorf("%s sees what lies in %q", id, got)
			}
			if got := seen(func(c string) bool { return tx.Sees(Lies{Client: c}) }, clients); got != want[0] {
				t.Errorf("%s sees what lies at the root of %q", id, got)
			}
			if tx.Sees(Lies{Owner: "ann", Folder: "mine"}) != (id == "ann") || tx.Sees(Lies{Owner: "ann"}) != (id == "ann") || tx.Sees(Lies{Owner: "ann", Folder: "f9"}) || tx.Sees(Lies{Owner: "bob"}) {
				t.Errorf("%s and Ann's own", id)
			}
		}
		m := as("o", "mia").model
		if m.companyByDefault || m.users["mia"].reach.has(m.clients["c2"].n) {
			t.Error("the company vault is reached by default")
		}
	})
}
