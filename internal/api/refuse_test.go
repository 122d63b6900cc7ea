package api_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/door"
	"bailiwick/internal/perm"
	"bailiwick/sdk"
)

var requestID = regexp.MustCompile(`req_[0-9a-z]{26}`)

func TestStrictBodies(t *testing.T) {
	s := start(t)
	bearer := s.bearer()
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		status             int
		kind               sdk.Kind
		field, says        string
	}{
		"cut":              {"POST", "/clients", `{"name":"Con`, nil, 400, sdk.Malformed, "", "could not be read"},
		"not JSON":         {"POST", "/clients", `name=Contoso`, nil, 400, sdk.Malformed, "", "not JSON at byte"},
		"trailing":         {"POST", "/clients", `{"name":"Contoso"} {}`, nil, 400, sdk.Malformed, "", "follows after its end"},
		"twice":            {"POST", "/clients", `{"name":"Contoso","name":"Fabrikam"}`, nil, 400, sdk.Malformed, "", "twice"},
		"not UTF-8":        {"POST", "/clients", "{\"name\":\"\xff\"}", nil, 400, sdk.Malformed, "", "UTF-8"},
		"deep":             {"POST", "/clients", `{"name":` + deep + `}`, nil, 400, sdk.Malformed, "", "more than 8 deep"},
		"empty":            {"POST", "/clients", ``, nil, 400, sdk.Malformed, "", "JSON object"},
		"big":              {"POST", "/clients", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, sdk.TooLarge, "", "more than the address takes"},
		"unknown field":    {"POST", "/clients", `{"name":"Contoso","admin":true}`, nil, 422, sdk.Invalid, "admin", "no such field"},
		"other case":       {"POST", "/clients", `{"name":"Contoso","NAME":"x"}`, nil, 422, sdk.Invalid, "NAME", "no such field"},
		"missing field":    {"POST", "/clients", `{"phone":"1"}`, nil, 422, sdk.Invalid, "name", "needed"},
		"wrong type":       {"POST", "/clients", `{"name":7}`, nil, 422, sdk.Invalid, "name", "string"},
		"float":            {"POST", "/shares", "\n" + ` {"credentials":[{"id":"é","version":1},{"id":"x","version":1e99}],"everyone":true}`, nil, 422, sdk.Invalid, "credentials[1].version", "must be a whole number"},
		"point":            {"PATCH", "/clients/x", `{"name":"Contoso", "tags": ["a", "b"],"version": 1.0 }`, nil, 422, sdk.Invalid, "version", "without point or exponent"},
		"huge number":      {"PATCH", "/clients/x", `{"name":"Contoso","version":1e999}`, nil, 400, sdk.Malformed, "", "ends at byte 33 is too large"},
		"odd date":         {"POST", "/credentials", `{"personal":true,"title":"x","expires_at":"canary"}`, nil, 422, sdk.Invalid, "expires_at", "date"},
		"null":             {"POST", "/clients", `{"name":null}`, nil, 422, sdk.Invalid, "name", "string"},
		"blank":            {"POST", "/clients", `{"name":" "}`, nil, 422, sdk.Invalid, "name", "Give the client a name"},
		"too long":         {"POST", "/clients", `{"name":"` + strings.Repeat("x", 201) + `"}`, nil, 422, sdk.Invalid, "name", "length <= 200"},
		"media type":       {"POST", "/clients", `{"name":"Contoso"}`, []string{"Content-Type", "text/plain"}, 415, sdk.MediaType, "", "application/json"},
		"form":             {"POST", "/clients", `name=Contoso`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, sdk.MediaType, "", "application/json"},
		"body of none":     {"POST", "/clients/x/disable", `{}`, nil, 400, sdk.Malformed, "", "takes no body"},
		"unknown query":    {"GET", "/clients?everything=1", ``, nil, 422, sdk.Invalid, "everything", "no such field"},
		"limit":            {"GET", "/clients?limit=100000", ``, nil, 422, sdk.Invalid, "limit", "500"},
		"no query":         {"GET", "/search", ``, nil, 422, sdk.Invalid, "q", "needed"},
		"no place":         {"GET", "/credentials", ``, nil, 422, sdk.Invalid, "client", "Name a client"},
		"two places":       {"GET", "/credentials?client=x&personal=true", ``, nil, 422, sdk.Invalid, "personal", "not both"},
		"odd page":         {"GET", "/audit?after=soon", ``, nil, 422, sdk.Invalid, "after", "as next"},
		"long key":         {"POST", "/clients", `{"name":"Contoso"}`, []string{"Idempotency-Key", strings.Repeat("k", 65)}, 422, sdk.Invalid, "Idempotency-Key", "64"},
		"two passwords":    {"POST", "/credentials", `{"personal":true,"title":"x","password":"canary-typed","generate":24}`, nil, 422, sdk.Invalid, "generate", "not both"},
		"no such address":  {"GET", "/customers", ``, nil, 404, sdk.Absent, "", "Not found"},
		"no such method":   {"PUT", "/clients", ``, nil, 405, sdk.Method, "", "GET, POST"},
		"odd organization": {"POST", "/sessions", `{"email":"a@b.example","password":"x","organization_key":"AAAA"}`, nil, 422, sdk.Invalid, "organization_key", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.send(c.method, "/api/v1"+c.path, bearer, c.body, c.header...)
			if r.status != c.status || r.problem.Kind != c.kind || r.problem.Status != c.status {
				t.Fatalf("got %d %s", r.status, r.body)
			}
			text := r.problem.Detail
			if c.field != "" {
				i := slices.IndexFunc(r.problem.Errors, func(f sdk.FieldError) bool { return f.Field == c.field })
				if i < 0 {
					t.Fatalf("nothing about %s: %s", c.field, r.body)
				}
				text = r.problem.Errors[i].Text
			}
			if !strings.Contains(text, c.says) {
				t.Fatalf("says %q, not %q", text, c.says)
			}
			if !requestID.MatchString(r.problem.RequestID) || r.problem.RequestID != r.header.Get("X-Request-Id") {
				t.Fatalf("request id %q, header %q", r.problem.RequestID, r.header.Get("X-Request-Id"))
			}
			if strings.Contains(r.body, "canary") {
				t.Fatal("the error repeats a secret")
			}
		})
	}
	if strings.Contains(s.log.String(), "canary") {
		t.Fatal("the log has a secret")
	}
}

// Every error has the same headers, whoever answers it.
func TestErrorsHaveTheSameHeaders(t *testing.T) {
	s := start(t)
	bearer := s.bearer()
	shape := func(h http.Header) map[string]string {
		out := map[string]string{}
		for k := range h {
			if k != "Date" && k != "X-Request-Id" && k != "Content-Length" && k != "Allow" && k != "Www-Authenticate" && k != "Connection" {
				out[k] = h.Get(k)
			}
		}
		return out
	}
	first := shape(s.send("GET", "/api/v1/clients/client_x", bearer, "").header)
	if first["Content-Security-Policy"] != door.Policy || first["Content-Type"] != "application/problem+json" || first["Cache-Control"] != "no-store" {
		t.Fatalf("%v", first)
	}
	for _, r := range []response{
		s.send("GET", "/api/v1/clients", "", ""), s.send("GET", "/api/v1/clients", "bws_org_x.y", ""), s.send("GET", "/api/v1/nothing", bearer, ""),
		s.send("POST", "/api/v1/clients", bearer, "{"), s.send("POST", "/api/v1/clients", bearer, `{"x":1}`), s.send("PUT", "/api/v1/clients", bearer, ""),
		s.send("POST", "/api/v1/clients", bearer, `{"name":"`+strings.Repeat("x", 1<<20)+`"}`), s.send("GET", "/elsewhere", "", ""),
		s.send("POST", "/api/v1/clients", bearer, `{"name":"x"}`, "Content-Type", "text/plain"),
		s.send("POST", "/api/v1/clients", bearer, `{"name":"x"}`, "Origin", "https://evil.example"),
		s.send("GET", "/api/v1/clients?x=1", bearer, "", "Accept", "text/html"),
	} {
		if r.status < 400 {
			t.Fatalf("no error: %d", r.status)
		}
		if diff := cmp.Diff(first, shape(r.header)); diff != "" {
			t.Errorf("%d: %s", r.status, diff)
		}
		if (r.status == 401) != (r.header.Get("WWW-Authenticate") != "") {
			t.Errorf("%d with WWW-Authenticate %q", r.status, r.header.Get("WWW-Authenticate"))
		}
	}
}

// Refused looks like absent, byte for byte.
func TestRefusedLooksAbsent(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	client, err := s.admin.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
	s.Must(err)
	folder, err := s.admin.AddFolder(ctx, sdk.NewFolder{Client: client.ID, Name: "Network"})
	s.Must(err)
	cred, err := s.admin.AddCredential(ctx, sdk.NewCredential{Client: client.ID, Title: "canary-title", Password: "canary-secret"})
	s.Must(err)
	own, err := s.admin.AddCredential(ctx, sdk.NewCredential{Personal: true, Title: "canary-own", Password: "canary-own"})
	s.Must(err)
	s.Enrol("tim", perm.LevelTechnicianAssigned)
	_, made, err := s.anonymous().SignIn(ctx, sdk.SignIn{Email: "tim@northwind.example", Password: "correct horse battery staple nine", OrganizationKey: sdk.Secret(s.Code.Chars())})
	s.Must(err)
	absent := map[string]string{"client": "client_01jdmz8k3vf0r8q2w8d2t6x9ya", "folder": "folder_01jdmz8k3vf0r8q2w8d2t6x9ya", "cred": "cred_01jdmz8k3vf0r8q2w8d2t6x9ya", "own": "cred_01jdmz8k3vf0r8q2w8d2t6x9yb"}
	there := map[string]string{"client": client.ID, "folder": folder.ID, "cred": cred.ID, "own": own.ID}
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/clients/{client}", ""}, {"PATCH", "/clients/{client}", `{"version":1,"name":"X"}`},
		{"POST", "/clients/{client}/disable", ""}, {"POST", "/clients/{client}/enable", ""},
		{"GET", "/clients/{client}/overview", ""}, {"PUT", "/clients/{client}/panel", `{"version":0,"items":[]}`}, {"PUT", "/clients/{client}/banner", `{"version":0,"text":"x"}`},
		{"POST", "/clients/{client}/delete", `{"name":"Contoso"}`},
		{"PUT", "/clients/{client}/bookmark", ""}, {"DELETE", "/clients/{client}/bookmark", ""},
		{"GET", "/folders?client={client}", ""}, {"POST", "/folders", `{"client":"{client}","name":"X"}`},
		{"PATCH", "/folders/{folder}", `{"version":1,"name":"X"}`}, {"POST", "/folders/{folder}/move", `{"version":1,"folder":""}`}, {"DELETE", "/folders/{folder}", ""},
		{"GET", "/credentials?client={client}", ""}, {"POST", "/credentials", `{"client":"{client}","title":"X"}`},
		{"POST", "/credentials", `{"client":"{client}","folder":"{folder}","title":"X"}`},
		{"GET", "/credentials/{cred}", ""}, {"PATCH", "/credentials/{cred}", `{"version":1,"title":"X"}`}, {"PATCH", "/credentials/{cred}", `{"version":9,"title":"X"}`},
		{"POST", "/credentials/{cred}/reveal", ""}, {"POST", "/credentials/{cred}/copy", ""}, {"POST", "/credentials/{cred}/archive", ""}, {"POST", "/credentials/{cred}/restore", ""},
		{"POST", "/credentials/{cred}/delete", `{"version":1,"title":"canary-title"}`}, {"POST", "/credentials/{own}/delete", `{"version":1,"title":"canary-own"}`}, {"DELETE", "/folders/{folder}?content=archive", ""},
		{"POST", "/selected/archive", `{"credentials":[{"id":"{cred}"},{"id":"{own}"}]}`}, {"POST", "/selected/restore", `{"credentials":[{"id":"{cred}"}]}`},
		{"POST", "/selected/type", `{"credentials":[{"id":"{cred}"}],"type":"Router"}`}, {"POST", "/selected/move", `{"credentials":[{"id":"{cred}","version":9}],"personal":true}`},
		{"POST", "/credentials/{cred}/move", `{"version":1,"personal":true}`}, {"GET", "/credentials/{cred}/history", ""},
		{"POST", "/selected/flag", `{"credentials":[{"id":"{cred}"},{"id":"{own}"}],"note":"X"}`}, {"POST", "/selected/unflag", `{"credentials":[{"id":"{cred}","version":9}]}`}, {"POST", "/selected/unflag/undo", `{"credentials":[{"id":"{cred}"}]}`},
		{"POST", "/credentials/{cred}/flag", `{"note":"X"}`}, {"POST", "/credentials/{cred}/unflag", `{}`}, {"POST", "/credentials/{cred}/unflag/undo", ""}, {"GET", "/credentials/{cred}/twins", ""},
		{"POST", "/credentials/{cred}/code", ""}, {"PUT", "/credentials/{cred}/totp", `{"version":1,"secret":"JBSWY3DPEHPK3PXP"}`}, {"DELETE", "/credentials/{cred}/totp?version=1", ""},
		{"POST", "/credentials/{cred}/versions/1/fields/0/reveal", ""}, {"POST", "/credentials/{cred}/versions/1/fields/0/copy", ""},
		{"POST", "/credentials/{cred}/versions/1/reveal", ""}, {"POST", "/credentials/{cred}/versions/1/restore", `{"version":1}`},
		{"GET", "/clients/{client}/access", ""}, {"GET", "/clients/{client}/who", ""}, {"PUT", "/clients/{client}/users/user_x", `{}`}, {"DELETE", "/clients/{client}/users/user_x", ""},
		{"PUT", "/clients/{client}/groups/group_x", ""}, {"DELETE", "/clients/{client}/groups/group_x", ""},
		{"GET", "/folders/{folder}/access", ""}, {"GET", "/folders/{folder}/who", ""}, {"PUT", "/folders/{folder}/groups", `{"version":1,"groups":[]}`},
		{"PUT", "/folders/{folder}/passes/user_x", `{}`}, {"DELETE", "/folders/{folder}/passes/user_x", ""}, {"GET", "/credentials/{cred}/who", ""}, {"GET", "/credentials/{own}/who", ""},
		{"POST", "/requests", `{"client":"{client}"}`}, {"POST", "/requests", `{"folder":"{folder}"}`},
		{"GET", "/credentials/{cred}/links", ""}, {"POST", "/credentials/{cred}/links", `{}`}, {"POST", "/credentials/{own}/links", `{}`},
		{"GET", "/clients/{client}/site", ""}, {"POST", "/clients/{client}/site/open", ""}, {"POST", "/clients/{client}/site/close", ""}, {"PUT", "/clients/{client}/site/types", `{"force":true}`},
		{"POST", "/clients/{client}/site/users", `{"people":[{"email":"x@contoso.example","level":"site-user"}]}`}, {"GET", "/clients/{client}/partner", ""},
		{"GET", "/credentials/{own}", ""}, {"POST", "/credentials/{own}/reveal", ""}, {"PATCH", "/credentials/{own}", `{"version":1,"title":"X"}`},
	} {
		fill := func(ids map[string]string) response {
			path, body := c.path, c.body
			for k, v := range ids {
				path, body = strings.ReplaceAll(path, "{"+k+"}", v), strings.ReplaceAll(body, "{"+k+"}", v)
			}
			r := s.send(c.method, "/api/v1"+path, made.Bearer.Reveal(), body)
			r.body = requestID.ReplaceAllString(r.body, "")
			return r
		}
		refused, missing := fill(there), fill(absent)
		if refused.status != 404 || missing.status != 404 || refused.body != missing.body {
			t.Errorf("%s %s: refused %d %s absent %d %s", c.method, c.path, refused.status, refused.body, missing.status, missing.body)
		}
	}
	// What was refused is in the audit log, under the operation that the
	// description names.
	events, err := s.admin.Audit(ctx, sdk.EventFilter{Actor: made.User, Page: sdk.Page{Limit: 200}})
	s.Must(err)
	refusals := map[string]bool{}
	for _, e := range events.Events {
		if e.Outcome == "refused" {
			refusals[e.Operation] = true
		}
	}
	for path, methods := range s.described().Paths {
		for _, op := range methods {
			about := strings.HasPrefix(path, "/clients/{") || strings.HasPrefix(path, "/folders") || strings.HasPrefix(path, "/credentials")
			before := op.ID == "edit-client" // a client is read before it is changed
			if about && !before && !refusals[op.Operation] {
				t.Errorf("%s %s: no refusal of %s in the audit log", op.ID, path, op.Operation)
			}
		}
	}
	if hits := s.send("GET", "/api/v1/search?q=canary", made.Bearer.Reveal(), ""); hits.status != 200 || strings.Contains(hits.body, "canary") {
		t.Fatalf("search: %d %s", hits.status, hits.body)
	}
	if list := s.send("GET", "/api/v1/clients", made.Bearer.Reveal(), ""); list.status != 200 || strings.Contains(list.body, "Contoso") {
		t.Fatalf("clients: %d %s", list.status, list.body)
	}
}

func TestDoneOnce(t *testing.T) {
	s := start(t)
	bearer := s.bearer()
	one := s.send("POST", "/api/v1/clients", bearer, `{"name":"Contoso"}`, "Idempotency-Key", "k1")
	two := s.send("POST", "/api/v1/clients", bearer, `{"name":"Contoso"}`, "Idempotency-Key", "k1")
	if one.status != 201 || one.body != two.body || two.status != 201 {
		t.Fatalf("%d %s\n%d %s", one.status, one.body, two.status, two.body)
	}
	other := s.send("POST", "/api/v1/clients", bearer, `{"name":"Fabrikam"}`, "Idempotency-Key", "k1")
	if other.status != 422 || other.problem.Kind != sdk.Unacceptable {
		t.Fatalf("the same key for another request: %d %s", other.status, other.body)
	}
}

// Another organization's ids are as absent as invented ones; a cookie is no
// sign-in.
func TestOnlyBearersCount(t *testing.T) {
	s := start(t)
	for _, header := range []string{"", "Basic YTpi", "Bearer", "Bearer ", "bearer nonsense"} {
		r := s.send("GET", "/api/v1/me", "", "", "Authorization", header, "Cookie", fmt.Sprintf("__Host-session=%s", s.bearer()))
		if r.status != 401 || r.problem.Kind != sdk.Unsigned {
			t.Errorf("%q: %d %s", header, r.status, r.body)
		}
	}
}

// Knowing who asks is no decision: a handler that answers after that alone is
// replaced, so that none can forget to ask the gate.
func TestSignedInIsNotYetDecided(t *testing.T) {
	s := start(t)
	s.table.Add(door.Route{Pattern: "GET /forgetful", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if _, err := s.Sessions.Resume(r.Context(), bearer, door.Of(r).IP, door.Of(r).Trace); err != nil {
			t.Error(err)
		}
		_, _ = fmt.Fprint(w, "canary")
	})})
	if r := s.send("GET", "/forgetful", s.bearer(), ""); r.status != 500 || strings.Contains(r.body, "canary") {
		t.Fatalf("%d %s", r.status, r.body)
	}
}
