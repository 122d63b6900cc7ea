package web

import (
	"strings"

	"bailiwick/internal/kb"
	"bailiwick/internal/kb/change"
)

// wasRead is what an article was when its editor was opened. The form carries
// it, so that of two people who change the same article neither undoes what
// only the other one changed.
type wasRead struct {
	version, number             int64 // of the row and of the text
	title, category, slug, tags string
}

func readFrom(a kb.Article) *wasRead {
	return &wasRead{version: a.Version, number: a.Number, title: a.Title, category: a.Category, slug: a.Slug, tags: articleTags(a.Tags)}
}

func articleTags(tags []string) string { return strings.Join(tags, ", ") }

// met is a field that somebody else has changed meanwhile.
type met struct {
	label, was, now string
	yours           bool // it was changed here too, and that is kept
}

// meet puts what somebody else changed into the form, but for the fields that
// were changed in it, and names what he changed.
func (v *visit) meet(e *editor) error {
	was, now := e.from, readFrom(e.a)
	fields := []struct {
		label             string
		was, now          string
		typed             *string
		shownWas, shownIs string
	}{
		{"Title", was.title, now.title, &e.in.Title, was.title, now.title},
		{"Category", was.category, now.category, &e.in.Category, e.categoryNamed(was.category), e.categoryNamed(now.category)},
		{"Address", was.slug, now.slug, &e.in.Slug, was.slug, now.slug},
		{"Tags", was.tags, now.tags, &e.tags, was.tags, now.tags},
	}
	for _, f := range fields {
		if f.was == f.now {
			continue
		}
		yours := *f.typed != f.was && *f.typed != f.now
		if !yours {
			*f.typed = f.now
		}
		e.met = append(e.met, met{f.label, f.shownWas, f.shownIs, yours})
	}
	return v.meetText(e)
}

func (v *visit) meetText(e *editor) error {
	if e.from.number == e.a.Number {
		return nil
	}
	was := kb.Edition{}
	if e.from.number != 0 {
		var err error
		if was, err = v.app.Bases.Edition(v.ctx(), v.who, e.a.ID, e.from.number); err != nil {
			return err
		}
	}
	typed := strings.ReplaceAll(e.in.Markdown, "\r\n", "\n")
	switch {
	case was.Markdown == e.a.Markdown, typed == e.a.Markdown:
	case typed == was.Markdown:
		e.stale, _ = change.Hunks(change.Of(was.Markdown, e.a.Markdown), 2)
		e.in.Markdown = e.a.Markdown
	default:
		e.stale, _ = change.Hunks(change.Of(typed, e.a.Markdown), 2)
		e.textMet = true
	}
	return nil
}

func (e editor) categoryNamed(id string) string {
	if c, ok := e.find(id); ok {
		return c.Name
	}
	return "a category that is gone"
}

// metText says what becomes of the field.
func (m met) text() string {
	if m.yours {
		return "You changed it too: yours is below, and holds if you save."
	}
	return "Taken over below."
}

// orNothing is a value in a sentence.
func orNothing(value string) string {
	if value == "" {
		return "nothing"
	}
	return value
}

// differenceText says what the difference under it is of.
func (e editor) differenceText() string {
	if e.textMet {
		return "Both of you changed the text. This is different between yours (−) and the saved one (+). Take over what you want; yours holds if you save."
	}
	return "The text: you had not changed it, so the saved one is below. This was changed in it:"
}
