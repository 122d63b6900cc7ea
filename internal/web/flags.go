package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

func (s *Server) flagRoutes() {
	s.signed("GET /credentials/{id}/flag", showFlag)
	s.signed("POST /credentials/{id}/unflag", unflagCredential)
}

// causeLook is how a cause is shown.
var causeLook = map[string]ui.BadgeParams{
	vault.Manual:   {Label: "Flagged", Icon: icon.Flag, Kind: ui.Danger},
	vault.ADChange: {Label: "AD change", Icon: icon.ADChange, Kind: ui.Violet},
	vault.Touched:  {Label: "Touched", Icon: icon.Touched, Kind: ui.Warning},
	vault.Unshared: {Label: "Unshared", Icon: icon.Users, Kind: ui.Warning},
	vault.Expired:  {Label: "Expired", Icon: icon.Expired, Kind: ui.Danger},
	vault.Weak:     {Label: "Weak", Icon: icon.Weak, Kind: ui.Warning},
	vault.Reused:   {Label: "Reused", Icon: icon.Reused, Kind: ui.Info},
}

// causeWord is a cause within a sentence.
var causeWord = map[string]string{vault.Manual: "by hand", vault.ADChange: "changed in the directory", vault.Touched: "touched", vault.Unshared: "unshared",
	vault.Expired: "expired", vault.Weak: "weak", vault.Reused: "reused"}

// flagReason says in a sentence why a password should be changed.
func flagReason(f vault.Flag) string {
	switch f.Cause {
	case vault.Manual:
		return f.Note
	case vault.ADChange:
		return "The directory has another password."
	case vault.Touched:
		if f.Elsewhere {
			return "Somebody at the other organization has seen it, and lost access on " + day(f.Set) + ": " + f.AboutName + "."
		}
		return f.AboutName + " has seen it, and lost access on " + day(f.Set) + "."
	case vault.Unshared:
		return "Whoever it was shared with may still know it."
	case vault.Expired:
		if f.About == vault.ByPolicy {
			return "It is older than the rotation policy of the client allows."
		}
		return "Its expiry date has passed."
	case vault.Weak:
		return "It is below the minimums of your organization."
	case vault.Reused:
		return "Another credential has the same password."
	}
	return ""
}

// flagLook is a flag with its reason.
func flagLook(f vault.Flag) ui.BadgeParams {
	p := causeLook[f.Cause]
	p.Title = flagReason(f)
	return p
}

// flagForm is the page that asks for the note, for one or several.
type flagForm struct {
	list    []vault.Credential
	note    string
	problem string
	back    string
	once    string
	lost    int // of those chosen, that can't be flagged
}

func (f flagForm) title() string {
	if len(f.list) == 1 {
		return "Flag " + f.list[0].Title
	}
	return "Flag " + counted(len(f.list), "credential", "credentials")
}

func showFlag(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if !c.MayEdit {
		return fault.NotFound()
	}
	f := flagForm{list: []vault.Credential{c}, back: homeOf(c)}
	for _, flag := range c.Flags {
		f.note += flag.Note
	}
	return v.showFlagForm(http.StatusOK, f)
}

func (v *visit) showFlagForm(status int, f flagForm) error {
	crumbs, err := v.crumbsTo(placeOf(f.list[0]))
	if err != nil {
		return err
	}
	f.once = once()
	frame, err := v.frame(f.title(), crumbs...)
	if err != nil {
		return err
	}
	return v.renderAs(status, flagPage(frame, f))
}

func unflagCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	return v.unflag([]vault.Chosen{{ID: c.ID}}, v.text("cause"), homeOf(c))
}

// askNote asks why the selected credentials are to be changed.
func askNote(v *visit, chosen []vault.Chosen) error {
	list, err := v.these(chosen, mayEdit)
	if err != nil {
		return err
	}
	return v.showFlagForm(http.StatusOK, flagForm{list: list, back: v.backTo(), lost: len(chosen) - len(list)})
}

func flagSelected(v *visit, chosen []vault.Chosen) error {
	made, err := v.app.Vault.FlagAll(v.ctx(), v.onceEach(chosen), chosen, v.lines("note"))
	if bad, ok := fieldErrors(err); ok && bad["note"] != "" {
		list, err := v.these(chosen, mayEdit)
		if err != nil {
			return err
		}
		return v.showFlagForm(http.StatusUnprocessableEntity, flagForm{list: list, note: v.lines("note"), problem: bad["note"], back: v.backTo(), lost: len(chosen) - len(list)})
	}
	if err != nil {
		return v.together(err)
	}
	v.undoFlag(made)
	return v.finish(v.backTo())
}

// undoFlag offers to take flags back. Where a note took the place of another
// one, or the viewer may clear no flags, there is no way back.
func (v *visit) undoFlag(made []vault.Changed) {
	words := happened(len(made), "flagged")
	if slices.ContainsFunc(made, func(c vault.Changed) bool { return c.NoUndo }) {
		v.flash(words, "")
		return
	}
	v.undoable(words, v.backTo(), func(ctx context.Context, who gate.Actor) error {
		return fine(v.app.Vault.WithdrawAll(ctx, who, asMade(made)))
	})
}

// unflagSelected clears what is flagged among the chosen.
func unflagSelected(v *visit, chosen []vault.Chosen) error {
	list, err := v.these(chosen, func(_ *vaultPage, c vault.Credential) bool { return len(c.Flags) > 0 })
	if err != nil {
		return err
	}
	flagged := make([]vault.Chosen, len(list))
	for i, c := range list {
		flagged[i] = vault.Chosen{ID: c.ID}
	}
	return v.unflag(flagged, "", v.backTo())
}

func (v *visit) unflag(chosen []vault.Chosen, cause, back string) error {
	made, err := v.app.Vault.UnflagAll(v.ctx(), v.onceEach(chosen), chosen, cause)
	if err != nil {
		return v.together(err)
	}
	words := "The flags are cleared."
	if len(made) > 1 {
		words = "The flags of " + number(len(made)) + " credentials are cleared."
	}
	v.undoable(words, back, func(ctx context.Context, who gate.Actor) error {
		return fine(v.app.Vault.ReflagAll(ctx, who, asMade(made)))
	})
	return v.finish(back)
}

// flagSum is how many credentials of a place are flagged, and for which
// causes; one can have several.
type flagSum struct {
	n      int
	causes map[string]int
}

func causesOf(causes []string) map[string]int {
	sums := map[string]int{}
	for _, cause := range causes {
		sums[cause]++
	}
	return sums
}

func (s flagSum) add(n int, causes map[string]int) flagSum {
	sum := flagSum{s.n + n, map[string]int{}}
	for _, of := range []map[string]int{s.causes, causes} {
		for cause, n := range of {
			sum.causes[cause] += n
		}
	}
	return sum
}

// words are the number with its reasons.
func (s flagSum) words() string {
	var reasons []string
	for _, cause := range vault.Causes {
		if n := s.causes[cause]; n > 0 {
			reasons = append(reasons, number(n)+" "+causeWord[cause])
		}
	}
	words := counted(s.n, "flagged credential", "flagged credentials")
	if len(reasons) > 0 {
		words += ": " + strings.Join(reasons, ", ")
	}
	return words
}

// flaggedBelow counts the flagged credentials in each folder and below.
func (p *vaultPage) flaggedBelow() map[string]flagSum {
	parents, below := map[string]string{}, map[string]flagSum{}
	for _, f := range p.folders {
		parents[f.ID] = f.ParentID
	}
	for folder, sum := range p.flagged {
		for f := folder; f != ""; f = parents[f] {
			below[f] = below[f].add(sum.n, sum.causes)
		}
	}
	return below
}

// allFlagged counts those of the whole page's place.
func (p *vaultPage) allFlagged() (all flagSum) {
	for _, sum := range p.flagged {
		all = all.add(sum.n, sum.causes)
	}
	return all
}

// onlyFlagged is the same view with the filter switched.
func (w vaultView) onlyFlagged() string {
	w.flagged, w.after, w.selected = !w.flagged, "", ""
	return w.link()
}

// twin is another credential with the same password.
type twin struct{ id, title, client string }

// mostTwins is how many of them the panel names.
const mostTwins = 8

// twins are the other credentials with the password of the one in the panel.
func (p *vaultPage) twins(c vault.Credential) (all []twin, err error) {
	if !c.Has(vault.Reused) || !c.MayReveal || p.me.Looking {
		return nil, nil
	}
	list, _, err := p.app.Vault.Twins(p.ctx(), p.who, c.ID)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for i, other := range list {
		name, known := names[other.ClientID]
		if !known && i < mostTwins && other.ClientID != "" {
			of, err := p.app.Clients.Get(p.ctx(), p.who, other.ClientID)
			if err != nil {
				return nil, err
			}
			name = of.Name
			names[other.ClientID] = name
		}
		all = append(all, twin{other.ID, other.Title, name})
	}
	return all, nil
}
