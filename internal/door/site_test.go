package door_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sort"
	"strings"
	"testing"

	"bailiwick/internal/api"
	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/door"
	"bailiwick/internal/factor"
	"bailiwick/internal/gate"
	"bailiwick/internal/importer"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
	"bailiwick/internal/web"
	"bailiwick/internal/web/static"
)

// site is every front door on one table, as it is served, with one of each
// kind of thing in it.
type site struct {
	*apptest.World
	db     *db.DB
	table  *door.Table
	http   http.Handler
	ids    map[string]string // by the part of a pattern before it
	bearer string
	log    *strings.Builder
}

func failed(log *slog.Logger) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		if api.Owns(r.URL.Path) {
			api.Failed(log, w, r, err)
			return
		}
		web.Failed(log, w, r, err)
	}
}

func mount(t *testing.T, a *app.App, o web.Options) (*door.Table, http.Handler, *strings.Builder) {
	t.Helper()
	text := &strings.Builder{}
	o.Log = slog.New(slog.NewTextHandler(text, nil))
	table := door.New(o.Log, nil, failed(o.Log))
	web.Mount(a, table, o)
	api.Mount(a, table, o.Log)
	h, err := table.Compressed()
	if err != nil {
		t.Fatal(err)
	}
	return table, h, text
}

func newSite(t *testing.T) *site {
	t.Helper()
	ctx := context.Background()
	s := &site{db: dbtest.SQLite(t)}
	s.World = apptest.New(t, s.db)
	s.table, s.http, s.log = mount(t, s.App, web.Options{})
	c, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: "Contoso"})
	s.Must(err)
	folder, err := s.Vault.AddFolder(ctx, s.Admin, vault.Place{Client: c}, "Network")
	s.Must(err)
	cred, err := s.Vault.Add(ctx, s.Admin, vault.Place{Client: c}, vault.Input{Overview: vault.Overview{Title: "Router"}, Secret: vault.Secret{Password: "canary"}})
	s.Must(err)
	job, err := s.Imports.Upload(ctx, s.Admin, "x.csv", importer.Choices{}, strings.NewReader("Title,Password\nOne,two\n"))
	s.Must(err)
	token, err := s.Sessions.AddToken(ctx, s.Admin, session.NewToken{Name: "job", Days: 30, AllClients: true, Permissions: []string{perm.ClientViewList.String(), perm.PasswordView.String()}})
	s.Must(err)
	group, err := s.Access.AddGroup(ctx, s.Admin, "On call", nil, nil)
	s.Must(err)
	s.bearer = s.SignedIn("ada").Bearer()
	begun, err := s.Factors.Begin(ctx, s.Admin, factor.NewFactor{Kind: factor.TOTP, Name: "Telephone", Password: seal.NewSecret(apptest.Password)})
	s.Must(err)
	sessions, devices, err := s.Sessions.List(ctx, s.Admin)
	s.Must(err)
	base, err := s.Bases.Add(ctx, s.Admin, kb.NewBase{Path: "help", Name: "Help"})
	s.Must(err)
	category, err := s.Bases.AddCategory(ctx, s.Admin, base, "", kb.CategoryInput{Name: "Open", Visibility: gate.ForAnybody})
	s.Must(err)
	article, err := s.Bases.Write(ctx, s.Admin, base, kb.Input{Category: category, Title: "Printing", Slug: "printing", Markdown: "How to print."})
	s.Must(err)
	file, err := s.Bases.Attach(ctx, s.Admin, article.ID, "a.txt", []byte("canary"))
	s.Must(err)
	_, err = s.Bases.Publish(ctx, s.Admin, article.ID, article.Version, 0)
	s.Must(err)
	s.ids = map[string]string{"/kb": "help", "/knowledge-bases": base, "/categories": category, "/c": category, "/articles": article.ID, "/edit": article.ID, "/helpful": article.ID, "/files": file.ID, "/drafts": "printing", "/people": s.AdminID, "/tags": "x",
		"/clients": c, "/folders": folder, "/credentials": cred, "/import": job, "/imports": job, "/tokens": token.ID,
		"/sessions": sessions[0].ID, "/devices": devices[0].ID, "/history": "1", "/versions": "1", "/o": "northwind-it", "/outbox": "mail_x", "/test": "mail_x", "/users": s.AdminID, "/factors": begun, "/key": "link_x", "/groups": group, "/requests": "99", "/passes": "99", "/levels": "99", "/links": "elink_x", "/link": "elink_x", "/fields": "0", "/types": "ctype_x", "/undo": "undo_x"}
	return s
}

var (
	wildcard = regexp.MustCompile(`(/[a-z-]+)/\{([a-z]+)\}`)
	second   = strings.NewReplacer("{article}", "printing", "{slug}", "printing", "{name}", "a.txt") // two wildcards, one after the other
)

// address is a route's method and an address that it matches: with ids of
// things that are there, or of none.
func (s *site) address(t *testing.T, r door.Route, there bool) (method, path string) {
	t.Helper()
	method, path, ok := strings.Cut(r.Pattern, " ")
	if !ok {
		method, path = "GET", r.Pattern // every method, as the API's last word
	}
	path = strings.TrimSuffix(path, "{$}")
	path = wildcard.ReplaceAllStringFunc(path, func(part string) string {
		kind := wildcard.FindStringSubmatch(part)[1]
		id, known := s.ids[kind]
		if !known {
			t.Fatalf("%s: teach newSite what %s is", r.Pattern, part)
		}
		if !there {
			id = "99"
		}
		return kind + "/" + id
	})
	path = second.Replace(path)
	if path == static.Prefix {
		path = static.URL("app.css")
	}
	return method, path
}

// unsafe reports whether a route may change something.
func unsafe(r door.Route) bool {
	return !strings.HasPrefix(r.Pattern, "GET ") && strings.Contains(r.Pattern, " ")
}

func isAPI(r door.Route) bool { return strings.Contains(r.Pattern, " /api/v1/") }

// ask sends a request as an attacker would dress it: every header that names
// another host or address.
func (s *site) ask(h http.Handler, method, path, body string, signed bool, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "evil.example"
	r.RemoteAddr = "192.0.2.7:4711"
	for _, n := range []string{"X-Forwarded-Host", "X-Host", "X-Original-Url", "X-Rewrite-Url"} {
		r.Header.Set(n, "evil.example")
	}
	r.Header.Set("Forwarded", "for=203.0.113.66;host=evil.example;proto=https")
	r.Header.Set("X-Forwarded-For", "203.0.113.66")
	r.Header.Set("X-Real-Ip", "203.0.113.66")
	r.Header.Set("X-Forwarded-Proto", "http")
	if signed && api.Owns(path) {
		r.Header.Set("Authorization", "Bearer "+s.bearer)
	} else if signed {
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: s.bearer})
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if api.Owns(path) {
			r.Header.Set("Content-Type", "application/json")
		}
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// moving are columns that any request may move.
var moving = map[string]bool{"sessions.last_used": true, "tokens.last_used": true, "devices.last_used": true, "users.pin": true, "tokens.pin": true}

// rows is the whole database, but for what moves with every request.
func (s *site) rows(t *testing.T) map[string]bool {
	t.Helper()
	ctx, all := context.Background(), map[string]bool{}
	s.Must(s.db.Read(ctx, func(tx *db.Tx) error {
		var tables []string
		names, err := tx.Query(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
		if err != nil {
			return err
		}
		for names.Next() {
			var n string
			if err := names.Scan(&n); err != nil {
				return err
			}
			tables = append(tables, n)
		}
		names.Close()
		for _, table := range tables {
			r, err := tx.Query(ctx, `SELECT * FROM `+table)
			if err != nil {
				return err
			}
			columns, err := r.Columns()
			if err != nil {
				return err
			}
			for r.Next() {
				values, at := make([]any, len(columns)), make([]any, len(columns))
				for i := range values {
					at[i] = &values[i]
				}
				if err := r.Scan(at...); err != nil {
					return err
				}
				row := table
				for i, c := range columns {
					if !moving[table+"."+c] {
						row += fmt.Sprintf(" %s=%v", c, values[i])
					}
				}
				all[row] = true
			}
			r.Close()
		}
		return nil
	}))
	return all
}

// changed lists the rows that are not in both, shortened; and whether they are
// events of refusals only.
func changed(before, after map[string]bool) (rows []string, refusals bool) {
	refusals = true
	for _, x := range []struct{ a, b map[string]bool }{{before, after}, {after, before}} {
		for row := range x.a {
			if !x.b[row] {
				rows = append(rows, row[:min(len(row), 300)])
				event := strings.HasPrefix(row, "audit_events ") && strings.Contains(row, "outcome=refused") || strings.HasPrefix(row, "organizations ")
				refusals = refusals && event
			}
		}
	}
	sort.Strings(rows)
	return rows, refusals
}

func logTo() (*slog.Logger, *strings.Builder) {
	text := &strings.Builder{}
	return slog.New(slog.NewTextHandler(text, nil)), text
}

// raw asks for a path as it is written, also one that no URL would have.
func (s *site) raw(t *testing.T, method, path string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "/", nil)
	r.Host, r.URL.Path = "evil.example", path
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: s.bearer})
	w := httptest.NewRecorder()
	s.http.ServeHTTP(w, r)
	return w.Result()
}

// stay signs in anew where a route has just ended the session.
func (s *site) stay() {
	if s.ask(s.http, "GET", "/api/v1/me", "", true).StatusCode != http.StatusOK {
		s.bearer = s.SignedIn("ada").Bearer()
	}
}
