package foreign

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"bailiwick/internal/sheet"
)

func (e *entry) take(name string) (v string) {
	for i := range e.strings {
		if e.strings[i].name == name {
			v = e.strings[i].value
			e.strings[i].value = ""
		}
	}
	return v
}

func (e *entry) record(n int, folders []string) (sheet.Record, []sheet.Problem) {
	title := e.take("Title")
	b := sheet.NewBuilder(n, pathOf(title, folders...))
	b.Title(title)
	b.Folder(folders...)
	b.Username("UserName", e.take("UserName"))
	b.Password("Password", e.take("Password"))
	b.URL("URL", e.take("URL"))
	b.Notes("Notes", e.take("Notes"))
	b.Tags(e.tags)
	e.code(b)
	if e.expires {
		if at, err := keepassTime(e.at); err == nil {
			b.Expires(at)
		} else {
			b.Remark("ExpiryTime", "The expiry date can't be read, and is left out.")
		}
	}
	for _, s := range e.strings {
		switch {
		case s.value == "":
		case s.name == "KP2A_URL" || strings.HasPrefix(s.name, "KP2A_URL_"):
			b.URL(s.name, s.value)
		default:
			b.Field(s.name, s.value, s.protected)
		}
		if strings.Contains(s.value, "{REF:") {
			b.Remark(s.name, refers)
		}
	}
	if e.attachments > 0 {
		b.Remark("", fmt.Sprintf("The entry's attachments (%d) are not imported.", e.attachments))
	}
	rec, ps := b.Done()
	if strings.Contains(rec.Password+rec.Username+rec.Notes, "{REF:") {
		ps = append(ps, sheet.Problem{Row: rec.Row, Entry: pathOf(title, folders...), Text: refers})
	}
	return rec, ps
}

const refers = "A value refers to another entry ({REF:…}). The reference is kept as text, and not what it refers to: write the value itself."

// keepassTime reads a time: seconds since the year 1 in version 4, ISO 8601
// before.
func keepassTime(v string) (time.Time, error) {
	if raw, err := base64.StdEncoding.DecodeString(v); err == nil && len(raw) == 8 {
		const year1 = -62135596800
		return time.Unix(int64(binary.LittleEndian.Uint64(raw))+year1, 0).UTC(), nil
	}
	return time.Parse(time.RFC3339, v)
}
