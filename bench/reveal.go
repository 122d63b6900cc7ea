package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"

	"bailiwick/internal/vault"
)

// reveals measures audited reveals over the JSON API by 64 connections, of
// random credentials of 10,000, against a bare handler that reads a session
// row and an item row, opens one box and inserts one audit row durably.
func reveals(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			w := b.world(engine)
			size := b.n(10_000)
			var ids []string
			for c := range 20 {
				ids = append(ids, w.credentials(vault.Place{Client: w.client(fmt.Sprint("Client ", c))}, size/20)...)
			}
			x := b.bare(engine, size)
			addr := b.serve(x.revealing())
			for _, connections := range []int{64, 1} {
				ours, limit := b.turns(func() float64 {
					return press(w.addr, connections, b.each, func(n int) []byte {
						return post("/api/v1/credentials/"+ids[rand.IntN(len(ids))]+"/reveal", w.bearer, "")
					}).perSecond
				}, func() float64 {
					return press(addr, connections, b.each, func(n int) []byte {
						return post("/"+itemID(rand.IntN(size)), w.bearer, "")
					}).perSecond
				})
				r := result{what: fmt.Sprintf("audited reveal, %d connections", connections), engine: engine, unit: "requests/s", ours: ours, bare: limit, more: true,
					limit: "net/http handler: reads a session row and the item's row, opens one AES-GCM, inserts one audit row durably"}
				if connections == 64 {
					r.goal = atLeast("ratio", .8)
				}
				b.add(r)
			}
		})
	}
}

// revealing is the bare handler.
func (x *bare) revealing() http.Handler {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plain := x.reveal(fmt.Sprintf("event_%026d", n.Add(1)), r.URL.Path[1:])
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		json.NewEncoder(w).Encode(map[string]any{"password": string(plain[:16])})
	})
}

// writes measures adding credentials over the JSON API by 16 connections.
func writes(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			w := b.world(engine)
			id := w.client("Contoso")
			in := sample(1)
			body, err := json.Marshal(map[string]any{"client": id, "type": in.Type, "title": in.Title, "username": in.Username, "password": in.Password, "urls": in.URLs, "notes": in.Notes})
			must(err)
			x := b.bare(engine, 1)
			var n atomic.Int64
			addr := b.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				var in map[string]any
				must(json.NewDecoder(r.Body).Decode(&in))
				x.insert(fmt.Sprintf("item_%026d", n.Add(1)), fmt.Sprint(in["title"]))
				rw.WriteHeader(http.StatusCreated)
			}))
			ours, limit := b.turns(func() float64 {
				return press(w.addr, 16, b.each, func(int) []byte { return post("/api/v1/credentials", w.bearer, string(body)) }).perSecond
			}, func() float64 {
				return press(addr, 16, b.each, func(int) []byte { return post("/", w.bearer, string(body)) }).perSecond
			})
			b.add(result{what: "credential added, 16 connections", engine: engine, unit: "requests/s", ours: ours, bare: limit, more: true,
				limit: "net/http handler: decodes the same JSON, inserts one row durably"})
		})
	}
}
