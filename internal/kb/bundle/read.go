package bundle

import (
	"context"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"bailiwick/internal/fault"
)

// reading is what one Read keeps.
type reading struct {
	Bundle
	limit, left int64 // what may still be unpacked
	texts       int   // bytes of articles so far
	source      map[string]*source
	files       map[string]int // numbers, by path
}

// source is a file that becomes an article.
type source struct {
	entry
	front front
	text  string
	slug  string
	left  string // why it was left out
}

// Read reads an archive. It gives an error where nothing can be taken of it, and
// problems where something was left out.
func Read(ctx context.Context, r io.ReaderAt, size int64) (*Bundle, error) {
	return read(ctx, r, size, MaxUnpacked)
}

func read(ctx context.Context, r io.ReaderAt, size, limit int64) (*Bundle, error) {
	in := &reading{limit: limit, left: limit, source: map[string]*source{}, files: map[string]int{}}
	all, err := in.entries(r, size)
	if err != nil {
		return nil, err
	}
	others := map[string]entry{}
	sources, left, err := in.sources(ctx, all, others)
	if err != nil {
		return nil, err
	}
	sources = attached(sources, left, others)
	for _, e := range all {
		if why, ok := left[e.name]; ok {
			in.problem(e.name, why)
		}
	}
	switch {
	case len(sources) == 0 && len(left) > 0:
		return nil, fault.Cannot("Nothing was imported. %s: %s", short(in.Problems[0].File), in.Problems[0].Text)
	case len(sources) == 0:
		return nil, fault.Cannot("There is no Markdown (.md) or HTML (.html) file in the archive. Nothing was imported.")
	}
	for _, s := range sources {
		in.source[s.name] = s
	}
	slices.SortStableFunc(sources, before)
	slugs := map[string]bool{}
	for _, s := range sources {
		in.article(s, slugs)
	}
	for i := range in.Articles {
		in.relink(&in.Articles[i], others)
	}
	in.Unused = len(others) - len(in.Files)
	return &in.Bundle, nil
}

// sources reads what may become articles; left says of some why they can't.
func (in *reading) sources(ctx context.Context, all []entry, others map[string]entry) (sources []*source, left map[string]string, err error) {
	left = map[string]string{}
	for _, e := range all {
		if !isArticle(e.name) || ownFolder.MatchString(e.name) {
			others[e.name] = e
			continue
		}
		s := &source{entry: e}
		switch err := in.fill(ctx, s); {
		case TooLarge(err):
			left[e.name] = "This is longer than an article may be, so it was left out. Split it."
		case err != nil:
			return nil, nil, err
		case s.left != "":
			left[e.name] = s.left
		case strings.TrimSpace(s.text) == "" && !s.front.found:
			left[e.name] = "This is empty, so it was left out."
		default:
			sources = append(sources, s)
			continue
		}
		others[e.name] = e
	}
	return sources, left, nil
}

// ownFolder is where a Writer puts the attachments of articles.
var ownFolder = regexp.MustCompile(`^files/file_[0-9a-z]+/`)

// attached takes out what is an attachment of an article and none itself,
// though it is Markdown or HTML: the heads of articles name them.
func attached(sources []*source, left map[string]string, others map[string]entry) []*source {
	named := map[string]bool{}
	for _, s := range sources {
		for _, f := range s.front.files {
			if f = path.Clean(f); f != s.name {
				named[f] = true
			}
		}
	}
	for name := range left {
		if named[name] {
			delete(left, name)
		} else {
			delete(others, name)
		}
	}
	return slices.DeleteFunc(sources, func(s *source) bool {
		if named[s.name] {
			others[s.name] = s.entry
		}
		return named[s.name]
	})
}

func (in *reading) problem(file, text string) {
	if len(in.Problems) < 1000 {
		in.Problems = append(in.Problems, Problem{strings.Map(printable, file), text})
	}
}

func isArticle(name string) bool { return isMarkdown(name) || isHTML(name) }

func isMarkdown(name string) bool {
	return slices.Contains([]string{".md", ".markdown", ".mdown", ".mkd", ".mdx"}, strings.ToLower(path.Ext(name)))
}

func isHTML(name string) bool {
	return slices.Contains([]string{".html", ".htm", ".xhtml"}, strings.ToLower(path.Ext(name)))
}

// fill reads a file and makes Markdown of it.
func (in *reading) fill(ctx context.Context, s *source) error {
	b, err := in.unpack(ctx, s.zip, s.name, maxSource)
	if err != nil {
		return err
	}
	if in.texts += len(b); in.texts > maxTexts {
		return fault.Cannot("The texts in the archive have more than %d MB together, at %s. Nothing was imported. Split it.", maxTexts/1_000_000, short(s.name))
	}
	words := decode(b)
	s.front, words = parseFront(words)
	if isHTML(s.name) {
		title, md, err := fromHTML(words)
		if err != nil {
			s.left = "This HTML is nested too deeply to be read, so it was left out."
			return nil
		}
		s.text = md
		if s.front.title == "" {
			s.front.title = title
		}
		return nil
	}
	if s.text = words; !s.front.ours() {
		s.text = neutral(words)
	}
	return nil
}
