package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"bailiwick/internal/vault"
)

// pages measures the page of a client with 100 credentials, and its size.
func pages(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			w := b.world(engine)
			id := w.client("Contoso")
			w.credentials(vault.Place{Client: id}, 100)
			for c := range b.n(100) {
				w.client(fmt.Sprint("Client ", c))
			}
			request := get("/clients/"+id, w.bearer)
			body := once(w.addr, request)
			addr := b.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
				rw.Write(body)
			}))
			if engine == b.engines[0] {
				b.add(result{what: "client page of 100, size", unit: "kB", ours: []float64{float64(len(body)) / 1000}, goal: atMost("ours", 60), note: "before compression; 60 of its rows, the others come while it is scrolled"})
			}
			limit := "net/http handler that writes the same bytes"
			h := w.handler()
			ours, plain := b.turns(func() float64 { return alone(b, h, "/clients/"+id, w.bearer) }, func() float64 {
				return alone(b, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { rw.Write(body) }), "/", w.bearer)
			})
			b.add(result{what: "client page of 100, server time", engine: engine, unit: "ms", ours: ours, bare: plain, limit: limit, goal: atMost("ours", 5)})
			ours, plain = b.turns(func() float64 {
				return press(w.addr, 64, b.each, func(int) []byte { return request }).perSecond
			}, func() float64 {
				return press(addr, 64, b.each, func(int) []byte { return request }).perSecond
			})
			b.add(result{what: "client page of 100, 64 connections", engine: engine, unit: "requests/s", ours: ours, bare: plain, more: true, limit: limit})
			large := w.client("Fabrikam")
			w.credentials(vault.Place{Client: large}, b.n(10_000))
			middle := w.client("Adatum")
			w.credentials(vault.Place{Client: middle}, 60)
			ours, plain = b.turns(func() float64 { return alone(b, h, "/clients/"+large, w.bearer) }, func() float64 { return alone(b, h, "/clients/"+middle, w.bearer) })
			b.add(result{what: "client page of 60 of 10,000, server time", engine: engine, unit: "ms", ours: ours, bare: plain, limit: "the page of a client with 60 credentials"})
			b.flagged(w, h)
		})
	}
}

// alone is the median of what a handler takes for one request after the other,
// without the network.
func alone(b *bench, h http.Handler, path, bearer string) float64 {
	var took []float64
	for begun := time.Now(); time.Since(begun) < b.each/3; {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Cookie", "__Host-session="+bearer)
		rw := httptest.NewRecorder()
		at := time.Now()
		h.ServeHTTP(rw, r)
		took = append(took, time.Since(at).Seconds()*1000)
		if rw.Code != http.StatusOK {
			must(fmt.Errorf("%s: %d", path, rw.Code))
		}
	}
	m, _, _ := spread(took)
	return m
}

// flagged measures the list of clients without a flag, and again when every
// credential has two.
func (b *bench) flagged(w *world, h http.Handler) {
	list := func() float64 { return alone(b, h, "/clients", w.bearer) }
	_, without := b.turns(func() float64 { return 0 }, list)
	w.sql(func(exec func(string, ...any)) {
		exec(`INSERT INTO flags (org_id, credential_id, home, cause, set_at, password_rev) SELECT c.org_id, c.id, c.client_id, k.cause, 1, c.password_rev
			FROM credentials c, (SELECT 'weak' AS cause UNION SELECT 'reused') k WHERE c.client_id IS NOT NULL`)
	})
	with, _ := b.turns(list, func() float64 { return 0 })
	b.add(result{what: "list of 100 clients, 20,000 flags, server time", engine: w.engine, unit: "ms", ours: with, bare: without, limit: "the same list without a flag", goal: atMost("ours", 10)})
}
