package bundle

import (
	"encoding/json"
	"strings"
	"time"
)

// front is what the head of a file may say: the lines between two --- (YAML) or
// +++ (TOML). Of YAML it reads what such heads are made of: plain and quoted
// words, and lists of them.
type front struct {
	found    bool
	title    string
	slug     string
	tags     []string
	category []string
	// categorized tells an empty list from none
	categorized bool
	state       State
	files       []string // paths in the archive
	published   time.Time
	order       string
}

// parseFront takes the head off a text.
func parseFront(text string) (front, string) {
	fence, sep := "---", ":"
	if strings.HasPrefix(text, "+++\n") {
		fence, sep = "+++", "="
	}
	head, ok := strings.CutPrefix(text, fence+"\n")
	if !ok {
		return front{}, text
	}
	head, body, ok := strings.Cut("\n"+head, "\n"+fence+"\n")
	if !ok {
		if head, ok = strings.CutSuffix("\n"+strings.TrimPrefix(text, fence+"\n"), "\n"+fence); !ok {
			return front{}, text
		}
		body = ""
	}
	f := front{found: true}
	var list *[]string
	for line := range strings.SplitSeq(head, "\n") {
		item := strings.TrimSpace(line)
		switch {
		case item == "" || item[0] == '#':
		case list != nil && (strings.HasPrefix(item, "- ")):
			*list = append(*list, scalar(item[2:]))
		case strings.TrimLeft(line, " \t") != line: // within something that is not read
		default:
			key, value, ok := strings.Cut(line, sep)
			if !ok {
				continue
			}
			list = f.set(strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value))
		}
	}
	return f, strings.TrimPrefix(body, "\n")
}

// ours reports whether a Writer wrote the head: then the text is an article as it
// was, and nothing in it is to be made into Markdown.
func (f front) ours() bool { return f.categorized && f.slug != "" && f.title != "" }

// set takes a value over; it gives the list that following lines may add to.
func (f *front) set(key, value string) *[]string {
	switch key {
	case "title":
		f.title = scalar(value)
	case "slug":
		f.slug = scalar(value)
	case "tags", "keywords":
		f.tags = values(value)
		return &f.tags
	case "category":
		f.category, f.categorized = values(value), true
		return &f.category
	case "files":
		f.files = values(value)
		return &f.files
	case "order", "weight", "nav_order", "sidebar_position":
		f.order = scalar(value)
	case "draft":
		if v := strings.ToLower(scalar(value)); v == "true" || v == "yes" {
			f.state = Draft
		}
	case "state":
		switch s := State(strings.ToLower(scalar(value))); s {
		case Draft, Published, Scheduled:
			f.state = s
		}
	case "published":
		if t, err := time.Parse(time.RFC3339, scalar(value)); err == nil {
			f.published = t.UTC()
		}
	}
	return nil
}

// scalar undoes quotes, and leaves out a comment.
func scalar(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, `"`) {
		var v string
		d := json.NewDecoder(strings.NewReader(s))
		if d.Decode(&v) == nil {
			return v
		}
		return strings.Trim(s, `"`)
	}
	if inner, ok := strings.CutPrefix(s, "'"); ok {
		return strings.ReplaceAll(strings.TrimSuffix(inner, "'"), "''", "'")
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

// values reads [a, "b"] or a, b.
func values(s string) []string {
	inner, ok := strings.CutPrefix(s, "[")
	if ok {
		inner = strings.TrimSuffix(strings.TrimSpace(inner), "]")
	}
	var all []string
	for inner = strings.TrimSpace(inner); inner != ""; inner = strings.TrimSpace(inner) {
		end := quotedEnd(inner)
		next := strings.IndexByte(inner[end:], ',')
		item := inner
		if next >= 0 {
			item, inner = inner[:end+next], inner[end+next+1:]
		} else {
			inner = ""
		}
		if v := scalar(item); v != "" {
			all = append(all, v)
		}
	}
	return all
}

// quotedEnd is where a quoted word at the beginning ends, 0 if there is none.
func quotedEnd(s string) int {
	switch s[0] {
	case '"':
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
	case '\'':
		if i := strings.IndexByte(s[1:], '\''); i >= 0 {
			return i + 2
		}
	}
	return 0
}
