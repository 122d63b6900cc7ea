package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"bailiwick/test/browser/chrome"
)

// many imports so many credentials into a client.
func many(t *testing.T, p *chrome.Tab, client string, n int) {
	t.Helper()
	var file strings.Builder
	file.WriteString("Title,Username,Password,URL\n")
	for i := range n {
		fmt.Fprintf(&file, "Machine %05d,user%05d,keep-out-%d,https://m%05d.example\n", i, i, i, i)
	}
	path := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	upload(p, client, path)
	p.Follow(fmt.Sprintf("Import %s credentials", thousands(n))).Sees("Undo this import")
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// stride scrolls to a part of the list, waits until rows are in the middle of
// the window, and counts what is in the page.
const stride = `(async (part) => {
	scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * part);
	await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
	const middle = () => document.elementFromPoint(document.querySelector("#credentials").getBoundingClientRect().left + 60, innerHeight / 2);
	while (middle()?.closest(".gap")) await new Promise(requestAnimationFrame);
	return {rows: document.querySelectorAll("tr[data-row]").length, elements: document.querySelectorAll("*").length};
})`

// Ten thousand credentials in one client scroll from end to end: the page never
// holds more than some hundreds of them, and asks for each part once.
func TestTenThousand(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	client := addClient(p, "Decem Milia Logistics")
	many(t, p, "Decem Milia Logistics", 10_000)
	p.Go(client).In("#credentials").Sees("Machine 00000", "10,000 credentials")
	chrome.Ask[bool](p, `(window.shifted = 0, new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) shifted += e.value; }).observe({type: "layout-shift"}), performance.setResourceTimingBufferSize(5000), true)`)
	var rows, elements int
	const strides = 40
	for i := range strides + 1 {
		seen := chrome.Ask[struct{ Rows, Elements int }](p, fmt.Sprintf("%s(%d/%d)", stride, i, strides))
		rows, elements = max(rows, seen.Rows), max(elements, seen.Elements)
	}
	p.Until(`[...document.querySelectorAll(".row-link")].at(-1).textContent === "Machine 09999"`)
	asked := chrome.Ask[int](p, `performance.getEntriesByType("resource").filter((r) => r.name.includes("rows=")).length`)
	shifted := chrome.Ask[float64](p, `window.shifted`)
	t.Logf("at most %d rows and %d elements at a time, %d requests, layout shift %.3f", rows, elements, asked, shifted)
	if rows > 700 || rows < 60 {
		t.Errorf("%d of 10,000 rows were in the page at a time", rows)
	}
	if elements > 30_000 {
		t.Errorf("%d elements were in the page at a time", elements)
	}
	if asked == 0 || asked > 300 {
		t.Errorf("%d requests for 167 parts", asked)
	}
	if shifted > 0.1 {
		t.Errorf("what is read moves while scrolling: %.3f", shifted)
	}
	// Back at the top by one jump, on by keys, across the border of two parts.
	chrome.Ask[any](p, stride+"(0)")
	p.Until(`document.querySelector(".row-link")?.textContent === "Machine 00000"`)
	chrome.Ask[bool](p, `([...document.querySelectorAll(".row-link")].find((a) => a.textContent === "Machine 00058").focus(), true)`)
	p.Keys("jj").Until(`document.activeElement.textContent === "Machine 00060"`)
	p.Keys("x").Until(`document.querySelector("[data-selected-count]").textContent === "1"`)
	// All of them, also those that were never in the page.
	p.PressOne(`document.querySelector("#selection [data-select-all]")`).Until(`document.querySelector("[data-selected-count]").textContent === "10,000"`)
	chrome.Ask[bool](p, `([...document.querySelectorAll(".row-link")].find((a) => a.textContent === "Machine 00060").focus(), true)`)
	p.Keys("x").Until(`document.querySelector("[data-selected-count]").textContent === "9,999"`)
	p.In("#selection").Follow("Archive").Sees("At most 5,000 credentials can be chosen at a time")
	// A range with the shift key, from one end of a part to another part.
	p.Go(client).PressOne(`document.querySelector("[data-select]")`)
	chrome.Ask[any](p, stride+"(0.02)")
	at := chrome.Ask[string](p, `(() => { const row = [...document.querySelectorAll("tr[data-row]")].find((r) => r.querySelector(".row-link").textContent === "Machine 00200"); row.querySelector("[data-select]").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, shiftKey: true})); return row.querySelector(".row-link").textContent })()`)
	p.Until(`document.querySelector("[data-selected-count]").textContent === "201"`)
	p.In("#selection").Follow("Change type")
	p.Sees("Change the type of 201 credentials").Choose("Type", "Switch").Follow("Change type").Sees("201 credentials have another type.", at[:7])
	p.Follow("Undo").Sees("Undone.")
}

// leaf is a folder of the tree.
func leaf(name string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(".leaf")].find((l) => l.querySelector(".leaf-label").textContent === %q)`, name)
}

// Dragged with the mouse: a credential into a folder, a folder into another,
// and both back by Undo. Where it can't go, nothing happens.
func TestDrag(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Dragoman Translations")
	for _, name := range []string{"Archive room", "Front desk"} {
		p.Go(client).Press("New folder").Type("Name", name).Follow("Add folder")
	}
	for _, title := range []string{"Dragoman one", "Dragoman two"} {
		addCredential(p, client, secret{title: title, username: "d", password: "babel-fish-42"})
	}
	row := func(title string) string {
		return fmt.Sprintf(`[...document.querySelectorAll("tr[data-row]")].find((r) => r.querySelector(".row-link").textContent === %q)`, title)
	}
	p.Go(client)
	p.Held(row("Dragoman one"), leaf("Front desk")).Until(`document.querySelector(".drag-ghost")?.textContent === "Dragoman one"`).Until(leaf("Front desk") + `.matches("[data-dropping]")`)
	p.Picture("drag")
	p.Keys(kb.Escape).Until(`!document.querySelector(".drag-ghost")`)
	p.Go(client).Drag(row("Dragoman one"), leaf("Front desk")).Sees("Credential moved.")
	p.Until(leaf("Front desk") + `.querySelector(".count").textContent === "1"`)
	p.Follow("Undo").Sees("Undone.").Go(client).Until(leaf("Front desk") + `.querySelector(".count").textContent === "0"`)

	p.Keys("j").Keys("x").Keys("j").Keys("x").Drag(row("Dragoman two"), leaf("Archive room")).Sees("2 credentials moved.")
	p.Until(leaf("Archive room") + `.querySelector(".count").textContent === "2"`)
	p.Drag(leaf("Archive room"), leaf("Front desk")).Sees("Folder moved.")
	p.Until(leaf("Front desk") + `.querySelector(".count").textContent === "2"`)
	p.Go(client).Held(leaf("Front desk"), leaf("Archive room")).Until(`document.querySelector(".drag-ghost")`)
	if chrome.Ask[bool](p, leaf("Archive room")+`.matches("[data-dropping]")`) {
		t.Error("a folder can be dropped into its own")
	}
	p.Keys(kb.Escape)
}

// Columns are chosen once and stay; a column sorts, again the other way round.
func TestColumnsAndSort(t *testing.T) {
	t.Parallel()
	boss, p := enter(t, "Carla"), enter(t, "Femi") // whose columns no other story looks at
	client := addClient(boss, "Columbine Florists")
	addCredential(boss, client, secret{title: "Alpha till", username: "zoe", password: "petals-12-red"})
	addCredential(boss, client, secret{title: "Beta till", username: "adam", password: "petals-13-red"})
	p.Go(client).Press("Columns").PressOne(`document.querySelector("[name=column][value=tags]")`).PressOne(`document.querySelector("[name=column][value=by]")`).Follow("Show these").Sees("The columns of your lists are saved.")
	p.Until(`document.querySelector("[data-columns]").dataset.columns === "username address type tags changed"`)
	inspectAs(t, p, "list-columns")
	first := func(title string) string {
		return fmt.Sprintf(`document.querySelector(".row-link").textContent === %q`, title)
	}
	p.Follow("Username").Until(first("Beta till")).Until(`document.querySelector("th[aria-sort=ascending]").textContent.includes("Username")`)
	p.Follow("Username").Until(first("Alpha till")).Until(`document.querySelector("th[aria-sort=descending]")`)
	p.Type("Filter credentials", "adam").Until(`document.querySelectorAll("tr[data-row]").length === 1`).Sees("1 credential")
	usesClipboard(t, p)
	p.Keys(kb.Tab).Go(client).Keys("j").Keys("c").Sees("Password copied")
	p.Keys("u").Sees("Username copied")
	if got := p.Clipboard(); got != "zoe" {
		t.Errorf("the clipboard holds %q", got)
	}
	p.Keys("e").Until(`location.pathname.startsWith("/credentials/")`)
}

// A folder is deleted together with the question of what becomes of what lies
// in it; a credential, for good, by its title. Two people change one folder.
func TestFolderStory(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	client := addClient(p, "Folio Antiquarians")
	p.Press("New folder").Type("Name", "Strongroom").Follow("Add folder")
	addCredential(p, client, secret{"Folio safe", "ada", "incunabula-1499", "Strongroom"})
	p.Go(client).FollowOne(leaf("Strongroom"))
	p.Press("Change folder").Sees("It holds 1 credential")
	edit := p.Path()
	inspectAs(t, p, "folder")

	two := enter(t, "Bruno")
	two.Go(edit).Type("Name", "Bruno's room")
	p.Type("Name", "Ada's room").Follow("Rename").Sees("Folder renamed.")
	two.Follow("Rename").Sees("Somebody else changed this folder while you did", "Ada Lindqvist changed it", "Its name is now Ada's room")
	inspectAs(t, two, "folder-conflict")
	p.Follow("Undo").Sees("Undone.", "Strongroom")

	p.Go(edit).PressOne(`page.field("Archive 1 credential")`).Follow("Delete folder").Sees("Folder deleted. 1 credential is in the archive.")
	p.In(".tabs").Follow("Archive").Press("Folio safe").In("#panel").Press("More for this credential").Follow("Delete for good")
	p.Sees("Nothing brings it back.")
	inspectAs(t, p, "delete-for-good")
	p.Type("Title", "Folio").Follow("Delete for good").Sees("This is not its title")
	p.Type("Title", "Folio safe").Follow("Delete for good").Sees("Credential deleted for good.", "The archive is empty")
}

// What takes effect after a redirect can be taken back, by keyboard too.
func TestUndoOfAnEdit(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Undine Swimwear")
	addCredential(p, client, secret{title: "Undine pool", username: "splash", password: "chlorine-and-7"})
	p.In("#panel").Follow("Edit").Type("Username", "dive").Follow("Save").Sees("Credential saved.").In("#panel").Sees("dive")
	p.Follow("Undo").Sees("Undone.").In("#panel").Sees("splash")
	p.In("#panel").Press("More for this credential").Follow("History").Sees("3 versions")
}
