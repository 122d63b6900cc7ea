package api

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/kb/bundle"
	"bailiwick/sdk"
)

func (s *Server) archiveRoutes() {
	mount(s, route{method: "POST", path: "/articles/{id}/files", id: "attach-file", summary: "Add a picture or attachment to an article", op: kb.OpAttach, status: http.StatusCreated,
		body: kb.LargestFile + 1, media: "application/octet-stream", note: "Up to 25 MB, a picture up to 10 MB. What it is, the server finds out: PNG, JPEG, GIF and WebP are pictures, everything else is a download."}, s.attach)
	mountEmpty(s, route{method: "DELETE", path: "/files/{id}", id: "delete-file", summary: "Delete a picture or attachment", op: kb.OpDetach}, func(ctx context.Context, c call, in *ByID) error {
		return s.app.Bases.Detach(ctx, c.who, in.ID)
	})
	fileRoute(s, route{method: "GET", path: "/files/{id}", id: "read-file", summary: "Download a picture or attachment", op: kb.OpFile}, func(ctx context.Context, who gate.Actor, id string) (string, func(io.Writer) error, error) {
		f, err := s.app.Bases.File(ctx, who, id)
		return "file", func(w io.Writer) error { return s.app.Bases.WriteFile(ctx, who, f, w) }, err
	})
	fileRoute(s, route{method: "POST", path: "/knowledge-bases/{id}/export", id: "export-knowledge-base", summary: "Export a knowledge base as a ZIP archive of Markdown files", op: kb.OpExport,
		note: "Drafts are in it, too. An error after its first byte breaks the connection off."}, func(ctx context.Context, who gate.Actor, id string) (string, func(io.Writer) error, error) {
		x, err := s.app.Bases.Export(ctx, who, id)
		if err != nil {
			return "", nil, err
		}
		return x.Name, func(w io.Writer) error { return x.WriteTo(ctx, w) }, nil
	})
	mount(s, route{method: "POST", path: "/knowledge-bases/{id}/import", id: "import-archive", summary: "Import a ZIP archive of Markdown or HTML files", op: kb.OpImport, status: http.StatusCreated,
		body: bundle.MaxBytes + 1, media: "application/octet-stream", note: "Up to 100 MB. Folders become categories that readers read; each article gets the files that it mentions."}, s.importArchive)
}

// fileRoute answers with a file, always as a download.
func fileRoute(s *Server, r route, open func(ctx context.Context, who gate.Actor, id string) (name string, write func(io.Writer) error, err error)) {
	o := s.operation(r)
	o.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	huma.Register(s.huma, o, func(ctx context.Context, in *ByID) (*huma.StreamResponse, error) {
		c := ctx.Value(callKey{}).(call)
		name, write, err := open(ctx, c.who, in.ID)
		if err != nil {
			return nil, problemOf(ctx, s.log, err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			hc.SetHeader("Content-Type", "application/octet-stream")
			hc.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
			if err := write(hc.BodyWriter()); err != nil {
				s.log.Warn("a file was broken off", "request", c.meta.ID, "error", err)
				panic(http.ErrAbortHandler)
			}
		}}, nil
	})
}

func (s *Server) attach(ctx context.Context, c call, in *struct {
	ByID
	Name string `query:"name" maxLength:"300" doc:"Of the file"`
}) (sdk.ArticleFile, error) {
	if _, err := s.app.Bases.Draft(ctx, c.who, in.ID); err != nil { // before the file is read
		return sdk.ArticleFile{}, err
	}
	data, err := io.ReadAll(c.stream)
	if err != nil {
		return sdk.ArticleFile{}, err
	}
	f, err := s.app.Bases.Attach(ctx, c.who, in.ID, in.Name, data)
	return fileOf(f), err
}

func (s *Server) importArchive(ctx context.Context, c call, in *struct {
	ByID
	Category string `query:"category" maxLength:"64" doc:"Id of the category that it goes into; the top otherwise"`
	Publish  bool   `query:"publish" doc:"Publish what the archive does not call drafts"`
}) (sdk.ArchiveImported, error) {
	out := sdk.ArchiveImported{Problems: []sdk.ArchiveProblem{}}
	if err := s.app.Bases.MayImport(ctx, c.who, in.ID); err != nil { // before the file is read
		return out, err
	}
	data, err := io.ReadAll(c.stream)
	if err != nil {
		return out, err
	}
	got, err := s.app.Bases.Import(ctx, c.who, in.ID, bytes.NewReader(data), int64(len(data)), kb.Importing{Category: in.Category, Publish: in.Publish})
	out.Articles, out.Published, out.Categories, out.Files, out.Unused = got.Articles, got.Published, got.Categories, got.Files, got.Unused
	for _, p := range got.Problems {
		out.Problems = append(out.Problems, sdk.ArchiveProblem(p))
	}
	return out, err
}
