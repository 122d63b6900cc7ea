package web

import (
	"strconv"
	"strings"
	"time"

	"bailiwick/internal/door"
	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

const extLinksPath = "/links"

var extLinksCrumb = ui.Crumb{Label: "External links", Href: extLinksPath}

func (s *Server) extLinkRoutes() {
	s.signed("GET /credentials/{id}/share", vaultOnly(showShare))
	s.signed("POST /credentials/{id}/share", share)
	s.signed("GET "+extLinksPath, showExtLinks)
	s.signed("GET "+extLinksPath+"/made", showMadeLink)
	s.signed("POST "+extLinksPath+"/made", hideMadeLink)
	s.signed("GET "+extLinksPath+"/{id}/revoke", askRevokeLink)
	s.signed("POST "+extLinksPath+"/{id}/revoke", revokeLink)
	s.open("GET /link/{id}", "the page of an external link: it shows nothing by itself, and is the same for every address", showLink)
}

// shareItem is the panel's way to share a credential by link.
func (p *vaultPage) shareItem(c vault.Credential) []ui.MenuItem {
	if !c.MayShare || p.me.Looking {
		return nil
	}
	return []ui.MenuItem{{Label: "Share by link", Icon: icon.Link, Href: "/credentials/" + c.ID + "/share"}}
}

// sharing is the form that makes a link, above the links that there are.
type sharing struct {
	*visit
	frame      ui.FrameParams
	credential vault.Credential
	links      []extlink.Link
	now        time.Time
	chosen     map[string]bool
	views      ui.FieldParams
	passphrase ui.FieldParams
	note       ui.TextareaParams
	lives      string
	bad        map[string]string
}

// lifetimes are the choices of the form, in minutes.
var lifetimes = []ui.Option{{Value: "10", Label: "10 minutes"}, {Value: "60", Label: "1 hour"}, {Value: "480", Label: "8 hours"}, {Value: "1440", Label: "1 day"},
	{Value: "4320", Label: "3 days"}, {Value: "10080", Label: "7 days"}, {Value: "20160", Label: "14 days"}, {Value: "43200", Label: "30 days"}}

// fieldLabels are the fields of a copy as the form calls them.
var fieldLabels = map[string]string{extlink.Title: "Title", extlink.Username: "Username", extlink.Password: "Password", extlink.URLs: "Addresses", extlink.Notes: "Notes", extlink.Fields: "Custom fields"}

func (v *visit) sharing(fields []string, bad map[string]string) (sharing, error) {
	s := sharing{visit: v, now: v.app.Clock.Now(), chosen: map[string]bool{}, bad: bad, lives: v.text("life")}
	var err error
	if s.credential, err = v.credential(); err != nil {
		return s, err
	}
	if s.links, err = v.app.Links.Of(v.ctx(), v.who, s.credential.ID); err != nil {
		return s, err
	}
	crumbs, err := v.crumbsTo(placeOf(s.credential))
	if err != nil {
		return s, err
	}
	if s.frame, err = v.frame("Share by link", append(crumbs, ui.Crumb{Label: s.credential.Title, Href: homeOf(s.credential)})...); err != nil {
		return s, err
	}
	s.fill(fields)
	return s, nil
}

// fill puts what was typed into the form.
func (s *sharing) fill(fields []string) {
	for _, f := range fields {
		s.chosen[f] = true
	}
	if s.lives == "" {
		s.lives = strconv.Itoa(int(extlink.Lifetime.Minutes()))
	}
	views := s.text("views")
	if views == "" {
		views = "1"
	}
	s.views = ui.FieldParams{Name: "views", Label: "Views", Value: views, Type: "number", InputMode: "numeric", Required: true, Error: s.bad["views"],
		Hint: "How often it can be opened: 1 to 20.", Attrs: map[string]any{"min": "1", "max": strconv.Itoa(extlink.MostViews)}}
	s.passphrase = ui.FieldParams{Name: "passphrase", Label: "Passphrase", Optional: true, Autocomplete: "new-password", Error: s.bad["passphrase"],
		Hint: "At least 8 characters. Tell it to the recipient by another way than the link."}
	s.note = ui.TextareaParams{Name: "note", Label: "Note to the recipient", Optional: true, Value: s.r.PostForm.Get("note"), Rows: 3, Error: s.bad["note"]}
}

// wrong lists the errors for the summary.
func (s sharing) wrong() []ui.FieldParams {
	return wrong(ui.FieldParams{Name: "fields", Label: "What the recipient sees", Error: s.bad["fields"]}, s.views, ui.FieldParams{Name: "life", Label: "Lives for", Error: s.bad["life"]},
		s.passphrase, ui.FieldParams{Name: "note", Label: "Note to the recipient", Error: s.bad["note"]})
}

func showShare(v *visit) error {
	s, err := v.sharing(usualFields, nil)
	if err != nil {
		return err
	}
	if s.credential.Archived {
		return fault.Cannot("This credential is archived. Restore it before you share it.")
	}
	return v.render(sharePage(s))
}

// usualFields are what a link shows unless something else is chosen.
var usualFields = []string{extlink.Title, extlink.Username, extlink.Password, extlink.URLs}

func share(v *visit) error {
	credential, in := v.r.PathValue("id"), v.newLink()
	made, err := v.app.Links.Add(v.ctx(), v.who, credential, in)
	if bad, ok := fieldErrors(err); ok {
		s, failed := v.sharing(in.Fields, bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), sharePage(s))
	}
	if err != nil {
		return err
	}
	v.desk.links.put(v.who.Session(), newLink{credential: credential, made: made, views: in.Views, guarded: !in.Passphrase.IsEmpty()})
	return v.goTo(extLinksPath + "/made")
}

// newLink is what the form asks for.
func (v *visit) newLink() extlink.NewLink {
	minutes, _ := strconv.Atoi(v.text("life"))
	views, err := strconv.Atoi(v.text("views"))
	if err != nil || views == 0 {
		views = -1 // typed, but no number: not the default
	}
	return extlink.NewLink{Fields: v.r.PostForm["field"], Views: views, Life: time.Duration(minutes) * time.Minute,
		Passphrase: v.secret("passphrase"), Note: seal.NewSecret(strings.TrimSpace(v.r.PostForm.Get("note")))}
}

// newLink is an external link that was just made.
type newLink struct {
	credential string
	made       extlink.Made
	all        []titledLink // of several credentials; then made is the first
	back       string
	views      int
	guarded    bool
}

// titledLink is one of several new links.
type titledLink struct {
	title string
	made  extlink.Made
}

// text is all new links, a line each, to be copied at once.
func (l newLink) text() string {
	var lines []string
	for _, one := range l.all {
		lines = append(lines, one.title+"\t"+one.made.Address.Reveal())
	}
	return strings.Join(lines, "\n")
}

// madeLink is the page that shows a link's address, this once.
type madeLink struct {
	frame ui.FrameParams
	newLink
}

func showMadeLink(v *visit) error {
	l, ok := v.desk.links.get(v.who.Session())
	if !ok {
		return v.goTo(extLinksPath)
	}
	f, err := v.frame("Copy the link", extLinksCrumb)
	if err != nil {
		return err
	}
	return v.render(madeLinkPage(madeLink{f, l}))
}

func hideMadeLink(v *visit) error {
	l, _ := v.desk.links.take(v.who.Session())
	if len(l.all) > 0 {
		v.flash("The links are ready. Their addresses can't be shown again.", "")
		return v.goTo(l.back)
	}
	v.flash("The link is ready. Its address can't be shown again.", "")
	if l.credential != "" {
		return v.goTo("/credentials/" + l.credential)
	}
	return v.goTo(extLinksPath)
}

// extLinks is the list of external links.
type extLinks struct {
	*visit
	frame      ui.FrameParams
	open, over []extlink.Link
	now        time.Time
	everybodys bool
	start      ui.ButtonParams
}

func showExtLinks(v *visit) error {
	list, err := v.app.Links.List(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f, err := v.frame("External links")
	if err != nil {
		return err
	}
	l := extLinks{visit: v, frame: f, now: v.app.Clock.Now(), everybodys: v.me.Has(perm.OrganizationAdmin)}
	for _, link := range list {
		if link.Why == "" {
			l.open = append(l.open, link)
		} else {
			l.over = append(l.over, link)
		}
	}
	if l.start, err = v.toTheVault(); err != nil {
		return err
	}
	return v.render(extLinksPage(l))
}

// extLink finds one of the links that the viewer may list.
func (v *visit) extLink() (extlink.Link, error) {
	list, err := v.app.Links.List(v.ctx(), v.who)
	if err != nil {
		return extlink.Link{}, err
	}
	for _, l := range list {
		if l.ID == v.r.PathValue("id") {
			return l, nil
		}
	}
	return extlink.Link{}, fault.NotFound()
}

func askRevokeLink(v *visit) error {
	l, err := v.extLink()
	if err != nil {
		return err
	}
	if !l.MayRevoke {
		return fault.Cannot("This link is over already: %s.", whyOver(l))
	}
	return v.ask(question{Title: "Revoke this link?", Text: titleOfLink(l) + ", made " + ago(l.Made, v.app.Clock.Now()) + " by " + l.ByName + ", opened " + viewsOf(l) + ".",
		Effect: "It opens nothing from now on, and the sealed copy is deleted. Whoever has opened it may still know what was in it: change the password if that should not be.",
		Does:   "Revoke link", Post: extLinksPath + "/" + l.ID + "/revoke", Back: extLinksPath, Icon: icon.Link}, extLinksCrumb)
}

func revokeLink(v *visit) error {
	if err := v.app.Links.Revoke(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	v.flash("The link is revoked.", "")
	return v.goTo(extLinksPath)
}

func titleOfLink(l extlink.Link) string {
	if l.Title == "" {
		return "A credential"
	}
	return "“" + l.Title + "”"
}

// viewsOf writes "1 of 3 times".
func viewsOf(l extlink.Link) string {
	return strconv.FormatInt(l.Views, 10) + " of " + counted(int(l.Most), "time", "times")
}

// whyOver says what ended a link.
func whyOver(l extlink.Link) string {
	switch l.Why {
	case extlink.Used:
		return "all views are used"
	case extlink.Revoked:
		return "revoked"
	case extlink.Expired:
		return "expired"
	case extlink.Archived:
		return "the credential was archived"
	case extlink.NoSender:
		return "its sender lost the account"
	case extlink.NoAccess:
		return "its sender lost access"
	case extlink.Guessed:
		return "too many wrong passphrases"
	}
	return l.Why
}

// linkEnd says when an open link ends by itself.
func linkEnd(t, now time.Time) string {
	switch d := t.Sub(now); {
	case d < 2*time.Hour:
		return "in " + counted(max(1, int(d.Minutes())), "minute", "minutes")
	case d < 48*time.Hour:
		return "in " + counted(int(d.Hours()), "hour", "hours")
	}
	return "in " + counted(int(t.Sub(now).Hours()/24), "day", "days")
}

// fieldWords names the fields of a copy.
func fieldWords(fields []string) string {
	var names []string
	for _, f := range fields {
		names = append(names, strings.ToLower(fieldLabels[f]))
	}
	return strings.Join(names, ", ")
}

// seenWords is the log of a link's views, for its hint.
func seenWords(l extlink.Link) string {
	var all []string
	for _, s := range l.Seen {
		all = append(all, momentOf(s.At)+" from "+s.IP)
	}
	return strings.Join(all, "\n")
}

// linkPage is what a stranger finds at the address of a link.
type linkPage struct {
	page ui.PlainParams
	open string // where the script asks
}

func showLink(v *visit) error {
	id := v.r.PathValue("id")
	page := v.plain("Something was shared with you", "It is shown here when you ask for it.")
	return v.render(linkPageOf(linkPage{page, "/api/v1/links/" + id + "/open"}))
}
