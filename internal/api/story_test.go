package api_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/sdk"
)

func ptr[T any](v T) *T { return &v }

// overview arranges a client's panel, writes its banner, tags it, and deletes
// another one for good.
func overview(t *testing.T, s *server, id string) {
	t.Helper()
	ctx, a := context.Background(), s.admin
	done, err := a.SetPanel(ctx, id, sdk.PanelChange{Items: []sdk.PanelItem{{Kind: "field", Name: "Contact", Value: "Ms Alder"}, {Kind: "text", Value: "Two\nlines"}}})
	s.Must(err)
	if done.Version != 1 {
		t.Fatalf("panel: %+v", done)
	}
	_, err = a.SetPanel(ctx, id, sdk.PanelChange{})
	if want(t, err, sdk.Conflict).PresentVersion != 1 {
		t.Fatalf("a stale panel: %v", err)
	}
	_, err = a.SetBanner(ctx, id, sdk.BannerChange{Text: "Closed", Level: "warning", Until: "2099-01-31"})
	s.Must(err)
	_, err = a.SetBanner(ctx, id, sdk.BannerChange{Text: "Open"})
	if want(t, err, sdk.Conflict).PresentVersion != 1 {
		t.Fatalf("a stale banner: %v", err)
	}
	o, err := a.ClientOverview(ctx, id)
	s.Must(err)
	if o.Banner.Text != "Closed" || o.Banner.Until != "2099-01-31" || !o.Banner.Shown || len(o.Panel.Items) != 2 || o.Panel.Version != 1 {
		t.Fatalf("overview: %+v", o)
	}
	c, err := a.Client(ctx, id)
	s.Must(err)
	_, err = a.EditClient(ctx, id, sdk.ClientChange{Version: c.Version, Tags: &[]string{"contract"}, Rotation: ptr(90)})
	s.Must(err)
	tagged, err := a.Clients(ctx, sdk.ClientFilter{Tag: "Contract"})
	s.Must(err)
	if len(tagged.Clients) != 1 || tagged.Clients[0].Rotation != 90 || !cmp.Equal(tagged.Clients[0].Tags, []string{"contract"}) {
		t.Fatalf("by tag: %+v", tagged)
	}
	gone, err := a.AddClient(ctx, sdk.NewClient{Name: "Gone"})
	s.Must(err)
	want(t, a.DeleteClient(ctx, gone.ID, "Gone"), sdk.Unacceptable)
	s.Must(a.DisableClient(ctx, gone.ID))
	s.Must(a.DeleteClient(ctx, gone.ID, "Gone"))
	_, err = a.Client(ctx, gone.ID)
	want(t, err, sdk.Absent)
}

func TestEveryCallOnBothEngines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := startOn(t, d)
		a := s.admin

		contoso, err := a.AddClient(ctx, sdk.NewClient{Name: "Contoso", ShortCode: "CON", Notes: "ring twice"})
		s.Must(err)
		c, err := a.Client(ctx, contoso.ID)
		s.Must(err)
		if c.Name != "Contoso" || c.Notes != "ring twice" || !c.MayEdit || c.Version != 1 {
			t.Fatalf("client: %+v", c)
		}
		done, err := a.EditClient(ctx, contoso.ID, sdk.ClientChange{Version: 1, Phone: ptr("+49 1")})
		s.Must(err)
		if done.Version != 2 {
			t.Fatalf("edited client: %+v", done)
		}
		if c, err = a.Client(ctx, contoso.ID); err != nil || c.Phone != "+49 1" || c.Notes != "ring twice" {
			t.Fatalf("after the edit: %+v %v", c, err)
		}
		if _, err = a.EditClient(ctx, contoso.ID, sdk.ClientChange{Version: 1, Name: ptr("X")}); want(t, err, sdk.Conflict).PresentVersion != 2 {
			t.Fatalf("conflict without the present version: %v", err)
		}
		s.Must(a.Bookmark(ctx, contoso.ID))
		all, err := a.Clients(ctx, sdk.ClientFilter{Text: "con"})
		s.Must(err)
		if len(all.Clients) != 1 || !all.Clients[0].Bookmarked || all.Next != "" {
			t.Fatalf("clients: %+v", all)
		}
		s.Must(a.Unbookmark(ctx, contoso.ID))
		s.Must(a.DisableClient(ctx, contoso.ID))
		if all, err = a.Clients(ctx, sdk.ClientFilter{Text: "con"}); err != nil || len(all.Clients) != 0 {
			t.Fatalf("disabled client is listed: %+v %v", all, err)
		}
		s.Must(a.EnableClient(ctx, contoso.ID))

		overview(t, s, contoso.ID)

		here := sdk.Place{Client: contoso.ID}
		net, err := a.AddFolder(ctx, sdk.NewFolder{Client: contoso.ID, Name: "Network"})
		s.Must(err)
		old, err := a.AddFolder(ctx, sdk.NewFolder{Client: contoso.ID, Name: "Old"})
		s.Must(err)
		_, err = a.RenameFolder(ctx, old.ID, sdk.FolderChange{Version: 1, Name: "Older"})
		s.Must(err)
		_, err = a.RenameFolder(ctx, old.ID, sdk.FolderChange{Version: 1, Name: "Oldest"})
		want(t, err, sdk.Conflict)
		_, err = a.MoveFolder(ctx, old.ID, sdk.FolderMove{Version: 2, Folder: net.ID})
		s.Must(err)
		folders, err := a.Folders(ctx, here)
		s.Must(err)
		if len(folders.Folders) != 2 || folders.Folders[1].Folder != net.ID || folders.Folders[1].Depth != 2 {
			t.Fatalf("folders: %+v", folders)
		}
		s.Must(a.DeleteFolder(ctx, old.ID, 0, "up"))

		cred, err := a.AddCredential(ctx, sdk.NewCredential{Client: contoso.ID, Folder: net.ID, Type: "Firewall", Title: "Edge firewall", Username: "root",
			Password: "s3cret!", Notes: "rack 4", URLs: []string{"https://fw.contoso.example"}, Fields: []sdk.Field{{Name: "PIN", Value: "1234", Hidden: true}}})
		s.Must(err)
		secret, err := a.Reveal(ctx, cred.ID)
		s.Must(err)
		if diff := cmp.Diff(sdk.Revealed{Password: "s3cret!", Notes: "rack 4", Fields: []sdk.Field{{Name: "PIN", Value: "1234", Hidden: true}}}, secret); diff != "" {
			t.Fatal("revealed", diff)
		}
		if copied, err := a.Copy(ctx, cred.ID); err != nil || copied.Password != "s3cret!" {
			t.Fatalf("copied: %v", err)
		}
		done, err = a.EditCredential(ctx, cred.ID, sdk.CredentialChange{Version: 1, Generate: 24})
		s.Must(err)
		secret, err = a.Reveal(ctx, cred.ID)
		s.Must(err)
		if done.Version != 2 || len(secret.Password) != 24 || secret.Notes != "rack 4" {
			t.Fatalf("generated a password of %d at version %d", len(secret.Password), done.Version)
		}
		_, err = a.EditCredential(ctx, cred.ID, sdk.CredentialChange{Version: 1, Title: ptr("X")})
		if want(t, err, sdk.Conflict).PresentVersion != 2 {
			t.Fatalf("conflict without the present version: %v", err)
		}
		expires := time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)
		other, err := a.AddCredential(ctx, sdk.NewCredential{Personal: true, Title: "Licence", Password: "keep", ExpiresAt: &expires})
		s.Must(err)
		_, err = a.EditCredential(ctx, other.ID, sdk.CredentialChange{Version: 1, Fields: &[]sdk.Field{{Name: "Key", Value: "k"}}, NeverExpires: true})
		s.Must(err)
		if got, err := a.Credential(ctx, other.ID); err != nil || got.ExpiresAt != nil || got.Version != 2 {
			t.Fatalf("never expires: %+v %v", got, err)
		}
		if secret, err = a.Reveal(ctx, other.ID); err != nil || secret.Password != "keep" || len(secret.Fields) != 1 {
			t.Fatalf("fields: %+v %v", secret, err)
		}
		s.Must(a.Archive(ctx, other.ID))
		_, err = a.MoveSelected(ctx, sdk.MoveSelected{Credentials: []sdk.Selected{{ID: cred.ID, Version: 9}}, Client: contoso.ID})
		want(t, err, sdk.Conflict)
		several, err := a.RetypeSelected(ctx, sdk.RetypeSelected{Credentials: []sdk.Selected{{ID: other.ID}}, Type: "Bank"})
		s.Must(err)
		_, err = a.RestoreSelected(ctx, sdk.Selection{Credentials: []sdk.Selected{{ID: other.ID, Version: several.Credentials[0].Version}}})
		s.Must(err)
		several, err = a.ArchiveSelected(ctx, sdk.Selection{Credentials: []sdk.Selected{{ID: other.ID}}})
		s.Must(err)
		err = a.DeleteCredential(ctx, other.ID, sdk.CredentialDeletion{Version: several.Credentials[0].Version, Title: "Nothing"})
		want(t, err, sdk.Invalid)
		s.Must(a.DeleteCredential(ctx, other.ID, sdk.CredentialDeletion{Version: several.Credentials[0].Version, Title: "Licence"}))
		if columns, err := a.SaveColumns(ctx, "by", "tags"); err != nil || !cmp.Equal(columns.Columns, []string{"tags", "by"}) {
			t.Fatalf("columns: %+v %v", columns, err)
		}
		if _, err = a.SaveColumns(ctx, "password"); err == nil {
			t.Fatal("a column that there is not")
		}
		sorted, err := a.Credentials(ctx, sdk.CredentialFilter{Place: here, Filter: "edge", Sort: "changed", Descending: true})
		s.Must(err)
		if len(sorted.Credentials) != 1 {
			t.Fatalf("filtered: %+v", sorted)
		}
		h, err := a.History(ctx, cred.ID)
		s.Must(err)
		if len(h.Versions) != 2 || !h.Versions[0].Present || !cmp.Equal(h.Versions[0].Fields, []string{"password"}) {
			t.Fatalf("history: %+v", h)
		}
		if secret, err = a.RevealVersion(ctx, cred.ID, 1); err != nil || secret.Password != "s3cret!" {
			t.Fatalf("version 1: %v", err)
		}
		done, err = a.RestoreVersion(ctx, cred.ID, 1, 2)
		s.Must(err)
		got, err := a.Credential(ctx, cred.ID)
		s.Must(err)
		if done.Version != 3 || got.Version != 3 || got.ChangedBy != "Ada Admin" || got.Folder != net.ID {
			t.Fatalf("restored: %+v", got)
		}
		hits, err := a.Search(ctx, "edge fire", 10)
		s.Must(err)
		if len(hits.Hits) != 1 || hits.Hits[0].ID != cred.ID || hits.Hits[0].Host != "fw.contoso.example" || hits.Hits[0].Kind != "credential" {
			t.Fatalf("hits: %+v", hits)
		}
		moved, err := a.Move(ctx, cred.ID, sdk.CredentialMove{Version: 3, Personal: true})
		s.Must(err)
		mine, err := a.Credentials(ctx, sdk.CredentialFilter{Place: sdk.Place{Personal: true}})
		s.Must(err)
		if moved.ID == cred.ID || len(mine.Credentials) != 1 || !mine.Credentials[0].Personal {
			t.Fatalf("moved to %s: %+v", moved.ID, mine)
		}
		s.Must(a.Restore(ctx, cred.ID))
		s.Must(a.Archive(ctx, cred.ID))
		archived, err := a.Credentials(ctx, sdk.CredentialFilter{Place: here, Archived: true})
		s.Must(err)
		if len(archived.Credentials) != 1 || archived.Credentials[0].ArchivedAt == nil {
			t.Fatalf("archived: %+v", archived)
		}
		events, err := a.Audit(ctx, sdk.EventFilter{Target: cred.ID, Page: sdk.Page{Limit: 3}})
		s.Must(err)
		if len(events.Events) != 3 || events.Next == "" || events.Events[0].Operation != "credential.archive" || events.Events[0].Name != "Edge firewall" {
			t.Fatalf("audit: %+v", events)
		}
		rest, err := a.Audit(ctx, sdk.EventFilter{Target: cred.ID, Page: sdk.Page{After: events.Next}})
		s.Must(err)
		if len(rest.Events) == 0 || rest.Events[0].Number >= events.Events[2].Number {
			t.Fatalf("second page of the audit log: %+v", rest)
		}
	})
}

func TestLongListsComeInPages(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	var ids []string
	for _, name := range []string{"Alfa", "Bravo", "Charlie", "Delta", "Echo"} {
		made, err := s.admin.AddClient(ctx, sdk.NewClient{Name: name})
		s.Must(err)
		_, err = s.admin.AddCredential(ctx, sdk.NewCredential{Client: made.ID, Title: name})
		s.Must(err)
		_, err = s.admin.AddCredential(ctx, sdk.NewCredential{Personal: true, Title: name})
		s.Must(err)
		ids = append(ids, made.ID)
	}
	var seen []string
	for f := (sdk.ClientFilter{Page: sdk.Page{Limit: 2}}); ; {
		part, err := s.admin.Clients(ctx, f)
		s.Must(err)
		for _, c := range part.Clients {
			if !c.Company {
				seen = append(seen, c.ID)
			}
		}
		if f.After = part.Next; f.After == "" {
			break
		}
	}
	if diff := cmp.Diff(ids, seen); diff != "" {
		t.Fatal(diff)
	}
	var titles []string
	for f := (sdk.CredentialFilter{Place: sdk.Place{Personal: true}, Page: sdk.Page{Limit: 2}}); ; {
		part, err := s.admin.Credentials(ctx, f)
		s.Must(err)
		for _, c := range part.Credentials {
			titles = append(titles, c.Title)
		}
		if f.After = part.Next; f.After == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"Alfa", "Bravo", "Charlie", "Delta", "Echo"}, titles); diff != "" {
		t.Fatal(diff)
	}
}
