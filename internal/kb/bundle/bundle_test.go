package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bailiwick/internal/fault"
)

// packed makes an archive of names and contents, one after the other.
func packed(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readAll(t testing.TB, zip []byte) *Bundle {
	t.Helper()
	b, err := Read(context.Background(), bytes.NewReader(zip), int64(len(zip)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFolders(t *testing.T) {
	b := readAll(t, packed(t,
		"wiki/how-to/10-print.md", "Print it. See [set-up](2-setup.md#Paper), [home](../README.md), [folder](../how-to/) and [manual](../files/a%20manual.pdf).\n",
		"wiki/how-to/2-setup.md", "Set-up\n======\n\n![Shot](/img/shot.png) ![Shot](../img/shot.png) [x](gone.md) [y](https://example.com/2-setup.md)\n",
		"wiki/how-to/index.md", "Everything about printing.\n",
		"wiki/README.md", "---\ntitle: 'Our handbook'\ntags:\n  - start\n  - Start\n  - \"all of it\" \ndraft: true\nnested:\n  title: no\n---\n# Our Handbook\n\nWelcome.\n",
		"wiki/Team Wiki/Über uns.html", "<html><head><title>About us</title><style>p{}</style></head><body><nav>menu</nav><h1>About us</h1><p>We <b>are</b> <a href='../how-to/10-print.md'>here</a>.</p></body></html>",
		"wiki/img/shot.png", "PNG", "wiki/files/a manual.pdf", "PDF", "wiki/css/x.css", "p{}", "wiki/.git/HEAD", "x", "__MACOSX/wiki/._README.md", "x", "wiki/empty.md", " \n",
	))
	want := []Article{
		{Source: "README.md", Title: "Our handbook", Slug: "our-handbook", Tags: []string{"start", "all of it"}, State: Draft, Markdown: "Welcome.\n"},
		{Source: "Team Wiki/Über uns.html", Category: []string{"Team Wiki"}, Title: "About us", Slug: "über-uns", Markdown: "We **are** [here](print).\n"},
		{Source: "how-to/index.md", Category: []string{"How to"}, Title: "How to", Slug: "how-to", Markdown: "Everything about printing.\n"},
		{Source: "how-to/2-setup.md", Category: []string{"How to"}, Title: "Set-up", Slug: "setup", Markdown: "![Shot](files/0/shot.png) ![Shot](files/0/shot.png) [x](gone.md) [y](https://example.com/2-setup.md)\n"},
		{Source: "how-to/10-print.md", Category: []string{"How to"}, Title: "Print", Slug: "print", Markdown: "Print it. See [set-up](setup#Paper), [home](our-handbook), [folder](how-to) and [manual](files/1/a%20manual.pdf).\n"},
	}
	if d := cmp.Diff(want, b.Articles, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	if len(b.Files) != 2 || b.Files[0].Source != "img/shot.png" || b.Files[1].Name != "a manual.pdf" || b.Unused != 1 {
		t.Errorf("%+v, %d unused", b.Files, b.Unused)
	}
	if got, err := b.Files[1].Read(context.Background()); string(got) != "PDF" || err != nil {
		t.Error(got, err)
	}
	problems := []Problem{{"empty.md", "This is empty, so it was left out."}, {"how-to/2-setup.md", "It leads to “gone.md”, which is not in the archive."}}
	if d := cmp.Diff(problems, b.Problems); d != "" {
		t.Error(d)
	}
	placed := b.Place(b.Articles[4], func(s string) string { return map[string]string{"setup": "setup-2"}[s] }, func(n int) string { return "files/f7/m.pdf" })
	if want := "Print it. See [set-up](setup-2#Paper), [home](our-handbook), [folder](how-to) and [manual](files/f7/m.pdf).\n"; placed != want {
		t.Error(placed)
	}
}

// TestBackAndForth: what was written is read back as the same.
func TestBackAndForth(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	articles := []Article{
		{Title: "Zulu", Slug: "zulu", Category: []string{"B"}, State: Published, Published: at, Markdown: "# Zulu\n\n[a](alpha#h.x) ![p](files/f1/p%20q.png) <div>x</div>\n\n!!! note\n    x"},
		{Title: `Quotes " ' and \ <b> #1: "`, Slug: "alpha", Category: []string{"A / B: c?", "..", "con"}, Tags: []string{"a, b", "#c", `"d"`}, State: Draft, Markdown: "\n\n[z](zulu) [z](zulu)\n\n`[z](zulu)`\n\n[none](nowhere)\n"},
		{Title: "At the root", Slug: "index", State: Published, Markdown: ""},
		{Title: "--- x", Slug: "ünder_score", Category: []string{"B", "Files"}, Markdown: "---\ntitle: no\n---\n"},
	}
	var places []Place
	for _, a := range articles {
		places = append(places, Place{a.Slug, a.Category})
	}
	var out bytes.Buffer
	w := NewWriter(&out, places, at)
	for _, a := range articles {
		if err := w.Article(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.File("files/f1/p%20q.png", strings.NewReader("PNG")); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"../x", "files/../x", "x", "files/%2e%2e/x", "files/.x"} {
		if err := w.File(bad, strings.NewReader("x")); err == nil {
			t.Errorf("a file %s was written", bad)
		}
	}
	if err := w.Article(Article{Slug: "other"}); err == nil {
		t.Error("an article without a place was written")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b := readAll(t, out.Bytes())
	got := b.Articles
	for i := range got {
		got[i].Markdown = b.Place(got[i], func(s string) string { return s }, func(n int) string { return "files/f1/p%20q.png" })
	}
	if d := cmp.Diff(articles, got, cmpopts.IgnoreFields(Article{}, "Source"), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	for _, p := range b.Problems {
		if !strings.Contains(p.Text, "nowhere") {
			t.Error(p)
		}
	}
	if len(b.Files) != 1 || b.Unused != 0 {
		t.Errorf("%+v", b.Files)
	}
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
	}
	if d := cmp.Diff([]string{"B/zulu.md", "A - B- c-/_/con/alpha.md", "index.md", "B/_Files/ünder_score.md", "files/f1/p q.png"}, names); d != "" {
		t.Error(d)
	}
}

// TestAttachedTexts: Markdown and HTML that is an article's attachment is no
// article, whether it is seen by the head that names it or by its folder.
func TestAttachedTexts(t *testing.T) {
	b := readAll(t, packed(t,
		"a.md", "---\ntitle: A\ntags: [\"..\", \"...\", t]\nfiles: [\"extra/notes.md\", \"extra/long.html\", \"a.md\"]\n---\n[n](extra/notes.md) [b](b.md) [p](files/file_01abc/p.html)",
		"b.md", "B", "extra/notes.md", "# Notes", "extra/long.html", strings.Repeat("x", 5_000_000), "extra/other.md", "Other",
		"files/file_01abc/p.html", "<p>x", "files/file_01abd/empty.md", "", "files/guide.md", "Guide"))
	var titles []string
	for _, a := range b.Articles {
		titles = append(titles, a.Title)
	}
	if d := cmp.Diff([]string{"A", "B", "Other", "Guide"}, titles); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"t"}, b.Articles[0].Tags); d != "" {
		t.Error(d)
	}
	if want := "[n](files/0/notes.md) [b](b) [p](files/1/p.html)\n"; b.Articles[0].Markdown != want || len(b.Files) != 3 || b.Unused != 1 {
		t.Errorf("%q, %+v, %d unused", b.Articles[0].Markdown, b.Files, b.Unused)
	}
	if d := cmp.Diff([]Problem{{"a.md", "Its file “a.md” is not in the archive."}}, b.Problems); d != "" {
		t.Error(d)
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		zip  []byte
		want string
	}{
		"up":           {packed(t, "a.md", "x", "../b.md", "x"), "“../b.md” leads out of the archive's folder. Nothing was imported."},
		"up within":    {packed(t, "a/../../b.md", "x"), "leads out"},
		"Windows":      {packed(t, `a\..\..\b.md`, "x"), "leads out"},
		"absolute":     {packed(t, "/etc/b.md", "x"), "leads out"},
		"a drive":      {packed(t, `C:\b.md`, "x"), "leads out"},
		"no archive":   {[]byte("hello"), "This is no ZIP archive, or a damaged one."},
		"nothing":      {packed(t, "a.png", "x"), "There is no Markdown (.md) or HTML (.html) file in the archive."},
		"a long path":  {packed(t, strings.Repeat("x/", 300)+"a.md", "x"), "has a path of more than 500 characters"},
		"too many":     {many(t), "The archive has more than 10000 files."},
		"cut":          {packed(t, "a.md", "x")[:60], "damaged"},
		"broken bytes": {broken(t), "“a.md” is damaged in the archive."},
	} {
		_, err := Read(context.Background(), bytes.NewReader(c.zip), int64(len(c.zip)))
		e, ok := fault.As(err)
		if !ok || e.Kind != fault.Unacceptable || !strings.Contains(e.Text, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(context.Background(), bytes.NewReader(nil), MaxBytes+1); !fault.Is(err, fault.Unacceptable) {
		t.Error(err)
	}
}

func many(t *testing.T) []byte {
	var files []string
	for range MaxEntries + 1 {
		files = append(files, "a.md", "")
	}
	return packed(t, files...)
}

func broken(t *testing.T) []byte {
	b := packed(t, "a.md", strings.Repeat("some words ", 100))
	i := bytes.Index(b, []byte("a.md")) + 6
	b[i] ^= 0xff
	b[i+1] ^= 0xff
	return b
}

// TestBombs: what an archive unpacks to is bounded, whatever it says.
func TestBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 6_000_000)
	b := readAll(t, packed(t, "a.md", "![x](big.png) ![y](b.png)\n", "big.md", zeros, "big.png", strings.Repeat("\x00", MaxFile+1), "b.png", "x"))
	if len(b.Articles) != 1 || len(b.Problems) != 1 || b.Problems[0].File != "big.md" || !strings.Contains(b.Problems[0].Text, "longer than an article") {
		t.Errorf("%+v", b.Problems)
	}
	if _, err := b.Files[0].Read(context.Background()); !TooLarge(err) {
		t.Error(err)
	}
	if _, err := b.Files[1].Read(context.Background()); err != nil {
		t.Error(err)
	}
	bomb := packed(t, "a.md", "x", "b.md", strings.Repeat("y", 3000), "c.md", strings.Repeat("z", 3000))
	_, err := read(context.Background(), bytes.NewReader(bomb), int64(len(bomb)), 5000)
	if e, ok := fault.As(err); !ok || !strings.Contains(e.Text, "“c.md”") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, bytes.NewReader(bomb), int64(len(bomb))); err != context.Canceled {
		t.Error(err)
	}
}

func TestOddFiles(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	link := &zip.FileHeader{Name: "link.md"}
	link.SetMode(0o777 | 1<<27) // a symbolic link
	f, _ := w.CreateHeader(link)
	_, _ = f.Write([]byte("/etc/passwd"))
	for _, name := range []string{"a.md", "a.md"} {
		f, _ := w.Create(name)
		_, _ = f.Write([]byte("text"))
	}
	raw, _ := w.CreateHeader(&zip.FileHeader{Name: "caf\xe9.md", NonUTF8: true})
	_, _ = raw.Write([]byte("caf\xe9 \x80"))
	wide, _ := w.Create("wide.md")
	_, _ = wide.Write([]byte("\xff\xfeW\x00i\x00"))
	_ = w.Close()
	got := readAll(t, b.Bytes())
	var texts []string
	for _, a := range got.Articles {
		texts = append(texts, a.Title+"="+strings.TrimSpace(a.Markdown))
	}
	if d := cmp.Diff([]string{"A=text", "Caf\ufffd=café €", "Wide=Wi"}, texts); d != "" {
		t.Error(d)
	}
	if len(got.Problems) != 2 {
		t.Error(got.Problems)
	}
}
