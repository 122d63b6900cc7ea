package browser

import (
	"testing"

	"bailiwick/test/browser/chrome"
)

// Two people change the same credential. The second one sees both and chooses;
// the first one's change is in the history.
func TestTwoEdits(t *testing.T) {
	t.Parallel()
	one := enter(t, "Carla")
	client := addClient(one, "Concord Printers")
	addCredential(one, client, secret{title: "Concord press", username: "press", password: "ink-and-paper-6"})
	edit := chrome.Ask[string](one, `document.querySelector("#panel a[aria-label=Edit]").getAttribute("href")`)
	two := enter(t, "Femi")

	one.Go(edit).Type("Username", "press-carla").Type("Tags", "ours")
	two.Go(edit).Type("Username", "press-femi").Type("Title", "Concord press 2")
	one.Follow("Save").Sees("Credential saved.")
	two.Follow("Save").Sees("Carla Mendes changed this while you did", "press-carla", "press-femi", "Concord press 2")
	inspectAs(t, two, "conflict")
	two.PressOne(`document.querySelector('[name="keep-username"][value="theirs"]')`).Follow("Save these choices")
	two.Sees("Credential saved.").In("#panel").Sees("Concord press 2", "press-carla", "ours")
	two.In("#panel").Press("More for this credential").Follow("History").Sees("3 versions", "Carla Mendes", "Femi Adeyemi")
}

// What is typed is not lost by a wrong press: the browser asks.
func TestUnsavedChangesAreAskedAbout(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	p.Go("/clients/new").Follow("Cancel").Lands("/clients")
	if p.Asked() != 0 {
		t.Error("leaving an untouched form was asked about")
	}
	p.Go("/clients/new").PressOne(`page.field("Name")`).Keys("Half a name").Follow("Cancel").Lands("/clients")
	if p.Asked() != 1 {
		t.Errorf("leaving a changed form was asked about %d times", p.Asked())
	}
}
