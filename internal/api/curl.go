package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bailiwick/sdk"
)

// propertyNames puts what is needed first, and the rest by name.
func propertyNames(s *huma.Schema) []string {
	var names []string
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if required(s, a) != required(s, b) {
			if required(s, a) {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}

func required(s *huma.Schema, name string) bool { return slices.Contains(s.Required, name) }

// curl is an example of a call, made of the examples of its fields.
func (s *Server) curl(r route, o *huma.Operation, body *huma.Schema) string {
	path := sdk.Prefix + r.path
	for name, sample := range map[string]string{"{id}": "$ID", "{version}": "1"} {
		path = strings.ReplaceAll(path, name, sample)
	}
	if query := sampleQuery(r); query != "" {
		path += "?" + query
	}
	line := []string{"curl -sS"}
	if r.method != http.MethodGet {
		line = append(line, "-X "+r.method)
	}
	line = append(line, `"$BAILIWICK_ADDRESS`+path+`"`)
	if r.public == "" {
		line = append(line, `-H "Authorization: Bearer $BAILIWICK_TOKEN"`)
	}
	if r.op != nil && r.op.Once {
		line = append(line, `-H "Idempotency-Key: $(uuidgen)"`)
	}
	if r.media != "" {
		line = append(line, `-H "Content-Type: `+r.media+`"`, "--data-binary @export.csv")
	}
	if body != nil {
		line = append(line, "--json '"+sample(body)+"'")
	}
	return strings.Join(line, " \\\n  ")
}

func sampleQuery(r route) string {
	switch r.id {
	case "search":
		return "q=edge+fire"
	case "list-credentials", "list-folders":
		return "client=$CLIENT"
	case "upload-import":
		return "name=export.csv"
	case "list-clients":
		return "limit=20"
	}
	return ""
}

// sample is a body with what is needed and what has an example.
func sample(s *huma.Schema) string {
	var parts []string
	for _, name := range propertyNames(s) {
		p := s.Properties[name]
		if !required(s, name) && len(p.Examples) == 0 {
			continue
		}
		var v any = ""
		if len(p.Examples) > 0 {
			v = p.Examples[0]
		}
		text, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		parts = append(parts, `"`+name+`": `+string(text))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
