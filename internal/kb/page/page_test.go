package page

import (
	"math"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRender(t *testing.T) {
	for _, c := range []struct{ name, article, want string }{
		{"words", "One *two* **three** ~~four~~ `five`", "<p>One <em>two</em> <strong>three</strong> <del>four</del> <code>five</code></p>\n"},
		{"headings go down below the title", "# One\n\n## Two", "<h2 id=\"h.one\">One</h2>\n<h3 id=\"h.two\">Two</h3>\n"},
		{"headings stay where they fit", "## One\n\n### Two", "<h2 id=\"h.one\">One</h2>\n<h3 id=\"h.two\">Two</h3>\n"},
		{"same headings have their own ids", "## A b\n## A b\n## A b 1\n## A b", "<h2 id=\"h.a-b\">A b</h2>\n<h2 id=\"h.a-b-1\">A b</h2>\n<h2 id=\"h.a-b-1-1\">A b 1</h2>\n<h2 id=\"h.a-b-2\">A b</h2>\n"},
		{"headings in other scripts", "## Überblick\n## 概要\n## !", "<h2 id=\"h.überblick\">Überblick</h2>\n<h2 id=\"h.概要\">概要</h2>\n<h2 id=\"h.section\">!</h2>\n"},
		{"a link to another article", "[a](vpn-setup#Steps)", `<p><a href="/o/acme/kb/handbook/vpn-setup#h.steps" rel="nofollow">a</a></p>` + "\n"},
		{"a link within", "[a](#Steps) [b](#h.steps)", `<p><a href="#h.steps" rel="nofollow">a</a> <a href="#h.steps" rel="nofollow">b</a></p>` + "\n"},
		{"a link elsewhere", "[a](https://example.com/x?a=1&b=2)", `<p><a href="https://example.com/x?a=1&amp;b=2" rel="nofollow noreferrer">a</a></p>` + "\n"},
		{"an address is a link", "See https://example.com/x and help@example.com.", `<p>See <a href="https://example.com/x" class="kb-bare" rel="nofollow noreferrer">https://example.com/x</a> and <a href="mailto:help@example.com" class="kb-bare" rel="nofollow">help@example.com</a>.</p>` + "\n"},
		{"a link that may not be one is its words", "[a **b**](javascript:x)", "<p>a <strong>b</strong></p>\n"},
		{"a file", "[manual](files/f1/a%20b.pdf)", `<p><a href="/o/acme/kb/handbook/files/f1/a%20b.pdf" rel="nofollow">manual</a></p>` + "\n"},
		{"a picture", "![a *b*](files/f1/p.png \"T\")", `<p><img src="/o/acme/kb/handbook/files/f1/p.png" alt="a b" title="T" loading="lazy"></p>` + "\n"},
		{"a picture elsewhere is a link", "![a](https://example.com/p.png)", `<p><a href="https://example.com/p.png" rel="nofollow noreferrer">a</a></p>` + "\n"},
		{"a picture elsewhere without words", "![](https://example.com/p.png)", `<p><a href="https://example.com/p.png" rel="nofollow noreferrer">Picture p.png</a></p>` + "\n"},
		{"a picture elsewhere within a link", "[![a](https://example.com/p.png)](https://example.com)", `<p><a href="https://example.com" rel="nofollow noreferrer">a</a></p>` + "\n"},
		{"tasks", "- [ ] a\n- [x] b", "<ul>\n<li><span class=\"kb-task\">☐</span> a</li>\n<li><span class=\"kb-task\">☑</span> b</li>\n</ul>\n"},
		{"a table", "| a | b |\n|:--|--:|\n| 1 | 2 |", "<div class=\"kb-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table 1\"><table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"left\">1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table></div>\n"},
		{"code", "```go\na < b\n```", "<pre tabindex=\"0\"><code class=\"language-go\">a &lt; b\n</code></pre>\n"},
		{"a footnote", "a[^x]\n\n[^x]: b", "<p>a<sup id=\"h.fnref:1\"><a href=\"#h.fn:1\" class=\"footnote-ref\" title=\"To the footnote\" role=\"doc-noteref\" rel=\"nofollow\">1</a></sup></p>\n<div class=\"footnotes\" role=\"doc-endnotes\">\n<hr>\n<ol>\n<li id=\"h.fn:1\">\n<p>b\u00a0<a href=\"#h.fnref:1\" class=\"footnote-backref\" title=\"Back to the text\" role=\"doc-backlink\" rel=\"nofollow\">↩︎</a></p>\n</li>\n</ol>\n</div>\n"},
		{"HTML is text", "ssh <user>@<host>", "<p>ssh &lt;user&gt;@&lt;host&gt;</p>\n"},
		{"a block of HTML is text", "<div>\na\n</div>", "<pre tabindex=\"0\"><code>&lt;div&gt;\na\n&lt;/div&gt;</code></pre>\n"},
		{"comments are not there", "a <!-- b --> c\n\n<!-- d -->\n", "<p>a  c</p>\n"},
		{"keys and the like", "<kbd>Ctrl</kbd> H<sub>2</sub>O a<br>b <KBD>x</KBD> <kbd>", "<p><kbd>Ctrl</kbd> H<sub>2</sub>O a<br>b <kbd>x</kbd> &lt;kbd&gt;</p>\n"},
		{"Windows", "a\r\nb\r\n\r\n- c\r\n", "<p>a\nb</p>\n<ul>\n<li>c</li>\n</ul>\n"},
		{"nothing", "", ""},
	} {
		if d := cmp.Diff(c.want, sound(t, c.article).HTML); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

const example = `# VPN

To reach the *office* from home, you need a [client](https://example.com/client) &amp; a token.

- **One:** install
- Two

![Screenshot](files/f1/a.png)
![Again](files/f1/a.png) [manual](files/f2/b.pdf)

## Steps & <b>signs</b>

` + "```\nip route\n```" + `

| Host | Port |
| --- | --- |
| gw | 443 |

Done.[^1]

[^1]: A note.
`

func TestParts(t *testing.T) {
	p := sound(t, example)
	if d := cmp.Diff([]Heading{{2, "h.vpn", "VPN"}, {3, "h.steps-b-signs-b", "Steps & <b>signs</b>"}}, p.Contents); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"f1/a.png", "f2/b.pdf"}, p.Files); d != "" || p.Picture != base+"files/f1/a.png" {
		t.Error(d, p.Picture)
	}
	want := "VPN\nTo reach the office from home, you need a client & a token.\nOne: install\nTwo\nScreenshot Again manual\nSteps & <b>signs</b>\nip route\nHost Port\ngw 443\nDone.\nA note."
	if d := cmp.Diff(want, p.Text); d != "" {
		t.Error(d)
	}
	if p.Summary != "To reach the office from home, you need a client & a token. One: install Two Screenshot Again manual Done." {
		t.Error(p.Summary)
	}
	long := Render(strings.Repeat("Words of five ", 50), base).Summary
	if !strings.HasSuffix(long, " five…") && !strings.HasSuffix(long, " of…") && !strings.HasSuffix(long, "Words…") || len([]rune(long)) > mostSummary {
		t.Error(long)
	}
}

func TestRewrite(t *testing.T) {
	up := func(a string) string {
		if strings.HasPrefix(a, "https:") {
			return a
		}
		return "<" + strings.ToUpper(a) + ">"
	}
	for article, want := range map[string]string{
		"[a](b) ![c](d) [e](https://f)":                     "[a](<%3CB%3E>) ![c](<%3CD%3E>) [e](https://f)",
		"`[a](b)` [a](b)\n\n    [a](b)\n\n```\n[a](b)\n```": "`[a](b)` [a](<%3CB%3E>)\n\n    [a](b)\n\n```\n[a](b)\n```",
		"[a](<b c> \"t\") [a](b 't')":                       "[a](<%3CB C%3E> \"t\") [a](<%3CB%3E> 't')",
		"[![a](p)](q)":                                      "[![a](<%3CP%3E>)](<%3CQ%3E>)",
		"[a][r] [b][r]\n\n[r]: x/y.md\n":                    "[a][r] [b][r]\n\n[r]: <%3CX/Y.MD%3E>\n",
		"[`](x)`](y)":                                       "[`](x)`](<%3CY%3E>)",
		"[a](b_(c))":                                        "[a](<%3CB_(C)%3E>)",
		"> - [a](b)\n>   [a](b)":                            "> - [a](<%3CB%3E>)\n>   [a](<%3CB%3E>)",
		"| a |\n| - |\n| [a](b) |":                          "| a |\n| - |\n| [a](<%3CB%3E>) |",
		"a <https://x> [a] (b) \\[a](b)":                    "a <https://x> [a] (b) \\[a](b)",
		"[a](x&amp;y)":                                      "[a](<%3CX&Y%3E>)",
	} {
		if got := Rewrite(article, up); got != want {
			t.Errorf("%q became\n%q, not\n%q", article, got, want)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"How to reset a password?": "how-to-reset-a-password", " -a--b- ": "a-b", "Don't v2.1": "dont-v21", "Ärger & Größe": "ärger-größe", "…": "", "": "", "a_b": "a_b",
		strings.Repeat("x", 200): strings.Repeat("x", 80),
	} {
		if got := Slug(in); got != want {
			t.Errorf("%q gives %q, not %q", in, got, want)
		}
	}
}

// TestBounds: the work for an article grows with its length and not with the
// square of it, however it is made. Four times the text may take eight times the
// processor's time of this thread; squared, it would be sixteen.
func TestBounds(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, unit := range []string{"[", "![", "*a_", "> ", "- ", "`a", "<", "a<b>", "[a](", "| a ", "[^1]", "\n\n# a", "[a]: b\n", "&amp;", "<!--", "~~", "(((", "www.", "a@", "http://a.bc/(", "<kbd>", "[^1]: a\n", "1. ", "a\n===\n"} {
		line := strings.Repeat(unit, 4000/len(unit))
		for kind, of := range []func(long int) string{
			func(long int) string { return strings.Repeat(unit, long/len(unit)) },
			func(long int) string { return strings.Repeat(unit+"\n", long/(len(unit)+1)) },
			func(long int) string { return strings.Repeat(line+"\n", long/(len(line)+1)) },
			func(long int) string { return strings.Repeat(line+"\n\n", long/(len(line)+2)) },
		} {
			const long = MaxBytes / 4
			if ratio := growth(of(long/4), of(long)); ratio > 8 {
				t.Errorf("%q, way %d: four times the text takes %.1f times as long", unit, kind, ratio)
			}
		}
	}
}

// growth compares the work of two articles; what disturbs one try does not
// disturb all three.
func growth(short, long string) float64 {
	least := math.Inf(1)
	for range 3 {
		if least = min(least, work(long)/max(work(short), 2e-3)); least <= 8 {
			break
		}
	}
	return least
}

// work is the processor's time of this thread, in seconds.
func work(article string) float64 {
	runtime.GC()
	var before, after syscall.Rusage
	_ = syscall.Getrusage(1, &before) // RUSAGE_THREAD
	Render(article, base)
	Rewrite(article, strings.ToUpper)
	_ = syscall.Getrusage(1, &after)
	return float64(after.Utime.Nano()+after.Stime.Nano()-before.Utime.Nano()-before.Stime.Nano()) / 1e9
}
