package main

import (
	"fmt"
	"net/http"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

// knowledge measures what somebody who has not signed in is answered in a
// knowledge base: pages again and again, and the same while an editor writes.
func knowledge(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			w := b.worldAt(engine, quick)
			base, err := w.Bases.Add(ctx, w.admin, kb.NewBase{Path: "help", Name: "Help for our customers"})
			must(err)
			category, err := w.Bases.AddCategory(ctx, w.admin, base, "", kb.CategoryInput{Name: "Printers", Visibility: gate.ForAnybody})
			must(err)
			n := b.n(1000)
			var one kb.Saved
			paths := make([]string, n)
			for i := range n {
				in := kb.Input{Category: category, Title: fmt.Sprintf("Printer %04d does not print", i), Markdown: strings.Repeat(advice, 4), Tags: []string{"printer"}}
				one, err = w.Bases.Write(ctx, w.admin, base, in)
				must(err)
				_, err = w.Bases.Publish(ctx, w.admin, one.ID, one.Version, 0)
				must(err)
				paths[i] = fmt.Sprintf("/o/northwind-it/kb/help/%s", one.Slug)
			}
			request := func(i int) []byte { return get(paths[i*7919%n], "") }
			body := once(w.addr, request(0))
			addr := b.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
				rw.Write(body)
			}))
			ours, plain := b.turns(func() float64 { return press(w.addr, 64, b.each, request).perSecond }, func() float64 { return press(addr, 64, b.each, request).perSecond })
			b.add(result{what: "public article, 64 connections", engine: engine, unit: "requests/s", ours: ours, bare: plain, more: true, limit: "net/http handler that writes the same bytes", goal: atLeast("ours", 2000),
				note: fmt.Sprintf("%d articles in turn, %.1f kB each before compression; each request is decided on", n, float64(len(body))/1000)})
		})
	}
}

const advice = `## First aid

1. Switch the printer **off**, wait for ten seconds, and switch it on.
2. Open *Settings*, *Printers*, and look at the queue.
3. Print a [test page](https://printers.example/test).

| sign | what it means |
| --- | --- |
| red | no paper |
| amber | little toner |

`
