package web

import (
	"strconv"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/web/ui"
)

// bannerForm is what is typed: the level, the text, the last day.
type bannerForm struct {
	id, name string
	version  int64
	once     string
	in, was  map[string]string
	ended    bool // the banner has run out
	errors   map[string]string
}

var bannerFields = []struct {
	name, label string
	of          func(client.Banner) string
}{
	{"text", "Text", func(b client.Banner) string { return b.Text }},
	{"level", "Level", func(b client.Banner) string { return b.Level }},
	{"until", "Last day", func(b client.Banner) string {
		if b.Until.IsZero() {
			return ""
		}
		return b.Until.Format(time.DateOnly)
	}},
}

func bannerValues(b client.Banner) map[string]string {
	values := map[string]string{}
	for _, field := range bannerFields {
		values[field.name] = field.of(b)
	}
	return values
}

func (f bannerForm) wrong() []ui.FieldParams {
	var out []ui.FieldParams
	for _, field := range bannerFields {
		if text := f.errors[field.name]; text != "" {
			out = append(out, ui.FieldParams{Name: field.name, Label: field.label, Error: text})
		}
	}
	return out
}

// banner reads the banner for whoever may change it, with the keys.
func (v *visit) banner() (client.Banner, error) {
	b, err := v.app.Clients.Banner(v.ctx(), v.who, gate.Client(v.r.PathValue("id")))
	switch {
	case err == nil && !b.MayEdit:
		return b, fault.NotFound()
	case err == nil && !v.who.Open():
		return b, fault.Closed()
	}
	return b, err
}

func showBannerForm(v *visit) error {
	b, err := v.banner()
	if err != nil {
		return err
	}
	return v.showBanner(200, bannerForm{version: b.Version, in: bannerValues(b), was: bannerValues(b), ended: b.Ended && b.Text != ""}, b)
}

func (v *visit) showBanner(status int, f bannerForm, b client.Banner) error {
	f.id, f.name, f.once = b.Client, b.ClientName, once()
	frame, err := v.frame("Banner", v.clientCrumbs(b.Client, b.ClientName)...)
	if err != nil {
		return err
	}
	frame.Notice = nil // the form has it
	return v.renderAs(status, bannerPage(frame, f))
}

func (v *visit) clientCrumbs(id, name string) []ui.Crumb {
	return []ui.Crumb{{Label: "Clients", Href: "/clients"}, {Label: name, Href: "/clients/" + id}}
}

func saveBanner(v *visit) error {
	b, err := v.banner()
	if err != nil {
		return err
	}
	f := bannerForm{in: map[string]string{}, was: map[string]string{}}
	theirs := bannerValues(b)
	for _, field := range bannerFields {
		f.in[field.name], f.was[field.name] = v.lines(field.name), v.lines("was-"+field.name)
		if v.keeping() && v.text("keep-"+field.name) == "theirs" {
			f.in[field.name] = theirs[field.name]
		}
	}
	if v.text("act") == "remove" {
		f.in["text"] = ""
	}
	f.version, _ = strconv.ParseInt(v.text("version"), 10, 64)
	in := client.BannerInput{Text: f.in["text"], Level: f.in["level"]}
	if typed := f.in["until"]; typed != "" {
		if in.Until, err = time.Parse(time.DateOnly, typed); err != nil {
			f.errors = map[string]string{"until": "Write the day as year, month, day, such as 2027-01-31."}
			return v.showBanner(422, f, b)
		}
	}
	_, err = v.app.Clients.SetBanner(v.ctx(), v.who, b.Client, f.version, in)
	by, invalid := fieldErrors(err)
	switch {
	case invalid:
		f.errors = by
		return v.showBanner(422, f, b)
	case fault.Is(err, fault.Conflict):
		return v.showBannerConflict(f, b)
	case err != nil:
		return err
	}
	if in.Text == "" {
		v.flash("Banner removed.", "")
	} else {
		v.flash("Banner saved.", "")
	}
	return v.goTo("/clients/" + b.Client)
}

func (v *visit) showBannerConflict(f bannerForm, b client.Banner) error {
	theirs := bannerValues(b)
	page := conflictPage{what: "banner", back: "/clients/" + b.Client, version: b.Version, keep: map[string]string{}, when: ago(b.Changed, v.app.Clock.Now())}
	for _, field := range bannerFields {
		mine, other := f.in[field.name], theirs[field.name]
		page.keep[field.name], page.keep["was-"+field.name] = mine, other
		if mine != other {
			page.differ = append(page.differ, ui.Difference{Name: field.name, Label: field.label, Theirs: other, Yours: mine, KeepTheirs: mine == f.was[field.name]})
		}
	}
	frame, err := v.frame("Two edits", v.clientCrumbs(b.Client, b.ClientName)...)
	if err != nil {
		return err
	}
	return v.renderAs(409, twoEdits(frame, page))
}
