package web

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/web/ui"
)

// panelForm is the overview panel while it is arranged. Without script each
// press of a button is a request that saves nothing and gives the form back.
type panelForm struct {
	client  client.Client
	version int64
	items   []client.Item
	focus   int // the item that was just added; -1 for none
	error   string
}

func showPanelForm(v *visit) error {
	c, o, err := v.mayPanel()
	if err != nil {
		return err
	}
	return v.showPanel(200, panelForm{client: c, version: o.Panel.Version, items: o.Panel.Items, focus: -1})
}

func (v *visit) showPanel(status int, f panelForm) error {
	frame, err := v.frame("Arrange overview", v.clientCrumbs(f.client.ID, f.client.Name)...)
	if err != nil {
		return err
	}
	return v.renderAs(status, panelPage(frame, f))
}

// typedItems reads the items in the order of the form.
func (v *visit) typedItems() []client.Item {
	kinds, names, values := v.r.PostForm["kind"], v.r.PostForm["name"], v.r.PostForm["value"]
	var items []client.Item
	for i := range min(len(kinds), len(names), len(values), 2*client.MostItems) {
		items = append(items, client.Item{Kind: kinds[i], Name: strings.TrimSpace(names[i]), Value: strings.TrimSpace(strings.ReplaceAll(values[i], "\r\n", "\n"))})
	}
	return items
}

// arrange does what a button asks for: "up 3", "down 3", "remove 3", "add text".
func (f *panelForm) arrange(act string) {
	what, on, _ := strings.Cut(act, " ")
	i, err := strconv.Atoi(on)
	there := err == nil && i >= 0 && i < len(f.items)
	switch {
	case what == "add" && (on == client.KindField || on == client.KindText):
		f.items, f.focus = append(f.items, client.Item{Kind: on}), len(f.items)
	case what == "remove" && there:
		f.items = slices.Delete(f.items, i, i+1)
	case what == "up" && there && i > 0:
		f.items[i], f.items[i-1] = f.items[i-1], f.items[i]
	case what == "down" && there && i < len(f.items)-1:
		f.items[i], f.items[i+1] = f.items[i+1], f.items[i]
	}
}

func savePanel(v *visit) error {
	c, o, err := v.mayPanel()
	if err != nil {
		return err
	}
	f := panelForm{client: c, items: v.typedItems(), focus: -1}
	f.version, _ = strconv.ParseInt(v.text("version"), 10, 64)
	if act := v.text("act"); act != "" {
		f.arrange(act)
		return v.showPanel(200, f)
	}
	if v.keeping() {
		if v.text("keep-panel") == "theirs" {
			return v.goTo("/clients/" + c.ID + "/overview")
		}
		if json.Unmarshal([]byte(v.r.PostForm.Get("panel")), &f.items) != nil {
			return fault.Cannot("This form could not be read. Nothing was saved. Go back and try again.")
		}
	}
	_, err = v.app.Clients.SetPanel(v.ctx(), v.who, c.ID, f.version, f.items)
	by, invalid := fieldErrors(err)
	switch {
	case invalid:
		f.error = by["items"]
		return v.showPanel(422, f)
	case fault.Is(err, fault.Conflict):
		return v.showPanelConflict(f, o.Panel)
	case err != nil:
		return err
	}
	v.flash("Overview saved.", "")
	return v.goTo("/clients/" + c.ID + "/overview")
}

func (v *visit) showPanelConflict(f panelForm, theirs client.Panel) error {
	mine, err := json.Marshal(f.items)
	if err != nil {
		return err
	}
	page := conflictPage{what: "overview", back: "/clients/" + f.client.ID + "/overview", version: theirs.Version, keep: map[string]string{"panel": string(mine)},
		when: ago(theirs.Changed, v.app.Clock.Now())}
	if !slices.Equal(f.items, theirs.Items) {
		page.differ = []ui.Difference{{Name: "panel", Label: "Overview", Theirs: itemsText(theirs.Items), Yours: itemsText(f.items)}}
	}
	frame, err := v.frame("Two edits", v.clientCrumbs(f.client.ID, f.client.Name)...)
	if err != nil {
		return err
	}
	return v.renderAs(409, twoEdits(frame, page))
}

// itemsText writes a panel as text, to be compared.
func itemsText(items []client.Item) string {
	var b strings.Builder
	for _, i := range items {
		switch {
		case i.Kind == client.KindField:
			b.WriteString(i.Name + ": " + i.Value + "\n")
		case i.Name != "":
			b.WriteString(i.Name + "\n" + i.Value + "\n")
		default:
			b.WriteString(i.Value + "\n")
		}
	}
	return strings.TrimSpace(b.String())
}
