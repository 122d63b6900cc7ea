package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/fault"
	"bailiwick/internal/session"
	"bailiwick/sdk"
)

func TestEveryErrorHasAKind(t *testing.T) {
	var log strings.Builder
	for name, c := range map[string]struct {
		err    error
		status int
		kind   sdk.Kind
		after  string
	}{
		"absent":       {fault.NotFound(), 404, sdk.Absent, ""},
		"unsigned":     {fault.NotSignedIn(), 401, sdk.Unsigned, ""},
		"invalid":      {fault.Bad("name", "No."), 422, sdk.Invalid, ""},
		"unacceptable": {fault.Cannot("No."), 422, sdk.Unacceptable, ""},
		"conflict":     {fault.Stale("client"), 409, sdk.Conflict, ""},
		"throttled":    {fault.TooMany(1500 * time.Millisecond), 429, sdk.Throttled, "2"},
		"sealed":       {fault.Closed(), 423, sdk.Sealed, ""},
		"busy":         {fault.Busy("Full.", 5*time.Second, errors.New("canary")), 503, sdk.Unavailable, "5"},
		"unknown":      {fault.Unsure(errors.New("canary")), 503, sdk.Unknown, ""},
		"wrapped":      {fmt.Errorf("canary: %w", fault.NotFound()), 404, sdk.Absent, ""},
		"internal":     {errors.New("canary"), 500, sdk.Internal, ""},
	} {
		p := problemOf(context.Background(), slog.New(slog.NewTextHandler(&log, nil)), c.err)
		if p.Status != c.status || p.Kind != c.kind || p.GetHeaders().Get("Retry-After") != c.after || p.Title == "" || p.Detail == "" {
			t.Errorf("%s: %+v after %s", name, p.Problem, p.after)
		}
		var body strings.Builder
		if err := strict.Marshal(&body, p); err != nil || strings.Contains(body.String(), "canary") {
			t.Errorf("%s: %s %v", name, body.String(), err)
		}
	}
	if strings.Count(log.String(), "canary") != 3 { // of the busy, the unknown and the internal one
		t.Errorf("the log has not just the causes of what is the server's fault: %s", log.String())
	}
}

func TestSeveralOrganizationsAreListed(t *testing.T) {
	err := &session.ChooseError{Choices: []session.Choice{{Org: "org_a", Slug: "a", Name: "A"}, {Org: "org_b", Slug: "b", Name: "B"}}}
	p := problemOf(context.Background(), slog.New(slog.NewTextHandler(io.Discard, nil)), err)
	if diff := cmp.Diff([]sdk.Choice{{ID: "org_a", Slug: "a", Name: "A"}, {ID: "org_b", Slug: "b", Name: "B"}}, p.Organizations); diff != "" || p.Kind != sdk.Choose || p.Status != 422 {
		t.Fatalf("%+v %s", p.Problem, diff)
	}
}

func FuzzShape(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[1,{"b":null}]}`, `{"a":1,"a":2}`, `[[[[[[[[[]]]]]]]]]`, `{"a"`, "\xff", `1 2`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkShape(data) != nil {
			return
		}
		var v any
		if err := strict.Unmarshal(data, &v); err != nil {
			t.Fatalf("%q passed and is not JSON: %v", data, err)
		}
		if d := depthOf(v); d > Deepest {
			t.Fatalf("%q is %d deep", data, d)
		}
	})
}

func depthOf(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			deepest = max(deepest, depthOf(x))
		}
	case []any:
		for _, x := range v {
			deepest = max(deepest, depthOf(x))
		}
	default:
		return 0
	}
	return deepest + 1
}
