package bundle

import (
	"path"
	"regexp"
	"strings"

	"bailiwick/internal/kb/page"
)

// article makes one of what was read.
func (in *reading) article(s *source, slugs map[string]bool) {
	heading, rest := firstHeading(s.text)
	title := fitting(s.front.title, maxTitle)
	switch {
	case s.front.ours():
	case title == "" && heading != "":
		title, s.text = fitting(heading, maxTitle), rest
	case heading != "" && strings.EqualFold(title, fitting(heading, maxTitle)):
		s.text = rest
	}
	if title == "" {
		b := path.Base(s.name)
		if title = worded(strings.TrimSuffix(b, path.Ext(b))); isIndex(s.name) && path.Dir(s.name) != "." {
			title = worded(path.Base(path.Dir(s.name)))
		}
		title = fitting(title, maxTitle)
	}
	if title == "" {
		title = "Untitled"
	}
	a := Article{Source: s.name, Category: categoryOf(s), Title: title, State: s.front.state, Published: s.front.published, Markdown: s.text, Files: s.front.files}
	if !s.front.ours() {
		a.Markdown = strings.Trim(s.text, "\n") + "\n"
	}
	if len(a.Markdown) > page.MaxBytes {
		in.problem(s.name, "This is longer than an article may be, so it was left out. Split it.")
		delete(in.source, s.name)
		return
	}
	for _, t := range s.front.tags {
		if t = fitting(t, maxTag); strings.Trim(t, ".") != "" && len(a.Tags) < maxTags && !contains(a.Tags, t) {
			a.Tags = append(a.Tags, t)
		}
	}
	a.Slug = slugOf(s, title, slugs)
	s.slug = a.Slug
	in.Articles = append(in.Articles, a)
}

func contains(all []string, s string) bool {
	for _, t := range all {
		if strings.EqualFold(t, s) {
			return true
		}
	}
	return false
}

var heading1 = regexp.MustCompile(`^\s*#[ \t]+([^\n]*?)(?:[ \t]+#+)?[ \t]*(?:\n|$)`)
var underlined = regexp.MustCompile(`^\s*([^\s#>|*+=-][^\n]*)\n=+[ \t]*(?:\n|$)`)

// firstHeading takes off the heading of level 1 that a text begins with.
func firstHeading(text string) (heading, rest string) {
	for _, re := range []*regexp.Regexp{heading1, underlined} {
		if m := re.FindStringSubmatchIndex(text); m != nil {
			heading = page.Render(text[m[2]:m[3]], "/").Text
			if heading = line(heading); heading != "" {
				return heading, strings.TrimLeft(text[m[1]:], "\n")
			}
		}
	}
	return "", text
}
