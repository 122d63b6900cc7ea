package web

import (
	"errors"
	"net/http"
	"net/url"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
)

// fail answers an error: signing in and opening the vault lead on to where one
// was, everything else is a page that says what happened and what was kept.
func (v *visit) fail(err error) {
	switch {
	case errors.Is(err, errLeft):
		http.Redirect(v.w, v.r, "/", http.StatusSeeOther)
		return
	case fault.Is(err, fault.Unsigned) && v.r.Method == http.MethodGet && !v.partial():
		v.setCookie(sessionCookie, "", -1)
		door.Elsewhere(v.w, v.r, "/sign-in?next="+url.QueryEscape(v.here()))
		return
	case fault.Is(err, fault.Enrol) && v.r.Method == http.MethodGet && !v.partial():
		http.Redirect(v.w, v.r, factorsPath+"?next="+url.QueryEscape(v.here()), http.StatusSeeOther)
		return
	case fault.Is(err, fault.Sealed) && v.r.Method == http.MethodGet && !v.partial():
		http.Redirect(v.w, v.r, "/open?next="+url.QueryEscape(v.here()), http.StatusSeeOther)
		return
	}
	if !v.failedLooking(err) {
		failed(v.log, v.w, v.r, err, v.brand())
	}
}

// failedLooking answers a refusal in a perspective with the banner and its
// Exit, which stand on every page; false where it can't.
func (v *visit) failedLooking(err error) bool {
	f, known := fault.As(err)
	if !v.me.Looking || v.partial() || !known || f.Unwrap() != nil {
		return false
	}
	v.failing, v.around = true, nil // the page may be of nothing that there is
	frame, failed := v.frame(titles[door.Status(err)])
	if failed != nil {
		return false
	}
	text := f.Text
	for _, field := range f.Fields {
		text += " " + field.Text
	}
	if after := door.After(err); after != "" {
		v.w.Header().Set("Retry-After", after)
	}
	return v.renderAs(door.Status(err), failedInFrame(frame, text)) == nil
}

func (v *visit) partial() bool { return partial(v.r) }

// fieldErrors gives the texts of an Invalid fault by field; ok is false for
// every other error, which is then not the form's to show.
func fieldErrors(err error) (map[string]string, bool) {
	f, is := fault.As(err)
	if !is || f.Kind != fault.Invalid {
		return nil, false
	}
	by := map[string]string{}
	for _, field := range f.Fields {
		if by[field.Name] == "" {
			by[field.Name] = field.Text
		}
	}
	return by, true
}
