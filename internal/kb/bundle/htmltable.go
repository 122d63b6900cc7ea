package bundle

import (
	"strings"

	"golang.org/x/net/html"
)

// widest is how many columns a table may have; what is wider is laid out as
// blocks.
const widest = 40

// table writes a table. Tables that only lay out a page, of one column or with
// whole blocks in their cells, become their content.
func (as text) table(n *html.Node) []string {
	var rows [][]string
	width, laidOut := 0, false
	for c := range n.Descendants() {
		if c.Type != html.ElementNode || c.Data != "tr" || nearest(c, "table") != n {
			continue
		}
		var row []string
		for cell := range c.ChildNodes() {
			if cell.Type != html.ElementNode || cell.Data != "td" && cell.Data != "th" {
				continue
			}
			for inner := range cell.Descendants() {
				switch inner.Data {
				case "table", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote":
					laidOut = laidOut || inner.Type == html.ElementNode
				}
			}
			row = append(row, strings.TrimSuffix(line(as.inlines(cell, true)), "<br>"))
		}
		if len(row) > 0 {
			rows = append(rows, row)
			width = max(width, len(row))
		}
	}
	if laidOut || width < 2 || width > widest {
		return as.cells(n)
	}
	var b strings.Builder
	for i, row := range rows {
		for k := range width {
			b.WriteString("| ")
			if k < len(row) {
				b.WriteString(row[k] + " ")
			}
		}
		b.WriteString("|\n")
		if i == 0 {
			b.WriteString(strings.Repeat("| --- ", width) + "|\n")
		}
	}
	return []string{strings.TrimSuffix(b.String(), "\n")}
}

// cells gives what is in a table, cell by cell.
func (as text) cells(n *html.Node) (all []string) {
	for c := range n.ChildNodes() {
		if c.Type != html.ElementNode {
			continue
		}
		switch c.Data {
		case "td", "th", "caption":
			all = append(all, as.blocks(c)...)
		default:
			all = append(all, as.cells(c)...)
		}
	}
	return all
}

func nearest(n *html.Node, name string) *html.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && p.Data == name {
			return p
		}
	}
	return nil
}
