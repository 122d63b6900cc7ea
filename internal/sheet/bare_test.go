package sheet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the first row is, as it is found out.
func TestFirstRow(t *testing.T) {
	for text, bare := range map[string]bool{
		"Title,Username,Password\nRouter,admin,x\n": false,
		"title\nRouter\n":                          false,
		"Device,Email,PIN\nRouter,a@b.example,1\n": false,
		"Título,Usuario,Clave,Dirección\nRouter,admin,x,https://r.example\n": false, // unknown words above addresses
		"a,b\n1,2\n3,4\n": false,
		"Router,admin,Hunter2,https://r.example\nSwitch,admin,x,\n":              true, // an address
		"Jane,jane@wingtip.example,Secret99\n":                                   true, // one row alone
		"core-1,10.0.0.1,root,aB3$xyz\ncore-2,10.0.0.2,root,aB3$xyw\n":           true,
		"Router,admin,Hunter2a\nSwitch,admin,Hunter3a\n":                         true, // a value that is below, too
		"Router,root,Hunter2a\nSwitch,admin,Hunter3a\n":                          true, // no word that is known
		"Server,admin,Hunter2a\nSwitch,admin,Hunter3a\n":                         true, // a word that is known, by accident
		"TOTP,otpauth://totp/x?secret=JBSWY3DPEHPK3PXP\nx,y\n":                   true,
		"Client,Title,Web\nContoso,A,https://a.example\nContoso,B,b.example/x\n": false,
	} {
		s := open(t, text)
		if s.Bare() != bare {
			t.Errorf("%q: bare %v", text, s.Bare())
		}
	}
}

// Nothing of a file without headings is lost, and its first row names nothing:
// it may hold a password.
func TestWithoutHeadings(t *testing.T) {
	const text = "\nEdge firewall,admin,Xk3$lq90,https://fw.example,\nCore switch,admin,\"pw \"\"q\"\" 99\",https://sw.example,\"in rack 4, second shelf, with the blue cable\"\nNAS,root,Tr0ub4dor&3,https://nas.example,,extra\n"
	s := open(t, text)
	if got := strings.Join(s.Labels(), "|"); got != "Column 1|Column 2|Column 3|Column 4|Column 5|Column 6" || s.HeadingRow() != 0 {
		t.Error(got)
	}
	m := s.Guess()
	var to []string
	for _, c := range m.Columns {
		to = append(to, c.To.String())
	}
	if d := cmp.Diff([]string{"title", "username", "password", "url", "notes", "custom"}, to); d != "" {
		t.Error(d)
	}
	if !m.Columns[5].Hidden || m.Columns[5].Name != "Column 6" || !strings.Contains(strings.Join(m.Remarks, " "), "first row looks like data") {
		t.Errorf("%+v", m)
	}
	var got []string
	for r := range s.Rows(m) {
		got = append(got, fmt.Sprint(r.Row, " ", r.Title, " ", r.Username, " ", r.Password, " ", r.URLs, " ", r.Notes, len(r.Fields)))
	}
	want := []string{"2 Edge firewall admin Xk3$lq90 [https://fw.example] 0", `3 Core switch admin pw "q" 99 [https://sw.example] in rack 4, second shelf, with the blue cable0`, "4 NAS root Tr0ub4dor&3 [https://nas.example] 1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	n := 0
	for range s.Lines() {
		n++
	}
	if n != 3 {
		t.Errorf("%d lines", n)
	}
}

// The choice overrules what was found out, both ways.
func TestFirstRowIsChosen(t *testing.T) {
	for _, c := range []struct {
		first First
		text  string
		rows  int
	}{
		{FirstData, "Title,Password\nA,b\n", 2},
		{FirstHeadings, "Router,https://r.example\nSwitch,https://s.example\n", 1},
		{FirstData, "Title,Password\n", 1},
	} {
		s, err := OpenWith(strings.NewReader(c.text), Options{First: c.first})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for range s.Rows(s.Guess()) {
			n++
		}
		if strings.Contains(strings.Join(s.Labels(), " "), "://") {
			t.Errorf("a value became a label: %q", s.Labels())
		}
		if n != c.rows || s.Bare() != (c.first == FirstData) {
			t.Errorf("%s %q: %d rows", c.first, c.text, n)
		}
	}
	if _, err := OpenWith(strings.NewReader("a,b\n1,2\n"), Options{First: "both"}); err == nil {
		t.Error("an unknown choice is taken")
	}
}
