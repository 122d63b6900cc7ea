package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

var problemType = reflect.TypeFor[sdk.Problem]()

// route is one operation of the API.
type route struct {
	method, path string
	id           string   // of the operation in the description
	summary      string   // what it does
	note         string   // what else has to be known
	op           *gate.Op // what the gate decides
	public       string   // why nothing is decided
	status       int      // when it goes well; 0: 200
	body         int64    // largest body; 0: 1 MiB
	media        string   // of a body that is a stream, not JSON
}

func (r route) changes() bool { return r.method != http.MethodGet }

// call is who asks, by what, and from where.
type call struct {
	who    gate.Actor
	bearer string
	agent  string
	meta   *door.Meta
	stream io.Reader // a body that is not JSON
}

type callKey struct{}

// answer is one type for all of them: huma's code is compiled anew for each pair
// of types that it is given, and was a twentieth of the program.
type answer struct{ Body any }

// mount adds a route whose answer has a body.
func mount[I, T any](s *Server, r route, fn func(context.Context, call, *I) (T, error)) {
	o := s.operation(r)
	schema := s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, r.id+"Response")
	o.Responses = map[string]*huma.Response{strconv.Itoa(o.DefaultStatus): {Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
	register(s, o, func(ctx context.Context, in *I) (*answer, error) {
		out, err := fn(ctx, ctx.Value(callKey{}).(call), in)
		if err != nil {
			return nil, problemOf(ctx, s.log, err)
		}
		return &answer{out}, nil
	})
}

func register[I any](s *Server, o huma.Operation, fn func(context.Context, *I) (*answer, error)) {
	huma.Register(s.huma, o, fn)
}

// mountEmpty adds a route whose answer has none.
func mountEmpty[I any](s *Server, r route, fn func(context.Context, call, *I) error) {
	r.status = http.StatusNoContent
	huma.Register(s.huma, s.operation(r), func(ctx context.Context, in *I) (*struct{}, error) {
		if err := fn(ctx, ctx.Value(callKey{}).(call), in); err != nil {
			return nil, problemOf(ctx, s.log, err)
		}
		return nil, nil
	})
}

// adapter is how huma mounts: through the route table, and in no other way.
type adapter struct{ *Server }

// ServeHTTP is part of huma's interface; the route table serves instead.
func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.table.ServeHTTP(w, r) }

// Handle adds an operation to the route table.
func (a adapter) Handle(o *huma.Operation, handler func(huma.Context)) {
	r := o.Metadata["route"].(route)
	pattern := r.method + " " + sdk.Prefix + r.path
	a.routes = append(a.routes, r)
	a.table.Add(door.Route{Pattern: pattern, Public: r.public, Body: r.body, Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c, err := a.enter(req, r)
		if err == nil {
			req, err = a.take(req, r, o.RequestBody != nil, &c)
		}
		if err != nil {
			Failed(a.log, w, req, err)
			return
		}
		handler(humago.NewContext(o, req.WithContext(context.WithValue(req.Context(), callKey{}, c)), w))
	})})
}

// enter finds out who asks, before anything else of the request is read.
func (s *Server) enter(r *http.Request, of route) (call, error) {
	meta := door.Of(r)
	c := call{meta: meta, agent: r.UserAgent(), who: gate.Stranger("", meta.IP, meta.Trace)}
	if of.public != "" {
		return c, nil
	}
	scheme, bearer, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return c, fault.NotSignedIn()
	}
	var err error
	c.bearer = strings.TrimSpace(bearer)
	c.who, err = s.app.Sessions.Resume(r.Context(), c.bearer, meta.IP, meta.Trace)
	return c, err
}

// take reads the body once, checks its shape, and binds the idempotency key to
// this very request.
func (s *Server) take(r *http.Request, of route, wanted bool, c *call) (*http.Request, error) {
	if of.media != "" {
		if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != of.media && media != "text/csv" {
			return r, plain(http.StatusUnsupportedMediaType, sdk.MediaType, "Send the body as "+of.media+". Nothing was saved.")
		}
		c.stream = r.Body
		return r, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return r, err
	}
	if len(body) > 0 {
		if !wanted {
			return r, plain(http.StatusBadRequest, sdk.Malformed, "This address takes no body. Nothing was saved.")
		}
		if kind := r.Header.Get("Content-Type"); kind != "" {
			if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
				return r, plain(http.StatusUnsupportedMediaType, sdk.MediaType, "Send the body as application/json. Nothing was saved.")
			}
		}
		if err := checkShape(body); err != nil {
			return r, plain(http.StatusBadRequest, sdk.Malformed, "The body could not be read: "+err.Error()+". Nothing was saved.")
		}
	}
	if key := r.Header.Get("Idempotency-Key"); key != "" && of.changes() {
		if len(key) > 64 {
			return r, fault.Bad("Idempotency-Key", "Use at most 64 characters.")
		}
		c.who = c.who.Once(key, seal.Hash([]byte(r.Method), []byte(r.URL.Path), body))
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	return r, nil
}
