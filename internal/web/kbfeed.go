package web

import (
	"encoding/xml"
	"time"

	"bailiwick/internal/kb"
)

// Feed and site map are for programs that have no session: they hold what
// anybody reads, whoever asks.

const (
	feedEntries    = 30
	sitemapEntries = 20_000
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Link      atomLink `xml:"link"`
	Summary   string   `xml:"summary,omitempty"`
}

func moment(millis int64) string { return time.UnixMilli(millis).UTC().Format(time.RFC3339) }

// passing opens the knowledge base of the address as somebody without a session.
func (v *visit) passing() (kbSite, error) {
	v.r.Header.Del("Cookie")
	return v.kbSite()
}

func showFeed(v *visit) error {
	s, err := v.passing()
	if err != nil {
		return err
	}
	newest, err := v.app.Bases.Newest(v.ctx(), v.who, s.base.ID, feedEntries)
	if err != nil {
		return err
	}
	origin := v.app.Public()
	feed := atomFeed{ID: "urn:bailiwick:" + s.base.ID, Title: s.base.Name, Updated: moment(0), Author: s.at.Name,
		Links: []atomLink{{"self", origin + s.url + "feed.atom"}, {"", origin + s.url}}}
	latest := int64(0)
	for _, row := range newest {
		a, err := v.app.Bases.Read(v.ctx(), v.who, s.base.ID, row.Slug)
		if err != nil {
			return err
		}
		latest = max(latest, a.LiveAt)
		feed.Entries = append(feed.Entries, atomEntry{ID: "urn:bailiwick:" + a.ID, Title: a.Title, Published: moment(a.PublishedAt), Updated: moment(a.LiveAt),
			Link: atomLink{"alternate", origin + s.url + a.Slug}, Summary: v.rendered.page(a, s.url).Summary})
	}
	feed.Updated = moment(latest)
	return v.xml("application/atom+xml; charset=utf-8", feed)
}

type siteMap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []siteMapURL `xml:"url"`
}

type siteMapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

func showSitemap(v *visit) error {
	s, err := v.passing()
	if err != nil {
		return err
	}
	origin := v.app.Public() + s.url
	all := siteMap{URLs: []siteMapURL{{Loc: origin}}}
	l := kb.Listing{State: kb.Published}
	for {
		p, err := v.app.Bases.Articles(v.ctx(), v.who, s.base.ID, l)
		if err != nil {
			return err
		}
		for _, row := range p.Rows {
			all.URLs = append(all.URLs, siteMapURL{origin + row.Slug, moment(row.LiveAt)})
		}
		if l.After = p.Next; l.After == "" || len(all.URLs) >= sitemapEntries {
			return v.xml("application/xml; charset=utf-8", all)
		}
	}
}

func (v *visit) xml(kind string, x any) error {
	body, err := xml.Marshal(x)
	if err != nil {
		return err
	}
	return v.cachedBytes(false, kind, append([]byte(xml.Header), body...))
}
