package client_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

var ctx = context.Background()

func kind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if !fault.Is(err, want) {
		t.Errorf("%v, want %s", err, want)
	}
}

func add(w *apptest.World, in client.Input) string {
	id, err := w.Clients.Add(ctx, w.Admin, in)
	w.Must(err)
	return id
}

func names(list []client.Client) (all []string) {
	for _, c := range list {
		all = append(all, c.Name)
	}
	return all
}

func TestList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		ids := map[string]string{}
		for _, n := range []string{"Delta", "Alpha", "Charlie", "Bravo"} {
			ids[n] = add(w, client.Input{Name: n, Tags: []string{"Tag of " + n, "shared, SHARED", ""}, RotationDays: 90})
		}
		w.Must(w.Clients.Bookmark(ctx, w.Admin, ids["Delta"], true))
		p, err := w.Clients.Browse(ctx, w.Admin, client.Filter{Counts: true, Tags: true})
		w.Must(err)
		if got := names(p.List)[1:]; !slices.Equal(got, []string{"Delta", "Alpha", "Bravo", "Charlie"}) || !p.List[0].Company {
			t.Errorf("order: %v", got)
		}
		if c := p.List[1]; !slices.Equal(c.Tags, []string{"Tag of Delta", "shared"}) || c.RotationDays != 90 {
			t.Errorf("%+v", c)
		}
		if !slices.Equal(p.Tags, []string{"shared", "Tag of Alpha", "Tag of Bravo", "Tag of Charlie", "Tag of Delta"}) {
			t.Errorf("tags to choose from: %q", p.Tags)
		}
		if p, err = w.Clients.Browse(ctx, w.Admin, client.Filter{Tag: "tag OF bravo"}); err != nil || !slices.Equal(names(p.List), []string{"Bravo"}) {
			t.Errorf("by tag: %v %v", names(p.List), err)
		}
		// By key: two a page, forwards and back.
		var seen []string
		after := ""
		for range 3 {
			p, err = w.Clients.Browse(ctx, w.Admin, client.Filter{Limit: 2, After: after})
			w.Must(err)
			seen = append(seen, names(p.List)...)
			after = p.List[len(p.List)-1].ID
		}
		if len(seen) != 5 || p.More() || p.Start != 4 || p.Previous != ids["Delta"] {
			t.Errorf("pages: %v, then %+v", seen, p)
		}
		shut := w.SignedIn("ada")
		w.Must(w.Sessions.Close(ctx, w.Resume(shut), shut.Bearer()))
		sealed := w.Resume(shut)
		if p, err = w.Clients.Browse(ctx, sealed, client.Filter{Counts: true, Tags: true}); err != nil || !p.Sealed || len(p.Tags) > 0 || len(p.List) != 5 || !p.List[1].Sealed {
			t.Errorf("sealed: %+v %v", p, err)
		}
		_, err = w.Clients.Browse(ctx, sealed, client.Filter{Tag: "shared"})
		kind(t, err, fault.Sealed)
	})
}

func TestInput(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite(t))
	for what, in := range map[string]client.Input{
		"no name": {}, "days": {Name: "x", RotationDays: 3651}, "less than none": {Name: "x", RotationDays: -1}, "tags": {Name: "x", Tags: strings.Split("a"+manyTags(), ",")},
		"a tag": {Name: "x", Tags: []string{strings.Repeat("x", 51)}},
	} {
		if _, err := w.Clients.Add(ctx, w.Admin, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func manyTags() (s string) {
	for i := range 20 {
		s += fmt.Sprintf(",t%d", i)
	}
	return s
}

func TestNumbersAreOfWhatOneReaches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		contoso := add(w, client.Input{Name: "Contoso"})
		guarded, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: contoso}, "Guarded")
		w.Must(err)
		group, err := w.Access.AddGroup(ctx, w.Admin, "Nobody", nil, nil)
		w.Must(err)
		w.Must(w.Access.Guard(ctx, w.Admin, guarded, 1, []string{group}))
		today := w.Clock.Now().UTC().Truncate(24 * time.Hour)
		put := func(folder, title string, expires time.Time) string {
			id, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso, Folder: folder}, vault.Input{Overview: vault.Overview{Title: title}, Expires: expires})
			w.Must(err)
			return id
		}
		late := put("", "late", today.AddDate(0, 0, -1))
		last := put("", "last day", today)
		soon := put("", "soon", today.AddDate(0, 0, 29))
		put("", "far", today.AddDate(0, 0, 60))
		old := put("", "old", time.Time{})
		w.Must(w.Vault.Archive(ctx, w.Admin, old))
		put(guarded, "hidden", today)
		w.Must(d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO flags (org_id, credential_id, home, cause, set_at, password_rev) SELECT c.org_id, c.id, c.client_id, k.cause, 1, c.password_rev
				FROM credentials c, (SELECT 'manual' AS cause UNION SELECT 'weak') k WHERE c.client_id = $1`, contoso)
			return err
		}))
		o, err := w.Clients.Overview(ctx, w.Admin, contoso)
		w.Must(err)
		if o.Counts != (client.Counts{Credentials: 5, Archived: 1, Folders: 1, Flagged: 5, Expiring: 3, Expired: 1}) {
			t.Errorf("the administrator counts %+v", o.Counts)
		}
		w.Enrol("tim", perm.LevelTechnicianDefault)
		tim := w.SignIn("tim")
		if o, err = w.Clients.Overview(ctx, tim, contoso); err != nil || o.Counts != (client.Counts{Credentials: 4, Archived: 1, Flagged: 4, Expiring: 2, Expired: 1}) {
			t.Errorf("tim counts %+v %v", o.Counts, err)
		}
		var due []string
		for _, d := range o.Due {
			due = append(due, d.Credential)
		}
		if !slices.Equal(due, []string{late, last, soon}) || !o.Due[0].Passed || o.Due[1].Passed {
			t.Errorf("due: %+v", o.Due)
		}
		list, _, err := w.Clients.List(ctx, tim, client.Filter{Text: "contoso", Counts: true})
		if err != nil || len(list) != 1 || list[0].Flagged != 4 || list[0].Credentials != 4 || !maps.Equal(list[0].FlaggedFor, map[string]int{"manual": 4, "weak": 4}) {
			t.Errorf("tim's list: %+v %v", list, err)
		}
	})
}

func TestPanel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		contoso := add(w, client.Input{Name: "Contoso"})
		items := []client.Item{{Kind: client.KindField, Name: " Contact ", Value: "Ms Alder"}, {Kind: client.KindText}, {Kind: client.KindText, Name: "Site", Value: "Line 1\nLine 2"}}
		v, err := w.Clients.SetPanel(ctx, w.Admin, contoso, 0, items)
		w.Must(err)
		o, err := w.Clients.Overview(ctx, w.Admin, contoso)
		w.Must(err)
		if want := []client.Item{{Kind: client.KindField, Name: "Contact", Value: "Ms Alder"}, items[2]}; v != 1 || o.Panel.Version != 1 || !slices.Equal(o.Panel.Items, want) {
			t.Errorf("panel: %+v", o.Panel)
		}
		_, err = w.Clients.SetPanel(ctx, w.Admin, contoso, 0, nil)
		kind(t, err, fault.Conflict)
		_, err = w.Clients.SetPanel(ctx, w.Admin, contoso, 1, []client.Item{o.Panel.Items[1], o.Panel.Items[0]})
		w.Must(err)
		events, _, err := w.Audit.List(ctx, w.Admin, audit.Filter{Operations: []string{"client.panel.edit"}})
		w.Must(err)
		if len(events) != 2 || !slices.Equal(events[0].Fields, []string{"order"}) || !slices.Equal(events[1].Fields, []string{"contents"}) || events[0].Name != "Contoso" {
			t.Errorf("events: %+v", events)
		}
		for _, bad := range []client.Item{{Kind: "picture", Value: "x"}, {Kind: client.KindField, Value: "no name"}, {Kind: client.KindField, Name: "x", Value: "a\nb"}, {Kind: client.KindText, Value: strings.Repeat("x", 10_001)}} {
			_, err = w.Clients.SetPanel(ctx, w.Admin, contoso, 2, []client.Item{bad})
			kind(t, err, fault.Invalid)
		}
		_, err = w.Clients.SetPanel(ctx, w.Admin, contoso, 2, nil)
		w.Must(err)
		if o, err = w.Clients.Overview(ctx, w.Admin, contoso); err != nil || len(o.Panel.Items) > 0 || o.Panel.Version != 3 {
			t.Errorf("emptied: %+v %v", o.Panel, err)
		}
		w.Enrol("tim", perm.LevelTechnicianDefault)
		_, err = w.Clients.SetPanel(ctx, w.SignIn("tim"), contoso, 3, items)
		kind(t, err, fault.Absent)
	})
}

func TestBannerEndsByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		contoso := add(w, client.Input{Name: "Contoso"})
		cred, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso}, vault.Input{Overview: vault.Overview{Title: "x"}})
		w.Must(err)
		w.Enrol("tim", perm.LevelTechnicianDefault)
		tim := w.SignIn("tim")
		tomorrow := w.Clock.Now().AddDate(0, 0, 1)
		_, err = w.Clients.SetBanner(ctx, tim, contoso, 0, client.BannerInput{Text: " Closed. ", Level: "danger", Until: tomorrow})
		w.Must(err)
		b, err := w.Clients.Banner(ctx, tim, gate.Credential(cred))
		w.Must(err)
		if !b.Shown() || b.Text != "Closed." || b.Level != "danger" || b.Client != contoso || !b.MayEdit || !b.Until.Equal(tomorrow.UTC().Truncate(24*time.Hour)) {
			t.Errorf("banner: %+v", b)
		}
		_, err = w.Clients.SetBanner(ctx, tim, contoso, 0, client.BannerInput{Text: "Mine"})
		kind(t, err, fault.Conflict)
		_, err = w.Clients.SetBanner(ctx, tim, contoso, 1, client.BannerInput{Text: "x", Level: "loud"})
		kind(t, err, fault.Invalid)
		_, err = w.Clients.SetBanner(ctx, tim, contoso, 1, client.BannerInput{Text: "x", Until: w.Clock.Now().AddDate(0, 0, -2)})
		kind(t, err, fault.Invalid)
		w.Clock.Advance(b.Until.Add(24*time.Hour - time.Millisecond).Sub(w.Clock.Now()))
		if b, err = w.Clients.Banner(ctx, w.SignIn("tim"), gate.Client(contoso)); err != nil || !b.Shown() {
			t.Errorf("in the last moment of its last day: %+v %v", b, err)
		}
		w.Clock.Advance(time.Millisecond)
		if b, err = w.Clients.Banner(ctx, w.SignIn("tim"), gate.Client(contoso)); err != nil || b.Shown() || !b.Ended {
			t.Errorf("after it: %+v %v", b, err)
		}
		_, err = w.Clients.SetBanner(ctx, w.SignIn("tim"), contoso, 1, client.BannerInput{})
		w.Must(err)
		if b, err = w.Clients.Banner(ctx, w.SignIn("tim"), gate.Client(contoso)); err != nil || b.Text != "" || b.Ended {
			t.Errorf("removed: %+v %v", b, err)
		}
	})
}

func TestDisabledAndBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		contoso := add(w, client.Input{Name: "Contoso"})
		add(w, client.Input{Name: "Fabrikam"})
		folder, err := w.Vault.AddFolder(ctx, w.Admin, vault.Place{Client: contoso}, "Network")
		w.Must(err)
		cred, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso, Folder: folder}, vault.Input{Overview: vault.Overview{Title: "Contoso switch"}})
		w.Must(err)
		old, err := w.Vault.Add(ctx, w.Admin, vault.Place{Client: contoso}, vault.Input{Overview: vault.Overview{Title: "Contoso old"}})
		w.Must(err)
		w.Must(w.Vault.Archive(ctx, w.Admin, old))
		timID := w.Enrol("tim", perm.LevelTechnicianDefault)
		w.Enrol("max", perm.LevelManagerDefault)
		w.Enrol("mia", perm.LevelManagerAssigned) // holds Client: Disable, but would not reach it
		tim, max, mia := w.SignIn("tim"), w.SignIn("max"), w.SignIn("mia")
		w.Must(w.Clients.Bookmark(ctx, tim, contoso, true))
		sees := func(who gate.Actor) (n int) {
			all, _, err := w.Clients.List(ctx, who, client.Filter{Text: "contoso", Disabled: true})
			w.Must(err)
			n = len(all)
			marked, _, err := w.Clients.List(ctx, who, client.Filter{Marked: true, Text: "contoso"})
			w.Must(err)
			n += len(marked)
			hits, err := w.Vault.Search(ctx, who, "contoso", 10)
			w.Must(err)
			n += len(hits)
			for _, err := range []error{
				func() error { _, err := w.Vault.Get(ctx, who, cred); return err }(),
				func() error { _, err := w.Vault.Reveal(ctx, who, cred); return err }(),
				func() error { _, err := w.Vault.Folders(ctx, who, vault.Place{Client: contoso}); return err }(),
				func() error { _, err := w.Clients.Banner(ctx, who, gate.Folder(folder)); return err }(),
			} {
				if err == nil {
					n++
				}
			}
			return n
		}
		const everything = 8 // list, bookmark, search (client and credential), four single things
		if got := sees(tim); got != everything {
			t.Fatalf("before, tim sees %d", got)
		}
		w.Must(w.Clients.Disable(ctx, max, contoso))
		if got := sees(tim); got != 0 {
			t.Errorf("disabled, tim still sees %d of it", got)
		}
		if got := sees(mia); got != 0 {
			t.Errorf("mia, who would not reach it, sees %d of it", got)
		}
		if got := sees(max); got != everything-1 { // he has no bookmark
			t.Errorf("who may enable it sees %d of it", got)
		}
		sight, err := w.Access.What(ctx, w.Admin, timID)
		w.Must(err)
		for _, c := range sight.Clients {
			if c.ID == contoso {
				t.Error("What can this user see? has a disabled client")
			}
		}
		w.Must(w.Clients.Enable(ctx, max, contoso))
		if got := sees(tim); got != everything {
			t.Errorf("enabled again, tim sees %d of it", got)
		}
		if c, err := w.Vault.Get(ctx, w.Admin, old); err != nil || !c.Archived {
			t.Errorf("what was archived before is %+v %v", c.Archived, err)
		}
		kind(t, w.Clients.Disable(ctx, w.Admin, w.Company), fault.Unacceptable)
	})
}

func TestDelete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		contoso := add(w, client.Input{Name: "Contoso", Notes: "n", Tags: []string{"t"}})
		place := vault.Place{Client: contoso}
		for _, name := range []string{"A", "B"} {
			id, err := w.Vault.AddFolder(ctx, w.Admin, place, name)
			w.Must(err)
			place.Folder = id
		}
		cred, err := w.Vault.Add(ctx, w.Admin, place, vault.Input{Overview: vault.Overview{Title: "Switch"}})
		w.Must(err)
		_, err = w.Vault.Edit(ctx, w.Admin, cred, 1, vault.Input{Overview: vault.Overview{Title: "Switch 2"}})
		w.Must(err)
		_, err = w.Vault.Reveal(ctx, w.Admin, cred)
		w.Must(err)
		w.Must(w.Clients.Bookmark(ctx, w.Admin, contoso, true))
		kind(t, w.Clients.Delete(ctx, w.Admin, contoso, "Contoso"), fault.Unacceptable) // enabled
		w.Must(w.Clients.Disable(ctx, w.Admin, contoso))
		kind(t, w.Clients.Delete(ctx, w.Admin, contoso, "contoso"), fault.Invalid) // another name
		w.Enrol("max", perm.LevelManagerDefault)
		kind(t, w.Clients.Delete(ctx, w.SignIn("max"), contoso, "Contoso"), fault.Absent)
		kind(t, w.Clients.Delete(ctx, w.Admin, w.Company, "Company vault"), fault.Unacceptable)
		w.Must(w.Clients.Delete(ctx, w.Admin, contoso, "Contoso"))
		_, err = w.Clients.Get(ctx, w.Admin, contoso)
		kind(t, err, fault.Absent)
		_, err = w.Vault.Get(ctx, w.Admin, cred)
		kind(t, err, fault.Absent)
		if hits, err := w.Vault.Search(ctx, w.Admin, "switch", 10); err != nil || len(hits) > 0 {
			t.Errorf("search finds %v %v", hits, err)
		}
		for _, table := range []string{"credentials", "credential_versions", "folders", "seen", "client_keys", "bookmarks", "client_users"} {
			n := 0
			w.Must(d.Read(ctx, func(tx *db.Tx) error {
				where := "client_id = $1"
				if table == "credential_versions" || table == "seen" {
					where = "$1 <> ''"
				}
				return tx.Row(ctx, "SELECT COUNT(*) FROM "+table+" WHERE "+where, contoso).Scan(&n)
			}))
			if n > 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		events, _, err := w.Audit.List(ctx, w.Admin, audit.Filter{Client: contoso})
		w.Must(err)
		if events[0].Operation != "client.delete" || events[0].Name != "Contoso" {
			t.Errorf("last event: %+v", events[0])
		}
		for _, e := range events {
			if e.ClientName != "Contoso" || e.Kind == "credential" && e.Title != audit.Gone && e.Title != "" {
				t.Errorf("an event of the deleted client: %+v", e)
			}
		}
	})
}
