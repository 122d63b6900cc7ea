package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"bailiwick/internal/door"
	"bailiwick/sdk"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle []byte

var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

const sameForAll = "the description of the API is the same for everybody"

// describe mounts what tells people and programs about the API. Each is made
// once, when somebody first asks: a start does not wait for it.
func (s *Server) describe() {
	for _, f := range []struct {
		path, kind string
		body       func() []byte
	}{
		{sdk.Prefix + "/openapi.json", "application/vnd.oai.openapi+json", func() []byte { return must(json.MarshalIndent(s.huma.OpenAPI(), "", "  ")) }},
		{sdk.Prefix + "/openapi.yaml", "application/vnd.oai.openapi", func() []byte { return must(s.huma.OpenAPI().YAML()) }},
		{"/api", "text/html; charset=utf-8", s.page},
		{"/api/page.css", "text/css; charset=utf-8", func() []byte { return pageStyle }},
	} {
		body := sync.OnceValue(f.body)
		s.table.Add(door.Route{Pattern: "GET " + f.path, Public: sameForAll, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", f.kind)
			_, _ = w.Write(body())
		})})
	}
}

func (s *Server) page() []byte {
	var page bytes.Buffer
	err := pageTemplate().Execute(&page, s.sections())
	return must(page.Bytes(), err)
}

// must is for what fails only where the program itself is wrong.
func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

func operations(o *huma.OpenAPI) map[string]*huma.Operation {
	all := map[string]*huma.Operation{}
	for _, item := range o.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				all[op.OperationID] = op
			}
		}
	}
	return all
}

// section is a group of operations on the page.
type section struct {
	Name    string
	Entries []entry
}

type entry struct {
	ID, Method, Path, Summary, Needs, Operation, Note, Curl, Status string
	Tokens, Public, Keys, Once                                      bool
	Inputs, Outputs                                                 []input
}

type input struct {
	Name, In, Type, Text string
	Required             bool
}

func (s *Server) sections() []section {
	var all []section
	at := map[string]int{}
	described := operations(s.huma.OpenAPI())
	for _, r := range s.routes {
		o := described[r.id]
		e := entry{ID: r.id, Method: r.method, Path: sdk.Prefix + r.path, Summary: r.summary, Needs: needs(r), Note: r.note, Public: r.public != "",
			Status: fmt.Sprint(max(r.status, http.StatusOK))}
		if r.op != nil {
			e.Operation, e.Tokens, e.Keys, e.Once = r.op.Name, r.op.Tokens, r.op.Keys, r.op.Once
		}
		for _, p := range o.Parameters {
			e.Inputs = append(e.Inputs, input{Name: p.Name, In: p.In, Type: typeOf(p.Schema), Text: p.Description, Required: p.Required})
		}
		body := s.bodyOf(o)
		e.Inputs = append(e.Inputs, fields(body, "body")...)
		if answer := o.Responses[e.Status]; answer != nil && answer.Content["application/json"] != nil {
			e.Outputs = fields(s.resolve(answer.Content["application/json"].Schema), "answer")
		}
		e.Curl = s.curl(r, o, body)
		if _, ok := at[r.tag()]; !ok {
			at[r.tag()] = len(all)
			all = append(all, section{Name: r.tag()})
		}
		i := at[r.tag()]
		all[i].Entries = append(all[i].Entries, e)
	}
	return all
}

func (s *Server) bodyOf(o *huma.Operation) *huma.Schema {
	if o.RequestBody == nil || o.RequestBody.Content["application/json"] == nil {
		return nil
	}
	return s.resolve(o.RequestBody.Content["application/json"].Schema)
}

func (s *Server) resolve(schema *huma.Schema) *huma.Schema {
	if schema != nil && schema.Ref != "" {
		return s.huma.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

func typeOf(s *huma.Schema) string {
	switch {
	case s.Ref != "":
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case s.Type == huma.TypeArray:
		return "list of " + typeOf(s.Items)
	case s.Format == "date-time":
		return "time"
	}
	return s.Type
}

// fields lists an object's properties in the order in which they are declared.
func fields(s *huma.Schema, in string) []input {
	if s == nil {
		return nil
	}
	var all []input
	for _, name := range propertyNames(s) {
		p := s.Properties[name]
		all = append(all, input{Name: name, In: in, Type: typeOf(p), Text: p.Description, Required: in == "body" && required(s, name)})
	}
	return all
}
