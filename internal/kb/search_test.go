package kb_test

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

func (w *world) found(who gate.Actor, text string) (titles []string) {
	w.T.Helper()
	f, err := w.Bases.Search(w.ctx, who, "help", text)
	w.Must(err)
	for _, h := range f.Hits {
		titles = append(titles, h.Title)
	}
	slices.Sort(titles)
	return titles
}

// A search shows what the actor reads: exactly the articles with the words.
func TestSearchShowsWhatIsRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, who := range w.actors {
			var want []string
			for article := range w.articles {
				if strings.HasSuffix(article, " published") && reads(name, article) {
					want = append(want, article)
				}
			}
			slices.Sort(want)
			for _, text := range []string{"words", "WÖRDS publ", "published of"} {
				if got := w.found(who, text); !slices.Equal(got, want) {
					t.Errorf("%s finds by %q %v, should %v", name, text, got, want)
				}
			}
		}
		w.Clock.Advance(2 * time.Minute)
		if got := w.found(w.actors["passer-by"], "open"); !slices.Equal(got, []string{"open published", "open scheduled"}) {
			t.Errorf("after its time: %v", got)
		}
	})
}

// Each way by which an article changes changes what is found.
func TestSearchFollows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		passer, ed := w.actors["passer-by"], w.actors["editor"]
		in := kb.Input{Category: w.categories["open"], Title: "Drucker im Büro", Markdown: "Der **Zähler** steht bei 漢字 3com.", Tags: []string{"Süd"}}
		made, err := w.Bases.Write(w.ctx, ed, "help", in)
		w.Must(err)
		want := func(text string, n int) {
			t.Helper()
			if got := w.found(passer, text); len(got) != n {
				t.Errorf("%q finds %v", text, got)
			}
		}
		want("drucker", 0)
		v, err := w.Bases.Publish(w.ctx, ed, made.ID, 1, 0)
		w.Must(err)
		for _, text := range []string{"drucker", "buro", "ZAHL", "sud", "字", "3com", "drucker zahler", "druck", `"drucker" OR (x*`, "büro'); DROP"} {
			want(text, map[bool]int{true: 1}[!strings.Contains(text, "OR") && !strings.Contains(text, "DROP")])
		}
		want("", 0)
		want("'", 0)
		in.Title, in.Markdown, in.Tags = "Printer", "New", nil
		saved, err := w.Bases.Edit(w.ctx, ed, made.ID, v, in)
		w.Must(err)
		want("drucker", 1) // what readers see
		want("sud", 0)     // tags are theirs at once
		v, err = w.Bases.Publish(w.ctx, ed, made.ID, saved.Version, 0)
		w.Must(err)
		want("drucker", 0)
		want("printer", 1)
		in.Category = w.categories["readers"]
		saved, err = w.Bases.Edit(w.ctx, ed, made.ID, v, in)
		w.Must(err)
		want("printer", 0)
		in.Category, in.Sure = w.categories["open"], true
		saved, err = w.Bases.Edit(w.ctx, ed, made.ID, saved.Version, in)
		w.Must(err)
		want("printer", 1)
		w.Must(w.Bases.DeleteCategory(w.ctx, ed, w.categories["open"], w.categories["readers"], false))
		if _, err := w.Bases.Search(w.ctx, passer, "help", "printer"); !absent(err) {
			t.Errorf("nothing public is left, and a passer-by may search: %v", err)
		}
		if got := w.found(w.actors["member"], "printer"); len(got) != 1 {
			t.Errorf("a reader finds %v", got)
		}
		w.Must(w.Bases.Erase(w.ctx, ed, made.ID, saved.Version+1))
		if got := w.found(w.Admin, "printer"); len(got) != 0 {
			t.Errorf("deleted, and found: %v", got)
		}
		w.Must(w.Bases.Delete(w.ctx, w.Admin, "help", "Help"))
	})
}

// What was looked for is marked, in the title and around its place.
func TestExcerpt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		long := strings.Repeat("Nichts zu sehen. ", 60) + "Hier steht der Zähler, und weiter. " + strings.Repeat("Gar nichts. ", 60)
		made, err := w.Bases.Write(w.ctx, w.Admin, "help", kb.Input{Category: w.categories["open"], Title: "Der Zähler", Markdown: long})
		w.Must(err)
		_, err = w.Bases.Publish(w.ctx, w.Admin, made.ID, 1, 0)
		w.Must(err)
		f, err := w.Bases.Search(w.ctx, w.actors["passer-by"], "help", "zahl")
		w.Must(err)
		if len(f.Hits) != 1 || !slices.Equal(f.Hits[0].Marked, []kb.Part{{Text: "Der "}, {Text: "Zähler", Found: true}}) || f.Hits[0].Path[0].Name != "open" {
			t.Fatalf("%+v", f)
		}
		text, marked := "", ""
		for _, p := range f.Hits[0].Excerpt {
			if text += p.Text; p.Found {
				marked += p.Text
			}
		}
		if marked != "Zähler" || !strings.HasPrefix(text, "… ") || !strings.HasSuffix(text, " …") || !strings.Contains(text, "Hier steht der Zähler") || len(text) > 500 {
			t.Errorf("excerpt %q, marked %q", text, marked)
		}
	})
}

// The index lies beside the rows by their numbers in SQLite, which keep when
// somebody has the file packed.
func TestSearchAfterVacuum(t *testing.T) {
	dir := dbtest.SQLiteDir(t, nil)
	d, err := db.Open(t.Context(), dir, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	w := newWorld(t, d)
	for _, a := range []string{"open published", "readers scheduled"} {
		w.Must(w.Bases.Erase(w.ctx, w.Admin, w.articles[a], 2))
	}
	want := w.found(w.Admin, "published")
	if len(want) != 4 {
		t.Fatalf("before: %v", want)
	}
	aside, err := sql.Open("sqlite", filepath.Join(dir, "bailiwick.db"))
	w.Must(err)
	defer aside.Close()
	_, err = aside.Exec(`VACUUM`)
	w.Must(err)
	if got := w.found(w.Admin, "published"); !slices.Equal(got, want) {
		t.Errorf("after: %v", got)
	}
	_, err = aside.Exec(`INSERT INTO kb_words (kb_words) VALUES ('integrity-check')`)
	w.Must(err)
}

// Searches without hits are counted, and the list is bounded.
func TestMisses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			w.found(w.actors["passer-by"], "Wie geht DAS?")
		}
		w.found(w.actors["member"], "nowhere")
		w.found(w.actors["member"], "words")
		w.found(w.actors["member"], "")
		w.Must(w.Bases.Sweep(w.ctx))
		w.found(w.actors["member"], "nowhere")
		w.Must(w.Bases.Sweep(w.ctx))
		all, err := w.Bases.Misses(w.ctx, w.actors["editor"], "help")
		if err != nil || len(all) != 2 || all[0].Words != "wie geht das" || all[0].Times != 3 || all[1].Words != "nowhere" || all[1].Times != 2 {
			t.Errorf("misses %+v, %v", all, err)
		}
		for _, who := range []string{"member", "passer-by", "guest"} {
			if _, err := w.Bases.Misses(w.ctx, w.actors[who], "help"); !absent(err) {
				t.Errorf("%s sees them: %v", who, err)
			}
		}
		w.Must(w.Bases.ClearMisses(w.ctx, w.actors["editor"], "help"))
		if all, _ := w.Bases.Misses(w.ctx, w.actors["editor"], "help"); len(all) != 0 {
			t.Errorf("cleared: %+v", all)
		}
		for n := range 600 {
			w.found(w.actors["member"], "x"+strings.Repeat("y", n%90+5)+string(rune('a'+n%26))+string(rune('a'+n/26)))
		}
		w.Must(w.Bases.Sweep(w.ctx))
		if all, _ := w.Bases.Misses(w.ctx, w.actors["editor"], "help"); len(all) != 200 {
			t.Errorf("%d are listed", len(all))
		}
	})
}

// One voice a day and visitor, and no trace of who it was.
func TestHelpful(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.articles["open published"]
		say := func(who gate.Actor, yes bool, agent string) {
			t.Helper()
			w.Must(w.Bases.Say(w.ctx, who, id, yes, agent))
		}
		passer := w.actors["passer-by"]
		say(passer, true, "a")
		say(passer, false, "a") // the first one counts
		say(passer, false, "b")
		say(w.actors["member"], true, "a")
		say(w.actors["member"], true, "b")
		want := func(yes, no int) {
			t.Helper()
			all, err := w.Bases.Judged(w.ctx, w.actors["editor"], "help")
			if err != nil || len(all) != 1 || all[0].Helpful != (kb.Helpful{Yes: yes, No: no}) || all[0].ID != id {
				t.Errorf("judged %+v, %v", all, err)
			}
		}
		want(2, 1)
		if a, err := w.Bases.Draft(w.ctx, w.actors["editor"], id); err != nil || a.Helped != (kb.Helpful{Yes: 2, No: 1}) {
			t.Errorf("an editor sees %+v, %v", a.Helped, err)
		}
		w.Clock.Advance(24 * time.Hour)
		w.Must(w.Bases.Sweep(w.ctx))
		say(passer, true, "a")
		want(3, 1)
		if err := w.Bases.Say(w.ctx, passer, w.articles["readers published"], true, ""); !absent(err) {
			t.Errorf("of what he does not read: %v", err)
		}
		_, err := w.Bases.Set(w.ctx, w.Admin, "help", 1, kb.Settings{})
		w.Must(err)
		if err := w.Bases.Say(w.ctx, passer, id, true, "c"); !absent(err) {
			t.Errorf("where it is not asked: %v", err)
		}
	})
}

// gif is the smallest one, with a script behind it.
var gif = append(must64("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="), []byte("<script>alert(1)</script>")...)

func must64(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// Files belong to their article; what they are, the server finds out.
func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		large := bytes.Repeat([]byte("0123456789abcdef"), 70_000)
		for _, c := range []struct {
			name, kept, kind string
			picture          bool
			data             []byte
		}{
			{"a.gif", "a.gif", "image/gif", true, gif},
			{"x.png", "x.png", "application/octet-stream", false, []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
			{`C:\tmp\..\rep"ort<1>.html`, "rep-ort-1-.html", "application/octet-stream", false, []byte("<html>")},
			{"..", "file", "application/octet-stream", false, large},
			{"p.webp", "p.webp", "image/webp", true, must64("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")},
		} {
			f, err := w.Bases.Attach(w.ctx, w.actors["editor"], w.articles["readers published"], c.name, c.data)
			w.Must(err)
			if f.Name != c.kept || f.Type != c.kind || f.Picture != c.picture {
				t.Errorf("%s is %+v", c.name, f)
			}
			for name, who := range w.actors {
				var got bytes.Buffer
				is, err := w.Bases.File(w.ctx, who, f.ID)
				if reads(name, "readers published") {
					w.Must(err)
					if err := w.Bases.WriteFile(w.ctx, who, is, &got); err != nil || !bytes.Equal(got.Bytes(), c.data) {
						t.Errorf("%s gets %d bytes of %d: %v", name, got.Len(), len(c.data), err)
					}
				} else if !absent(err) || !absent(w.Bases.WriteFile(w.ctx, who, f, &got)) || got.Len() > 0 {
					t.Errorf("%s reads a file: %v", name, err)
				}
			}
		}
		a, err := w.Bases.Read(w.ctx, w.actors["reader"], "", w.articles["readers published"])
		if err != nil || len(a.Files) != 5 {
			t.Errorf("files %+v, %v", a.Files, err)
		}
		if err := w.Bases.Detach(w.ctx, w.actors["reader"], a.Files[0].ID); !absent(err) {
			t.Errorf("a reader deletes a file: %v", err)
		}
		w.Must(w.Bases.Detach(w.ctx, w.actors["editor"], a.Files[0].ID))
		if _, err := w.Bases.File(w.ctx, w.Admin, a.Files[0].ID); !absent(err) {
			t.Errorf("deleted, and there: %v", err)
		}
		if _, err := w.Bases.Attach(w.ctx, w.Admin, w.articles["readers published"], "x", nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("nothing: %v", err)
		}
	})
}
