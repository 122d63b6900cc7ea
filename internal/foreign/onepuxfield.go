package foreign

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"bailiwick/internal/sheet"
)

// puxUsers and puxPasswords are fields of other categories than logins that
// say where one signs in.
var (
	puxUsers     = map[string]bool{"username": true, "pop_username": true}
	puxPasswords = map[string]bool{"password": true, "pop_password": true, "wireless_password": true, "credential": true, "pin": false}
)

func (p *onePUX) field(e *sheet.Builder, f puxField) {
	name := f.Title
	if name == "" {
		name = f.ID
	}
	for kind, raw := range f.Value {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil || v == nil {
			continue
		}
		say := puxText(kind, v)
		switch {
		case kind == "totp":
			e.TOTP(name, say)
		case kind == "url":
			e.URL(name, say)
		case kind == "file":
			e.Remark(name, "The attachment is not imported.")
		case puxUsers[f.ID]:
			e.Username(name, say)
		case puxPasswords[f.ID]:
			e.Password(name, say)
		case kind == "sshKey":
			p.sshKey(e, name, v)
		default:
			e.Field(name, say, kind == "concealed" || kind == "creditCardNumber")
		}
	}
}

func puxText(kind string, v any) string {
	n, number := v.(float64)
	switch {
	case kind == "date" && number:
		return time.Unix(int64(n), 0).UTC().Format("2006-01-02")
	case kind == "monthYear" && number:
		return fmt.Sprintf("%04d-%02d", int(n)/100, int(n)%100)
	case number:
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return text(v)
	}
	if kind == "email" {
		return text(m["email_address"])
	}
	if kind == "address" {
		var lines []string
		for _, k := range []string{"street", "zip", "city", "state", "country"} {
			if s := text(m[k]); s != "" {
				lines = append(lines, s)
			}
		}
		return strings.Join(lines, ", ")
	}
	return text(v)
}

func (p *onePUX) sshKey(e *sheet.Builder, name string, v any) {
	m, _ := v.(map[string]any)
	e.Field(name, text(m["privateKey"]), true)
	if meta, ok := m["metadata"].(map[string]any); ok {
		e.Field("Public key", text(meta["publicKey"]), false)
		e.Field("Fingerprint", text(meta["fingerprint"]), false)
	}
}
