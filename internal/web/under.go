package web

import (
	"cmp"

	"bailiwick/internal/org"
)

// under says which organization a page before signing in is about. A page that
// is about a site has its provider's name in the place of the product's, and
// leads back to the site's own address.
func (v *visit) under(id string) { v.about = org.Address{ID: id} }

// address is the organization that the page is about, asked for once. Where it
// can't be told the page is as everywhere.
func (v *visit) address() org.Address {
	if v.about.ID != "" && v.about.Slug == "" {
		ip, trace := v.stranger()
		v.about, _ = v.app.Org.ByID(v.ctx(), v.about.ID, ip, trace)
	}
	return v.about
}

func (v *visit) brand() string { return cmp.Or(v.me.Provider, v.address().Provider) }

// signInPath is where whoever is shown the page signs in.
func (v *visit) signInPath() string {
	if a := v.address(); a.Provider != "" {
		return "/o/" + a.Slug
	}
	return "/sign-in"
}

// signInAgain is the sign-in page after a step that failed.
func (v *visit) signInAgain() signInForm {
	f := signInForm{page: v.plain("Sign in", ""), At: v.signInPath(), Next: v.next(), Passkey: v.app.Factors.Origin() != ""}
	if a := v.address(); a.Provider != "" {
		f.Slug, f.OrgID, f.page.Sub = a.Slug, a.ID, withProvider(a)
	}
	return f
}

func withProvider(a org.Address) string { return a.Name + ", with " + a.Provider }
