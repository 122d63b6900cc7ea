package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bailiwick/internal/gate"
)

// operation describes a route for huma and for the OpenAPI description.
func (s *Server) operation(r route) huma.Operation {
	if r.body == 0 {
		r.body = 1 << 20
	}
	if r.status == 0 {
		r.status = http.StatusOK
	}
	o := huma.Operation{OperationID: r.id, Method: r.method, Path: r.path, Summary: r.summary, Description: description(r),
		DefaultStatus: r.status, MaxBodyBytes: r.body + 1, Tags: []string{r.tag()}, Metadata: map[string]any{"route": r},
		Extensions: map[string]any{}}
	// The body is here already. huma's own limit of five seconds would stay on
	// the connection and cancel whatever waits longer, such as a queued sign-in.
	o.BodyReadTimeout = -1
	if r.op != nil {
		o.Security = []map[string][]string{{"bearer": {}}}
		o.Extensions["x-bailiwick-operation"] = r.op.Name
		o.Extensions["x-bailiwick-permission"] = needs(r)
		o.Extensions["x-bailiwick-tokens"] = r.op.Tokens
	}
	if r.media != "" {
		o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{r.media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	}
	if r.op != nil && r.op.Once {
		longest := 64
		o.Parameters = append(o.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", MaxLength: &longest},
			Description: "Any text of your own: a request that comes again with the same key is answered as the first time and done once."})
	}
	return o
}

// tag groups routes by the thing that they are about.
func (r route) tag() string {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.path, "/"), "/")
	switch name {
	case "devices":
		return "sessions"
	case "me", "organization":
		return "oneself"
	}
	return name
}

// needs says which permission an operation asks for.
func needs(r route) string {
	switch {
	case r.public != "":
		return "no sign-in: " + r.public
	case r.op.Needs.Valid() && r.op.Personal:
		return r.op.Needs.String() + " (Vault Access in one's own personal vault)"
	case r.op.Or.Valid():
		return r.op.Needs.String() + " or " + r.op.Or.String()
	case r.op.Needs.Valid():
		return r.op.Needs.String()
	case r.op.Scope == gate.Listed:
		return "signed in; shows what one reaches"
	}
	return "signed in"
}

func description(r route) string {
	parts := []string{"Needs: " + needs(r) + "."}
	if r.op != nil && r.op.Keys {
		parts = append(parts, "The session has to hold the vault's keys, or it is answered as sealed (423).")
	}
	if r.op != nil && !r.op.Tokens {
		parts = append(parts, "Not for API tokens.")
	}
	if r.op != nil && r.op.Audit {
		parts = append(parts, "It is an event in the audit log.")
	}
	if r.note != "" {
		parts = append(parts, r.note)
	}
	return strings.Join(parts, " ")
}
