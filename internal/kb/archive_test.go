package kb_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/kb"
)

func packed(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A folder of files becomes articles with categories, pictures and links; and
// what is exported reads back as the same.
func TestArchive(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ed := w.actors["editor"]
		in := packed(t, map[string]string{
			"index.md":                 "# Start\n\nSee [the printer](office/printer.md#ink) and ![it](pics/a%20b.gif).",
			"office/printer.md":        "# Printer\n\nBack to [start](../index.md). ![again](../pics/a%20b.gif) [sheet](../pics/sheet.html)",
			"office/far/open-draft.md": "---\ntitle: Far\nstate: draft\ntags: [a, b]\n---\nText",
			"pics/a b.gif":             string(gif),
			"pics/sheet.html":          "<p>An article, as it is HTML</p>",
			"unused.bin":               "x",
		})
		for name, who := range w.actors {
			if name == "editor" || name == "keeper" || name == "admin" {
				continue
			}
			if _, err := w.Bases.Import(w.ctx, who, "help", bytes.NewReader(in), int64(len(in)), kb.Importing{}); !absent(err) {
				t.Errorf("%s imports: %v", name, err)
			}
			if _, err := w.Bases.Export(w.ctx, who, "help"); !absent(err) {
				t.Errorf("%s exports: %v", name, err)
			}
		}
		got, err := w.Bases.Import(w.ctx, ed, "help", bytes.NewReader(in), int64(len(in)), kb.Importing{Category: w.categories["open"], Publish: true})
		if err != nil || got.Articles != 4 || got.Published != 3 || got.Files != 2 || got.Categories != 3 || got.Unused != 1 || len(got.Problems) != 0 {
			t.Fatalf("imported %+v, %v", got, err)
		}
		list := func(base string) map[string]kb.Article {
			t.Helper()
			all := map[string]kb.Article{}
			page, err := w.Bases.Articles(w.ctx, w.Admin, base, kb.Listing{})
			w.Must(err)
			for _, r := range page.Rows {
				a, err := w.Bases.Draft(w.ctx, w.Admin, r.ID)
				w.Must(err)
				all[a.Title] = a
			}
			return all
		}
		here := list("help")
		printer, start := here["Printer"], here["Start"]
		if len(printer.Path) != 2 || printer.Path[0].Name != "open" || printer.Path[1].Name != "Office" || len(printer.Files) != 1 || !printer.Files[0].Picture || start.Files[0].ID == printer.Files[0].ID {
			t.Errorf("printer %+v", printer)
		}
		if !strings.Contains(printer.Markdown, "[start]("+start.Slug+")") || !strings.Contains(printer.Markdown, "](files/"+printer.Files[0].ID+"/a%20b.gif)") || !strings.Contains(start.Markdown, "]("+printer.Slug+"#ink)") {
			t.Errorf("links:\n%s\n%s", printer.Markdown, start.Markdown)
		}
		if far := here["Far"]; far.Slug != "open-draft-2" || far.PublishedAt != 0 || !slices.Equal(far.Tags, []string{"a", "b"}) || far.Path[0].Name != "open" || len(far.Path) != 3 {
			t.Errorf("far %+v", far)
		}
		var got2 bytes.Buffer
		if err := w.Bases.WriteFile(w.ctx, ed, printer.Files[0], &got2); err != nil || !bytes.Equal(got2.Bytes(), gif) {
			t.Errorf("the picture: %d bytes, %v", got2.Len(), err)
		}

		_, err = w.Bases.Attach(w.ctx, ed, here["Far"].ID, "nowhere mentioned, at all.txt", []byte("x"))
		w.Must(err)
		for _, name := range []string{"notes.md", "page.html"} { // never an article, whether it is mentioned or not
			_, err = w.Bases.Attach(w.ctx, ed, here["Far"].ID, name, []byte("# Not an article"))
			w.Must(err)
		}
		here = list("help")
		x, err := w.Bases.Export(w.ctx, ed, "help")
		w.Must(err)
		var out bytes.Buffer
		w.Must(x.WriteTo(w.ctx, &out))
		_, err = w.Bases.Add(w.ctx, w.Admin, kb.NewBase{Path: "copy", Name: "Copy"})
		w.Must(err)
		again, err := w.Bases.Import(w.ctx, w.Admin, "copy", bytes.NewReader(out.Bytes()), int64(out.Len()), kb.Importing{Publish: true})
		if err != nil || again.Articles != len(here) || len(again.Problems) != 0 || again.Files != 5 {
			t.Fatalf("back: %+v, %v", again, err)
		}
		there := list("copy")
		for title, a := range here {
			b := there[title]
			if b.Slug != a.Slug || b.PublishedAt/1000 != a.PublishedAt/1000 || !slices.Equal(b.Tags, a.Tags) || len(b.Files) != len(a.Files) || path(b) != path(a) {
				t.Errorf("%s: %+v\nwas %+v", title, b, a)
			}
			if len(a.Files) == 0 && strings.TrimSpace(a.Markdown) != strings.TrimSpace(b.Markdown) {
				t.Errorf("%s: %q was %q", title, b.Markdown, a.Markdown)
			}
		}
		if _, err := w.Bases.Open(w.ctx, w.actors["passer-by"], "copy"); !absent(err) { // nobody decided that anything is public there
			t.Errorf("an import opened something to all: %v", err)
		}
		if _, err := w.Bases.Import(w.ctx, ed, "help", strings.NewReader("no archive"), 10, kb.Importing{}); !fault.Is(err, fault.Unacceptable) {
			t.Errorf("no archive: %v", err)
		}
	})
}

// What lies in no folder goes to a category of its own: the first one that is
// there may be public, and nobody was asked.
func TestImportOpensNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for files, want := range map[string]string{"Internal plans/plan.md Internal plans/budget.md": "Internal plans", "plan.md wide/other.md": "Imported"} {
			all := map[string]string{}
			for i, f := range strings.SplitAfter(files, ".md") {
				if f = strings.TrimSpace(f); f != "" {
					all[f] = fmt.Sprintf("# %s %d\n", want, i)
				}
			}
			in := packed(t, all)
			_, err := w.Bases.Import(w.ctx, w.actors["editor"], "help", bytes.NewReader(in), int64(len(in)), kb.Importing{Publish: true})
			w.Must(err)
			page, err := w.Bases.Articles(w.ctx, w.Admin, "help", kb.Listing{Text: want + " 0"})
			w.Must(err)
			if len(page.Rows) != 1 {
				t.Fatalf("%d articles are called %s 0", len(page.Rows), want)
			}
			a, err := w.Bases.Draft(w.ctx, w.Admin, page.Rows[0].ID)
			w.Must(err)
			if len(a.Path) != 1 || a.Path[0].Name != want || a.PublishedAt == 0 {
				t.Errorf("%s lies in %+v, out since %d", want, a.Path, a.PublishedAt)
			}
			if _, err := w.Bases.Read(w.ctx, w.actors["passer-by"], "help", a.Slug); !absent(err) {
				t.Errorf("anybody reads %s: %v", want, err)
			}
		}
	})
}

// What an import did otherwise than it was asked to, it says: secrets stay
// drafts, deep folders are flattened; and what is too large is not called absent.
func TestImportSays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		imported := func(in kb.Importing, files map[string]string) (kb.Imported, error) {
			zip := packed(t, files)
			return w.Bases.Import(w.ctx, w.actors["editor"], "help", bytes.NewReader(zip), int64(len(zip)), in)
		}
		got, err := imported(kb.Importing{Publish: true}, map[string]string{
			"router.md":          "# Router\n\npassword: hunter2-is-long\n",
			"fine.md":            "---\npublished: 2020-02-03T04:05:06Z\n---\n# Fine\n",
			"soon.md":            "---\nstate: scheduled\npublished: 2999-02-03T04:05:06Z\n---\n# Soon\n",
			"odd.md":             "---\npublished: 2999-02-03T04:05:06Z\n---\n# Odd\n",
			"a/b/c/d/e/f/g/h.md": "# Deep\n",
		})
		w.Must(err)
		var said []string
		for _, p := range got.Problems {
			said = append(said, p.File+": "+p.Text)
		}
		want := []string{"a/b/c/d/e/f/g/h.md: Categories go 6 levels deep, so it was put into the last one that could be made.",
			"router.md: It looks as if it held a secret, in line 1: A value stands after “password”. It is a draft, and was not published."}
		if !slices.Equal(said, want) || got.Articles != 5 || got.Published != 4 {
			t.Errorf("%+v: %q", got, said)
		}
		now := w.Clock.Now().UnixMilli()
		page, err := w.Bases.Articles(w.ctx, w.Admin, "help", kb.Listing{})
		w.Must(err)
		for _, r := range page.Rows {
			want := map[string]int64{"Fine": time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC).UnixMilli(), "Soon": time.Date(2999, 2, 3, 4, 5, 6, 0, time.UTC).UnixMilli(), "Odd": now, "Deep": now}
			if at, ok := want[r.Title]; (ok || r.Title == "Router") && r.PublishedAt != at {
				t.Errorf("%s is out since %d", r.Title, r.PublishedAt)
			}
		}
		got, err = imported(kb.Importing{}, map[string]string{"router.md": "password: hunter2-is-long"})
		if err != nil || len(got.Problems) != 1 || !strings.Contains(got.Problems[0].Text, "Knowledge bases are not sealed") {
			t.Errorf("%+v, %v", got, err)
		}
		_, err = imported(kb.Importing{}, map[string]string{"large.md": strings.Repeat("x", 5_000_000)})
		if f, ok := fault.As(err); !ok || !strings.Contains(f.Text, "“large.md”: This is longer than an article may be") {
			t.Errorf("too large: %v", err)
		}
	})
}

func path(a kb.Article) (text string) {
	for _, p := range a.Path {
		text += "/" + p.Name
	}
	return text
}
