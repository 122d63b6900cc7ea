package find

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// naive is the same search, written down as the documentation has it.
type naive map[string]Entry

func (n naive) search(query string, allowed func(uint32) bool, limit int) []Hit {
	words := fold(query)
	var hits []Hit
	for _, e := range n {
		if len(words) == 0 || !allowed(e.Place) {
			continue
		}
		sum := 0
		for _, q := range words {
			best := 0
			for field, text := range [][]string{{e.Type}, e.Tags, {e.ClientName}, {e.Host}, {e.Username}, {e.Title}} {
				for _, t := range text {
					for i, w := range fold(t) {
						if !strings.HasPrefix(w, q) {
							continue
						}
						rank := field
						if field == 5 && i == 0 {
							rank = 6
						}
						p := 2*rank + 1
						if w == q {
							p++
						}
						best = max(best, p)
					}
				}
			}
			if best == 0 {
				sum = 0
				break
			}
			sum += best
		}
		if sum > 0 {
			hits = append(hits, Hit{e, sum})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(b.Score-a.Score, len([]rune(a.Title))-len([]rune(b.Title)),
			slices.Compare(fold(a.Title), fold(b.Title)), strings.Compare(a.ID, b.ID))
	})
	return hits[:min(limit, len(hits))]
}

func fold(s string) (words []string) {
	var sp splitter
	for _, w := range sp.split(s) {
		words = append(words, string(w))
	}
	return words
}

var (
	vocabulary = []string{"srv", "srv-01", "Server", "Contoso", "conto", "co", "München", "munchen", "router", "Rôle", "a", "ab", "01", "x.y", "東京", "db", "DB2"}
	someText   = rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 3).Draw(t, "words"), " ")
	})
	someEntry = rapid.Custom(func(t *rapid.T) Entry {
		e := Entry{
			ID:         rapid.StringMatching(`id[a-z][0-9]?`).Draw(t, "id"),
			Kind:       rapid.Uint8().Draw(t, "kind"),
			Place:      rapid.Uint32Range(100, 106).Draw(t, "place"),
			Client:     rapid.SampledFrom([]string{"", "c1", "c2"}).Draw(t, "client"),
			Folder:     rapid.SampledFrom([]string{"", "f1", "f2"}).Draw(t, "folder"),
			Title:      someText.Draw(t, "title"),
			Username:   someText.Draw(t, "username"),
			Host:       someText.Draw(t, "host"),
			ClientName: rapid.SampledFrom(vocabulary).Draw(t, "clientname"),
			Type:       rapid.SampledFrom([]string{"", "Router", "Server"}).Draw(t, "type"),
		}
		if tags := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 2).Draw(t, "tags"); len(tags) > 0 {
			e.Tags = tags
		}
		return e
	})
	someQuery = rapid.Custom(func(t *rapid.T) string {
		var q []string
		for _, w := range rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 3).Draw(t, "query") {
			r := []rune(w)
			q = append(q, string(r[:rapid.IntRange(1, len(r)).Draw(t, "letters")]))
		}
		return strings.Join(q, " ")
	})
)

// freeze turns the fresh entries into a segment, so that small examples reach
// segments and merges too.
func (ix *Index) freeze() {
	ix.write.Lock()
	defer ix.write.Unlock()
	c := ix.begin()
	var entries []Entry
	for _, f := range c.fresh {
		entries = append(entries, f.Entry)
	}
	c.fresh = nil
	c.segment(entries)
	if len(entries)%2 == 0 {
		c.settle()
	}
	ix.publish(&state{layers: c.layers, fresh: c.fresh})
}

func TestSearchIsTheNaiveOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ix, ref := New(), naive{}
		check := func(t *rapid.T) {
			query, places := someQuery.Draw(t, "query"), rapid.Uint32Range(0, 127).Draw(t, "places")
			limit := rapid.IntRange(1, 8).Draw(t, "limit")
			allowed := func(p uint32) bool { return places&(1<<(p-100)) != 0 }
			got, want := ix.Search(query, allowed, limit), ref.search(query, allowed, limit)
			if len(got)+len(want) > 0 {
				if d := gocmp.Diff(want, got); d != "" {
					t.Fatalf("search %q: -want +got\n%s", query, d)
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				es := rapid.SliceOfN(someEntry, 1, 20).Draw(t, "entries")
				ix.Put(es...)
				for _, e := range es {
					ref[e.ID] = e
				}
			},
			"remove": func(t *rapid.T) {
				id := rapid.StringMatching(`id[a-z][0-9]?`).Draw(t, "id")
				ix.Remove(id)
				delete(ref, id)
			},
			"freeze": func(t *rapid.T) { ix.freeze() },
			"search": check,
			"get": func(t *rapid.T) {
				id := rapid.StringMatching(`id[a-z][0-9]?`).Draw(t, "id")
				got, ok := ix.Get(id)
				want, has := ref[id]
				if d := gocmp.Diff(want, got); ok != has || d != "" {
					t.Fatalf("get %s: %v, want %v\n%s", id, ok, has, d)
				}
			},
			"": func(t *rapid.T) {
				if got := ix.Len(); got != len(ref) {
					t.Fatalf("%d entries, want %d", got, len(ref))
				}
			},
		})
	})
}

// Small examples fit into one block of postings; these are many blocks, with
// removed entries among the best.
func TestSearchOfManyIsTheNaiveOne(t *testing.T) {
	for _, places := range []int{1, 7} {
		ix, ref := New(), naive{}
		for i, e := range sample(4000, places) {
			ref[e.ID] = e
			if i%1000 == 999 {
				ix.Put(slices.Collect(maps.Values(ref))...)
			}
		}
		for round := range 2 {
			for _, query := range []string{"s", "server", "co", "0", "srv", "server hq", "administrator contoso", "vpn 0", "s c"} {
				for _, allowed := range []func(uint32) bool{everywhere, func(p uint32) bool { return p%2 == 0 }} {
					all := ref.search(query, allowed, len(ref))
					for _, limit := range []int{1, 5, 20, 300} {
						got, want := ix.Search(query, allowed, limit), all[:min(limit, len(all))]
						if d := gocmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
							t.Fatalf("%d places, round %d, the best %d of %q: -want +got\n%s", places, round, limit, query, d)
						}
					}
				}
			}
			for _, query := range []string{"s", "co", "server hq"} {
				for _, h := range ref.search(query, everywhere, 200) {
					ix.Remove(h.ID)
					delete(ref, h.ID)
				}
			}
		}
	}
}
