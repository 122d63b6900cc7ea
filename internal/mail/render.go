package mail

import (
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"text/template"
	"time"
)

//go:embed layout.txt
var textLayout string

//go:embed layout.html
var htmlLayout string

var (
	asText = template.Must(template.New("mail").Parse(textLayout))
	asHTML = htmltemplate.Must(htmltemplate.New("mail").Parse(htmlLayout))
	lines  = compiled()
)

// compiled makes templates of all lines when the program starts, so that a
// slip in one is found then.
func compiled() map[string]*template.Template {
	all := map[string]*template.Template{}
	for name, k := range kinds {
		for _, group := range [][]string{{k.subject, k.link}, k.lines, k.after} {
			for _, line := range group {
				all[line] = template.Must(template.New(string(name)).Option("missingkey=error").Parse(line))
			}
		}
	}
	return all
}

// words are what the lines of a kind may say. The link is not among them.
type words struct {
	Org, By, About, Expires string
	Brand                   string // whose name stands in the place of the product's
	Product                 string // the product's; "" where a provider's stands there
	Allowed                 bool
}

// Letter is a mail as it is read.
type Letter struct {
	Subject, Text, HTML string
	Link                string // whole; "" without one
}

// page is what the layouts lay out.
type page struct {
	Org, Brand, By, Subject, Label, Link string
	Lines, After, Things, Message        []string
	Facts                                []Fact
	Colours                              colours
}

const product = "Bailiwick"

// write gives the letter of a mail from an organization whose server is at
// public, such as https://vault.example.
func (m Mail) write(from sender, public string) (Letter, error) {
	k, ok := kinds[m.Kind]
	if !ok {
		return Letter{}, fmt.Errorf("no kind of mail is called %q", m.Kind)
	}
	w := words{Org: oneLine(from.org, 80), Brand: oneLine(from.provider, 80), By: oneLine(m.By, 80), About: oneLine(m.About, 120), Allowed: m.Allowed, Expires: Stamp(m.Expires)}
	if w.Brand == "" {
		w.Brand, w.Product = product, product
	}
	p := page{Org: w.Org, Brand: w.Brand, By: w.By, Message: paragraphs(m.Message), Colours: coloursOf(from.colour)}
	if !m.Link.IsEmpty() {
		p.Link = strings.TrimSuffix(public, "/") + m.Link.Reveal()
	}
	for _, t := range m.Things {
		p.Things = append(p.Things, oneLine(t, 120))
	}
	for _, f := range m.Facts {
		p.Facts = append(p.Facts, Fact{oneLine(f.Label, 60), oneLine(f.Text, 200)})
	}
	var err error
	for _, group := range []struct {
		from []string
		to   func(string)
	}{
		{[]string{k.subject}, func(s string) { p.Subject = oneLine(s, 150) }},
		{[]string{k.link}, func(s string) { p.Label = s }},
		{k.lines, func(s string) { p.Lines = append(p.Lines, s) }},
		{k.after, func(s string) { p.After = append(p.After, s) }},
	} {
		for _, line := range group.from {
			var b strings.Builder
			if err = lines[line].Execute(&b, w); err != nil {
				return Letter{}, err
			}
			group.to(b.String())
		}
	}
	var text, html strings.Builder
	if err := asText.Execute(&text, p); err != nil {
		return Letter{}, err
	}
	if err := asHTML.Execute(&html, p); err != nil {
		return Letter{}, err
	}
	return Letter{Subject: p.Subject, Text: text.String(), HTML: html.String(), Link: p.Link}, nil
}

// Stamp is a time as mails have it; "" for none.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04") + " UTC"
}

func paragraphs(message string) (out []string) {
	message = strings.ReplaceAll(strings.TrimSpace(message), "\r\n", "\n")
	if message == "" {
		return nil
	}
	for line := range strings.SplitSeq(message, "\n") {
		out = append(out, oneLine(line, 1000))
	}
	return out
}
