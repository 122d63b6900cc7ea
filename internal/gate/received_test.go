package gate

import (
	"slices"
	"testing"

	"bailiwick/internal/perm"
)

// What site s has of provider o: k1 from everyone, read and write; kshut for
// sue, read-only; gone, whose share has ended; late, whose key was not taken
// over. kown has no row there yet. leo is limited, and
// kmine and k1 were chosen for him.
var received = []string{
	`INSERT INTO users (org_id, id, email, email_folded, name, kind, level_id, enabled, approved, invited, role_account, role_user_manager, created_at) VALUES
	 ('s', 'leo', 'd', 'd', 'Leo', 'member', 'site-user-limited', TRUE, TRUE, FALSE, FALSE, FALSE, 1), ('s', 'una', 'e', 'e', 'Una', 'member', 'site-user', TRUE, TRUE, FALSE, FALSE, FALSE, 1)`,
	`INSERT INTO credentials (org_id, id, client_id, type, created_at, changed_at, changed_by, change_seq, key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box, from_org, alone) VALUES
	 ('s', 'k1', 'c1', 'x', 1, 1, '', 1, '', 1, '', 1, '', 1, '', 'o', TRUE), ('s', 'kshut', 'c1', 'x', 1, 1, '', 1, '', 1, '', 1, '', 1, '', 'o', TRUE),
	 ('s', 'gone', 'c1', 'x', 1, 1, '', 1, '', 1, '', 1, '', 1, '', 'o', TRUE), ('s', 'late', 'c1', 'x', 1, 1, '', 1, 'old', 1, '', 1, '', 1, '', 'o', TRUE),
	 ('s', 'kmine', 'c1', 'x', 1, 1, '', 1, '', 1, '', 1, '', 1, '', '', FALSE), ('o', 'late', 'c1', 'x', 1, 1, '', 1, 'new', 1, '', 1, '', 1, '', '', FALSE)`,
	`INSERT INTO shares (org_id, credential_id, to_org, everyone, writes, history, since, made_at, made_by) VALUES
	 ('o', 'k1', 's', TRUE, TRUE, TRUE, 3, 1, 'ada'), ('o', 'kshut', 's', FALSE, FALSE, FALSE, 1, 1, 'ada'), ('o', 'late', 's', TRUE, TRUE, TRUE, 1, 1, 'ada'), ('o', 'kown', 's', FALSE, TRUE, TRUE, 1, 1, 'ada')`,
	`INSERT INTO share_users (org_id, credential_id, to_org, user_id) VALUES ('o', 'kshut', 's', 'leo'), ('o', 'kshut', 's', 'una'), ('o', 'kown', 's', 'leo')`,
	`INSERT INTO chosen (org_id, user_id, thing_id) VALUES ('s', 'leo', 'k1'), ('s', 'leo', 'kmine')`,
}

var sqlAlone = SQL(`SELECT ` + AloneC + ` FROM credentials c WHERE c.org_id = $1 ORDER BY 1`)

func TestLoadedReceived(t *testing.T) {
	withRows(t, func(as inside) {
		for user, want := range map[string]string{"sam": "k1 kshut kmine", "una": "k1 kshut kmine", "leo": "k1 kshut kmine"} {
			tx := as("s", user)
			sees := func(id string) bool { return tx.Sees(Lies{Client: "c1", Item: id}) }
			if got := seen(sees, "k1 kshut gone late kmine"); got != want {
				t.Errorf("%s sees %s, want %s", user, got, want)
			}
		}
		tx := as("s", "sam")
		if r, ok := tx.Rights("k1"); !ok || r.From != "o" || !r.Writes || !r.History || r.Since != 3 || !r.Everyone || len(r.Users) != 0 {
			t.Errorf("rights to k1: %+v", r)
		}
		if r, ok := tx.Rights("kshut"); !ok || r.Writes || r.History || r.Since != 1 || r.Everyone || !slices.Equal(r.Users, []string{"leo", "una"}) {
			t.Errorf("rights to kshut: %+v", r)
		}
		if a, b := tx.model.things["k1"].terms(), tx.model.things["kshut"].terms(); len(a) != 64 || a == b {
			t.Errorf("terms %s and %s", a, b)
		}
		if _, ok := tx.Rights("kmine"); ok || !tx.Shares() || as("o", "ada").Shares() {
			t.Error("what is one's own is shared by nobody else")
		}
		var alone []string
		err := tx.Each(sqlAlone, func(r *Rows) error {
			var id string
			err := r.Scan(&id)
			alone = append(alone, id)
			return err
		})
		if err != nil || !slices.Equal(alone, []string{"", "gone", "k1", "kshut", "late"}) {
			t.Errorf("decided on by themselves: %q, %v", alone, err)
		}
		// Found by its id, by its row, and by the row that an operation reads.
		change := &Op{Scope: Single, Needs: perm.PasswordEdit, Shared: Written}
		change.Row = func(t *Tx, id string) (Lies, any, error) { return Lies{Client: "c1"}, id, nil }
		for id, may := range map[string]bool{"k1": true, "kshut": false, "gone": false, "late": false, "kmine": true} {
			tx.op = change
			byID, ok := tx.locate(change, Credential(id))
			byLies, also := tx.locate(change, At(Lies{Client: "c1", Item: id}))
			byRow, too := tx.find(Credential(id))
			if !ok || !also || !too || byID != byLies || byID != byRow || byID.item != id || !byID.row || (byID.got != nil) != (id != "kmine") || tx.found != id {
				t.Errorf("%s: %+v %+v %+v", id, byID, byLies, byRow)
			}
			if tx.May(change, Credential(id)) != may {
				t.Errorf("%s may be changed: %v", id, !may)
			}
		}
		if _, ok := tx.locate(change, At(Lies{Client: "c1", Folder: "f9", Item: "k1"})); ok {
			t.Error("found in a folder that there is not")
		}
	}, received...)
}

// Knowledge bases of o: open has pub > staff(readers) > core(groups g1); shut
// has only team(readers). ann and gus have explicit roles.
var shelved = []string{
	`INSERT INTO kb_bases (org_id, id, path, name, default_role, created_at) VALUES ('o', 'b_1', 'open', 'Open', '', 1), ('o', 'b_2', 'shut', 'Shut', 'reader', 1), ('x', 'b_3', 'far', 'Far', '', 1)`,
	`INSERT INTO kb_roles (org_id, base_id, user_id, role) VALUES ('o', 'b_1', 'ann', 'admin'), ('o', 'b_2', 'ann', 'none'), ('o', 'b_1', 'gus', 'reader'), ('o', 'b_1', 'mia', 'reader'), ('o', 'b_1', 'bob', 'reader')`,
	`INSERT INTO kb_categories (org_id, id, base_id, parent_id, name, place, visibility) VALUES ('o', 'pub', 'b_1', NULL, 'x', 1, 'public'), ('o', 'staff', 'b_1', 'pub', 'x', 1, 'readers'),
	 ('o', 'core', 'b_1', 'staff', 'x', 1, 'groups'), ('o', 'team', 'b_2', NULL, 'x', 1, 'readers'), ('x', 'there', 'b_3', NULL, 'x', 1, 'public')`,
	`INSERT INTO kb_category_groups (org_id, category_id, group_id) VALUES ('o', 'core', 'g1')`,
	`INSERT INTO kb_articles (org_id, id, base_id, category_id, slug, title, title_folded, text_number, published_at, created_at, changed_at, changed_by) VALUES
	 ('o', 'a1', 'b_1', 'pub', 'one', 'x', 'x', 1, 1, 1, 1, ''), ('o', 'a2', 'b_1', 'core', 'two', 'x', 'x', 1, 1, 1, 1, ''), ('o', 'a3', 'b_1', 'pub', 'three', 'x', 'x', 1, 0, 1, 1, ''), ('x', 'a4', 'b_3', 'there', 'one', 'x', 'x', 1, 1, 1, 1, '')`,
	`INSERT INTO kb_files (org_id, id, article_id, name, type, picture, size, added_at, added_by) VALUES ('o', 'f1', 'a1', 'x', 'image/png', TRUE, 1, 1, ''), ('o', 'f2', 'a2', 'x', 'image/png', TRUE, 1, 1, '')`,
	`INSERT INTO settings (org_id, name, value) VALUES ('o', 'default-knowledge-base-role', 'editor')`,
}

// The terms are in what is signed and in what keys are bound to: they stay.
func TestTermsAreFrozen(t *testing.T) {
	got := TermsText(TermsOfShare("org_maker", false, true, false, 1234, []string{"ann", "bob"}))
	if want := "854be3fc1b75e599f7ef62866459fb38771e636310843b7cd2e3ea3c86e8c31c"; got != want {
		t.Errorf("%s", got)
	}
	if !(&Tx{model: &Model{things: map[string]*thing{"k": {}}}}).Shares() {
		t.Error("one received credential is some")
	}
}

func TestLoadedShelves(t *testing.T) {
	withRows(t, func(as inside) {
		read := &Op{Scope: Shelf, Role: Public}
		targets := map[string]Target{"open": Base("open"), "b_1": Base("b_1"), "shut": Base("b_2"), "far": Base("far"), "pub": Category("pub"), "staff": Category("staff"), "core": Category("core"), "team": Category("team"), "there": Category("there"),
			"a1": Article("a1"), "a2": Article("a2"), "a3": Article("a3"), "a4": Article("a4"), "one": Page("open", "one"), "two": Page("b_1", "two"), "wrong": Page("shut", "one"), "away": Page("far", "one"), "f1": File("f1"), "f2": File("f2"), "f3": File("f3")}
		const all = "open b_1 shut far pub staff core team there a1 a2 a3 a4 one two wrong away f1 f2 f3"
		for user, want := range map[string]string{
			"":    "open b_1 pub a1 one f1",
			"gus": "open b_1 pub staff a1 one f1",                          // a guest, Reader of one
			"ann": "open b_1 pub staff core a1 a2 a3 one two f1 f2",        // Admin of one, none of the other
			"mia": "open b_1 shut pub staff core team a1 a2 one two f1 f2", // a member, in the group
			"bob": "open b_1 shut pub staff team a1 one f1",                // a member, not in it
			"ada": "open b_1 shut pub staff core team a1 a2 a3 one two f1 f2",
			"pen": "open b_1 pub a1 one f1",
			"off": "open b_1 pub a1 one f1",
		} {
			tx := as("o", user)
			if user == "" {
				tx.who.kind = PasserBy
			}
			reads := func(name string) bool { return tx.May(read, targets[name]) }
			if got := seen(reads, all); got != want {
				t.Errorf("%q reads %s, want %s", user, got, want)
			}
		}
		tx := as("o", "ada")
		if !tx.OpenToAll("b_1") || tx.OpenToAll("b_2") || tx.OpenToAll("b_3") || tx.DefaultRoleIn("b_1") != Editor || tx.DefaultRoleIn("b_2") != Reader || as("s", "sam").DefaultRoleIn("") != Reader {
			t.Error("what is public, and what members may by default")
		}
	}, shelved...)
}
