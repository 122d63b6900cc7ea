package api_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/gate"
)

var update = flag.Bool("update", false, "write the golden files anew")

type openAPI struct {
	OpenAPI    string                          `json:"openapi"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]struct {
			Properties map[string]json.RawMessage `json:"properties"`
			Closed     *bool                      `json:"additionalProperties"`
		} `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	ID          string `json:"operationId"`
	Operation   string `json:"x-bailiwick-operation"`
	Permission  string `json:"x-bailiwick-permission"`
	Security    []any  `json:"security"`
	RequestBody *struct {
		Content map[string]struct{ Schema ref } `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]struct{ Schema ref } `json:"content"`
	} `json:"responses"`
}

type ref struct {
	Ref string `json:"$ref"`
}

func (r ref) name() string { return r.Ref[strings.LastIndex(r.Ref, "/")+1:] }

func (s *server) described() openAPI {
	s.t.Helper()
	r := s.send("GET", "/api/v1/openapi.json", "", "")
	if r.status != 200 {
		s.t.Fatalf("openapi.json: %d", r.status)
	}
	var o openAPI
	s.Must(json.Unmarshal([]byte(r.body), &o))
	return o
}

// Every route is decided by an operation of the gate, or says why it needs no
// decision; and what the table has is what is described.
func TestEveryRouteIsDecidedOrSaysWhyNot(t *testing.T) {
	s := start(t)
	known := map[string]bool{}
	for _, op := range gate.Ops() {
		known[op.Name] = true
	}
	o := s.described()
	if !strings.HasPrefix(o.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s", o.OpenAPI)
	}
	described := map[string]operation{}
	for path, methods := range o.Paths {
		for method, op := range methods {
			described[strings.ToUpper(method)+" /api/v1"+path] = op
		}
	}
	for _, r := range s.table.Routes() {
		op, is := described[r.Pattern]
		delete(described, r.Pattern)
		switch {
		case r.Public != "" && len(op.Security) > 0:
			t.Errorf("%s is public and says that it needs a bearer", r.Pattern)
		case r.Public != "":
		case !is:
			t.Errorf("%s is not described", r.Pattern)
		case !known[op.Operation] || op.Permission == "" || len(op.Security) == 0:
			t.Errorf("%s is decided by %q, needs %q", r.Pattern, op.Operation, op.Permission)
		}
		if method, path, _ := strings.Cut(r.Pattern, " "); r.Public == "" {
			if got := s.send(method, regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "1"), "", ""); got.status != 401 {
				t.Errorf("%s without a bearer: %d", r.Pattern, got.status)
			}
		}
	}
	for pattern := range described {
		t.Errorf("%s is described and not mounted", pattern)
	}
}

// secrets may stand in these answers only.
var secretAnswers = map[string][]string{
	"sign-in": {"bearer", "device"}, "sign-in-second": {"bearer", "device"}, "begin-factor": {"secret"}, "open-session": {"device"}, "renew-keys": {"device"}, "change-password": {"device"}, "new-organization-key": {"organization_key"}, "new-recovery-code": {"recovery_code"}, "add-token": {"bearer"}, "accept-invitation": {"bearer", "device"}, "set-password": {"device"},
	"reveal-credential": {"password", "notes", "fields"}, "copy-credential": {"password", "notes", "fields"}, "reveal-version": {"password", "notes", "fields"},
	"generate-password": {"password"}, "get-client": {"notes"}, "credential-history": {"fields"}, "audit": {"fields"},
}

// What takes a file for its body, and what answers one.
var (
	streams   = []string{"upload-import", "import-archive", "attach-file"}
	downloads = []string{"export-credentials", "export-own-credentials", "export-knowledge-base", "read-file"}
)

// The golden list of every answer's fields: a new one is seen by a person, and
// nothing secret comes into an answer by the way.
func TestFieldsOfAnswers(t *testing.T) {
	o := start(t).described()
	var lines []string
	for path, methods := range o.Paths {
		for method, op := range methods {
			if op.RequestBody != nil && !slices.Contains(streams, op.ID) {
				schema := o.Components.Schemas[op.RequestBody.Content["application/json"].Schema.name()]
				if schema.Closed == nil || *schema.Closed {
					t.Errorf("%s takes unknown fields", op.ID)
				}
			}
			for status, answer := range op.Responses {
				for media, content := range answer.Content {
					if media == "application/json" {
						lines = append(lines, fmt.Sprintf("%s %s %s -> %s", method, path, status, content.Schema.name()))
						o.checkSecrets(t, op.ID, content.Schema.name())
					} else if media == "application/octet-stream" {
						if !slices.Contains(downloads, op.ID) {
							t.Errorf("%s answers a file", op.ID)
						}
					} else if media != "application/problem+json" || content.Schema.name() != "Problem" {
						t.Errorf("%s answers %s", op.ID, media)
					}
				}
			}
		}
	}
	sort.Strings(lines)
	lines = append(lines, "")
	var names []string
	for name := range o.Components.Schemas {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		lines = append(lines, name+": "+strings.Join(o.fields(name), " "))
	}
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile("testdata/fields.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile("testdata/fields.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), got); diff != "" {
		t.Fatal("fields changed; look at each, then run with -update", diff)
	}
}

func (o openAPI) fields(schema string) []string {
	var all []string
	for f := range o.Components.Schemas[schema].Properties {
		all = append(all, f)
	}
	sort.Strings(all)
	return all
}

// checkSecrets follows an answer through all that it holds.
func (o openAPI) checkSecrets(t *testing.T, id, schema string) {
	for f, p := range o.Components.Schemas[schema].Properties {
		secret := slices.Contains([]string{"password", "bearer", "device", "notes", "fields", "value", "totp", "secret", "organization_key"}, f)
		if secret && schema != "Field" && schema != "Client" && schema != "PanelItem" && !slices.Contains(secretAnswers[id], f) {
			t.Errorf("%s answers %s, which may be a secret", id, f)
		}
		for _, m := range regexp.MustCompile(`#/components/schemas/(\w+)`).FindAllStringSubmatch(string(p), -1) {
			o.checkSecrets(t, id, m[1])
		}
	}
}

func TestPageHasNoScriptAndKnowsEveryOperation(t *testing.T) {
	s := start(t)
	page := s.send("GET", "/api", "", "")
	if page.status != 200 || page.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %v", page.status, page.header)
	}
	for _, bad := range []string{"<script", "javascript:", "style=", "<style", "https://", "unpkg"} {
		if i := strings.Index(strings.ToLower(tags(page.body)), bad); i >= 0 {
			t.Errorf("the page has %q", bad)
		}
	}
	if on := regexp.MustCompile(`(?i)\son\w+=`).FindString(tags(page.body)); on != "" {
		t.Errorf("the page has a handler%s", on)
	}
	for path, methods := range s.described().Paths {
		for _, op := range methods {
			if !strings.Contains(page.body, `id="`+op.ID+`"`) || !strings.Contains(page.body, "/api/v1"+path) {
				t.Errorf("the page lacks %s", op.ID)
			}
		}
	}
	if !strings.Contains(page.body, "Password: View") || strings.Contains(page.body, "<no value>") {
		t.Error("the page does not say which permission is needed")
	}
	if css := s.send("GET", "/api/page.css", "", ""); css.status != 200 || css.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("page.css: %d", css.status)
	}
	if yaml := s.send("GET", "/api/v1/openapi.yaml", "", ""); yaml.status != 200 || !strings.Contains(yaml.body, "openapi: 3.1") {
		t.Errorf("openapi.yaml: %d", yaml.status)
	}
	for _, gone := range []string{"/docs", "/api/v1/docs", "/openapi.json", "/schemas/Client.json", "/api/v1/schemas/Client.json"} {
		if r := s.send("GET", gone, "", ""); r.status != 404 {
			t.Errorf("%s: %d", gone, r.status)
		}
	}
}

// tags gives the tags of a page without what stands between them.
func tags(page string) string {
	return strings.Join(regexp.MustCompile(`<[^>]*>`).FindAllString(page, -1), "\n")
}
