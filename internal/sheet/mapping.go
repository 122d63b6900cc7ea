package sheet

import (
	"fmt"
	"slices"
)

var targetWords = []string{"ignore", "title", "username", "password", "url", "notes", "totp", "folder", "client", "type", "tags", "expires", "custom", "field list", "field list with kinds", "field pairs",
	"name", "short code", "phone", "address", "website", "rotation days", "credential types", "enabled"}

func (t Target) String() string {
	if int(t) < len(targetWords) {
		return targetWords[t]
	}
	return fmt.Sprintf("target %d", uint8(t))
}

// MarshalText gives the target's word.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText takes the target's word.
func (t *Target) UnmarshalText(b []byte) error {
	i := slices.Index(targetWords, string(b))
	if i < 0 {
		return fmt.Errorf("sheet: no target %q", b)
	}
	*t = Target(i)
	return nil
}

// Check says what is wrong with a mapping for this file.
func (s *Sheet) Check(m Mapping) (ps []Problem) {
	add := func(column, text string, fatal bool) {
		ps = append(ps, Problem{Row: s.row, Column: column, Text: text, Fatal: fatal})
	}
	used, seen := map[Target]bool{}, map[int]bool{}
	for _, c := range m.Columns {
		switch {
		case c.Index < 0 || c.Index >= len(s.labels):
			add("", "The mapping names a column that the file does not have. Map the columns again.", true)
		case seen[c.Index]:
			add(s.labels[c.Index], "The column is mapped twice. Choose one target for it.", true)
		case c.To > ToPairs: // of clients, or of nothing
			add(s.labels[c.Index], "The column has an unknown target. Choose one from the list.", true)
		case c.To != Ignore && used[c.To] && (c.To == ToUsername || c.To == ToPassword || c.To == ToTitle || c.To == ToTOTP):
			add(s.labels[c.Index], fmt.Sprintf("Another column is the %s already. Where both have a value, this one becomes a custom field.", c.To), false)
		}
		seen[c.Index], used[c.To] = true, true
	}
	for i, l := range s.labels {
		if !seen[i] {
			add(l, "The column is not mapped. Choose where it goes, or “ignore”.", true)
		}
	}
	if !used[ToTitle] && !used[ToURL] && !used[ToUsername] {
		add("", "Nothing can become the title. Choose the column with the title, the web address or the username.", true)
	}
	if m.DateOrder != "" && m.DateOrder != DayFirst && m.DateOrder != MonthFirst {
		add("", "The order of dates is unknown. Choose day first or month first.", true)
	}
	return ps
}
