package foreign

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
)

const bitwardenExport = "unencrypted JSON export of Bitwarden"

type bitItem struct {
	Type          int        `json:"type"`
	FolderID      string     `json:"folderId"`
	CollectionIDs []string   `json:"collectionIds"`
	Name          string     `json:"name"`
	Notes         string     `json:"notes"`
	Deleted       string     `json:"deletedDate"`
	Fields        []bitField `json:"fields"`
	Login         struct {
		URIs []struct {
			URI string `json:"uri"`
		} `json:"uris"`
		Username string            `json:"username"`
		Password string            `json:"password"`
		TOTP     string            `json:"totp"`
		Passkeys []json.RawMessage `json:"fido2Credentials"`
	} `json:"login"`
	Card        map[string]any    `json:"card"`
	Identity    map[string]any    `json:"identity"`
	SSHKey      map[string]any    `json:"sshKey"`
	History     []json.RawMessage `json:"passwordHistory"`
	Attachments []json.RawMessage `json:"attachments"`
}

type bitField struct {
	Name   string `json:"name"`
	Value  any    `json:"value"`
	Type   int    `json:"type"`
	Linked int    `json:"linkedId"`
	Date   bool   `json:"bailiwickDate"` // of our own exports
}

// ReadBitwarden reads an unencrypted JSON export, of one's own vault or of an
// organization. It reads the file twice: folders may stand behind the entries.
func ReadBitwarden(ctx context.Context, r io.ReadSeeker, sink Sink) (remarks []string, err error) {
	b := &bitwarden{folders: map[string]string{}, collections: map[string]string{}}
	b.sink, b.n = counted(sink)
	for pass := range 2 {
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		d := newJSON(stopping{ctx, withoutMark(r)})
		err := d.object(func(key string) error { return b.member(d, key, pass == 1) })
		if err != nil {
			return nil, explained(err, bitwardenExport)
		}
		if !b.items {
			return nil, refuse("This is JSON, but no %s: it has no entries. In Bitwarden choose Tools, Export vault, file format “.json”.", bitwardenExport)
		}
	}
	return b.left.remarks("Bitwarden"), nil
}

// withoutMark passes over a byte order mark.
func withoutMark(r io.Reader) io.Reader {
	in := bufio.NewReaderSize(r, 64<<10)
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	return in
}

// OurMark is a member of our own exports in Bitwarden's format, which Bitwarden
// passes over. It says what the outermost folders are, and that custom fields
// stand in for what Bitwarden has no place for.
const (
	OurMark   = "bailiwick"
	OfClients = "clients"
	OfOwn     = "own"
)

type bitwarden struct {
	ours                 string // OfClients, OfOwn; "": another program wrote it
	folders, collections map[string]string
	items                bool
	left                 left
	sink                 Sink
	n                    *int
}

func (b *bitwarden) member(d *jsonIn, key string, second bool) error {
	switch {
	case key == "encrypted" && !second:
		var yes bool
		if err := d.Decode(&yes); err != nil || !yes {
			return err
		}
		return refuse("This export of Bitwarden is encrypted, so only Bitwarden can read it. Export again with the file format “.json” instead of “.json (Encrypted)”, and upload that; delete the file afterwards.")
	case key == OurMark && !second:
		return d.Decode(&b.ours)
	case (key == "folders" || key == "collections") && !second:
		into := b.folders
		if key == "collections" {
			into = b.collections
		}
		return d.array(func() error {
			var f struct {
				ID   string `json:"id"`
				Name string `json:"name"`
			}
			err := d.Decode(&f)
			into[f.ID] = f.Name
			return err
		})
	case key == "items":
		b.items = true
		return d.array(func() error {
			if !second {
				return d.skip()
			}
			var item bitItem
			if err := d.Decode(&item); err != nil {
				return err
			}
			return b.entry(item)
		})
	}
	return d.skip()
}
