package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"bailiwick/internal/client"
	"bailiwick/internal/exporter"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

func (s *Server) exportRoutes() {
	s.exportRoute(route{method: "POST", path: "/exports", id: "export-credentials", summary: "Export credentials with their secrets", op: exporter.OpBegin,
		note: "Asks for one's own password again. The answer is the file, as a stream; an error after its first byte breaks the connection off. Each credential in it counts as seen."}, false)
	mount(s, route{method: "POST", path: "/exports/clients", id: "export-clients", summary: "Export the clients as CSV", op: client.OpExport,
		note: "Those that one reaches, without credentials."}, func(ctx context.Context, c call, _ *struct{}) (sdk.Sheet, error) {
		file, err := s.app.Clients.Export(ctx, c.who, false)
		return sdk.Sheet{CSV: string(file)}, err
	})
	s.exportRoute(route{method: "POST", path: "/exports/own", id: "export-own-credentials", summary: "Export one's own personal vault", op: exporter.OpOwn,
		note: "As the export of credentials."}, true)
}

// exportRoute answers with a file instead of JSON.
func (s *Server) exportRoute(r route, own bool) {
	o := s.operation(r)
	o.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	huma.Register(s.huma, o, func(ctx context.Context, in *struct{ Body sdk.NewExport }) (*huma.StreamResponse, error) {
		c, b := ctx.Value(callKey{}).(call), in.Body
		choice := exporter.Choice{Format: exporter.Format(b.Format), Clients: b.Clients, Chosen: b.Credentials, Own: own, Password: seal.NewSecret(b.Password.Reveal()),
			Passphrase: seal.NewSecret(b.Passphrase.Reveal()), Formulas: b.Formulas}
		begun, err := s.app.Exports.Begin(ctx, c.who, choice)
		if err != nil {
			return nil, problemOf(ctx, s.log, err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			hc.SetHeader("Content-Type", begun.Media())
			hc.SetHeader("Content-Disposition", `attachment; filename="`+begun.Name()+`"`)
			if _, err := begun.Write(ctx, hc.BodyWriter()); err != nil {
				s.log.Warn("an export was broken off", "request", c.meta.ID, "error", err)
				panic(http.ErrAbortHandler)
			}
		}}, nil
	})
}
