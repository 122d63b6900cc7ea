package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bailiwick/internal/api"
	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/door"
	"bailiwick/sdk"
)

// server is a real server on the loopback, with one provider.
type server struct {
	*apptest.World
	t     *testing.T
	url   string
	table *door.Table
	log   *bytes.Buffer
	admin *sdk.API
}

func start(t *testing.T) *server { return startOn(t, dbtest.SQLite(t)) }

func startOn(t *testing.T, d *db.DB) *server {
	t.Helper()
	s := &server{World: apptest.New(t, d), t: t, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	s.table = door.New(log, nil, func(w http.ResponseWriter, r *http.Request, err error) { api.Failed(log, w, r, err) })
	api.Mount(s.App, s.table, log)
	h := httptest.NewServer(s.table)
	t.Cleanup(h.Close)
	s.url = h.URL
	s.admin = s.signIn("ada")
	return s
}

func (s *server) anonymous() *sdk.API {
	s.t.Helper()
	a, err := sdk.New(s.url, "", "test")
	s.Must(err)
	return a
}

// signIn signs somebody in with the Organization Key.
func (s *server) signIn(name string) *sdk.API {
	s.t.Helper()
	a, _, err := s.anonymous().SignIn(context.Background(), sdk.SignIn{Email: name + "@northwind.example", Password: apptest.Password,
		OrganizationKey: sdk.Secret(s.Code.Chars())})
	s.Must(err)
	return a
}

// bearer is an open session of the administrator, for requests by hand.
func (s *server) bearer() string {
	s.t.Helper()
	_, made, err := s.anonymous().SignIn(context.Background(), sdk.SignIn{Email: "ada@northwind.example", Password: apptest.Password,
		OrganizationKey: sdk.Secret(s.Code.Chars())})
	s.Must(err)
	return made.Bearer.Reveal()
}

type response struct {
	status  int
	header  http.Header
	body    string
	problem sdk.Problem
}

// send makes a request by hand.
func (s *server) send(method, path, bearer, body string, header ...string) response {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	s.Must(err)
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	s.Must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	s.Must(err)
	out := response{status: res.StatusCode, header: res.Header, body: string(text)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		s.Must(json.Unmarshal(text, &out.problem))
	}
	return out
}

// want ends the test unless err is of a kind.
func want(t *testing.T, err error, k sdk.Kind) *sdk.Error {
	t.Helper()
	if !sdk.Is(err, k) {
		t.Fatalf("got %v, want an error of kind %s", err, k)
	}
	return err.(*sdk.Error)
}
