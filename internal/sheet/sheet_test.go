package sheet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

func TestRefusedFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "empty",
		"\xef\xbb\xbf":            "no rows",
		"\r\n \n,,\n":             "no rows",
		"PK\x03\x04rest":          "Excel workbook",
		"\x03\xd9\xa2\x9a\x67":    "KeePass database",
		" {\"items\": []}":        "JSON",
		"<html>":                  "XML",
		"\"Title,Username\na,b\n": "line 1 of the file is never closed",
	} {
		refused(t, text, want)
	}
}

func TestFileProblems(t *testing.T) {
	for text, want := range map[string]string{
		"Title,Password\n":                       "0 fatal The file has headings but no rows below them. Choose a file with data, or choose that the first row is data.",
		"Title,Password\n\n,\n":                  "0 fatal The file has headings but no rows below them. Choose a file with data, or choose that the first row is data.",
		"https://a.example,jane,pw\nx,y,z\n":     "",
		"\n\nTitle\nx\n":                         "3 Only one column was found. If the file has more, choose the character that separates them.",
		"Title,,Password\nx,y,z":                 "1 Column B has no heading. Its cells become a custom field unless you choose otherwise.",
		"Title,Title\nx,y":                       "1 Columns A and B have the same heading. Check where each of them goes.",
		"Title,Password\nä,ö\nü,\xff":            "0 The file is UTF-8 with damaged characters; they are shown as �. Rows where it matters are named below.",
		"Title,Username,Password\nx,y,z\n,,\n\n": "",
	} {
		var got []string
		for _, p := range open(t, text).Problems() {
			fatal := ""
			if p.Fatal {
				fatal = "fatal "
			}
			got = append(got, fmt.Sprint(p.Row, " ", fatal, p.Text))
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%q: %s\nwant %s", text, s, want)
		}
	}
}

// all gives the values of all rows and columns, as custom fields.
func all(s *Sheet) (rows [][]string) {
	m := Mapping{}
	for i := range s.Headings() {
		m.Columns = append(m.Columns, Column{Index: i, To: ToCustom, Name: fmt.Sprint(i)})
	}
	for r, ps := range s.Rows(m) {
		row := []string{fmt.Sprint(r.Row)}
		for _, f := range r.Fields {
			row = append(row, f.Value)
		}
		for _, p := range ps {
			if p.Text != "The row has no title, and neither web address nor username to make one of. Write a title." {
				row = append(row, "!"+p.Text[:20])
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func TestQuotingAndLineEnds(t *testing.T) {
	for text, want := range map[string][][]string{
		"a,b\n1,2":                       {{"2", "1", "2"}},
		"a,b\r\n1,2\r\n\r\n3,4\r\n":      {{"2", "1", "2"}, {"4", "3", "4"}},
		"a,b\r1,2\r3,4":                  {{"2", "1", "2"}, {"3", "3", "4"}},
		"a,b\n\"1\n\"\"x\"\"\",2\n3,4\n": {{"2", "1\n\"x\"", "2"}, {"3", "3", "4"}},
		"a,b\n\"x\r\ny\" ,\"\"\n":        {{"2", "x\r\ny"}},
		"a,b\n5\" disk,it's\n":           {{"2", "5\" disk", "it's"}},
		"a,b\n\"1\"x,2\n":                {{"2", "1x", "2", "!There is text after "}},
		"a,b\n1,2,\n":                    {{"2", "1", "2"}},
		"a,b\n1,2,3\n4,5\n":              {{"2", "1", "2", "!The row has more cel"}, {"3", "4", "5"}},
		"a,b\n1\n":                       {{"2", "1", "!The row has only 1 o"}},
		"a,b\n1,\"2":                     {{"2", "!A quotation mark tha"}},
		"sep=|\na|b\n1,1|2\n":            {{"2", "1,1", "2"}},
	} {
		s, err := OpenWith(strings.NewReader(text), Options{First: FirstHeadings})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, all(s)); d != "" {
			t.Errorf("%q: -want +got\n%s", text, d)
		}
		if _, ok := strings.CutPrefix(text, "sep"); ok {
			continue
		}
		if s, err = OpenWith(&slow{strings.NewReader(text)}, Options{First: FirstHeadings}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, all(s)); d != "" {
			t.Errorf("%q byte by byte: -want +got\n%s", text, d)
		}
	}
}

// slow reads one byte at a time, so that every look ahead crosses a boundary.
type slow struct{ *strings.Reader }

func (s *slow) Read(b []byte) (int, error) { return iotest.OneByteReader(s.Reader).Read(b) }

// What a spreadsheet writes that is not UTF-8 is told by the words that its
// letters make, and where that is a guess the file says so.
func TestGuessedEncodings(t *testing.T) {
	const german = "Titel;Benutzer;Kennwort\nMüller Zürich;jörg;Größe9\nÜbergabe;bärbel;geheim\n"
	const russian = "Название;Логин;Пароль\nМаршрутизатор;админ;тайна\n"
	const plain = "Title;Password\n„Router“ of Ann’s;a–b\nEdge;caf\u00e9\n"
	for _, c := range []struct {
		name, text string
		in         encoding.Encoding
		guess      string
		sure       bool
	}{
		{"Excel", german, charmap.Windows1252, "Windows-1252", true},
		{"quotes and dashes", plain, charmap.Windows1252, "Windows-1252", true},
		{"English quotes", "Title;Password\n“Router”;x\n", charmap.Windows1252, "Windows-1252", false}, // or ôRouterö
		{"MS-DOS", german, charmap.CodePage850, "CP850", false},
		{"MS-DOS, American", german, charmap.CodePage437, "CP850", false}, // the same letters
		{"Macintosh", german, charmap.Macintosh, "Mac OS Roman", false},
		{"Cyrillic", russian, charmap.Windows1251, "Windows-1251", false},
		{"no word", "Title;Password\nRouter;ab\u20accd\n", charmap.Windows1252, "Windows-1252", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			written, err := c.in.NewEncoder().String(c.text)
			if err != nil {
				t.Fatal(err)
			}
			s, err := OpenWith(strings.NewReader(written), Options{})
			if err != nil {
				t.Fatal(err)
			}
			said := slices.ContainsFunc(s.Problems(), func(p Problem) bool {
				return strings.HasPrefix(p.Text, "The encoding is a guess: "+c.guess) && !p.Fatal
			})
			if s.Encoding() != c.guess || said == c.sure {
				t.Errorf("guessed %s, said so: %v", s.Encoding(), said)
			}
			name := c.guess
			if c.in == charmap.CodePage437 {
				name = "CP437"
			}
			if s, err = OpenWith(strings.NewReader(written), Options{Encoding: name}); err != nil || len(s.Problems()) != 0 {
				t.Fatalf("chosen: %v, %v", s.Problems(), err)
			}
			for r := range s.Rows(s.Guess()) {
				if !strings.Contains(c.text, r.Title) || !strings.Contains(c.text, r.Password) {
					t.Errorf("%q %q", r.Title, r.Password)
				}
			}
		})
	}
	for name, written := range map[string]string{"Shift-JIS": "Title;Password\n\x83\x8b\x81\x5b\x83^;x\n", "GBK": "Title;Password\n\xc2\xb7\xd3\xc9;x\n"} {
		s, err := OpenWith(strings.NewReader(written), Options{Encoding: name})
		if err != nil {
			t.Fatal(err)
		}
		for r := range s.Rows(s.Guess()) {
			if r.Title != map[string]string{"Shift-JIS": "ルータ", "GBK": "路由"}[name] {
				t.Errorf("%s: %q", name, r.Title)
			}
		}
	}
}

func TestEncodings(t *testing.T) {
	text := "Title;Password\nKäse €;Größe\n"
	var le, be strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		le.Write([]byte{byte(u), byte(u >> 8)})
		be.Write([]byte{byte(u >> 8), byte(u)})
	}
	for data, want := range map[string]string{
		text:                     "UTF-8",
		"\xef\xbb\xbf" + text:    "UTF-8",
		"\xff\xfe" + le.String(): "UTF-16 LE",
		"\xfe\xff" + be.String(): "UTF-16 BE",
		le.String():              "UTF-16 LE",
		be.String():              "UTF-16 BE",
		"Title;Password\nK\xe4se \x80;Gr\xf6\xdfe\n": "Windows-1252",
	} {
		s := open(t, data)
		if s.Encoding() != want {
			t.Errorf("%q: %s, want %s", data, s.Encoding(), want)
		}
		if d := cmp.Diff([][]string{{"2", "Käse €", "Größe"}}, all(s)); d != "" || s.Headings()[0] != "Title" {
			t.Errorf("%q: %q %s", data, s.Headings(), d)
		}
	}
	s, err := OpenWith(strings.NewReader("Title;Password\nK\x8ase;x\n"), Options{Encoding: "Mac OS Roman", Separator: ";"})
	if err != nil || all(s)[0][1] != "Käse" {
		t.Errorf("Mac: %v", err)
	}
	for _, o := range []Options{{Encoding: "EBCDIC"}, {Separator: "\""}, {Separator: ";;"}} {
		if _, err := OpenWith(strings.NewReader("a;b\n1;2\n"), o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

// What another program has in its archive says so.
func TestArchivedElsewhere(t *testing.T) {
	for file, want := range map[string][]bool{
		"Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nA,,u,p,,false,true,old,\nB,,u,p,,false,false,,\n": {true, false},
		"organization,name,username,password,archived\nContoso,A,u,p,Yes\nContoso,B,u,p,No\nContoso,C,u,p,\n":                {true, false, false},
		"company,name,username,password,archived_at\nContoso,A,u,p,2024-05-01\nContoso,B,u,p,\n":                             {true, false},
	} {
		s := open(t, file)
		var got []bool
		for r, ps := range s.Rows(s.Guess()) {
			tagged := slices.Contains(r.Tags, "archived")
			said := slices.ContainsFunc(ps, func(p Problem) bool { return !p.Fatal && strings.Contains(p.Text, "archived in the other program") })
			if tagged != said {
				t.Errorf("%s: tagged %v, said %v", r.Title, tagged, said)
			}
			got = append(got, tagged)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s%s", file, diff)
		}
	}
}

// A damaged character matters in a password, and is only mentioned in notes.
func TestDamagedCharacters(t *testing.T) {
	s := open(t, "Title,Password,Notes\nä,ö,ü\nx,a\xffb,\nx,ö,a\xffb\n")
	var got []bool
	for _, ps := range s.Rows(s.Guess()) {
		for _, p := range ps {
			got = append(got, p.Fatal)
		}
	}
	if d := cmp.Diff([]bool{true, false}, got); d != "" {
		t.Error(d)
	}
}

func TestLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct{ heading, fits, over string }{
		{"Title", strings.Repeat("ä", MaxTitle), long(MaxTitle + 1)},
		{"Username", long(MaxUsername), long(MaxUsername + 1)},
		{"Password", long(MaxPassword), long(MaxPassword + 1)},
		{"Notes", long(MaxNotes), long(MaxNotes + 1)},
		{"URL", "https://a.example/" + long(MaxURL-18), "https://a.example/" + long(MaxURL-17)},
		{"Client", long(MaxName), long(MaxName + 1)},
		{"Folder", long(MaxName), long(MaxName + 1)},
		{"Tags", long(MaxName), long(MaxName + 1)},
		{"Colour", long(MaxField), long(MaxField + 1)},
		{"Notes", "n", long(MaxCell + 1)},
	} {
		for v, bad := range map[string]bool{c.fits: false, c.over: true} {
			s := open(t, c.heading+",Login\n"+v+",u\nnext,u\n")
			n, fatal := 0, false
			for r, ps := range s.Rows(s.Guess()) {
				for _, p := range ps {
					fatal = fatal || p.Fatal && r.Row == 2
					if p.Column != c.heading && p.Fatal {
						t.Errorf("%s: problem in %q", c.heading, p.Column)
					}
				}
				n++
			}
			if fatal != bad || n != 2 {
				t.Errorf("%s with %d bytes: fatal %v, %d rows", c.heading, len(v), fatal, n)
			}
		}
	}
	wide := open(t, "Title,Login\n"+strings.Repeat("x,", MaxColumns+5)+"\n")
	for _, ps := range wide.Rows(wide.Guess()) {
		if len(ps) == 0 || !ps[0].Fatal {
			t.Error("too many columns are no problem")
		}
	}
}

func TestTooManyRows(t *testing.T) {
	s := open(t, "Title,Login\n"+strings.Repeat("a,b\n", MaxRows+1))
	n := 0
	var last []Problem
	for _, ps := range s.Rows(s.Guess()) {
		n++
		last = ps
	}
	if n != MaxRows+1 || len(last) != 1 || !last[0].Ends || !strings.Contains(last[0].Text, "500000 rows") {
		t.Errorf("%d rows, %v", n, last)
	}
}

type failing struct {
	*strings.Reader
	fail bool
}

var errDisk = errors.New("disk is gone")

func (f *failing) Read(b []byte) (int, error) {
	if f.fail {
		return 0, errDisk
	}
	return f.Reader.Read(b)
}

func TestReaderFails(t *testing.T) {
	f := &failing{Reader: strings.NewReader("Title,Login\na,b\n")}
	s, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	f.fail = true
	var ends bool
	for _, ps := range s.Rows(s.Guess()) {
		ends = len(ps) == 1 && ps[0].Ends
	}
	if !ends {
		t.Error("a failing reader looks like the end of the file")
	}
	var p Problem
	if _, err := Open(f); !errors.Is(err, errDisk) || errors.As(err, &p) {
		t.Error(err)
	}
}

func TestCheck(t *testing.T) {
	s := open(t, "Title,Login,Password\na,b,c\n")
	m := s.Guess()
	if ps := s.Check(m); len(ps) != 0 {
		t.Error(ps)
	}
	for want, change := range map[string]func(*Mapping){
		"not mapped":         func(m *Mapping) { m.Columns = m.Columns[:2] },
		"does not have":      func(m *Mapping) { m.Columns[0].Index = 3 },
		"mapped twice":       func(m *Mapping) { m.Columns[0].Index = 1 },
		"unknown target":     func(m *Mapping) { m.Columns[0].To = 99 },
		"is the password al": func(m *Mapping) { m.Columns[1].To = ToPassword },
		"become the title":   func(m *Mapping) { m.Columns[0].To, m.Columns[1].To = Ignore, Ignore },
		"order of dates":     func(m *Mapping) { m.DateOrder = "year" },
	} {
		m := s.Guess()
		change(&m)
		found := false
		for _, p := range s.Check(m) {
			found = found || strings.Contains(p.Text, want)
		}
		if !found {
			t.Errorf("%s: %v", want, s.Check(m))
		}
		for range s.Rows(m) { // must not panic
		}
	}
}

func TestMappingAsJSON(t *testing.T) {
	want := Guess([]string{"Title", "Kennwort", "x", "favorite"})
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Mapping
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if err := json.Unmarshal([]byte(`{"columns":[{"to":"nowhere"}]}`), &got); err == nil {
		t.Error("an unknown target is taken")
	}
}

// Secrets get into no log by accident.
func TestRecordsPrintNothing(t *testing.T) {
	r := Record{Row: 3, Title: "hunter2", Password: "hunter2", Fields: []Field{{Name: "n", Value: "hunter2", Hidden: true}}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, v := range []any{r, &r, r.Fields, r.Fields[0]} {
			if s := fmt.Sprintf(verb, v); strings.Contains(s, "hunter2") || strings.Contains(s, "68756e74") {
				t.Errorf("%s: %s", verb, s)
			}
		}
	}
	if _, err := json.Marshal(r); err == nil {
		t.Error("JSON is written")
	}
	if _, err := json.Marshal(r.Fields); err == nil {
		t.Error("JSON of fields is written")
	}
}

// A heading means one thing, whatever the order in which the lists are read.
func TestVocabulary(t *testing.T) {
	strong := map[string]bool{}
	for _, list := range headingWords {
		for _, h := range strings.Fields(list) {
			if strings.HasPrefix(h, "?") {
				continue
			}
			if h != plainHeading(h) {
				t.Errorf("%q can never match", h)
			}
			if strong[h] || len(vocabulary[h].weak) > 0 {
				t.Errorf("%q means two things", h)
			}
			strong[h] = true
		}
	}
}

var _ io.ReadSeeker = (*slow)(nil)
