package api

import (
	"context"
	"net/http"

	"bailiwick/internal/people"
	"bailiwick/internal/sheet"
	"bailiwick/sdk"
)

// userFileBody holds the largest file in base64, and what stands around it.
const userFileBody = people.MostImport/3*4 + 1<<16

func (s *Server) userImportRoutes() {
	mount(s, route{method: "POST", path: "/users/import/preview", id: "preview-user-import", summary: "See what an import of users would do, and every problem", op: people.OpImportPreview,
		body: userFileBody, note: "User: Add is needed besides."}, s.previewUserImport)
	mount(s, route{method: "POST", path: "/users/import", id: "import-users", summary: "Import users from a CSV file", op: people.OpImport, status: http.StatusCreated,
		body: userFileBody, note: "User: Add is needed besides. All are invited, or nobody; while approval is required they wait for it."}, s.importUsers)
}

func userFile(f sdk.UserFile) people.ImportFile {
	out := people.ImportFile{Data: f.File, Encoding: f.Encoding, Separator: f.Separator, First: sheet.First(f.FirstRow), OnlyGood: f.OnlyGood, Message: f.Message}
	for _, c := range f.Columns {
		out.Columns = append(out.Columns, people.Target(c))
	}
	return out
}

func (s *Server) previewUserImport(ctx context.Context, c call, in *struct{ Body sdk.UserFile }) (sdk.UserFilePreview, error) {
	v, err := s.app.People.PreviewImport(ctx, c.who, userFile(in.Body))
	out := sdk.UserFilePreview{Encoding: v.Encoding, Separator: v.Separator, FirstRow: firstRow(v.Bare), Columns: []sdk.UserFileColumn{}, Rows: v.Rows, Invited: v.Invited, Bad: v.Bad,
		Disabled: v.Disabled, Pending: v.Pending, MayRun: v.MayRun, Problems: []sdk.UserFileProblem{}, ProblemTotal: v.ProblemTotal}
	for _, i := range v.Columns {
		out.Columns = append(out.Columns, sdk.UserFileColumn{Label: i.Label, To: string(i.To)})
	}
	for _, p := range v.Problems {
		out.Problems = append(out.Problems, sdk.UserFileProblem{Row: p.Row, Column: p.Column, Text: p.Text, Fatal: p.Fatal})
	}
	return out, err
}

func (s *Server) importUsers(ctx context.Context, c call, in *struct{ Body sdk.UserFile }) (sdk.UsersImported, error) {
	n, err := s.app.People.Import(ctx, c.who, userFile(in.Body))
	return sdk.UsersImported{Invited: n}, err
}
