package bundle

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/kb/page"
)

func TestFromHTML(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<p>One <b>two</b> <i>three </i>four<br>five</p><p>six</p>", "One **two** *three* four\\\nfive\n\nsix"},
		{"<h1>A</h1><h3>B <code>c</code></h3>", "# A\n\n### B `c`"},
		{"<ul><li>a<li>b<ol start=3><li>c<li>d</ol></ul>", "- a\n- b\n\n  3. c\n  4. d"},
		{"<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b"},
		{"<pre><code class='hljs language-go'>a\n  b ``` c\n</code></pre>", "````go\na\n  b ``` c\n````"},
		{"<table><tr><th>a<th>b|c<tr><td>1<br>2<td><code>x|y</code></table>", "| a | b\\|c |\n| --- | --- |\n| 1<br>2 | `x\\|y` |"},
		{"<table><tr><td><ul><li>a</ul><td>b</table>", "- a\n\nb"},
		{"<a href='x y.html'>a</a> <a>b</a> <img src=p.png alt='c [d]'>", "[a](<x y.html>) b ![c \\[d\\]](p.png)"},
		{"<p># a * b _ c_d [e] &lt;f&gt; &amp;amp; `g`</p><p>1. x</p><p>- y</p>", "\\# a \\* b \\_ c_d \\[e\\] \\<f> \\&amp; \\`g\\`\n\n1\\. x\n\n\\- y"},
		{"<script>x</script><nav>y</nav><style>z</style><div>a<div>b</div>c</div><hr><svg><text>w</text></svg>", "a\n\nb\n\nc\n\n---"},
		{"<body>out<main><p>in</main></body>", "in"},
		{"H<sub>2</sub>O <kbd>Ctrl</kbd> <del>x</del>", "H<sub>2</sub>O <kbd>Ctrl</kbd> ~~x~~"},
		{"<dl><dt>a<dd>b</dl><details><summary>c</summary>d</details>", "**a**\n\nb\n\n**c**\n\nd"},
		{"", ""},
	} {
		_, got, err := fromHTML(c.in)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", c.in, err, d)
		}
	}
}

// TestWordsStayWords: words of HTML that look like Markdown are the same words
// on the page.
func TestWordsStayWords(t *testing.T) {
	for in, want := range map[string]string{
		"<p>*a* _b_ `c` [d](e) ![f](g) &lt;script&gt; ~~h~~ a|b \\ &amp;lt; #x 1) y + z</p>": "*a* _b_ `c` [d](e) ![f](g) <script> ~~h~~ a|b \\ &lt; #x 1) y + z",
		"<p>&gt; a</p><p>+ b</p><p>=====</p><p>:::note</p><p>10) c</p><p>```</p>":            "> a\n+ b\n=====\n:::note\n10) c\n```",
		"<h2># a</h2>":                       "# a",
		"<ul><li># a<li>- b</ul>":            "# a\n- b",
		"<table><tr><td>*a<td>b*</table>":    "*a b*",
		"<p>a_b_c snake_case __init__</p>":   "a_b_c snake_case __init__",
		"<p><code>` a `` b</code></p>":       "` a `` b",
		"<p>a<br># b<br>- c</p>":             "a # b - c",
		"<pre>\n# a\n  *b*\n</pre>":          "# a\n*b*",
		"<p><b>bold </b>x<i> it</i>alic</p>": "bold x italic",
	} {
		_, md, err := fromHTML(in)
		if got := page.Render(md, "/").Text; got != want || err != nil {
			t.Errorf("%s\nbecame %q\nand is read as %q\nnot %q", in, md, got, want)
		}
	}
}

func TestNeutral(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a\n\n!!! warning \"Mind *this*\"\n\n    b\n\n    - c\n\nd", "a\n\n\n> **Mind \\*this\\***\n>\n> b\n>\n> - c\n\nd"},
		{"!!! note\n    b\nc", "\n> **Note**\n>\n> b\n\nc"},
		{":::tip Title\nb\n:::\nc", "\n> **Title**\n>\n> b\n\nc"},
		{"> [!NOTE]\n> b", "> **Note**  \n> b"},
		{"## A { .hidden }\n## B {#b}\n## C {x}", "## A\n## B\n## C {x}"},
		{"```\n!!! note\n    b\n## A { .hidden }\n```\n", "```\n!!! note\n    b\n## A { .hidden }\n```\n"},
		{"<div align=\"center\">\n<img src=\"a.png\" alt=\"A\">\n</div>\n\nb", "\n![A](a.png)\n\nb"},
		{"a <img src='x y.png'> <a href=\"b\">c **d**</a> <a name=e></a><b>f</b> <user>", "a ![](<x y.png>) [c **d**](b) **f** <user>"},
		{"<div markdown>\n[a](b) **c** :material-arrow-right: d\n</div>", "\n[a](b) **c** d\n"},
		{"a <a href=x>b\n\n`<b>c</b>`", "a <a href=x>b\n\n`<b>c</b>`"},
		{"<!-- x -->\n\na <!-- y --> b", "\n\n\na  b"},
	} {
		if d := cmp.Diff(c.want, neutral(c.in)); d != "" {
			t.Errorf("%q:\n%s", c.in, d)
		}
	}
}
