package bundle

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"bailiwick/internal/kb/page"
)

// relink makes the addresses within the archive into those of a knowledge base.
func (in *reading) relink(a *Article, others map[string]entry) {
	missing := map[string]bool{}
	dir := path.Dir(a.Source)
	a.Markdown = page.Rewrite(a.Markdown, func(address string) string {
		u, err := url.Parse(strings.ReplaceAll(address, " ", "%20"))
		if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
			return address
		}
		target := strings.ReplaceAll(u.Path, `\`, "/")
		if strings.HasPrefix(target, "/") {
			target = path.Clean(target)[1:]
		} else {
			target = path.Join(dir, target)
		}
		s := in.target(target)
		if s == nil { // written for sites where each page is a folder
			s = in.target(path.Join(dir, bare(a.Source), u.Path))
		}
		if s != nil && s.slug != "" {
			return s.slug + fragment(u)
		}
		e, ok := others[target]
		if !ok {
			if !missing[address] {
				missing[address] = true
				in.problem(a.Source, "It leads to "+short(address)+", which is not in the archive.")
			}
			return address
		}
		return in.file(e)
	})
	named := a.Files
	a.Files = nil
	for _, name := range named {
		if e, ok := others[path.Clean(name)]; ok {
			a.Files = append(a.Files, in.file(e))
		} else {
			in.problem(a.Source, "Its file "+short(name)+" is not in the archive.")
		}
	}
}

func fragment(u *url.URL) string {
	if u.Fragment == "" {
		return ""
	}
	return "#" + u.EscapedFragment()
}

// target finds the article that a path leads to, as web sites write them: with
// or without ending, or by the folder that it is the first page of.
func (in *reading) target(p string) *source {
	if s := in.source[p]; s != nil {
		return s
	}
	stem := strings.TrimSuffix(p, path.Ext(p))
	for _, try := range []string{p + ".md", p + ".html", stem + ".md", stem + ".html", stem + ".htm", p + "/index.md", p + "/README.md", p + "/index.html", p + "/_index.md"} {
		if s := in.source[strings.TrimPrefix(try, "./")]; s != nil && (!strings.HasPrefix(try, stem+".") || isArticle(p) || path.Ext(p) == "") {
			return s
		}
	}
	return nil
}

// file gives the address of a file, which is taken over from now on.
func (in *reading) file(e entry) string {
	n, ok := in.files[e.name]
	if !ok {
		n = len(in.Files)
		in.files[e.name] = n
		in.Files = append(in.Files, File{Source: e.name, Name: fileName(e.name), of: in, zip: e.zip})
	}
	return page.FilesFolder + strconv.Itoa(n) + "/" + url.PathEscape(in.Files[n].Name)
}

// Place gives an article's Markdown with the addresses that its files, and
// articles whose slug had to be another, have in the knowledge base. Both
// functions give "" for what was not taken over.
func (b *Bundle) Place(a Article, slug func(slug string) string, file func(n int) string) string {
	known := map[string]bool{}
	for _, o := range b.Articles {
		known[o.Slug] = true
	}
	return page.Rewrite(a.Markdown, func(address string) string {
		if rest, ok := strings.CutPrefix(address, page.FilesFolder); ok {
			number, _, _ := strings.Cut(rest, "/")
			n, err := strconv.Atoi(number)
			if err != nil || n < 0 || n >= len(b.Files) {
				return address
			}
			if to := file(n); to != "" {
				return to
			}
			return address
		}
		old, frag, cut := strings.Cut(address, "#")
		if !known[old] {
			return address
		}
		to := slug(old)
		if to == "" {
			return address
		}
		if cut {
			to += "#" + frag
		}
		return to
	})
}
