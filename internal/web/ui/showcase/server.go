package showcase

import (
	"net/http"
	"strings"

	"bailiwick/internal/web/static"
	"bailiwick/internal/web/ui"
)

// policy is the content security policy under which all pages must work.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler serves the pages: /NAME follows the system, /NAME?theme=dark does not.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	mux.HandleFunc("GET /search", func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Query().Get("q"), "zz") {
			return
		}
		ui.Results(results()).Render(r.Context(), w)
	})
	mux.HandleFunc("POST /copy", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte(password))
	})
	mux.HandleFunc("POST /reveal", func(w http.ResponseWriter, r *http.Request) {
		ui.Revealed(password, 2).Render(r.Context(), w)
	})
	mux.HandleFunc("POST /strength", func(w http.ResponseWriter, r *http.Request) {
		ui.Strength(ui.StrengthParams{Score: 3, Crack: "centuries to guess"}).Render(r.Context(), w)
	})
	mux.HandleFunc("GET /{page}", func(w http.ResponseWriter, r *http.Request) {
		page, ok := Pages(r.URL.Query().Get("theme"))[r.PathValue("page")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		page.Render(r.Context(), w)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}
