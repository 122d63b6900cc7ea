package web

import (
	"net/http"

	"bailiwick/internal/door"
	"bailiwick/internal/vault"
)

// What leaves the vault of several chosen credentials: links, or a file.

// sharingAll is the form that makes a link to each of several credentials.
type sharingAll struct {
	sharing
	list []vault.Credential
	back string
	once string
	lost int
}

func askShareAll(v *visit, chosen []vault.Chosen) error {
	return v.showShareAll(http.StatusOK, chosen, usualFields, nil)
}

func (v *visit) showShareAll(status int, chosen []vault.Chosen, fields []string, bad map[string]string) error {
	list, err := v.these(chosen, mayShare)
	if err != nil {
		return err
	}
	s := sharingAll{sharing: sharing{visit: v, now: v.app.Clock.Now(), chosen: map[string]bool{}, bad: bad, lives: v.text("life")}, list: list, back: v.backTo(), once: once(), lost: len(chosen) - len(list)}
	s.fill(fields)
	crumbs, err := v.crumbsTo(placeOf(list[0]))
	if err != nil {
		return err
	}
	if s.frame, err = v.frame("Share by link", crumbs...); err != nil {
		return err
	}
	return v.renderAs(status, shareAllPage(s))
}

func shareAll(v *visit, chosen []vault.Chosen) error {
	list, err := v.these(chosen, mayShare)
	if err != nil {
		return err
	}
	titles, ids := map[string]string{}, make([]string, len(list))
	for i, c := range list {
		titles[c.ID], ids[i] = c.Title, c.ID
	}
	in := v.newLink()
	made, err := v.app.Links.AddAll(v.ctx(), v.onceEach(chosen), ids, in)
	if bad, ok := fieldErrors(err); ok {
		return v.showShareAll(door.Status(err), chosen, in.Fields, bad)
	}
	if err != nil {
		return err
	}
	l := newLink{made: made[0], back: v.backTo(), views: in.Views, guarded: !in.Passphrase.IsEmpty()}
	for _, m := range made {
		l.all = append(l.all, titledLink{titles[m.Credential], m})
	}
	v.desk.links.put(v.who.Session(), l)
	return v.goTo(extLinksPath + "/made")
}

// exportingChosen is the form that writes chosen credentials to a file.
type exportingChosen struct {
	exporting
	list []vault.Credential
	back string
	lost int
}

func askExportChosen(v *visit, chosen []vault.Chosen) error {
	return v.showExportChosen(http.StatusOK, chosen, nil)
}

func (v *visit) showExportChosen(status int, chosen []vault.Chosen, bad map[string]string) error {
	list, err := v.these(chosen, mayExport)
	if err != nil {
		return err
	}
	e, err := v.exporting(bad)
	if err != nil {
		return err
	}
	crumbs, err := v.crumbsTo(placeOf(list[0]))
	if err != nil {
		return err
	}
	if e.frame, err = v.frame("Export", crumbs...); err != nil {
		return err
	}
	return v.renderAs(status, exportChosenPage(exportingChosen{e, list, v.backTo(), len(chosen) - len(list)}))
}

// own reports whether the chosen lie in the viewer's personal vault.
func (e exportingChosen) own() bool { return e.list[0].ClientID == "" }
