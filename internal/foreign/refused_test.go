package foreign

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"bailiwick/internal/sheet"
)

func TestRecognise(t *testing.T) {
	for start, want := range map[string]Kind{
		string(pux(t)[:200]):               OnePUX,
		" \r\n{\"encrypted\": false":       Bitwarden,
		"\xef\xbb\xbf{":                    Bitwarden,
		"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5": KeePass,
		"Title,Password\n":                 "",
		"PK\x03\x04xl/workbook.xml":        "",
		"":                                 "",
	} {
		if got, err := Recognise([]byte(start)); got != want || err != nil {
			t.Errorf("%q is %q, %v", start[:min(len(start), 20)], got, err)
		}
	}
	if _, err := Recognise([]byte("\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5")); err == nil || !strings.Contains(err.Error(), "KDBX") {
		t.Error(err)
	}
}

// What can't be read is refused with words that say what to do.
func TestRefused(t *testing.T) {
	none := func(sheet.Record, []sheet.Problem) error { return nil }
	for want, read := range map[string]func(Sink) ([]string, error){
		"is encrypted":            bitwardenOf([]byte(`{"encrypted":true,"passwordProtected":true,"salt":"x","data":"y"}`)),
		"it has no entries":       bitwardenOf([]byte(`{"a":1}`)),
		"its JSON is broken":      bitwardenOf([]byte(`{"items":[{]}`)),
		"ends too early":          bitwardenOf([]byte(`{"items":[{"name":"x"}`)),
		"something else":          bitwardenOf([]byte(`{"items":[{"name":7}]}`)),
		"Choose the file":         bitwardenOf([]byte(`{"items":{"a":1}}`)),
		"has no export.data":      puxOf(archive(t, map[string][]byte{"other": nil})),
		"archive is damaged":      puxOf(pux(t)[:400]),
		"1Password: its JSON is":  puxOf(archive(t, map[string][]byte{"export.data": []byte("{]")})),
		"This is no unencrypted":  puxOf(archive(t, map[string][]byte{"export.data": []byte("{}")})),
		"KeePass database is dam": keepassOf([]byte("\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\x00\x00\x04\x00"), "x", nil),
	} {
		_, err := read(none)
		var p sheet.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Text, want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ReadBitwarden(ctx, bytes.NewReader(data(t, "bitwarden.json")), none); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	full := errors.New("full")
	if _, err := bitwardenOf(data(t, "bitwarden.json"))(func(sheet.Record, []sheet.Problem) error { return full }); !errors.Is(err, full) {
		t.Error("the sink's error is lost")
	}
}

// White space and things that are of no use cost no memory, one entry can't
// take all of it.
func TestLargeJSON(t *testing.T) {
	none := func(sheet.Record, []sheet.Problem) error { return nil }
	blank := strings.Repeat(" \n", 8<<20)
	if _, err := bitwardenOf([]byte(`{"other":[` + strings.Repeat(`"`+strings.Repeat("x", 10_000)+`",`, 3*mostElement/10_000) + `1],` + blank + `"items":[{"type":1,"name":"a  \" b"}]}`))(func(r sheet.Record, _ []sheet.Problem) error {
		if r.Title != `a  " b` {
			t.Errorf("%q", r.Title)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if _, err := bitwardenOf([]byte(`{"items":[{"type":1,"name":"` + strings.Repeat("x", 2*mostElement) + `"}]}`))(none); err == nil || !strings.Contains(err.Error(), "larger than 16 MB") {
		t.Error(err)
	}
}

func TestTooManyEntries(t *testing.T) {
	sink, n := counted(func(sheet.Record, []sheet.Problem) error { return nil })
	*n = sheet.MaxRows - 1
	if err := sink(sheet.Record{}, nil); err != nil {
		t.Error(err)
	}
	if err := sink(sheet.Record{}, nil); err == nil || !strings.Contains(err.Error(), "more than 500000 entries") {
		t.Error(err)
	}
}

// A small archive that unpacks to very much, and one with very many files.
func TestZipBombs(t *testing.T) {
	none := func(sheet.Record, []sheet.Problem) error { return nil }
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("export.data")
	if err != nil {
		t.Fatal(err)
	}
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	whole := mostUnpacked
	mostUnpacked = 8 << 20
	defer func() { mostUnpacked = whole }()
	_, _ = f.Write([]byte("{"))
	for range mostUnpacked>>20 + 1 {
		_, _ = f.Write(blanks)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := puxOf(b.Bytes())(none); err == nil || !strings.Contains(err.Error(), "unpacks to more than") {
		t.Errorf("a bomb of %d bytes gives %v", b.Len(), err)
	}
	b.Reset()
	w = zip.NewWriter(&b)
	for n := range 120_000 {
		if _, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("files/%040d", n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := puxOf(b.Bytes())(none); err == nil || !strings.Contains(err.Error(), "too many files") {
		t.Error(err)
	}
}
