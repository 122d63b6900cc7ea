// Package foreign reads what other password programs keep or export and what is
// no table: Bitwarden's JSON, 1Password's 1PUX and KeePass databases. It gives
// one record an entry, as package sheet does for rows, together with everything
// that is wrong with it.
//
// It reads entry by entry, within limits that hold whatever a file claims of
// itself. It writes nothing, stores nothing, and takes over no attachments: it
// counts what it leaves out.
package foreign

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"bailiwick/internal/seal/kdbx"
	"bailiwick/internal/sheet"
)

// Kind is a kind of file.
type Kind string

// The kinds that are known.
const (
	Bitwarden Kind = "Bitwarden (JSON)"
	OnePUX    Kind = "1Password (1PUX)"
	KeePass   Kind = "KeePass (KDBX)"
)

// MaxBytes is how large a file may be.
const MaxBytes = 100_000_000

// mostUnpacked is how large what a file unpacks to may be; tests make it less.
var mostUnpacked int64 = 512 << 20

// Recognise says what kind a file is by its first bytes; "" is none of them.
// An error is a sheet.Problem.
func Recognise(start []byte) (Kind, error) {
	switch {
	case kdbx.IsOld(start):
		return "", refuse("This is a database of KeePass 1 (KDB). Open it with KeePass or KeePassXC, save it in the format of version 4 (KDBX), and upload that.")
	case kdbx.Is(start):
		return KeePass, nil
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		if bytes.Contains(start, []byte("export.attributes")) || bytes.Contains(start, []byte("export.data")) {
			return OnePUX, nil
		}
	case bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("{")):
		return Bitwarden, nil
	}
	return "", nil
}

// Sink takes the entries, one after the other. Its error ends reading.
type Sink func(sheet.Record, []sheet.Problem) error

func refuse(format string, args ...any) error {
	return sheet.Problem{Text: fmt.Sprintf(format, args...), Fatal: true, Ends: true}
}

// counted stops at the most entries that one import takes.
func counted(sink Sink) (Sink, *int) {
	n := 0
	return func(r sheet.Record, ps []sheet.Problem) error {
		if n++; n > sheet.MaxRows {
			return refuse("The file has more than %d entries. Split it into several files.", sheet.MaxRows)
		}
		return sink(r, ps)
	}, &n
}

// stopping makes a reader heed the context.
type stopping struct {
	ctx context.Context
	r   io.Reader
}

func (s stopping) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(b)
}

// slashed takes a path such as "A/B" apart.
func slashed(path string) []string { return strings.Split(path, "/") }

// pathOf names an entry for problems.
func pathOf(title string, folders ...string) string {
	var clean []string
	for _, f := range folders {
		if f = strings.TrimSpace(f); f != "" {
			clean = append(clean, f)
		}
	}
	path := []rune(strings.ToValidUTF8(strings.Join(append(clean, strings.TrimSpace(title)), "/"), "�"))
	return string(path[:min(len(path), 300)])
}
