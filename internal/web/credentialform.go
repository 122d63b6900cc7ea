package web

import (
	"strconv"
	"strings"
	"time"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// credentialForm is the form of a credential, new or edited. Where the secret
// was not revealed, an empty password field leaves it as it is, and notes and
// custom fields are not in the form.
type credentialForm struct {
	id, title string // "" for a new one
	place     vault.Place
	version   int64
	once      string
	revealed  bool
	in        vault.Input
	expires   string        // as typed
	rows      []vault.Field // custom fields as they stand in the form, empty ones too
	urls      []string      // the same of addresses
	focus     string        // id of the input that has the focus
	types     []ui.Option
	folders   []ui.Option
	mayTOTP   bool
	received  bool // another organization made it
	pictured  bool // the TOTP secret was read from a picture just now
	errors    map[string]string
	generator *ui.GeneratorParams
}

const mostFields = 100

var credentialLabels = []struct{ name, label string }{
	{"title", "Title"}, {"type", "Type"}, {"username", "Username"}, {"password", "Password"}, {"urls", "Addresses"},
	{"totp", "TOTP secret"}, {"picture", "Picture"}, {"notes", "Notes"}, {"tags", "Tags"}, {"fields", "Custom fields"}, {"expires", "Expiry date"}, {"folder", "Folder"},
}

// credentialForm reads what was sent.
func (v *visit) credentialForm() credentialForm {
	f := credentialForm{once: once(), revealed: v.text("revealed") != "", expires: v.text("expires")}
	f.version, _ = strconv.ParseInt(v.text("version"), 10, 64)
	f.in = vault.Input{Type: v.text("type"),
		Overview: vault.Overview{Title: v.text("title"), Username: v.text("username"), URLs: list(v.lines("urls"), "\n"), Tags: list(v.text("tags"), ",")},
		// A password is kept to the letter, spaces at its ends too.
		Secret: vault.Secret{Password: v.r.PostFormValue("password"), Notes: v.lines("notes"), TOTP: v.text("totp")}}
	for i := range mostFields {
		n := strconv.Itoa(i)
		if url, sent := v.r.PostForm["url-"+n]; sent {
			f.urls = append(f.urls, strings.TrimSpace(url[0]))
		}
		if !v.r.PostForm.Has("field-name-"+n) && !v.r.PostForm.Has("field-value-"+n) {
			continue
		}
		field := fieldOfKind(v.text("field-name-"+n), strings.ReplaceAll(v.r.PostFormValue("field-value-"+n), "\r\n", "\n"), v.text("field-kind-"+n))
		f.rows = append(f.rows, field)
		if field.Name != "" || field.Value != "" {
			if field.Name == "" {
				f.errors = map[string]string{"fields": "Give the custom field with a value a name, too."}
			}
			f.in.Fields = append(f.in.Fields, field)
		}
	}
	f.in.URLs = append(f.in.URLs, list(strings.Join(f.urls, "\n"), "\n")...)
	if f.expires != "" {
		at, err := time.Parse(time.DateOnly, f.expires)
		if err != nil {
			f.errors = map[string]string{"expires": "This is not a date. Write it like 2027-03-31."}
		}
		f.in.Expires = at
	}
	return f
}

func list(text, separator string) []string {
	var out []string
	for _, s := range strings.Split(text, separator) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// newPath is where the form of a new credential is sent.
func (f credentialForm) newPath() string { return baseOf(f.place) + "/credentials/new" }

// expiryText is the date as the form's field wants it.
func (f credentialForm) expiryText() string {
	if f.expires != "" || f.in.Expires.IsZero() {
		return f.expires
	}
	return f.in.Expires.Format(time.DateOnly)
}

func (f credentialForm) wrong() []ui.FieldParams {
	var out []ui.FieldParams
	for _, l := range credentialLabels {
		if text := f.errors[l.name]; text != "" {
			id := l.name
			switch id {
			case "fields":
				id = "custom-fields"
			case "urls":
				id = "url-0"
			}
			out = append(out, ui.FieldParams{Name: l.name, ID: id, Label: l.label, Error: text})
		}
	}
	return out
}

func (v *visit) showCredentialForm(status int, f credentialForm) error {
	crumbs, err := v.crumbsTo(f.place)
	if err != nil {
		return err
	}
	kinds, err := v.app.Vault.KindsAt(v.ctx(), v.who, f.place)
	if err != nil {
		return err
	}
	if f.received {
		kinds = kinds.Received()
	}
	f.fill(kinds, v.text("act") == "type")
	if f.id == "" {
		f.mayTOTP = f.place.Own || v.me.Has(perm.PasswordTOTPAddRemove)
	}
	title := "New credential"
	if f.id != "" {
		title = "Edit credential"
		crumbs = append(crumbs, ui.Crumb{Label: f.title, Href: "/credentials/" + f.id})
	} else {
		folders, err := v.app.Vault.Folders(v.ctx(), v.who, vault.Place{Client: f.place.Client, Own: f.place.Own})
		if err != nil {
			return err
		}
		f.folders = folderOptions(folders, "No folder", nil)
	}
	if f.generator, err = v.generator(); err != nil {
		return err
	}
	frame, err := v.frame(title, crumbs...)
	if err != nil {
		return err
	}
	return v.renderAs(status, credentialFormPage(frame, f, title))
}

// patch is what a form changes. Fields of which the other's value was chosen
// stay as they are, as does a secret that was not entered.
func (v *visit) patch(f credentialForm) vault.Patch {
	mine := func(field string) bool { return v.text("keep-"+field) != "theirs" }
	var p vault.Patch
	keep(&p.Title, &f.in.Title, mine("title"))
	keep(&p.Type, &f.in.Type, mine("type"))
	keep(&p.Username, &f.in.Username, mine("username"))
	keep(&p.URLs, &f.in.URLs, mine("urls"))
	keep(&p.Tags, &f.in.Tags, mine("tags"))
	keep(&p.Expires, &f.in.Expires, mine("expires"))
	keep(&p.Password, &f.in.Password, mine("password") && (f.revealed || f.in.Password != ""))
	keep(&p.Notes, &f.in.Notes, mine("notes") && f.revealed)
	keep(&p.Fields, &f.in.Fields, mine("fields") && f.revealed)
	return p
}

func keep[T any](to **T, from *T, yes bool) {
	if yes {
		*to = from
	}
}
