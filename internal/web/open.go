package web

import (
	"strings"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/web/ui"
)

func (s *Server) openRoutes() {
	s.own("GET /open", showOpen)
	s.signed("POST /open", openVault)
	s.signed("POST /close", closeVault)
	s.keyLinkRoutes()
}

// openForm is the page on which a sealed session gets its keys.
type openForm struct {
	page          ui.PlainParams
	Next          string
	Need          session.Need
	password, key ui.FieldParams
	Organization  string
	Email         string
	Wrong         string
}

func (v *visit) openForm(need session.Need, bad map[string]string) openForm {
	f := openForm{page: v.plain("Open the vault", "You are signed in as "+v.me.Name+"."), Next: v.next(), Need: need, Organization: v.me.Organization, Email: v.me.Email}
	f.page.Page.Theme = v.me.Theme
	f.password = ui.FieldParams{Name: "password", Label: "Password", Autocomplete: "current-password", Required: true, Error: bad["password"], Autofocus: need.Password}
	f.key = ui.FieldParams{Name: "organization_key", Label: "Organization Key", Mono: true, Required: true, Error: bad["organization_key"], Placeholder: "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XX",
		Hint: "Characters or twelve words, from the printout. Upper or lower case, spaces and dashes don't matter. Your own recovery code works here, too.", Autofocus: !need.Password || (bad["organization_key"] != "" && bad["password"] == "")}
	if f.key.Autofocus {
		f.password.Autofocus = false
	}
	return f
}

func showOpen(v *visit) error {
	if v.me.Waiting {
		return v.goTo("/")
	}
	if v.who.Open() || v.me.Kind == "guest" {
		return v.goTo(v.next())
	}
	need, err := v.app.Sessions.Need(v.ctx(), v.who, v.bearer(), v.devices()[v.who.User()])
	if err != nil {
		return err
	}
	return v.render(openPage(v.openForm(need, nil)))
}

func openVault(v *visit) error {
	if v.who.Open() {
		return v.goTo(v.next())
	}
	in := session.Open{Bearer: v.bearer(), Password: v.secret("password"), Device: v.devices()[v.who.User()], Agent: v.r.UserAgent()}
	typed := strings.TrimSpace(v.secret("organization_key").Reveal())
	var err error
	if typed != "" {
		if err = in.Type(typed); err != nil {
			err = fault.Bad("organization_key", "%s.", mistyped(err))
		}
	}
	var device seal.Token
	if err == nil {
		device, err = v.app.Sessions.Open(v.ctx(), v.who, in)
	}
	if err != nil {
		return v.notOpened(typed, err)
	}
	return v.openedWith(device, v.next())
}

// openedWith goes on once the vault is open, past the recovery code of whoever
// has none.
func (v *visit) openedWith(device seal.Token, next string) error {
	v.keepDevice(v.who.User(), device)
	if v.me.Has(perm.VaultAccess) && !v.me.RecoveryConfirmed {
		return v.goTo("/me/recovery-code?next=" + query(next))
	}
	return v.goTo(next)
}

// notOpened asks again, also for what turned out to be needed besides. A key
// with a slip is given back to the one who typed it, a password is not.
func (v *visit) notOpened(typed string, err error) error {
	bad, ok := fieldErrors(err)
	is, known := fault.As(err)
	if !ok && (!known || (is.Kind != fault.Throttled && is.Kind != fault.Unavailable && is.Kind != fault.Unacceptable)) {
		return err
	}
	need, failed := v.app.Sessions.Need(v.ctx(), v.who, v.bearer(), v.devices()[v.who.User()])
	if failed != nil {
		return failed
	}
	need.Password = need.Password || bad["password"] != ""
	need.Key = need.Key || bad["organization_key"] != "" || typed != ""
	f := v.openForm(need, bad)
	f.key.Value = typed
	if !ok {
		f.Wrong = is.Text
		if after := door.After(err); after != "" {
			v.w.Header().Set("Retry-After", after)
		}
	}
	return v.renderAs(door.Status(err), openPage(f))
}

// mistyped says where a key has a slip, in the words of the page.
func mistyped(err error) string {
	return sentence(strings.ReplaceAll(err.Error(), "the code", "the key"))
}

// sentence begins an error's text with a capital.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func closeVault(v *visit) error {
	v.clearDesk()
	if err := v.app.Sessions.Close(v.ctx(), v.who, v.bearer()); err != nil {
		return err
	}
	v.flash("The vault is sealed in this browser. You are still signed in.", "")
	return v.goTo("/")
}
