package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestSecretsAreNotPrinted(t *testing.T) {
	r := Revealed{Password: "canary", Fields: []Field{{Name: "PIN", Value: "canary"}}}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", r.Password)
	for _, text := range []string{fmt.Sprint(r), fmt.Sprintf("%v %+v %#v %s %q", r, r, r, r.Password, r.Password), log.String()} {
		if strings.Contains(text, "canary") || !strings.Contains(text, "[secret]") {
			t.Errorf("printed %s", text)
		}
	}
	wire, err := json.Marshal(r)
	if err != nil || string(wire) != `{"password":"canary","fields":[{"name":"PIN","value":"canary"}]}` {
		t.Errorf("on the wire: %s %v", wire, err)
	}
}

func TestOnlyTLSOrThisMachine(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://vault.example": true, "https://vault.example/": true, "http://localhost:8080": true, "http://127.0.0.1:1": true, "http://[::1]:1": true,
		"http://vault.example": false, "http://127.0.0.1.evil.example": false, "ftp://localhost": false, "vault.example": false, "": false,
		"https://user@vault.example": false, "https://vault.example?x=1": false, "http://10.0.0.1": false,
	} {
		if _, err := New(address, "", "test"); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// flaky answers with a script of statuses, and then well.
type flaky struct {
	statuses []int
	after    string
	keys     []string
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.keys = append(f.keys, r.Header.Get("Idempotency-Key"))
	n := len(f.keys) - 1
	if n >= len(f.statuses) {
		_, _ = w.Write([]byte(`{"id":"x"}`))
		return
	}
	if f.statuses[n] == 0 {
		panic(http.ErrAbortHandler) // the connection breaks
	}
	kinds := map[int]Kind{503: Unavailable, 429: Throttled, 422: Invalid, 409: Conflict, 423: Sealed, 500: Internal}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Retry-After", f.after)
	w.WriteHeader(f.statuses[n])
	_ = json.NewEncoder(w).Encode(Problem{Kind: kinds[f.statuses[n]], Status: f.statuses[n], Detail: "no"})
}

func (f *flaky) api(t *testing.T) (*API, *[]time.Duration) {
	t.Helper()
	h := httptest.NewServer(f)
	t.Cleanup(h.Close)
	a, err := New(h.URL, "bws_x", "test")
	if err != nil {
		t.Fatal(err)
	}
	waits := &[]time.Duration{}
	a.wait = func(_ context.Context, d time.Duration) error {
		*waits = append(*waits, d)
		return nil
	}
	return a, waits
}

func TestRepeatsWithTheSameKey(t *testing.T) {
	for name, c := range map[string]struct {
		statuses []int
		after    string
		calls    int
		ok       bool
	}{
		"busy":         {[]int{503, 503}, "2", 3, true},
		"broken":       {[]int{0, 0}, "", 3, true},
		"throttled":    {[]int{429}, "1", 2, true},
		"for long":     {[]int{429}, "900", 1, false},
		"for good":     {[]int{503, 503, 503, 503, 503}, "", 4, false},
		"invalid":      {[]int{422}, "", 1, false},
		"conflict":     {[]int{409}, "", 1, false},
		"sealed":       {[]int{423}, "", 1, false},
		"server error": {[]int{500}, "", 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := &flaky{statuses: c.statuses, after: c.after}
			a, waits := f.api(t)
			_, err := a.AddClient(context.Background(), NewClient{Name: "x"})
			if (err == nil) != c.ok || len(f.keys) != c.calls {
				t.Fatalf("%d calls, %v", len(f.keys), err)
			}
			for _, k := range f.keys {
				if k == "" || k != f.keys[0] {
					t.Fatalf("keys %v", f.keys)
				}
			}
			if c.after == "2" && (*waits)[0] != 2*time.Second {
				t.Fatalf("waited %v", *waits)
			}
		})
	}
}

func TestWhatIsLoggedOrCountedIsSentOnce(t *testing.T) {
	ctx := context.Background()
	for name, call := range map[string]func(*API) error{
		"reveal":  func(a *API) error { _, err := a.Reveal(ctx, "x"); return err },
		"copy":    func(a *API) error { _, err := a.Copy(ctx, "x"); return err },
		"sign in": func(a *API) error { _, _, err := a.SignIn(ctx, SignIn{}); return err },
		"token":   func(a *API) error { _, err := a.AddToken(ctx, NewToken{}); return err },
	} {
		f := &flaky{statuses: []int{503, 503}}
		a, _ := f.api(t)
		if err := call(a); err == nil || len(f.keys) != 1 || f.keys[0] != "" {
			t.Errorf("%s: %d calls, %v", name, len(f.keys), err)
		}
	}
}

func TestCancelledCallsEnd(t *testing.T) {
	f := &flaky{statuses: []int{503, 503}}
	a, _ := f.api(t)
	ctx, cancel := context.WithCancel(context.Background())
	a.wait = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
	if _, err := a.Me(ctx); err == nil || len(f.keys) != 1 {
		t.Fatalf("%d calls, %v", len(f.keys), err)
	}
}

func TestBearerGoesNowhereElse(t *testing.T) {
	stolen := ""
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { stolen = r.Header.Get("Authorization") + " or nothing" }))
	defer thief.Close()
	h := httptest.NewServer(http.RedirectHandler(thief.URL, http.StatusTemporaryRedirect))
	defer h.Close()
	a, err := New(h.URL, "bws_canary", "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = a.Me(context.Background()); err == nil || stolen != "" || strings.Contains(err.Error(), "canary") {
		t.Fatalf("followed a redirect (%q): %v", stolen, err)
	}
}

func TestErrorSaysWhatToMend(t *testing.T) {
	e := &Error{Problem: Problem{Kind: Invalid, Detail: "Nothing was saved.", Errors: []FieldError{{"name", "Too long."}}}}
	if e.Error() != "Nothing was saved.\n  name: Too long." || e.Field("name") != "Too long." || e.Field("x") != "" || !Is(fmt.Errorf("x: %w", e), Invalid) {
		t.Fatal(e.Error())
	}
}
