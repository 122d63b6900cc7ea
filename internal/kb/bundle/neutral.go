package bundle

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// neutral makes what writers of Markdown for web sites have added to it into
// Markdown that everybody reads: boxes with notes become quotations, tags of HTML
// become what they stand for, attributes of headings go.
func neutral(text string) string { return untagged(boxes(text)) }

var (
	fence      = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})")
	indented   = regexp.MustCompile(`^(?:!!!|\?\?\?\+?|===)[ \t]+(?:([A-Za-z-]+)(?:[ \t]+[A-Za-z-]+)*)?[ \t]*(?:"(.*)")?[ \t]*$`)
	fenced     = regexp.MustCompile(`^:::+[ \t]*([A-Za-z]+)[ \t]*(?:\[(.*)\]|([^\[{].*?))?[ \t]*$`)
	alert      = regexp.MustCompile(`^(>[ \t]*)\[!([A-Za-z]+)\][ \t]*$`)
	icons      = regexp.MustCompile(`:(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:(?:\{[^{}]*\})? ?`)
	attributes = regexp.MustCompile(`^(#{1,6}[ \t].*?)[ \t]*\{:?[ \t]*[.#][^{}]*\}[ \t]*$`)
)

// boxes rewrites boxes of MkDocs (!!!), Docusaurus (:::) and GitHub ([!NOTE]).
func boxes(text string) string {
	lines := strings.Split(text, "\n")
	var out []string
	closing := "" // the fence of the code that we are in
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if m := fence.FindStringSubmatch(l); closing == "" && m != nil {
			closing = m[1]
		} else if m != nil && strings.HasPrefix(m[1], closing) && strings.TrimLeft(strings.TrimSpace(l), closing[:1]) == "" {
			closing = ""
		} else if closing == "" {
			if m := indented.FindStringSubmatch(l); m != nil {
				body := 0
				for i+1+body < len(lines) && (strings.HasPrefix(lines[i+1+body], "    ") || strings.HasPrefix(lines[i+1+body], "\t") || blank(lines[i+1+body])) {
					body++
				}
				out = append(out, quoted(m[2], m[1], outdented(lines[i+1:i+1+body]))...)
				i += body
				continue
			}
			if m := fenced.FindStringSubmatch(l); m != nil {
				if end := endOfBox(lines, i+1); end > 0 {
					out = append(out, quoted(m[2]+m[3], m[1], lines[i+1:end])...)
					i = end
					continue
				}
			}
			l = icons.ReplaceAllString(l, "")
			if m := alert.FindStringSubmatch(l); m != nil {
				l = m[1] + "**" + capital(m[2]) + "**  "
			} else if m := attributes.FindStringSubmatch(l); m != nil {
				l = m[1]
			}
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func endOfBox(lines []string, from int) int {
	for i := from; i < len(lines); i++ {
		if s := strings.TrimSpace(lines[i]); len(s) >= 3 && strings.Trim(s, ":") == "" {
			return i
		}
	}
	return 0
}

func outdented(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		if rest, ok := strings.CutPrefix(l, "\t"); ok {
			out[i] = rest
			continue
		}
		out[i] = strings.TrimPrefix(l, "    ")
	}
	return out
}

// quoted is a box as a quotation with its title above.
func quoted(title, kind string, body []string) []string {
	if title == "" {
		title = capital(kind)
	}
	for len(body) > 0 && blank(body[len(body)-1]) {
		body = body[:len(body)-1]
	}
	for len(body) > 0 && blank(body[0]) {
		body = body[1:]
	}
	out := []string{""}
	if title != "" {
		out = append(out, "> **"+escape(title)+"**", ">")
	}
	for _, l := range strings.Split(boxes(strings.Join(body, "\n")), "\n") {
		out = append(out, strings.TrimRight("> "+l, " "))
	}
	return append(out, "")
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func capital(s string) string {
	s = strings.ToLower(s)
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
