package web

import (
	"encoding/base64"
	"io"
	"net/url"
	"sync"

	"bailiwick/internal/brand"
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
)

// The colour of an organization comes to its pages by a style sheet of its
// own: no page may have styles in itself.

const brandSheetPath = "/o/{slug}/brand.css"

func (s *Server) brandSheetRoutes() {
	s.open("GET "+brandSheetPath, "an organization's public pages have its colour", showBrandSheet)
}

// brandSheets are the style sheets made so far: each takes the time of a page.
type brandSheets struct {
	mu sync.Mutex
	of map[brand.Colour]brandSheet
}

// brandSheet is a style sheet, and what its address changes with.
type brandSheet struct{ css, version string }

// mostSheets bounds the memory: when it is full, all are made anew.
const mostSheets = 500

func (s *brandSheets) sheet(c brand.Colour) brandSheet {
	s.mu.Lock()
	defer s.mu.Unlock()
	if made, ok := s.of[c]; ok {
		return made
	}
	if s.of == nil || len(s.of) >= mostSheets {
		s.of = map[brand.Colour]brandSheet{}
	}
	css := c.Sheet(":root")
	made := brandSheet{css, base64.RawURLEncoding.EncodeToString(seal.Hash([]byte(css))[:9])}
	s.of[c] = made
	return made
}

// sheetOf is the address of an organization's style sheet, "" where no colour
// is set.
func (v *visit) sheetOf(slug string, c brand.Colour) string {
	if slug == "" || !c.Chosen() {
		return ""
	}
	return "/o/" + url.PathEscape(slug) + "/brand.css?v=" + v.sheets.sheet(c).version
}

// colours is the style sheet of the organization that the page is of: the
// viewer's, or before signing in the one that the page is about.
func (v *visit) colours() string {
	if v.me.ID != "" {
		return v.sheetOf(v.me.Slug, v.me.Colour)
	}
	a := v.address()
	return v.sheetOf(a.Slug, a.Colour)
}

func showBrandSheet(v *visit) error {
	ip, trace := v.stranger()
	at, err := v.app.Org.BySlug(v.ctx(), v.r.PathValue("slug"), ip, trace)
	if err != nil {
		return err
	}
	if !at.Colour.Chosen() {
		return fault.NotFound()
	}
	s := v.sheets.sheet(at.Colour)
	if v.r.URL.Query().Get("v") != s.version { // of an earlier colour: not to be kept under this address
		return v.cachedBytes(false, cssKind, []byte(s.css))
	}
	v.w.Header().Set("Content-Type", cssKind)
	v.w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err = io.WriteString(v.w, s.css)
	return err
}

const cssKind = "text/css; charset=utf-8"
