package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"bailiwick/sdk"
)

// Of several organizations the one that was named is taken; without a name or
// a terminal the list is the error.
func TestSeveralOrganizations(t *testing.T) {
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in sdk.SignIn
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		if in.Organization == "org_b" {
			w.WriteHeader(http.StatusCreated)
			_ = json.NewEncoder(w).Encode(sdk.SignedIn{Bearer: "bws_x", Organization: in.Organization})
			return
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_ = json.NewEncoder(w).Encode(sdk.Problem{Kind: sdk.Choose, Organizations: []sdk.Choice{{ID: "org_a", Slug: "a", Name: "A"}, {ID: "org_b", Slug: "b", Name: "B"}}})
	}))
	defer h.Close()
	api, err := sdk.New(h.URL, "", "test")
	if err != nil {
		t.Fatal(err)
	}
	e, _ := outside(t, nil)
	if _, made, err := (&Login{Organization: "b"}).signIn(e, api, sdk.SignIn{}); err != nil || made.Bearer != "bws_x" {
		t.Fatalf("named: %v", err)
	}
	_, _, err = (&Login{}).signIn(e, api, sdk.SignIn{})
	if want := "Your account fits several. Say more, or give an id:\n   1  A (a)\n   2  B (b)"; err == nil || err.Error() != want {
		t.Fatalf("not named: %v", err)
	}
}

// A second factor is asked for where the server says so, and again where it was
// mistyped.
func TestLoginWithSecondFactor(t *testing.T) {
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem := func(p sdk.Problem) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnprocessableEntity)
			_ = json.NewEncoder(w).Encode(p)
		}
		if r.URL.Path == "/api/v1/sessions" {
			problem(sdk.Problem{Kind: sdk.NeedsFactor, Pending: "bwp_x"})
			return
		}
		var in sdk.SignInSecond
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Pending != "bwp_x" || in.Device != "bwd_x" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		if in.Code != "123456" {
			problem(sdk.Problem{Kind: sdk.Invalid, Errors: []sdk.FieldError{{Field: "code", Text: "This is not right."}}})
			return
		}
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(sdk.SignedIn{Bearer: "bws_x"})
	}))
	defer h.Close()
	api, err := sdk.New(h.URL, "", "test")
	if err != nil {
		t.Fatal(err)
	}
	e, said := outside(t, nil)
	typed, into, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer typed.Close()
	_, _ = into.WriteString("000000\n123456\n")
	_ = into.Close()
	e.In = typed
	if _, made, err := (&Login{}).signIn(e, api, sdk.SignIn{Device: "bwd_x"}); err != nil || made.Bearer != "bws_x" {
		t.Fatalf("%v", err)
	}
	if !strings.Contains(said.String(), "This is not right.") {
		t.Errorf("said %q", said)
	}
}
