package api

import (
	"context"
	"net/http"

	"bailiwick/internal/importer"
	"bailiwick/internal/seal"
	"bailiwick/internal/sheet"
	"bailiwick/sdk"
)

func (s *Server) importRoutes() {
	mount(s, route{method: "POST", path: "/imports", id: "upload-import", summary: "Upload a file of credentials or clients", op: importer.OpUpload, status: http.StatusCreated,
		body: importer.MaxBytes + 1, media: "application/octet-stream", note: "CSV up to 200 MB; what Bitwarden, 1Password and KeePass export or keep up to 100 MB. It becomes a draft; nothing is imported yet. Then: unlock where it is a KeePass database, choices, preview, run. The type text/csv is taken, too."}, s.uploadImport)
	mount(s, route{method: "GET", path: "/imports", id: "list-imports", summary: "List one's own imports", op: importer.OpView,
		note: "Those that wait go on, if this session is open."}, s.listImports)
	mount(s, route{method: "GET", path: "/imports/{id}", id: "get-import", summary: "See how far an import is", op: importer.OpView,
		note: "If it waits, it goes on, if this session is its starter's and is open."}, s.getImport)
	mountEmpty(s, route{method: "POST", path: "/imports/{id}/unlock", id: "unlock-import", summary: "Open an uploaded KeePass database", op: importer.OpUnlock, body: 2 * importer.MostKeyFile,
		note: "Deriving its key takes up to some seconds. Neither passphrase nor key file are kept."}, s.unlockImport)
	mountEmpty(s, route{method: "PUT", path: "/imports/{id}/choices", id: "choose-import", summary: "Choose where an uploaded file goes", op: importer.OpChoose}, s.chooseImport)
	mount(s, route{method: "GET", path: "/imports/{id}/preview", id: "preview-import", summary: "See what an import would do, and every problem", op: importer.OpPreview}, s.previewImport)
	mountEmpty(s, route{method: "POST", path: "/imports/{id}/run", id: "run-import", summary: "Start an import", op: importer.OpRun,
		note: "It runs in the background while this session is open: all of it or nothing. Each row needs Password: Add or Password: Edit at its place besides."}, s.runImport)
	mountEmpty(s, route{method: "POST", path: "/imports/{id}/cancel", id: "cancel-import", summary: "Cancel an import that is not done", op: importer.OpCancel}, s.cancelImport)
	mount(s, route{method: "POST", path: "/imports/{id}/undo", id: "undo-import", summary: "Take an import back within 7 days", op: importer.OpUndo}, s.undoImport)
}

func (s *Server) uploadImport(ctx context.Context, c call, in *struct {
	Of        string `query:"of" enum:"credentials,clients" default:"credentials" doc:"What its rows are. Clients are CSV up to 20 MB and 10,000 rows"`
	Name      string `query:"name" maxLength:"300" doc:"Name of the file"`
	Format    string `query:"format" maxLength:"20" doc:"As in choices; found out otherwise"`
	FirstRow  string `query:"first_row" enum:"headings,data" doc:"Found out otherwise"`
	Encoding  string `query:"encoding" maxLength:"40" doc:"Found out otherwise"`
	Separator string `query:"separator" maxLength:"1" doc:"Found out otherwise"`
}) (sdk.Done, error) {
	id, err := s.app.Imports.Upload(ctx, c.who, in.Name, importer.Choices{Of: ofNamed(in.Of), Format: in.Format, First: sheet.First(in.FirstRow), Encoding: in.Encoding, Separator: in.Separator}, c.stream)
	return sdk.Done{ID: id}, err
}

// ofNamed and nameOf translate what the rows of a file are.
func ofNamed(name string) importer.Of {
	if name == string(importer.OfClients) {
		return importer.OfClients
	}
	return importer.OfCredentials
}

func nameOf(of importer.Of) string {
	if of == importer.OfClients {
		return string(of)
	}
	return "credentials"
}

func (s *Server) unlockImport(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ImportKey
}) error {
	return s.app.Imports.Unlock(ctx, c.who, in.ID, seal.NewSecret(in.Body.Passphrase.Reveal()), in.Body.KeyFile)
}

func (s *Server) listImports(ctx context.Context, c call, _ *struct{}) (sdk.Imports, error) {
	jobs, err := s.app.Imports.List(ctx, c.who)
	if err == nil {
		_, err = s.app.Imports.Continue(ctx, c.who)
	}
	out := sdk.Imports{Imports: []sdk.Import{}}
	for _, j := range jobs {
		out.Imports = append(out.Imports, importOf(j))
	}
	return out, err
}

func importOf(j importer.Job) sdk.Import {
	return sdk.Import{ID: j.ID, Of: nameOf(j.Of), State: j.State, Say: j.Say, By: j.ByName, Mine: j.Mine, File: j.File, Done: j.Done, Total: j.Total, Counts: sdk.ImportCounts(j.Counts),
		CreatedAt: j.Created, EndedAt: when(j.Ended), UndoUntil: when(j.UndoUntil), MayCancel: j.MayCancel, MayUndo: j.MayUndo}
}

func (s *Server) getImport(ctx context.Context, c call, in *ByID) (sdk.Import, error) {
	j, err := s.app.Imports.View(ctx, c.who, in.ID)
	if err == nil {
		_, err = s.app.Imports.Continue(ctx, c.who)
	}
	return importOf(j), err
}

// chooseImport lays the columns that are given over those that were guessed.
func (s *Server) chooseImport(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ImportChoices
}) error {
	b := in.Body
	next := importer.Choices{Format: b.Format, Encoding: b.Encoding, Separator: b.Separator, First: sheet.First(b.FirstRow), Duplicates: importer.Duplicates(b.Duplicates), OnlyGood: b.OnlyGood,
		To: importer.Destination{Client: b.Client, Folder: b.Folder, ByColumn: b.ByColumn, AddClients: b.AddClients}}
	if len(b.Columns) > 0 {
		present, err := s.app.Imports.Preview(ctx, c.who, in.ID)
		if err == nil && readsOtherwise(b, present) { // then it has other columns
			if err = s.app.Imports.Choose(ctx, c.who, in.ID, next); err == nil {
				present, err = s.app.Imports.Preview(ctx, c.who, in.ID)
			}
		}
		if err != nil {
			return err
		}
		next.Mapping = present.Choices.Mapping
		next.Mapping.DateOrder = sheet.DateOrder(b.DateOrder)
		for i := range next.Mapping.Columns {
			for _, given := range b.Columns {
				if column := &next.Mapping.Columns[i]; column.Index == given.Index {
					if err := column.To.UnmarshalText([]byte(given.To)); err != nil {
						return err
					}
					column.Name, column.Hidden, column.Known = given.Name, given.Hidden, true
				}
			}
		}
	}
	return s.app.Imports.Choose(ctx, c.who, in.ID, next)
}

func (s *Server) previewImport(ctx context.Context, c call, in *ByID) (sdk.ImportPreview, error) {
	p, err := s.app.Imports.Preview(ctx, c.who, in.ID)
	if err != nil {
		return sdk.ImportPreview{}, err
	}
	to := p.Choices.To
	out := sdk.ImportPreview{ID: p.ID, Of: nameOf(p.Choices.Of), File: p.File, Looks: p.Format.Name, Locked: p.Locked, Remarks: list(p.Remarks), Counts: sdk.ImportCounts(p.Counts), Problems: []sdk.ImportProblem{},
		ProblemTotal: p.ProblemTotal, NewClients: list(p.NewClients), MayRun: p.MayRun,
		Choices: sdk.ImportChoices{Client: to.Client, Folder: to.Folder, ByColumn: to.ByColumn, AddClients: to.AddClients, Duplicates: string(p.Choices.Duplicates),
			OnlyGood: p.Choices.OnlyGood, Format: p.Format.ID, Encoding: p.Encoding, Separator: p.Separator, FirstRow: firstRow(p.Bare), DateOrder: string(p.Choices.Mapping.DateOrder)}}
	for _, col := range p.Choices.Mapping.Columns {
		out.Choices.Columns = append(out.Choices.Columns, sdk.ImportColumn{Index: col.Index, Label: col.Label, To: col.To.String(), Name: col.Name, Hidden: col.Hidden})
	}
	for _, x := range p.Problems {
		out.Problems = append(out.Problems, sdk.ImportProblem{Row: x.Row, Entry: x.Entry, Column: x.Column, Text: x.Text, Fatal: x.Fatal})
	}
	return out, nil
}

func readsOtherwise(b sdk.ImportChoices, p importer.Preview) bool {
	return b.Format != "" && b.Format != p.Format.ID || b.Encoding != "" && b.Encoding != p.Encoding || b.Separator != "" && b.Separator != p.Separator || b.FirstRow != "" && b.FirstRow != firstRow(p.Bare)
}

func firstRow(bare bool) string {
	if bare {
		return string(sheet.FirstData)
	}
	return string(sheet.FirstHeadings)
}

func (s *Server) runImport(ctx context.Context, c call, in *ByID) error {
	return s.app.Imports.Run(ctx, c.who, in.ID)
}

func (s *Server) cancelImport(ctx context.Context, c call, in *ByID) error {
	return s.app.Imports.Cancel(ctx, c.who, in.ID)
}

func (s *Server) undoImport(ctx context.Context, c call, in *ByID) (sdk.ImportUndone, error) {
	done, err := s.app.Imports.Undo(ctx, c.who, in.ID)
	return sdk.ImportUndone(done), err
}
