package web

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"bailiwick/internal/web/ui"
)

const flashCookie = "__Host-flash"

// flashed is the message of one act for the next page. It lies in a cookie, so
// it must not hold names or secrets.
type flashed struct {
	Text string `json:"t"`
	Undo string `json:"u,omitempty"`
}

// flash tells the next page what was just done; with undoURL, a path of this
// server, it can be taken back there by a POST.
func (v *visit) flash(text, undoURL string) {
	b, err := json.Marshal(flashed{text, undoURL})
	if err != nil {
		return
	}
	v.setCookie(flashCookie, base64.RawURLEncoding.EncodeToString(b), 60)
}

// flashed reads the message and takes it away.
func (v *visit) flashed() *ui.Toast {
	c, err := v.r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	v.setCookie(flashCookie, "", -1)
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	var f flashed
	if err != nil || json.Unmarshal(b, &f) != nil || f.Text == "" || len(f.Text) > 300 {
		return nil
	}
	if !strings.HasPrefix(f.Undo, "/") || strings.HasPrefix(f.Undo, "//") || strings.Contains(f.Undo, "\\") {
		f.Undo = ""
	}
	return &ui.Toast{Text: f.Text, Kind: ui.Success, UndoURL: f.Undo}
}
