package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/sdk"
)

func TestImport(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	a := s.admin
	contoso, err := a.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
	s.Must(err)
	file := "Title,Username,Password,PIN\nRouter,admin,canary-one,1111\nSwitch,ops,canary-two,2222\n,,canary-three,\n"
	draft, err := a.UploadImport(ctx, "export.csv", strings.NewReader(file))
	s.Must(err)
	s.Must(a.ChooseImport(ctx, draft.ID, sdk.ImportChoices{Client: contoso.ID, Duplicates: "skip"}))
	p, err := a.PreviewImport(ctx, draft.ID)
	s.Must(err)
	if p.MayRun || p.ProblemTotal == 0 || p.Counts.Added != 2 || p.File != "export.csv" || len(p.Choices.Columns) != 4 || p.Choices.Client != contoso.ID {
		t.Fatalf("preview: %+v", p)
	}
	want(t, a.RunImport(ctx, draft.ID), sdk.Unacceptable)
	choices := p.Choices
	choices.OnlyGood = true
	choices.Columns = []sdk.ImportColumn{{Index: 3, To: "custom", Name: "Door", Hidden: true}}
	s.Must(a.ChooseImport(ctx, draft.ID, choices))
	if p, err = a.PreviewImport(ctx, draft.ID); err != nil || !p.MayRun || p.Choices.Columns[3].Name != "Door" || p.Choices.Columns[1].To != "username" {
		t.Fatalf("preview: %+v %v", p, err)
	}
	s.Must(a.RunImport(ctx, draft.ID))
	job := sdk.Import{State: "ready"}
	for job.State == "ready" || job.State == "running" {
		if job, err = a.Import(ctx, draft.ID); err != nil {
			t.Fatal(err)
		}
	}
	if job.State != "done" || job.Counts.Added != 2 || !job.MayUndo || job.UndoUntil == nil {
		t.Fatalf("import: %+v", job)
	}
	list, err := a.Credentials(ctx, sdk.CredentialFilter{Place: sdk.Place{Client: contoso.ID}})
	s.Must(err)
	secret, err := a.Reveal(ctx, list.Credentials[0].ID)
	s.Must(err)
	if secret.Password != "canary-one" || len(secret.Fields) != 1 || secret.Fields[0] != (sdk.Field{Name: "Door", Value: "1111", Hidden: true}) {
		t.Fatalf("imported %#v of %+v", secret.Password.Reveal(), secret.Fields)
	}
	all, err := a.Imports(ctx)
	s.Must(err)
	if len(all.Imports) != 1 || all.Imports[0].ID != draft.ID {
		t.Fatalf("imports: %+v", all)
	}
	undone, err := a.UndoImport(ctx, draft.ID)
	s.Must(err)
	if undone.Archived != 2 {
		t.Fatalf("undone: %+v", undone)
	}
	second, err := a.UploadImport(ctx, "export.csv", strings.NewReader(file))
	s.Must(err)
	s.Must(a.CancelImport(ctx, second.ID))

	bearer := s.bearer()
	if r := s.send("POST", "/api/v1/imports", bearer, file, "Content-Type", "application/json"); r.status != 415 || r.problem.Kind != sdk.MediaType {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := s.send("POST", "/api/v1/imports", bearer, "\x00\x01\x02", "Content-Type", "text/csv"); r.status != 422 || len(r.problem.Errors) == 0 || r.problem.Errors[0].Field != "file" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if strings.Contains(s.log.String(), "canary") {
		t.Fatal("the log has a secret")
	}
}

// An import that a restart left waiting goes on when its starter asks after it.
func TestWaitingImportGoesOn(t *testing.T) {
	ctx := context.Background()
	d := dbtest.SQLite(t)
	s := startOn(t, d)
	contoso, err := s.admin.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
	s.Must(err)
	for name, look := range map[string]func(id string) error{
		"list": func(string) error { _, err := s.admin.Imports(ctx); return err },
		"one":  func(id string) error { _, err := s.admin.Import(ctx, id); return err },
	} {
		draft, err := s.admin.UploadImport(ctx, "export.csv", strings.NewReader("Title,Username\n"+name+",admin\n"))
		s.Must(err)
		s.Must(s.admin.ChooseImport(ctx, draft.ID, sdk.ImportChoices{Client: contoso.ID, Duplicates: "skip"}))
		s.Must(d.Write(ctx, s.OrgID, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE jobs SET state = 'waiting', started_at = created_at, total = 1 WHERE id = $1`, draft.ID)
			return err
		}))
		s.Must(look(draft.ID))
		state := ""
		for range 1000 { // not asked by the API, which would help
			job, err := s.Imports.View(ctx, s.Admin, draft.ID)
			s.Must(err)
			if state = job.State; state == "done" {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if state != "done" {
			t.Errorf("%s: %s", name, state)
		}
	}
}

func TestImportOfClients(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	a := s.admin
	_, err := a.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
	s.Must(err)
	draft, err := a.UploadClients(ctx, "clients.csv", strings.NewReader("Customer;Tel;Label\nContoso;+44 1;a, b\nFabrikam;;\n"))
	s.Must(err)
	s.Must(a.ChooseImport(ctx, draft.ID, sdk.ImportChoices{Duplicates: "update", Columns: []sdk.ImportColumn{{Index: 2, To: "tags"}}}))
	p, err := a.PreviewImport(ctx, draft.ID)
	s.Must(err)
	if p.Of != "clients" || !p.MayRun || p.Counts.Added != 1 || p.Counts.Updated != 1 || p.Choices.Columns[1].To != "phone" {
		t.Fatalf("preview: %+v", p)
	}
	want(t, a.ChooseImport(ctx, draft.ID, sdk.ImportChoices{Duplicates: "update", Columns: []sdk.ImportColumn{{Index: 2, To: "password"}}}), sdk.Invalid)
	want(t, a.ChooseImport(ctx, draft.ID, sdk.ImportChoices{Duplicates: "add"}), sdk.Invalid)
	s.Must(a.RunImport(ctx, draft.ID))
	job := sdk.Import{State: "ready"}
	for job.State == "ready" || job.State == "running" {
		if job, err = a.Import(ctx, draft.ID); err != nil {
			t.Fatal(err)
		}
	}
	if job.State != "done" || job.Of != "clients" || job.Counts.Updated != 1 {
		t.Fatalf("import: %+v", job)
	}
	undone, err := a.UndoImport(ctx, draft.ID)
	s.Must(err)
	if undone.Archived != 1 || undone.Restored != 1 {
		t.Fatalf("undone: %+v", undone)
	}
}
