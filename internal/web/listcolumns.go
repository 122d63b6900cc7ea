package web

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

func (s *Server) columnRoutes() {
	s.signed("POST /me/columns", saveColumns)
}

// listColumn is one that a list of credentials can show beside the title.
type listColumn struct {
	name, label string
	width       ui.Width
	rank        int    // the higher ones yield first to a narrow page
	sort        string // by what it sorts; "" can't be sorted
}

var listColumns = []listColumn{
	{"username", "Username", ui.Large, 1, "username"},
	{"address", "Address", ui.Middle, 2, "address"},
	{"type", "Type", ui.Small, 3, "type"},
	{"tags", "Tags", ui.Middle, 3, "tags"},
	{"expires", "Expires", ui.Small, 2, "expires"},
	{"added", "Added", ui.Small, 3, "added"},
	{"changed", "Changed", ui.Small, 2, "changed"},
	{"by", "By", ui.Small, 3, "by"},
}

// readColumns gives the columns that the viewer has chosen.
func (p *vaultPage) readColumns() error {
	shown, err := p.app.Vault.ShownColumns(p.ctx(), p.who)
	if fault.Is(err, fault.Absent) { // no choice of one's own
		shown, err = vault.UsualColumns, nil
	}
	for _, c := range listColumns {
		if slices.Contains(shown, c.name) {
			p.columns = append(p.columns, c)
		}
	}
	return err
}

func (p *vaultPage) shows(column string) bool {
	return slices.ContainsFunc(p.columns, func(c listColumn) bool { return c.name == column })
}

// Widths in rem, as in the style sheet; the title keeps so much, with the box
// and the edges beside it.
var columnRem = map[ui.Width]float64{ui.Small: 6.5, ui.Middle: 9.5, ui.Large: 13.5}

const (
	titleRem   = 16 + 4
	yieldSteps = 4 // the style sheet knows widths so far apart
)

// yieldsAt is the width of the list, in rem, up to which a chosen column is not
// shown: it and those that go before it would leave the title too little. The
// first one stays.
func (p *vaultPage) yieldsAt(name string) int {
	order := slices.Clone(p.columns)
	if len(order) == 0 || order[0].name == name {
		return 0
	}
	slices.SortStableFunc(order[1:], func(a, b listColumn) int { return a.rank - b.rank })
	needs := float64(titleRem)
	for _, c := range order {
		if needs += columnRem[c.width]; c.name == name {
			return int(math.Ceil(needs/yieldSteps)) * yieldSteps
		}
	}
	return 0
}

// tableColumns is the head of the table.
func (p *vaultPage) tableColumns() []ui.Column {
	columns := []ui.Column{p.sortable(ui.Column{Label: "Title"}, "title")}
	for i, c := range p.columns {
		head := ui.Column{Label: c.label, Width: c.width}
		if i == 0 {
			head.Rank = 1 // the second line on a phone
		} else {
			head.Yields = "yields-" + strconv.Itoa(p.yieldsAt(c.name))
		}
		if c.sort != "" {
			head = p.sortable(head, c.sort)
		}
		columns = append(columns, head)
	}
	return append(columns, ui.Column{Label: "Actions", Hidden: true, Width: "cell-actions"})
}

// sortable links a head to the list sorted by it, the other way round where it
// is already.
func (p *vaultPage) sortable(c ui.Column, by string) ui.Column {
	next := p.view
	next.after, next.selected, next.descends = "", "", false
	if by == p.view.sortName() {
		c.Sorted = "ascending"
		if p.view.descends {
			c.Sorted = "descending"
		}
		next.descends = !p.view.descends
	}
	if next.sort = by; by == "title" {
		next.sort = ""
	}
	c.Sort = next.link()
	return c
}

func (w vaultView) sortName() string {
	if w.sort == "" {
		return "title"
	}
	return w.sort
}

// listAttrs: the style sheet is told which columns yield, as the cells of
// hundreds of rows do not repeat it; the script, what is in which column; and
// what its links open goes into the panel.
func (p *vaultPage) listAttrs() templ.Attributes {
	attrs := ui.PanelAttrs("")
	attrs["data-short"] = true
	var names, yields []string
	for i, c := range p.columns {
		names = append(names, c.name)
		if i > 0 {
			yields = append(yields, strconv.Itoa(i+3)+"w"+strconv.Itoa(p.yieldsAt(c.name)))
		}
	}
	attrs["data-columns"], attrs["data-yields"] = strings.Join(names, " "), strings.Join(yields, " ")
	return attrs
}

// mostTags is how many tags a row names, so that many don't make it tall.
const mostTags = 3

func tagsText(c vault.Credential) string {
	if more := len(c.Tags) - mostTags; more > 0 {
		return fmt.Sprintf("%s +%d", strings.Join(c.Tags[:mostTags], ", "), more)
	}
	return strings.Join(c.Tags, ", ")
}

func saveColumns(v *visit) error {
	if err := v.app.Vault.SaveColumns(v.ctx(), v.who, v.r.PostForm["column"]); err != nil {
		return err
	}
	v.flash("The columns of your lists are saved.", "")
	return v.finish(v.backTo())
}

// keep is the fields of the address that stay when a filter is typed.
func (w vaultView) keep() url.Values {
	w.filter, w.after, w.selected = "", "", ""
	_, query, _ := strings.Cut(w.link(), "?")
	q, _ := url.ParseQuery(query)
	return q
}
