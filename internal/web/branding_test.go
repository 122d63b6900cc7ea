package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/brand"
	"bailiwick/internal/perm"
)

var sheetLink = regexp.MustCompile(`<link rel="stylesheet" href="(/o/[^"]*/brand\.css\?v=[^"]*)"`)

// sheetOf gives the address of the organization's style sheet on a page, "" if
// it has none.
func sheetOf(body string) string {
	m := sheetLink.FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// TestBranding: the colour that an administrator saves is on the public pages,
// at the sign-in and inside, and nowhere any more when it is taken back.
func TestBranding(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t).signIn(ada)
	public := []string{s.at(""), s.at("for-all"), "/o/" + s.slug + "/kb", "/o/" + s.slug}
	for _, path := range public {
		if link := sheetOf(s.asks(path).Body.String()); link != "" {
			t.Errorf("no colour is set, and %s links %s", path, link)
		}
	}
	me.get("/o/" + s.slug + "/brand.css").says(http.StatusNotFound)
	me.get("/").holds(`href="/settings/branding"`)
	me.get(brandingPath).says(http.StatusOK, "Your pages have the product's colours.").lacks("Use the product's colours")

	me.post(brandingPath, "colour", "#FFD400").leads(brandingPath)
	me.get(brandingPath).says(http.StatusOK, "Use the product's colours", "As text on white it is shown darker: #", "to stay readable.", "As a button on white it is shown darker: #").holds(`value="#ffd400"`)
	link := sheetOf(s.asks(s.at("")).Body.String())
	for _, path := range public {
		if got := sheetOf(s.asks(path).Body.String()); got == "" || got != link {
			t.Errorf("%s links %q, not %q", path, got, link)
		}
	}
	if got := sheetOf(me.get("/").Body.String()); got != link {
		t.Errorf("inside: %q, not %q", got, link)
	}
	yellow, _ := brand.Parse("#ffd400")
	sheet := s.asks(link)
	if sheet.Code != 200 || sheet.Body.String() != yellow.Sheet(":root") || sheet.Header().Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(sheet.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v %s", sheet.Code, sheet.Header(), sheet.Body)
	}

	// What is kept for passers-by is made anew, and the earlier address is not
	// kept with the new colour.
	me.post(brandingPath, "colour", "#7c2d12").leads(brandingPath)
	brown, _ := brand.Parse("#7c2d12")
	for _, path := range public {
		if got := sheetOf(s.asks(path).Body.String()); got == "" || got == link {
			t.Errorf("%s still links %s", path, got)
		}
	}
	sheet = s.asks(link)
	if sheet.Body.String() != brown.Sheet(":root") || sheet.Header().Get("Cache-Control") != "public, no-cache" {
		t.Errorf("%v %s", sheet.Header(), sheet.Body)
	}
	if again := s.asks(link, "If-None-Match", sheet.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("unchanged, and answered %d", again.Code)
	}

	for _, bad := range []string{"red", "#12345", "#1234567", "#12345g", "#fff}body{}", "</style>"} {
		me.post(brandingPath, "colour", bad).says(http.StatusUnprocessableEntity, "Nothing was saved.", "six digits").lacks("<" + "/style>")
	}
	is, err := s.Org.Brand(t.Context(), s.Admin)
	if err != nil || is.Own != brown || is.Shown != brown {
		t.Errorf("%+v %v", is, err)
	}
	me.get("/audit").says(http.StatusOK, "Changed the colour of the organization (#7c2d12)")

	me.post(brandingPath, "act", "none", "colour", "#123456").leads(brandingPath)
	for _, path := range append(public, "/o/"+s.slug+"/kb/help/") {
		if got := sheetOf(s.asks(path).Body.String()); got != "" {
			t.Errorf("%s still links %s", path, got)
		}
	}
	if w := s.asks(link); w.Code != http.StatusNotFound {
		t.Errorf("the sheet of no colour: %d", w.Code)
	}
	if w := s.asks("/o/nobody/brand.css"); w.Code != http.StatusNotFound {
		t.Errorf("the sheet of nobody: %d", w.Code)
	}
}

// TestBrandingPreview: before anything is saved the page shows what a colour
// becomes, with and without script.
func TestBrandingPreview(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t).signIn(ada)
	me.post(brandingPath, "colour", "#1d4ed8", "act", "preview").leads(brandingPath + "?colour=%231d4ed8")
	page := me.get(brandingPath+"?colour=%231d4ed8").says(http.StatusOK, "Light", "#1d4ed8, 6.7:1 on the page", "As text on dark pages it is shown lighter: #").lacks("As text on white")
	page.holds(`value="#1d4ed8"`, `<html`, `<link rel="stylesheet" href="/settings/branding/preview.css?colour=%231d4ed8"`)
	part := me.with("HX-Request", "true").get(brandingPath+"?colour=%231d4ed8").says(http.StatusOK, "A button")
	part.lacks("<html")
	me.with("HX-Request", "true").get(brandingPath+"?colour=%231d").says(http.StatusOK, "No colour yet")
	me.get(brandingPath+"?colour=%231d").says(http.StatusUnprocessableEntity, "six digits")
	me.get(brandingPath+"?colour=").says(http.StatusOK, "Your pages have the product's colours.")

	blue, _ := brand.Parse("#1d4ed8")
	css := me.get(brandingPath + "/preview.css?colour=%231d4ed8")
	if css.Code != 200 || css.Body.String() != blue.Sheet(".colour-preview") || css.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%d %s", css.Code, css.Body)
	}
	me.get(brandingPath + "/preview.css?colour=red").says(http.StatusNotFound)
	if is, err := s.Org.Brand(t.Context(), s.Admin); err != nil || is.Own.Chosen() {
		t.Errorf("a preview saved %v: %v", is, err)
	}
}

// TestBrandingIsNotForEverybody: without the permission there is no page.
func TestBrandingIsNotForEverybody(t *testing.T) {
	s := newKBWorld(t)
	s.Enrol("mo", perm.LevelTechnicianDefault)
	mo := s.surfer(t).signIn("mo@northwind.example")
	mo.get("/").lacks(brandingPath)
	mo.get(brandingPath).says(http.StatusNotFound)
	mo.get(brandingPath + "/preview.css?colour=%231d4ed8").says(http.StatusNotFound)
	mo.post(brandingPath, "colour", "#1d4ed8").says(http.StatusNotFound)
}

// css is a style sheet as anybody gets it.
func (l *linked) css(link string) string { return kbWorld{site: l.site}.asks(link).Body.String() }

// A site has its provider's colour until it chooses one, and again when it
// takes its own back.
func TestBrandingOfSites(t *testing.T) {
	l := newLinked(t)
	red, _ := brand.Parse("#b91c1c")
	green, _ := brand.Parse("#15803d")
	shows := func(want brand.Colour) {
		t.Helper()
		for _, body := range []string{l.surfer(t).get("/o/contoso").Body.String(), l.sue.get("/").Body.String()} {
			link := sheetOf(body)
			if !strings.HasPrefix(link, "/o/contoso/brand.css?v=") {
				t.Fatalf("the page links %q", link)
			}
			if css := l.css(link); css != want.Sheet(":root") {
				t.Errorf("want %s: %s", want, css)
			}
		}
	}
	l.Must(l.Org.SetBrand(t.Context(), l.Admin, red.String()))
	shows(red)
	l.sue.get(brandingPath).says(http.StatusOK, "Empty: your provider's colours.").lacks("the product's")
	l.sue.post(brandingPath, "colour", green.String()).leads(brandingPath)
	shows(green)
	if link := sheetOf(l.ada.get("/").Body.String()); l.css(link) != red.Sheet(":root") {
		t.Error("the provider has its site's colour")
	}
	l.sue.get(brandingPath).says(http.StatusOK, "Use your provider's colours")
	l.sue.post(brandingPath, "act", "none").leads(brandingPath)
	shows(red)
}
