package page

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the last word on what a page may hold: what the writer writes, and
// nothing else. If an article ever got markup past the writer, it ends here.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre", "code",
		"em", "strong", "del", "sub", "sup", "kbd", "mark", "ins", "table", "thead", "tbody", "tr", "th", "td", "div", "span")

	p.AllowStandardURLs() // http, https, mailto and relative ones; rel=nofollow
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("src", "alt", "title").OnElements("img")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")
	p.RequireNoReferrerOnFullyQualifiedLinks(true)

	p.AllowAttrs("id").Matching(regexp.MustCompile(`^h\.[\p{L}\p{N}_:-]+$`)).OnElements("h2", "h3", "h4", "h5", "h6", "li", "sup")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(exactly("left|right|center")).OnElements("th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[A-Za-z0-9_+#.-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("class").Matching(exactly("footnote-ref|footnote-backref|kb-bare")).OnElements("a")
	p.AllowAttrs("class").Matching(exactly("kb-scroll|footnotes")).OnElements("div")
	p.AllowAttrs("class").Matching(exactly("kb-task")).OnElements("span")
	p.AllowAttrs("role").Matching(exactly("region|doc-endnotes")).OnElements("div")
	p.AllowAttrs("role").Matching(exactly("doc-noteref|doc-backlink")).OnElements("a")
	p.AllowAttrs("aria-label").Matching(exactly("Table [0-9]{1,5}")).OnElements("div")
	p.AllowAttrs("tabindex").Matching(exactly("0")).OnElements("div", "pre")
	return p
}()

func exactly(choices string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + choices + `)$`) }
