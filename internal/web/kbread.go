package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/kb"
	kbpage "bailiwick/internal/kb/page"
	"bailiwick/internal/org"
	"bailiwick/internal/web/ui"
)

// The pages on which knowledge bases are read: by anybody what is public, by
// whoever is signed in what is his to read. They need no script, and allow none.

const readPath = "/o/{slug}/kb"

func (s *Server) kbReadRoutes() {
	base := readPath + "/{base}"
	s.reading("GET "+readPath, showShelf)
	s.reading("GET "+readPath+"/{$}", shelfSlash)
	s.reading("GET "+base, func(v *visit) error {
		door.Elsewhere(v.w, v.r, v.r.URL.Path+"/")
		return nil
	})
	s.keeping("GET "+base+"/{$}", showBase)
	s.keeping("GET "+base+"/{article}", showArticle)
	s.keeping("GET "+base+"/c/{category}", showCategory)
	s.keeping("GET "+base+"/tags/{tag}", showTag)
	s.reading("GET "+base+"/search", searchBase)
	s.keeping("GET "+base+"/feed.atom", showFeed)
	s.keeping("GET "+base+"/sitemap.xml", showSitemap)
	s.reading("GET "+base+"/files/{file}/{name}", sendFile)
	s.reading("POST "+base+"/helpful/{article}", sayHelpful)
}

// ReadPolicy is the content security policy of what is read: not even our own
// script may run beside what others wrote.
const ReadPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// reading mounts a page that anybody may ask for. It needs the gate's decision
// all the same.
func (s *Server) reading(pattern string, p page) {
	s.table.Add(door.Route{Pattern: pattern, Handler: s.handler(func(v *visit) error {
		v.w.Header().Set("Content-Security-Policy", ReadPolicy)
		err := p(v)
		if fault.Is(err, fault.Absent) && v.who.User() == "" {
			return v.renderAs(http.StatusNotFound, kbAbsentPage(v.plain("Not found", ""), "/o/"+url.PathEscape(v.r.PathValue("slug"))+"?next="+query(v.here())))
		}
		if err != nil { // its page is ours alone
			v.w.Header().Set("Content-Security-Policy", door.Policy)
		}
		return err
	}, false)})
}

// reader is somebody who reads, at an organization's own address.
type reader struct {
	at     org.Address
	signed bool
}

// reads recognizes a session of this organization, and takes whoever has none,
// or one of another organization, for somebody who comes by.
func (v *visit) reads() (rd reader, err error) {
	ip, trace := v.stranger()
	if v.who, rd.at, err = v.app.Sessions.PasserBy(v.ctx(), v.r.PathValue("slug"), ip, trace); err != nil {
		return rd, err
	}
	if rd.at.ID == "" {
		return rd, fault.NotFound()
	}
	if bearer := v.bearer(); bearer != "" {
		who, err := v.app.Sessions.Resume(v.ctx(), bearer, ip, trace)
		if err == nil && who.Org() == rd.at.ID {
			v.who, rd.signed = who, true
		}
	}
	return rd, nil
}

// kbSite is what stands around each page of a knowledge base.
type kbSite struct {
	ui.Page
	at       org.Address
	base     kb.Front
	url      string // of the knowledge base, from the root, with a slash at its end
	signed   bool
	category string // id of the present one
	query    string
	about    string // for those who show the address elsewhere
	picture  string
	absolute string // address of the page with this server's own, "" if that is not known
	here     string // its own, to come back to
	article  bool
	public   bool // anybody reads this page
	edit     string

	registers bool // people may register themselves here
}

func baseURL(slug, path string) string { return "/o/" + slug + "/kb/" + path + "/" }

// site opens the knowledge base of the address.
func (v *visit) kbSite() (kbSite, error) {
	rd, err := v.reads()
	if err != nil {
		return kbSite{}, err
	}
	front, err := v.app.Bases.Open(v.ctx(), v.who, v.r.PathValue("base"))
	if err != nil {
		return kbSite{}, err
	}
	if front.Path != v.r.PathValue("base") { // an id is no address to be read at
		return kbSite{}, fault.NotFound()
	}
	s := kbSite{at: rd.at, base: front, url: baseURL(rd.at.Slug, front.Path), signed: rd.signed, about: front.Description, here: v.here()}
	s.Page = ui.Page{Title: front.Name, Brand: rd.at.Name, Theme: themeOf(v.r), Colours: v.sheetOf(rd.at.Slug, rd.at.Colour)}
	if origin := v.app.Public(); origin != "" {
		s.absolute = origin + v.r.URL.EscapedPath()
	}
	if front.SelfRegistration && !rd.signed {
		if _, _, s.registers, err = v.registering(rd.at.Slug, front.Path); err != nil {
			return kbSite{}, err
		}
	}
	if front.MayEdit {
		s.edit = kbPath + "/" + front.Path + "/"
	}
	return s, nil
}

// isPublic reports whether anybody reads a category.
func (s kbSite) isPublic(id string) bool {
	for id != "" {
		c := s.of(id)
		if c.ID == "" || c.Visibility != "public" {
			return false
		}
		id = c.Parent
	}
	return true
}

func (s kbSite) of(id string) kb.Category {
	for _, c := range s.base.Categories {
		if c.ID == id {
			return c
		}
	}
	return kb.Category{}
}

// rendered keeps what was made of articles: a text of a number never changes.
type rendered struct {
	mu sync.Mutex
	of map[renderedKey]kbpage.Page
}

type renderedKey struct {
	article string
	number  int64
	url     string
}

// mostRendered bounds the memory: half of it is forgotten when it is full.
const mostRendered = 400

func (c *rendered) page(a kb.Article, url string) kbpage.Page {
	key := renderedKey{a.ID, a.Number, url}
	c.mu.Lock()
	p, ok := c.of[key]
	c.mu.Unlock()
	if ok {
		return p
	}
	p = kbpage.Render(a.Markdown, url)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[renderedKey]kbpage.Page{}
	}
	if len(c.of) >= mostRendered {
		n := 0
		for k := range c.of {
			if n++; n > mostRendered/2 {
				break
			}
			delete(c.of, k)
		}
	}
	c.of[key] = p
	return p
}

func showShelf(v *visit) error {
	rd, err := v.reads()
	if err != nil {
		return err
	}
	all, err := v.app.Bases.List(v.ctx(), v.who)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fault.NotFound()
	}
	s := kbSite{at: rd.at, signed: rd.signed, here: v.here(), Page: ui.Page{Title: "Knowledge bases", Brand: rd.at.Name, Theme: themeOf(v.r), Colours: v.sheetOf(rd.at.Slug, rd.at.Colour)}, public: true}
	return v.cached(s.signed, "text/html; charset=utf-8", kbShelfPage(s, all))
}

func showBase(v *visit) error {
	s, err := v.kbSite()
	if err != nil {
		return err
	}
	newest, err := v.app.Bases.Newest(v.ctx(), v.who, s.base.ID, 8)
	if err != nil {
		return err
	}
	s.public = s.base.Public
	return v.cached(s.signed, "text/html; charset=utf-8", kbBasePage(s, newest))
}

// listed is a page that lists articles.
func (v *visit) listed(s kbSite, title string, l kb.Listing) error {
	l.After, l.State = v.text("after"), kb.Published
	p, err := v.app.Bases.Articles(v.ctx(), v.who, s.base.ID, l)
	if err != nil {
		return err
	}
	s.Title = title + " · " + s.base.Name
	return v.cached(s.signed, "text/html; charset=utf-8", kbListPage(s, title, p))
}

func showCategory(v *visit) error {
	s, err := v.kbSite()
	if err != nil {
		return err
	}
	s.category = v.r.PathValue("category")
	s.public = s.isPublic(s.category)
	return v.listed(s, s.of(s.category).Name, kb.Listing{Category: s.category})
}

func showTag(v *visit) error {
	s, err := v.kbSite()
	if err != nil {
		return err
	}
	tag := strings.TrimSpace(v.r.PathValue("tag"))
	return v.listed(s, "Tag "+tag, kb.Listing{Tag: tag})
}

func showArticle(v *visit) error {
	s, err := v.kbSite()
	if err != nil {
		return err
	}
	a, err := v.app.Bases.Read(v.ctx(), v.who, s.base.ID, v.r.PathValue("article"))
	if err != nil {
		return err
	}
	p := v.rendered.page(a, s.url)
	s.Title, s.category, s.about, s.picture, s.article = a.Title+" · "+s.base.Name, a.Category, p.Summary, p.Picture, true
	s.public = s.isPublic(a.Category)
	if a.MayEdit {
		s.edit = articlePath(s.base.Path, a.ID)
	}
	return v.cached(s.signed, "text/html; charset=utf-8", kbArticlePage(s, a, p, v.whenText(a), v.text("thanks") != ""))
}

// whenText says to an editor that readers don't see an article yet, and when.
func (v *visit) whenText(a kb.Article) string {
	if published(a.Row, v.app.Clock.Now()) {
		return ""
	}
	return "Scheduled for " + momentOf(time.UnixMilli(a.PublishedAt)) + ". Readers don't see it yet."
}

func sayHelpful(v *visit) error {
	s, err := v.kbSite()
	if err != nil {
		return err
	}
	a, err := v.app.Bases.Read(v.ctx(), v.who, s.base.ID, v.r.PathValue("article"))
	if err != nil {
		return err
	}
	if err := v.app.Bases.Say(v.ctx(), v.who, a.ID, v.text("helped") == "yes", v.r.UserAgent()); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, s.url+a.Slug+"?thanks=1#helpful", http.StatusSeeOther)
	return nil
}

func searchBase(v *visit) error {
	s, err := v.kbSite()
	if err != nil {
		return err
	}
	s.query = v.text("q")
	if len(s.query) > 200 {
		s.query = s.query[:200]
	}
	s.query = strings.ToValidUTF8(s.query, "")
	found, err := v.app.Bases.Search(v.ctx(), v.who, s.base.ID, s.query)
	if err != nil {
		return err
	}
	s.Title = "Search · " + s.base.Name
	return v.render(kbSearchPage(s, found))
}
