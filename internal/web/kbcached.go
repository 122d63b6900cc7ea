package web

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"bailiwick/internal/seal"
)

// cached sends a page that a browser may keep, and asks for again each time:
// what one may read can change at any moment. A page of somebody who is signed
// in stays in his browser.
func (v *visit) cached(signed bool, kind string, c templ.Component) error {
	var out bytes.Buffer
	if err := c.Render(v.ctx(), &out); err != nil {
		return err
	}
	return v.cachedBytes(signed, kind, out.Bytes())
}

func (v *visit) cachedBytes(signed bool, kind string, body []byte) error {
	a := keptPage{kind: kind, tag: base64.RawURLEncoding.EncodeToString(seal.Hash(body)[:18]), body: body}
	if v.kept != nil && !signed {
		v.kept(a)
	}
	return v.sendAnswer(signed, a)
}

func (v *visit) sendAnswer(signed bool, a keptPage) error {
	v.w.Header().Set("Content-Type", a.kind)
	if v.unchanged(signed, a.tag) {
		return nil
	}
	_, err := v.w.Write(a.body)
	return err
}

// unchanged answers a browser that has this already.
func (v *visit) unchanged(signed bool, tag string) bool {
	h := v.w.Header()
	scope := "public"
	if signed {
		scope = "private"
	}
	h.Set("Cache-Control", scope+", no-cache")
	h.Add("Vary", "Cookie") // to what compressing has put there
	// Weak: behind it, the answer is compressed or not.
	h.Set("ETag", `W/"`+tag+`"`)
	for given := range strings.SplitSeq(v.r.Header.Get("If-None-Match"), ",") {
		if strings.Trim(strings.TrimPrefix(strings.TrimSpace(given), "W/"), `"`) == tag {
			v.w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}
