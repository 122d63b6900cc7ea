package browser

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// newBase makes a knowledge base of one's own.
func newBase(p *chrome.Tab, name, path string) *chrome.Tab {
	return p.Go("/kb/new").Type("Name", name).Type("Address", path).Follow("Add knowledge base").Sees("Knowledge base added.")
}

// drawn is a picture in a file of that name.
func drawn(t *testing.T, name string) (path string, data []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 48, 32))); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, b.Bytes()
}

// A picture is dropped into the text from a window of files; it is seen in the
// preview, and by readers once the article is out.
func TestDroppingAPicture(t *testing.T) {
	t.Parallel()
	p := enter(t, "Bruno")
	p = newBase(p, "Drawings", "drawings").Follow("New article").Type("Title", "The plan").Follow("Begin")
	p.Type("Text, in Markdown", "# Ground floor\n\n")
	file, _ := drawn(t, "ground floor.png")
	p.DropFile(`document.getElementById("markdown")`, file)
	p.Until(`/!\[ground floor\]\(files\/file_[^)]*\)/.test(document.getElementById("markdown").value)`)
	p.Until(`document.querySelector("#preview img")?.naturalWidth === 48`)
	if over := chrome.Ask[bool](p, `document.getElementById("markdown").classList.contains("kb-drop-over")`); over {
		t.Error("the text still waits for a file")
	}
	p.Follow("Save and publish").Sees("Published.", "ground floor.png").Follow("Read").Sees("Ground floor").Until(`document.querySelector(".kb-text img").naturalWidth === 48`)
}

// An archive becomes articles with their pictures, and the same comes out
// again.
func TestArticlesInAndOut(t *testing.T) {
	t.Parallel()
	_, picture := drawn(t, "press.png")
	archive := filepath.Join(t.TempDir(), "bindery.zip")
	f, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, one := range []struct{ name, text string }{{"Machines/the-press.md", "# The press\n\n![the press](press.png)\n\nSee [the glue](../Stores/glue.md).\n"},
		{"Machines/press.png", string(picture)}, {"Stores/glue.md", "# The glue\n\nStands cool.\n"}, {"Stores/unused.bin", "x"}} {
		w, err := z.Create(one.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, one.text); err != nil {
			t.Fatal(err)
		}
	}
	if z.Close() != nil || f.Close() != nil {
		t.Fatal("the archive can't be written")
	}

	p := newBase(enter(t, "Bruno"), "Bindery", "bindery")
	p = p.Follow("Import articles").Upload("ZIP archive", archive).Press("Publish the articles").FollowOne(`document.querySelector("form[enctype] .btn-primary")`)
	p.Sees("2 articles were imported, with 1 file.", "2 categories were added.", "1 file that no article mentions was left out.")
	inspectAs(t, p, "kb-imported")
	p.Follow("To the articles").Sees("The press", "The glue", "Machines", "Stores", "Published")
	p.Go(reading + "bindery/the-press").Until(`document.querySelector(".kb-text img").naturalWidth === 48`).Follow("the glue").Sees("Stands cool.")

	p.Go("/kb/bindery/export").Sees("All articles with their latest texts")
	inspectAs(t, p, "kb-export")
	coded := chrome.Ask[string](p, `(async () => {
		const form = document.querySelector("form[action='/kb/bindery/export']");
		const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
		if (!answer.headers.get("Content-Disposition").includes(".zip")) throw new Error("no download");
		return btoa(String.fromCharCode(...new Uint8Array(await answer.arrayBuffer())));
	})()`)
	out, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		t.Fatal(err)
	}
	all, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range all.File {
		names = append(names, file.Name)
		if strings.HasSuffix(file.Name, ".png") {
			r, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, picture) {
				t.Errorf("the picture came out as %d bytes, %v", len(got), err)
			}
		}
	}
	for _, end := range []string{"the-press.md", "glue.md", ".png"} {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(n, end) }) {
			t.Errorf("no %s among %v", end, names)
		}
	}
}

// Two people write the same article: the second one keeps what he wrote, is
// given what only the first one changed, and sees what differs.
func TestTwoWritersOfAnArticle(t *testing.T) {
	t.Parallel()
	one, two := enter(t, "Bruno"), enter(t, "Ada")
	one = newBase(one, "Kitchen", "kitchen").Follow("New article").Type("Title", "The kettle").Follow("Begin")
	one = one.Type("Text, in Markdown", "# The kettle\n\nFill it.\n").Follow("Save draft").Sees("Saved.")
	two.Go(one.Path()).Type("Title", "The new kettle")
	one = one.Type("Text, in Markdown", "# The kettle\n\nFill it to the line.\n").Type("Tags", "kitchen").Follow("Save draft").Sees("Saved.")
	two = two.Follow("Save draft").Sees("Bruno Keller changed this article in the meantime. Nothing of yours was saved yet.", "Tags: nothing → kitchen. Taken over below.", "you had not changed it")
	inspectAs(t, two, "kb-conflict")
	if got := chrome.Ask[string](two, `page.field("Title").value + "|" + page.field("Tags").value + "|" + document.getElementById("markdown").value`); got != "The new kettle|kitchen|# The kettle\n\nFill it to the line.\n" {
		t.Errorf("the form has %q", got)
	}
	two.Follow("Save draft").Sees("Saved.", "The new kettle")

	// The same of a category, and what has anybody read it is asked about.
	one.Go("/kb/kitchen/categories").Type("Name", "Taps").Follow("Add category").Sees("Taps")
	two.Go("/kb/kitchen/categories").Follow("Edit Taps").Type("Name", "Taps and drains")
	one.Follow("Edit Taps").Press("Anybody").Follow("Save").Sees("Category saved.")
	two.Follow("Save").Sees("Somebody else changed this category in the meantime.", "Read by: all readers → public. Taken over below.")
	inspectAs(t, two, "kb-category-conflict")
	two.Follow("Save").Sees("Category saved.", "Taps and drains")
	two = two.Follow("Move Taps and drains into the one above").Sees("was moved into General.")
	two = two.Go("/kb/kitchen/new").Type("Title", "Washers").Choose("Category", "Taps and drains").Follow("Begin").Follow("Save and publish").Sees("Published.")
	reader := passer(t)
	two.Go("/kb/kitchen/categories").Follow("Move Taps and drains out").Sees("Move Taps and drains?", "1 article (1 published) becomes readable by anybody", "Nothing was moved yet.")
	inspectAs(t, two, "kb-move-asks")
	reader.Go(reading + "kitchen/washers").SeesNot("Washers")
	two.Follow("Move, and let anybody read them").Sees("was moved to the top level.")
	reader.Go(reading + "kitchen/washers").Sees("Washers")
}

// What is printed of a public page is the article, with where it is from, in
// black on white whatever the system prefers.
func TestPrintingAPublicPage(t *testing.T) {
	t.Parallel()
	p := passer(t).Prefers("dark")
	shown := func(selector string) bool {
		return chrome.Ask[bool](p, `[...document.querySelectorAll(`+"`"+selector+"`"+`)].some(e => e.getClientRects().length > 0)`)
	}
	p.Go(reading + "help/connect-by-vpn")
	if !shown(".kb-top") || !shown(".kb-helpful") || shown(".kb-printed") {
		t.Error("the page on the screen is not what it was")
	}
	p.Prints("dark").Still().Picture("kb-printed")
	for selector, want := range map[string]bool{".kb-text": true, "h1": true, ".kb-printed": true, ".kb-top": false, ".kb-nav": false, ".kb-toc": false, ".kb-helpful": false, ".kb-foot": false, ".kb-crumbs": false} {
		if shown(selector) != want {
			t.Errorf("%s is printed: %v", selector, !want)
		}
	}
	if says := chrome.Ask[string](p, `document.querySelector(".kb-printed").innerText`); !strings.Contains(says, "Help for our customers") {
		t.Errorf("it is printed from %q", says)
	}
	if scheme := chrome.Ask[string](p, `getComputedStyle(document.documentElement).colorScheme`); scheme != "light" {
		t.Errorf("printed in the scheme %q", scheme)
	}
	if wide := chrome.Ask[bool](p, `document.querySelector(".kb-main").getBoundingClientRect().left < 40`); !wide {
		t.Error("the article does not begin at the edge of the paper")
	}
}
