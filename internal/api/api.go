// Package api is the JSON API, version 1: it decodes a request, calls one
// feature method with the actor, and encodes the answer. Its description is
// OpenAPI 3.1, made from the same structs that decode and encode.
//
// It decides nothing, knows no cookie, and mounts nothing beside door.Table.
// No answer but those of reveal and copy has a secret in it; those of sign-in
// and new tokens have the one bearer that was just made.
package api

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bailiwick/internal/app"
	"bailiwick/internal/door"
	"bailiwick/sdk"
)

// Server answers the API of an App.
type Server struct {
	app    *app.App
	log    *slog.Logger
	table  *door.Table
	huma   huma.API
	routes []route
}

// Mount adds the API, its description and its page to the route table.
func Mount(a *app.App, t *door.Table, log *slog.Logger) *Server {
	s := &Server{app: a, log: log, table: t}
	s.huma = huma.NewAPI(config(), adapter{s})
	for _, routes := range []func(){s.sessionRoutes, s.tokenRoutes, s.meRoutes, s.clientRoutes, s.siteRoutes, s.folderRoutes, s.selectedRoutes, s.shareRoutes,
		s.credentialRoutes, s.historyRoutes, s.searchRoutes, s.importRoutes, s.auditRoutes, s.mailRoutes, s.userRoutes, s.factorRoutes, s.linkRoutes, s.accessRoutes, s.extLinkRoutes, s.exportRoutes, s.flagRoutes, s.passwordRoutes, s.brandRoutes, s.typeRoutes, s.codeRoutes, s.keyRoutes, s.baseRoutes, s.articleRoutes, s.archiveRoutes} {
		routes()
	}
	s.describe()
	t.Add(door.Route{Pattern: sdk.Prefix + "/", Public: "says that there is nothing at an address, or which methods it takes", Handler: http.HandlerFunc(s.missing)})
	return s
}

// Owns reports whether a path is the API's, for whoever answers errors outside
// of any handler.
func Owns(path string) bool { return strings.HasPrefix(path, sdk.Prefix+"/") }

func config() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "Bailiwick API", Version: "1",
				Description: "Everything that a session or API token may do. Times are RFC 3339 in UTC; ids are opaque. " +
					"What one may not see is answered like what is not there. Every answer with an error is an application/problem+json."},
			Servers: []*huma.Server{{URL: sdk.Prefix}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer",
					Description: "A session (bws_…, from POST /sessions) or an API token (bwt_…, from POST /tokens)."}},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": strict, "json": strict},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
}

// missing answers what no route of the API matches.
func (s *Server) missing(w http.ResponseWriter, r *http.Request) {
	allowed := s.table.Methods(r)
	if len(allowed) == 0 {
		Failed(s.log, w, r, nothingHere())
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	Failed(s.log, w, r, plain(http.StatusMethodNotAllowed, sdk.Method, "This address takes "+strings.Join(allowed, ", ")+" only."))
}
