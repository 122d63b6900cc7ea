package find

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

func everywhere(uint32) bool { return true }

func titles(hits []Hit) (list []string) {
	for _, h := range hits {
		list = append(list, h.Title)
	}
	return list
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"srv-01.contoso.com":     "srv 01 contoso com",
		"  Crème brûlée ":        "creme brulee",
		"STRASSE Straße":         "strasse strasse",
		"Łódź Ørsted Ægir":       "lodz orsted aegir",
		"DOMAIN\\admin@x.de":     "domain admin x de",
		"東京 tower":               "東 京 tower",
		"ＡＢＣ１２３":                 "abc123",
		"--- ... ":               "",
		"":                       "",
		"Ivan's":                 "ivan s",
		strings.Repeat("x", 100): strings.Repeat("x", 64),
		"\xff\xfebad":            "bad",
	} {
		if got := strings.Join(fold(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestBestFirst(t *testing.T) {
	ix := New()
	ix.Put(
		Entry{ID: "1", Title: "Zeta", Type: "VPN"},
		Entry{ID: "2", Title: "Yota", Tags: []string{"vpn"}},
		Entry{ID: "3", Title: "Xi", ClientName: "VPN Ltd"},
		Entry{ID: "4", Title: "Tau", Host: "vpn.example.com"},
		Entry{ID: "5", Title: "Sigma", Username: "vpn"},
		Entry{ID: "6", Title: "Old VPN"},
		Entry{ID: "7", Title: "Old VPN2"},
		Entry{ID: "8", Title: "VPN gate"},
		Entry{ID: "9", Title: "VPN"},
		Entry{ID: "a", Title: "VPNs"},
	)
	want := []string{"VPN", "VPN gate", "VPNs", "Old VPN", "Old VPN2", "Sigma", "Tau", "Xi", "Yota", "Zeta"}
	for range 2 {
		if d := gocmp.Diff(want, titles(ix.Search("vpn", everywhere, 20))); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
		if d := gocmp.Diff(want[:3], titles(ix.Search("vpn", everywhere, 3))); d != "" {
			t.Errorf("first three: -want +got\n%s", d)
		}
		ix.freeze()
	}
	for _, q := range []string{"", " - ", "nothing", "vpn nothing"} {
		if hits := ix.Search(q, everywhere, 10); len(hits) > 0 {
			t.Errorf("%q finds %v", q, titles(hits))
		}
	}
	if hits := ix.Search("vpn", everywhere, 0); len(hits) > 0 {
		t.Errorf("limit 0 gives %v", titles(hits))
	}
}

// Every place is asked about in every search: neither the number of questions
// nor the postings that are read depend on what lies where one may not look.
func TestAskingDoesNotDependOnTheQuery(t *testing.T) {
	ix := New()
	ix.Put(sample(3000, 40)...)
	for _, q := range []string{"s", "server", "zzzz", "contoso admin", "qqq www"} {
		asked := map[uint32]int{}
		hits := ix.Search(q, func(p uint32) bool { asked[p]++; return p == 7 }, 50)
		if len(asked) != 40 {
			t.Errorf("%q: asked about %d places", q, len(asked))
		}
		for p, n := range asked {
			if n != 1 {
				t.Errorf("%q: asked %d times about place %d", q, n, p)
			}
		}
		for _, h := range hits {
			if h.Place != 7 {
				t.Errorf("%q: hit in place %d", q, h.Place)
			}
		}
	}
}

func TestBulkAndReplace(t *testing.T) {
	ix := New()
	all := sample(100_000, 300)
	ix.Put(all[:70_000]...)
	ix.Put(all[60_000:]...)
	if ix.Len() != len(all) {
		t.Fatalf("%d entries, want %d", ix.Len(), len(all))
	}
	var ids []string
	for _, e := range all[1000:] {
		ids = append(ids, e.ID)
	}
	ix.Remove(ids...)
	if ix.Len() != 1000 {
		t.Fatalf("%d entries left, want 1000", ix.Len())
	}
	st := ix.Stats()
	if st.Bytes > 2_000_000 || st.Segments != 1 {
		t.Errorf("removed entries still cost: %+v", st)
	}
	for _, e := range all[:1000] {
		if got, ok := ix.Get(e.ID); !ok || got.Title != e.Title {
			t.Fatalf("%s: %v %+v", e.ID, ok, got)
		}
	}
}

// Readers see each replaced entry exactly once, whatever the writer is doing.
func TestReadersBesideAWriter(t *testing.T) {
	ix := New()
	base := sample(4000, 20)
	base[0].Title, base[0].ID = "Lighthouse 0", "light"
	ix.Put(base...)
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for !stop.Load() {
				hits := ix.Search("lighthouse", everywhere, 10)
				if len(hits) != 1 || hits[0].ID != "light" {
					t.Errorf("found %v", titles(hits))
					return
				}
				ix.Search("s", everywhere, 10)
			}
		})
	}
	for i := range 300 {
		e := base[0]
		e.Title = fmt.Sprint("Lighthouse ", i)
		ix.Put(e)
		if i%40 == 0 {
			ix.Put(base[1+i : 1000+i]...)
		}
		ix.Remove(base[2000+i].ID)
	}
	stop.Store(true)
	wg.Wait()
	ix.Put(base[0])
	if len(ix.old) != 0 || len(ix.retired) != 0 {
		t.Errorf("%d states and %d segments are kept without readers", len(ix.old), len(ix.retired))
	}
}

func TestWipe(t *testing.T) {
	ix := New()
	ix.Put(sample(2000, 5)...)
	seg, list := ix.now.Load().layers[0].seg, ix.names.list
	reading := ix.acquire()
	done := make(chan bool)
	go func() { ix.Wipe(); close(done) }()
	for ix.Len() != 0 {
	}
	if string(seg.record(0).id()) == "" {
		t.Error("zeroed while being read")
	}
	reading.release()
	<-done
	zeroed := func(name string, b []byte) {
		if strings.Trim(string(b), "\x00") != "" {
			t.Errorf("%s is not zeroed", name)
		}
	}
	zeroed("text", seg.blob)
	zeroed("dictionary", seg.dict.text)
	for _, b := range list {
		zeroed("name", b)
	}
	ix.Put(Entry{ID: "x", Title: "late"})
	if hits := ix.Search("late", everywhere, 5); len(hits) > 0 || ix.Len() > 0 {
		t.Error("a wiped index takes entries")
	}
}
