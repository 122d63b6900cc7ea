package gate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The model of a changed group is the one that is loaded after the change.
func TestChangedGroupIsTheLoadedOne(t *testing.T) {
	const clients, folders = "c1 c2 c3 c4", "open shut deep dead other"
	look := func(tx *Tx, m *Model) (all []string) {
		for _, id := range strings.Fields("ada ann bob mia off pen inv gus sit xen") {
			for _, c := range strings.Fields(clients) {
				all = append(all, fmt.Sprint(id, c, m.sees(m.users[id], Actor{kind: User, user: id}, spot{client: m.clients[c]}, now)))
			}
			for _, f := range strings.Fields(folders) {
				all = append(all, fmt.Sprint(id, f, m.sees(m.users[id], Actor{kind: User, user: id}, spot{client: m.folders[f].client, folder: m.folders[f]}, now)))
			}
		}
		return all
	}
	for name, c := range map[string]struct {
		group string
		next  GroupState
		rows  []string
	}{
		"emptied": {"g1", GroupState{Enabled: true, Folders: []string{"shut"}}, []string{`DELETE FROM group_users WHERE group_id = 'g1'`, `DELETE FROM group_clients WHERE group_id = 'g1'`}},
		"disabled": {"g1", GroupState{Users: []string{"ann", "mia"}, Clients: []string{"c4"}, Folders: []string{"shut"}},
			[]string{`UPDATE security_groups SET enabled = FALSE WHERE id = 'g1'`}},
		"enabled": {"g3", GroupState{Enabled: true, Users: []string{"ann", "bob"}, Clients: []string{"c2"}, Folders: []string{"dead"}},
			[]string{`UPDATE security_groups SET enabled = TRUE WHERE id = 'g3'`}},
		"another user and client": {"g2", GroupState{Enabled: true, Users: []string{"bob", "ann", "nobody"}, Clients: []string{"c4", "c9"}, Folders: []string{"deep", "f9"}},
			[]string{`INSERT INTO group_users (org_id, group_id, user_id) VALUES ('o', 'g2', 'ann')`, `INSERT INTO group_clients (org_id, group_id, client_id) VALUES ('o', 'g2', 'c4')`}},
		"taken off": {"g2", GroupState{Enabled: true, Users: []string{"bob"}}, []string{`DELETE FROM folder_groups WHERE group_id = 'g2'`}},
		"new": {"", GroupState{Enabled: true, Users: []string{"bob"}, Clients: []string{"c4", "c1"}, Folders: []string{"open"}},
			[]string{`INSERT INTO security_groups (org_id, id, name) VALUES ('o', 'g9', '9')`, `INSERT INTO group_users (org_id, group_id, user_id) VALUES ('o', 'g9', 'bob')`,
				`INSERT INTO group_clients (org_id, group_id, client_id) VALUES ('o', 'g9', 'c4')`, `INSERT INTO folder_groups (org_id, folder_id, group_id) VALUES ('o', 'open', 'g9')`}},
	} {
		var foreseen, before, there []string
		withRows(t, func(as inside) {
			tx := as("o", "ada")
			m, _ := tx.model.with(c.group, c.next)
			before, foreseen = look(tx, tx.model), look(tx, m)
			if again := look(tx, tx.model); !slices.Equal(before, again) {
				t.Errorf("%s: asking changed the model", name)
			}
		})
		withRows(t, func(as inside) { tx := as("o", "ada"); there = look(tx, tx.model) }, c.rows...)
		if !slices.Equal(foreseen, there) || slices.Equal(before, there) {
			t.Errorf("%s: foreseen and loaded differ, or nothing changed", name)
		}
	}
}

func TestGroupChange(t *testing.T) {
	withRows(t, func(as inside) {
		show := func(who string, all []Change) string {
			var out []string
			for _, c := range all {
				out = append(out, fmt.Sprintf("%s +%v +%v -%v -%v", c.ID, c.Clients, c.Folders, c.LostClients, c.LostFolders))
			}
			return strings.Join(out, "; ")
		}
		tx := as("o", "ada")
		for name, c := range map[string]struct {
			group string
			next  GroupState
			want  string
		}{
			"as it is":   {"g1", GroupState{Enabled: true, Users: []string{"ann", "mia"}, Clients: []string{"c4"}, Folders: []string{"shut"}}, ""},
			"without":    {"g1", GroupState{Enabled: true, Folders: []string{"shut"}}, "ann +[] +[] -[c4] -[shut]; mia +[] +[] -[] -[shut]"},
			"taken off":  {"g1", GroupState{Enabled: true, Users: []string{"ann", "mia"}, Clients: []string{"c4"}}, "bob +[] +[deep shut] -[] -[]"},
			"let in":     {"g1", GroupState{Enabled: true, Users: []string{"ann", "bob", "mia"}, Clients: []string{"c4"}, Folders: []string{"shut"}}, "bob +[c4] +[deep shut] -[] -[]"},
			"new":        {"", GroupState{Enabled: true, Users: []string{"ann", "off"}, Clients: []string{"c2"}}, "ann +[c2] +[] -[] -[]"},
			"more there": {"g2", GroupState{Enabled: true, Users: []string{"ann", "bob"}, Folders: []string{"deep"}}, "ann +[] +[deep] -[] -[]"},
		} {
			if got := show("ada", tx.GroupChange(c.group, c.next)); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		// Whoever asks learns of nothing that he does not reach.
		if got := show("bob", as("o", "bob").GroupChange("g1", GroupState{Enabled: true})); got != "" {
			t.Errorf("Bob learns %q", got)
		}
		// Put into a group on his own page, somebody gets what the change of the
		// group would give him.
		for user, want := range map[string]string{"bob": "[c4]", "ann": "[]", "mia": "[]", "nobody": "[]"} {
			if got := fmt.Sprint(tx.GroupsGive(user, []string{"g1"})); got != want {
				t.Errorf("g1 gives %s %s, want %s", user, got, want)
			}
		}
		if got := tx.GroupsGive("bob", nil); got != nil {
			t.Errorf("no group gives %v", got)
		}
		gain, lose := tx.GuardChange("open", []string{"g1"})
		if got := fmt.Sprint(gain, lose); got != "[] [{bob Bob c level_edit}]" {
			t.Errorf("guarding: %s", got)
		}
		gain, lose = tx.GuardChange("shut", nil)
		if got := fmt.Sprint(gain, lose); got != "[{bob Bob c level_edit}] []" {
			t.Errorf("taking the guard off: %s", got)
		}
		if gain, lose = tx.GuardChange("mine", []string{"g1"}); gain != nil || lose != nil {
			t.Error("a personal folder was asked about")
		}
	})
}
