package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
)

// free is a free port of this machine.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestLogAndMetricsTellNothing types canaries wherever a request has room for
// text, also where it fails inside, and looks for them in log and metrics.
// Each line of a request has its id, and it is the one that the answer has.
func TestLogAndMetricsTellNothing(t *testing.T) {
	metrics := free(t)
	p, dir := served(t, "--log", "json", "--log-level", "debug", "--metrics", metrics, "--drain", "0s")
	var c apptest.Canaries
	ids := map[string]int{}
	send := func(method, path, kind, body string) (int, []byte) {
		r, err := http.NewRequest(method, p.address+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+c.New("bearer"))
		r.Header.Set("User-Agent", c.New("agent"))
		r.Header.Set("X-Request-Id", c.New("id"))
		r.Header.Set("X-Forwarded-For", c.New("forwarded"))
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: strings.ReplaceAll(c.New("cookie"), " ", "")})
		res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		id := res.Header.Get("X-Request-Id")
		if !strings.HasPrefix(id, "req_") {
			t.Errorf("%s %s has the id %q", method, path, id)
		}
		ids[id] = res.StatusCode
		return res.StatusCode, b
	}
	q := func(what string) string { return url.QueryEscape(c.New(what)) }
	form, js := "application/x-www-form-urlencoded", "application/json"
	everything := func() {
		send("GET", "/clients/"+url.PathEscape(c.New("path"))+"?q="+q("query"), "", "")
		send("GET", "/setup?token="+q("token"), "", "")
		send("GET", "/nowhere/"+url.PathEscape(c.New("path")), "", "")
		send("zq7kanary4vx", "/sign-in", "", "")
		send("POST", "/sign-in", form, "email="+q("email")+"&password="+q("password"))
		send("POST", "/sign-in", "text/plain", c.New("body"))
		send("POST", "/api/v1/sessions", js, `{"email":"`+c.New("email")+`","password":"`+c.New("password")+`"}`)
		send("POST", "/api/v1/sessions", js, `{"`+c.New("field")+`":1,`)
		send("GET", "/api/v1/search?q="+q("search"), js, "")
		send("POST", "/import", "multipart/form-data; boundary=x", "--x\r\n"+c.New("part"))
	}
	everything()
	breakDatabase(t, dir) // now sign-ins fail inside
	everything()
	status, body := send("POST", "/api/v1/sessions", js, `{"email":"`+c.New("email")+`","password":"`+c.New("password")+`"}`)
	if status != 500 {
		t.Fatalf("a broken database gives %d: %s", status, body)
	}
	if got := word("http://" + metrics + "/readyz"); got != "200 ready" { // the schema's number still is what it was
		t.Errorf("readyz: %q", got)
	}
	res, err := http.Get("http://" + metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	numbers, err := io.ReadAll(res.Body)
	if err != nil || !bytes.Contains(numbers, []byte(`route="/sign-in",status="500"`)) {
		t.Errorf("metrics: %v\n%.3000s", err, numbers)
	}
	apptest.NoCanary(t, "the metrics", numbers)
	for _, text := range []string{"org_0", "user_0", "req_0", "northwind", "127.0.0.1"} { // as ids begin: process_cpu_seconds_user_total is none
		if bytes.Contains(bytes.ToLower(numbers), []byte(text)) {
			t.Errorf("the metrics have %s", text)
		}
	}
	if got := word(p.address + "/metrics"); !strings.HasPrefix(got, "404") {
		t.Errorf("the pages' port has /metrics: %.60s", got)
	}

	log := p.logged()
	apptest.NoCanary(t, "the log", []byte(log))
	var answer struct {
		ID string `json:"request_id"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || ids[answer.ID] != 500 {
		t.Errorf("the error's id is not the answer's: %s", body)
	}
	answered, failed := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(log) {
		var l struct{ Msg, Request, Error, Route string }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("not JSON: %s", line)
		}
		if l.Request == "" && l.Msg != "metrics" {
			t.Errorf("a line without the id of its request: %s", line)
		}
		answered[l.Request] = answered[l.Request] || l.Msg == "answered"
		failed[l.Request] = failed[l.Request] || l.Error != ""
	}
	for id, status := range ids {
		if !answered[id] || failed[id] != (status == 500) {
			t.Errorf("%s was answered %d: logged %v, with its cause %v", id, status, answered[id], failed[id])
		}
	}
	if !failed[answer.ID] {
		t.Errorf("the log has no cause for %s:\n%s", answer.ID, log)
	}
}

// breakDatabase takes a table away under the running server.
func breakDatabase(t *testing.T, dir string) {
	t.Helper()
	d, err := sql.Open("sqlite", "file://"+filepath.Join(dir, "bailiwick.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Exec(`ALTER TABLE users RENAME COLUMN email_folded TO gone`); err != nil {
		t.Fatal(err)
	}
}
