package browser

import (
	"os"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

const reading = "/o/northwind-managed-it/kb/"

// passer is a browser that nobody has signed in with.
func passer(t *testing.T) *chrome.Tab { return chromium.Profile(t, demo.Address) }

// Anybody reads what is public, without script, and nothing else.
func TestReadingAKnowledgeBase(t *testing.T) {
	t.Parallel()
	p := passer(t)
	p.Go(reading+"help/").Sees("Help for our customers", "Accounts and passwords", "Working from home").SeesNot("Edit", "Staff handbook", "For new customers")
	inspectAs(t, p, "kb-front")
	p.Go(reading+"help/connect-by-vpn").Sees("It does not connect", "Was this helpful?")
	if n := chrome.Ask[int](p, `document.scripts.length`); n != 0 {
		t.Errorf("%d scripts on a page that is read", n)
	}
	inspectAs(t, p, "kb-public")
	p.Follow("Set a new password").Sees("Accounts and passwords")
	p.Go(reading + "help/connect-by-vpn")
	q := passer(t).WithoutScript()
	q.Go(reading + "help/connect-by-vpn").Follow("Yes").Sees("Thank you.")
	p = p.In("[role=search]").Type("Search in Help for our customers", "authenticat").Keys("\r").In("").Until(`document.querySelectorAll(".kb-hits mark").length > 1`)
	inspectAs(t, p, "kb-search")
	p.Go(reading+"help/search?q=zeppelin").Sees("Nothing was found for", "zeppelin")
	p.Go(reading+"help/tags/vpn").Sees("Tag vpn", "Connect by VPN")
	p.Go(reading + "handbook/patching").Sees("There is nothing at this address, or it is not for everybody.")
	inspectAs(t, p, "kb-absent")
	p.Go(reading + "handbook/nothing-at-all").Sees("There is nothing at this address, or it is not for everybody.")
}

// A Content editor writes, attaches a picture by pasting it, sees what others
// will see, publishes, changes, compares, restores and deletes.
func TestWritingAnArticle(t *testing.T) {
	t.Parallel()
	p := enter(t, "Femi")
	p.Go("/kb").Sees("Knowledge bases", "Staff handbook", "Content editor")
	inspectAs(t, p, "kbs")
	p = p.Follow("Staff handbook").Sees("Put a firewall in", "Scheduled", "Published")
	inspectAs(t, p, "kb-articles")
	p = p.Follow("New article")
	inspectAs(t, p, "kb-new-article")
	p = p.Type("Title", "Printers of the second floor").Choose("Category", "Technical").Follow("Begin")
	p.Type("Text, in Markdown", "# Where they are\n\nBeside the **kitchen**.\n\npassword: Summer-2031!\n")
	p.In("#preview").Sees("Where they are", "Beside the kitchen.", "Line 5: A value stands after “password”.")
	p = p.In("").Follow("Save and publish").Sees("Not published yet: this text looks as if it held a secret.")
	inspectAs(t, p, "kb-leak")
	p.Type("Text, in Markdown", "# Where they are\n\nBeside the **kitchen**.\n\nThe password is in the vault.\n"+rich)
	p.In("#preview").Sees("The password is in the vault.").Until(`!document.getElementById("preview").innerText.includes("looks as if it held a secret")`)
	paste(p)
	p.Until(`/!\[screen\]\(files\/file_/.test(document.getElementById("markdown").value)`)
	p.Until(`document.querySelector("#preview img")?.naturalWidth > 0`)
	p = p.In("").Follow("Save and publish").Sees("Published.", "screen.png")
	inspectAs(t, p, "kb-editor")

	p.Type("Text, in Markdown", "# Where they are\n\nBeside the **lift**.\n")
	p = p.Follow("Save draft").Sees("Saved. Readers see it when it is published.", "Changed since")
	other := enter(t, "Mira")
	other.Go(reading+"handbook/printers-of-the-second-floor").Sees("Beside the kitchen.", "On this page", "Set one up").SeesNot("lift")
	other.Until(`document.querySelector(".kb-text img").naturalWidth === 60`)
	inspectAs(t, other, "kb-article")
	p = p.Follow("History").Sees("1 line added", "Readers see it", "Latest")
	inspectAs(t, p, "kb-history")
	p = p.FollowOne(`[...document.querySelectorAll(".edition-words a")].at(-2)`).Follow("Restore version 2").Sees("This version is the latest now.")
	p.Until(`document.getElementById("markdown").value.includes("Summer") === false`)
	p = p.Follow("Take back").Sees("Taken back.", "Draft")
	other.Go(reading + "handbook/printers-of-the-second-floor").Sees("Not found")
	p = p.Follow("Delete").Sees("This can't be undone.")
	inspectAs(t, p, "kb-delete-article")
	p.Follow("Delete article").Sees("Article deleted.").SeesNot("Printers of the second floor")
}

const rich = `
## Set one up

1. Open *Devices* <kbd>F5</kbd>.
2. Choose **Add**.

> Ask before you take the last toner.[^1]

| Room | Name | Duplex |
| :--- | --- | ---: |
| 2.04 | prn-204 | yes |

## If it is stuck

- [x] switched off and on
- [ ] queue emptied

` + "```sh\nlpstat -p prn-204 --and-a-very-long-option-that-does-not-fit-onto-a-telephone=1\n```" + `

[^1]: It lies in the cupboard.

`

// paste pastes a picture into the text, as a screenshot comes.
func paste(p *chrome.Tab) {
	chrome.Ask[bool](p, `(async () => {
		const canvas = new OffscreenCanvas(60, 40);
		canvas.getContext("2d").fillRect(5, 5, 30, 20);
		const file = new File([await canvas.convertToBlob()], "screen.png", {type: "image/png"}), data = new DataTransfer();
		data.items.add(file);
		const area = document.getElementById("markdown");
		area.focus();
		area.setSelectionRange(area.value.length, area.value.length);
		area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
		return true;
	})()`)
}

// An administrator makes a knowledge base, orders its categories by mouse and
// by keyboard, gives roles, looks at what readers missed, and deletes it.
func TestRulingAKnowledgeBase(t *testing.T) {
	t.Parallel()
	p := enter(t, "Bruno")
	p = p.Go("/kb").Follow("New knowledge base")
	inspectAs(t, p, "kb-new")
	p = p.Type("Name", "Lab notes").Type("Address", "Lab Notes").Follow("Add knowledge base").Sees("Use lower-case letters")
	p = p.Type("Address", "lab-notes").Follow("Add knowledge base").Sees("Knowledge base added.", "No article here")
	p = p.Follow("Categories")
	for _, name := range []string{"Alloys", "Bearings", "Cables"} {
		p = p.Type("Name", name).Follow("Add category").Sees(name)
	}
	order := func() string {
		return chrome.Ask[string](p, `[...document.querySelectorAll("[data-category]")].map(e => (e.dataset.parent ? ">" : "") + e.querySelector("a").textContent).join(" ")`)
	}
	p = p.Follow("Move Cables up").Sees("Cables was moved up.")
	p.Until(`document.activeElement.getAttribute("aria-label") === "Move Cables up"`)
	if got := order(); got != "General Alloys Cables Bearings" {
		t.Error(got)
	}
	p = p.Follow("Move Bearings into the one above")
	if got := order(); got != "General Alloys Cables >Bearings" {
		t.Error(got)
	}
	handle := func(i string) string { return `document.querySelectorAll("[data-kb-handle]")[` + i + `]` }

	p = p.Drag(handle("2"), handle("0"))
	if got := order(); got != "General >Cables >Bearings Alloys" {
		t.Error(got)
	}
	inspectAs(t, p, "kb-categories")
	p = p.Follow("Edit Alloys")
	inspectAs(t, p, "kb-category")
	p.Press("Readers in security groups")
	p.Press("On-call south")
	p = p.Follow("Save").Sees("Category saved.", "readers in On-call south")

	p = p.Follow("People").Sees("Content editors and Admins are for people you trust.")
	p = p.Follow("Show everybody").Sees("Rosa Bianchi")
	inspectAs(t, p, "kb-people")
	p = p.Follow("Add people").Sees("Add people to Lab notes", "Who has no account yet is invited as a guest.")
	inspectAs(t, p, "kb-add-1-addresses")
	rosa := demo.person("Rosa").Email
	p = p.Type("Email addresses", "Gil Guest <gil@lab.example>, nobody "+rosa).Follow("Next").Sees("1 address can't be used", "2 addresses are fine")
	p = p.Follow("Leave out: nobody").Sees("2 people get it when you are done here", "1 has no account and is invited as a guest.", "User, without a role now", "Becomes a guest")
	p = p.Follow("Set apart: "+rosa).Sees("Set apart from the others.").Choose("Role in Lab notes of "+rosa, "Content editor")
	inspectAs(t, p, "kb-add-2-role")
	p = p.Follow("Add 2 people").Sees("1 person invited", "1 person who has an account has the role now.", "gil@lab.example")
	inspectAs(t, p, "kb-add-3-added")
	p = p.Follow("To the people").Sees("gil@lab.example")
	p = p.FollowOne(`(() => { const s = page.field("Role of Rosa Bianchi in Lab notes"); s.value = "reader"; return s.form.querySelector("button"); })()`).Sees("Role set.")
	p = p.Follow("Settings")
	inspectAs(t, p, "kb-settings")
	p = p.Choose("Members without a role of their own", "None: what anybody reads").Follow("Save").Sees("Settings saved.")
	p = p.Follow("Readers").Sees("Searches that found nothing")
	p = p.Follow("Settings").Follow("Delete knowledge base").Sees("This can't be undone.", "Type its name to delete it: Lab notes")
	inspectAs(t, p, "kb-delete")
	p.Type("Type its name to delete it: Lab notes", "Lab notes").Follow("Delete 0 articles for good").Sees("Knowledge base deleted.").SeesNot("Lab notes")
}

// What attackers write into articles runs neither where they are written, nor
// in the preview, nor where they are read. A tab fails its test when anything
// tries to break the policy.
func TestStoredScripts(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../internal/kb/page/testdata/scripts.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(string(b), "\n%%\n")
	p := enter(t, "Bruno")
	const title = `"><img src=x onerror=alert(1)></title><script>alert(1)</script>`
	p = p.Go("/kb/new").Type("Name", title).Type("Address", "scripts").Type("Description", title).Follow("Add knowledge base")
	p = p.Follow("Categories").Follow("Edit General").Type("Name", title).Press("Anybody").Follow("Save")
	other := passer(t)
	for i := 0; i < len(all); i += 30 {
		part := strings.Join(all[i:min(i+30, len(all))], "\n\n")
		p = p.Go("/kb/scripts/new").Type("Title", title).Follow("Begin")
		p.Type("Text, in Markdown", part).Type("Tags", `"><script>alert(1)</script>, javascript:alert(1)`)
		p.In("#preview").Until(`document.querySelector("#preview .kb-text")`)
		unharmed(t, p)
		p = p.In("").Follow("Save and publish")
		if p.Offers("There is no secret in it") {
			p.Press("There is no secret in it")
			p = p.Follow("Save and publish")
		}
		p.Sees("Published.")
		unharmed(t, p)
		p = p.Follow("Read")
		unharmed(t, p)
		other.Go(p.Path())
		unharmed(t, other)
	}
	other.Go(reading + "scripts/").Sees("Newest")
	unharmed(t, other)
	other.Go(reading + "scripts/search?q=" + "alert").Sees("alert")
	unharmed(t, other)
	p.Go("/kb/scripts/")
	unharmed(t, p)
	p.Go("/kb")
	unharmed(t, p)
	p.Go("/audit")
	unharmed(t, p)
}

// unharmed presses every link that an article has made, in place.
func unharmed(t *testing.T, p *chrome.Tab) {
	t.Helper()
	bad := chrome.Ask[[]string](p, `[...document.querySelectorAll("main *")].flatMap(e => [...e.attributes].filter(a => /^on/i.test(a.name) || a.name === "style" || /^(href|src|action|formaction|xlink:href|data|srcdoc)$/i.test(a.name) && /^[\s\u0000-\u0020]*(javascript|data|vbscript|blob|file):/i.test(a.value)).map(a => e.outerHTML.slice(0, 200)))
		.concat([...document.querySelectorAll("main .kb-text :is(script, iframe, object, embed, form, input, style, link, meta, base, svg, math)")].map(e => e.outerHTML.slice(0, 200)))`)
	for _, b := range bad {
		t.Errorf("%s: %s", p.Path(), b)
	}
}
