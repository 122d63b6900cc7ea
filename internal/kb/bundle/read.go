package bundle

import (
	"context"
	"io"
	"path"
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
	var sources []*source
	for _, e := range all {
		if !isArticle(e.name) {
			others[e.name] = e
			continue
		}
		s := &source{entry: e}
		switch err := in.fill(ctx, s); {
		case TooLarge(err):
			in.problem(e.name, "This is longer than an article may be, so it was left out. Split it.")
			continue
		case err != nil:
			return nil, err
		case strings.TrimSpace(s.text) == "" && !s.front.found:
			in.problem(e.name, "This is empty, so it was left out.")
			continue
		}
		sources = append(sources, s)
		in.source[e.name] = s
	}
	if len(sources) == 0 {
		return nil, fault.Cannot("There is no Markdown (.md) or HTML (.html) file in the archive. Nothing was imported.")
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
			in.problem(s.name, "This HTML is nested too deeply to be read, so it was left out.")
			s.text, s.front.found = "", false
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
