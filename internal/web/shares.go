package web

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	cells "bailiwick/internal/sheet"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

const sharesPath = "/shares"

func (s *Server) shareRoutes() {
	s.signed("GET /credentials/{id}/sharing", vaultOnly(showLend))
	s.signed("GET /credentials/{id}/sharing/end", vaultOnly(showUnshare))
	s.signed("GET "+sharesPath, vaultOnly(showShares))
	s.signed("GET "+sharesPath+".csv", vaultOnly(sharesFile))
}

func mayLend(_ *vaultPage, c vault.Credential) bool    { return c.MayLend }
func mayUnshare(_ *vaultPage, c vault.Credential) bool { return c.MayUnshare }

// received reports whether another organization made a credential.
func received(c vault.Credential) bool { return c.Shared != nil && !c.Shared.Out }

// lendItems are the panel's ways to share a credential with the other
// organization and to end that.
func (p *vaultPage) lendItems(c vault.Credential) (items []ui.MenuItem) {
	if p.me.Looking {
		return nil
	}
	if c.MayLend {
		label := "Share"
		if c.Shared != nil {
			label = "Change sharing"
		}
		items = append(items, ui.MenuItem{Label: label, Icon: icon.Share, Href: "/credentials/" + c.ID + "/sharing"})
	}
	if c.MayUnshare {
		items = append(items, ui.MenuItem{Label: "Stop sharing", Icon: icon.Unshare, Href: "/credentials/" + c.ID + "/sharing/end"})
	}
	return items
}

// shareWords say how something is shared, in one sentence.
func shareWords(s vault.Shared) string {
	words := "Shared with " + s.OrgName
	if !s.Out {
		words = "Shared by " + s.OrgName
	}
	return words + ": " + shareHow(s)
}

// shareHow is whom it is for, what they may, and what is in the way.
func shareHow(s vault.Shared) string {
	words := shareWith(s) + ", " + shareMay(s) + "."
	switch {
	case s.Problem != "":
		words += " " + s.Problem
	case s.Off:
		words += " " + shareOff(s)
	case s.Waits:
		words += " They see it as soon as somebody there works with the vault open."
	}
	return words
}

// shareOff says what a site that is switched off means for what is shared.
func shareOff(s vault.Shared) string {
	if s.Out {
		return "The site of " + s.OrgName + " is switched off: nobody there sees it until it is on again."
	}
	return "The site of " + s.OrgName + " is switched off: nobody there works with it until it is on again."
}

// shareWith names the first few of many.
func shareWith(s vault.Shared) string { return shareNames(s, 4) }

func shareNames(s vault.Shared, most int) string {
	switch {
	case s.Everyone && s.Out:
		return "everyone there"
	case s.Everyone:
		return "everyone here"
	case !s.AllUsers:
		return "chosen users"
	}
	var names []string
	for _, u := range s.Users {
		names = append(names, u.Name)
	}
	if len(names) == 0 {
		return "nobody who is still there"
	}
	if more := len(names) - most; more > 1 {
		return strings.Join(names[:most], ", ") + " and " + number(more) + " more"
	}
	return strings.Join(names, ", ")
}

func shareMay(s vault.Shared) string {
	may := "read-only"
	if s.Writes {
		may = "read and write"
	}
	if s.History {
		may += ", with history"
	}
	return may
}

// lending is the form that shares, for one or several.
type lending struct {
	frame   ui.FrameParams
	list    []vault.Credential
	partner vault.Partner
	how     vault.Sharing
	again   bool // all of them are shared already
	bad     map[string]string
	back    string
	once    string
	lost    int
}

func (l lending) title() string {
	if l.again && len(l.list) == 1 {
		return "Sharing of " + l.list[0].Title
	}
	if len(l.list) == 1 {
		return "Share " + l.list[0].Title
	}
	return "Share " + counted(len(l.list), "credential", "credentials")
}

func (l lending) wrong() (all []ui.FieldParams) {
	if text := l.bad["users"]; text != "" {
		all = append(all, ui.FieldParams{Name: "users", ID: "with", Label: "With whom", Error: text})
	}
	return all
}

// fewPeople are shown as boxes; more of them get a filter.
const fewPeople = 20

func (l lending) people() (items []pairItem) {
	for _, p := range l.partner.People {
		items = append(items, pairItem{ID: p.ID, Label: p.Name, Sub: hintOf(p.Name, p.Email), In: l.chosen(p)})
	}
	return items
}

func (l lending) chosen(p gate.Person) bool {
	for _, u := range l.how.Users {
		if u == p.ID {
			return true
		}
	}
	return false
}

func showLend(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	how := vault.Sharing{Everyone: true}
	if c.Shared != nil {
		how = vault.Sharing{Everyone: c.Shared.Everyone, Writes: c.Shared.Writes, History: c.Shared.History}
		for _, u := range c.Shared.Users {
			how.Users = append(how.Users, u.ID)
		}
	}
	return v.showLending(http.StatusOK, lending{how: how, back: homeOf(c)}, []vault.Chosen{{ID: c.ID}})
}

func askLend(v *visit, chosen []vault.Chosen) error {
	return v.showLending(http.StatusOK, lending{how: vault.Sharing{Everyone: true}, back: v.backTo()}, chosen)
}

func (v *visit) showLending(status int, l lending, chosen []vault.Chosen) (err error) {
	if l.list, err = v.these(chosen, mayLend); err != nil {
		return err
	}
	if l.partner, err = v.app.Vault.Partner(v.ctx(), v.who, l.list[0].ClientID); err != nil {
		return err
	}
	l.lost, l.once, l.again = len(chosen)-len(l.list), once(), true
	for _, c := range l.list {
		l.again = l.again && c.Shared != nil
	}
	crumbs, err := v.crumbsTo(placeOf(l.list[0]))
	if err != nil {
		return err
	}
	if l.frame, err = v.frame("Share", crumbs...); err != nil {
		return err
	}
	return v.renderAs(status, lendPage(l))
}

func lendSelected(v *visit, chosen []vault.Chosen) error {
	how := vault.Sharing{Everyone: v.text("with") == "everyone", Users: v.r.PostForm["user"], Writes: v.text("may") == "write", History: v.text("history") == "on"}
	if how.Everyone { // the boxes are in the form all the same
		how.Users = nil
	}
	made, err := v.app.Vault.ShareAll(v.ctx(), v.onceEach(chosen), chosen, how)
	if bad, ok := fieldErrors(err); ok && bad["users"] != "" {
		return v.showLending(http.StatusUnprocessableEntity, lending{how: how, bad: bad, back: v.backTo()}, chosen)
	}
	if err != nil {
		return v.together(err)
	}
	v.flash(happened(len(made), "shared"), v.backTo())
	return v.finish(v.backTo())
}

// shareEnding is the page that asks before sharing ends.
type shareEnding struct {
	frame    ui.FrameParams
	list     []vault.Credential
	back     string
	once     string
	lost     int
	received int // of them, that the other organization made
	other    string
}

func showUnshare(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	return v.showEnding([]vault.Chosen{{ID: c.ID}}, homeOf(c))
}

func askUnshare(v *visit, chosen []vault.Chosen) error { return v.showEnding(chosen, v.backTo()) }

func (v *visit) showEnding(chosen []vault.Chosen, back string) error {
	list, err := v.these(chosen, mayUnshare)
	if err != nil {
		return err
	}
	e := shareEnding{list: list, back: back, once: once(), lost: len(chosen) - len(list)}
	for _, c := range list {
		e.other = c.Shared.OrgName
		if !c.Shared.Out {
			e.received++
		}
	}
	crumbs, err := v.crumbsTo(placeOf(list[0]))
	if err != nil {
		return err
	}
	if e.frame, err = v.frame("Stop sharing", crumbs...); err != nil {
		return err
	}
	return v.render(endPage(e))
}

func (e shareEnding) title() string {
	if len(e.list) == 1 {
		return "Stop sharing " + e.list[0].Title
	}
	return "Stop sharing " + counted(len(e.list), "credential", "credentials")
}

func endSelected(v *visit, chosen []vault.Chosen) error {
	list, err := v.these(chosen, mayUnshare)
	if err != nil {
		return err
	}
	made, err := v.app.Vault.UnshareAll(v.ctx(), v.onceEach(chosen), chosen, v.text("flag") == "on")
	if err != nil {
		return v.together(err)
	}
	back := v.backTo()
	for _, c := range list {
		if c.Shared != nil && !c.Shared.Out { // it is not here any more
			back = vaultView{base: baseOf(placeOf(c))}.link()
		}
	}
	ended := len(asMade(made))
	said := "Stopped sharing " + counted(ended, "credential", "credentials") + "."
	if n := len(made) - ended; n > 0 {
		said += " " + counted(n, "was", "were") + " not shared."
	}
	v.flash(said, "")
	return v.finish(back)
}

// shares is the page of what is shared with whom.
type shares struct {
	*visit
	frame ui.FrameParams
	rows  []vault.ShareRow
	now   time.Time
	of    string // only those of this client

	how   string // to begin with, where nothing is shared
	start ui.ButtonParams
}

func showShares(v *visit) error {
	s := shares{visit: v, now: v.app.Clock.Now(), of: v.text("client")}
	var err error
	if s.rows, err = v.app.Vault.Shares(v.ctx(), v.who, s.of); err != nil {
		return err
	}
	if s.frame, err = v.frame("Shared"); err != nil {
		return err
	}
	if len(s.rows) == 0 {
		if err := s.begin(); err != nil {
			return err
		}
	}
	return v.render(sharesPage(s))
}

// begin says where sharing begins: in a site in its one vault.
func (s *shares) begin() error {
	s.how = "To share a credential with the site of its client, open it, and choose Share in its menu. It is there where the site is activated."
	var err error
	s.start, err = s.toTheVault()
	switch {
	case s.me.Site:
		s.how = "To share a credential with your provider, open it, and choose Share in its menu."
	case s.of != "":
		s.start = ui.ButtonParams{Label: "All that is shared", Href: sharesPath}
	}
	return err
}

// toTheVault leads to the list of clients, or to a site's only one.
func (v *visit) toTheVault() (ui.ButtonParams, error) {
	if !v.me.Site {
		return ui.ButtonParams{Label: "Clients", Href: "/clients"}, nil
	}
	at, err := v.company()
	return ui.ButtonParams{Label: "Company vault", Href: baseOf(at)}, err
}

// heading says of which organization the list is, where it is narrowed to one.
func (s shares) heading() ui.HeadingParams {
	p := ui.HeadingParams{Title: "Shared", Icon: icon.Share, Sub: "What is shared with another organization, and what came from one, of the credentials that you reach."}
	if s.of != "" && len(s.rows) > 0 {
		p.Title = "Shared with " + s.rows[0].OrgName
		p.Sub = "What is shared with it, and what came from it, of the credentials that you reach."
	}
	return p
}

func (s shares) file() string {
	if s.of == "" {
		return sharesPath + ".csv"
	}
	return sharesPath + ".csv?client=" + query(s.of)
}

func sharesFile(v *visit) error {
	rows, err := v.app.Vault.Shares(v.ctx(), v.who, v.text("client"))
	if err != nil {
		return err
	}
	return v.download("bailiwick-shares.csv", func(w io.Writer) error {
		out := csv.NewWriter(w)
		_ = out.Write([]string{"Client", "Title", "Username", "Shared", "Organization", "With", "Rights", "Since", "By", "Problem", "State"})
		for _, r := range rows {
			way := "by us"
			if !r.Out {
				way = "with us"
			}
			row := []string{r.ClientName, r.Title, r.Username, way, r.OrgName, shareNames(r.Shared, len(r.Users)), shareMay(r.Shared), r.Since.UTC().Format(time.RFC3339), r.ByName, r.Problem, map[bool]string{true: "site switched off"}[r.Off]}
			for i := range row {
				row[i] = cells.Neutral(row[i])
			}
			_ = out.Write(row)
		}
		out.Flush()
		return out.Error()
	})
}

// seesShares: the list is in the menu of whoever may share.
func (v *visit) seesShares() bool { return v.me.Has(perm.PermissionShare) }
