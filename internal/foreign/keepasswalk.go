package foreign

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"bailiwick/internal/seal/kdbx"
)

type keepass struct {
	db      hidden
	d       *xml.Decoder
	path    []string // open elements
	groups  []group
	history int // how deep in one
	entry   entry
	bin     string // the recycle bin's group; "" is none
	binOff  bool
	left    left
	sink    Sink
	n       *int
}

type group struct{ name, id string }

type entry struct {
	key, value  string
	protected   bool
	strings     []pair
	tags        string
	expires     bool
	at          string
	attachments int
}

type pair struct {
	name, value string
	protected   bool
}

const deepest = 64

// read goes through the elements in their order, which hidden values need.
func (k *keepass) read() error {
	var text []byte
	hidden := false
	for {
		t, err := k.d.Token()
		if errors.Is(err, io.EOF) && len(k.path) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(k.path) == 0 && t.Name.Local != "KeePassFile" || len(k.path) > 2*deepest {
				return errShape
			}
			text, hidden = text[:0], false
			for _, a := range t.Attr {
				hidden = hidden || a.Name.Local == "Protected" && strings.EqualFold(a.Value, "true")
			}
			k.begin(t.Name.Local)
		case xml.CharData:
			text = append(text, t...)
		case xml.EndElement:
			value, err := k.plain(text, hidden)
			if err == nil {
				err = k.end(t.Name.Local, value, hidden)
			}
			if err != nil {
				return err
			}
			clear(text)
			text, hidden = text[:0], false
		}
	}
}

// plain unhides a value. Each of them must be, also where it is of no use.
func (k *keepass) plain(text []byte, hidden bool) (string, error) {
	if !hidden || len(text) == 0 {
		return string(text), nil
	}
	if len(text) >= longestText {
		return "", kdbx.ErrLarge
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return "", errShape
	}
	return string(k.db.Unhide(raw)), nil
}

func (k *keepass) begin(name string) {
	switch name {
	case "Group":
		k.groups = append(k.groups, group{})
	case "History":
		k.history++
	case "Entry":
		if k.history == 0 {
			k.entry = entry{}
		}
	case "String":
		k.entry.key, k.entry.value, k.entry.protected = "", "", false
	}
	k.path = append(k.path, name)
}

func (k *keepass) end(name, value string, hidden bool) error {
	k.path = k.path[:len(k.path)-1]
	parent := ""
	if len(k.path) > 0 {
		parent = k.path[len(k.path)-1]
	}
	switch {
	case name == "History":
		k.history--
	case name == "Group":
		k.groups = k.groups[:len(k.groups)-1]
	case name == "Entry" && k.history > 0:
		k.left.histories++
	case name == "Entry":
		return k.done()
	case k.history > 0:
	case parent == "Meta" && name == "RecycleBinUUID":
		k.bin = value
	case parent == "Meta" && name == "RecycleBinEnabled":
		k.binOff = strings.EqualFold(value, "false")
	case parent == "Group" && name == "Name":
		k.groups[len(k.groups)-1].name = value
	case parent == "Group" && name == "UUID":
		k.groups[len(k.groups)-1].id = value
	case parent == "String" && name == "Key":
		k.entry.key = value
	case parent == "String" && name == "Value":
		k.entry.value, k.entry.protected = value, hidden
	case parent == "Entry" && name == "String":
		k.entry.strings = append(k.entry.strings, pair{k.entry.key, k.entry.value, k.entry.protected})
	case parent == "Entry" && name == "Tags":
		k.entry.tags = value
	case parent == "Entry" && name == "Binary":
		k.entry.attachments++
	case parent == "Times" && name == "Expires":
		k.entry.expires = strings.EqualFold(value, "true")
	case parent == "Times" && name == "ExpiryTime":
		k.entry.at = value
	}
	return nil
}

// noGroup is the id of what there is not.
const noGroup = "AAAAAAAAAAAAAAAAAAAAAA=="

func (k *keepass) done() error {
	if len(k.groups) == 0 {
		return errShape
	}
	k.left.attachments += k.entry.attachments
	if k.bin != "" && k.bin != noGroup && slices.ContainsFunc(k.groups, func(g group) bool { return g.id == k.bin }) {
		k.left.trashed++
		return nil
	}
	var folders []string
	for _, g := range k.groups[1:] { // the topmost is the database itself
		folders = append(folders, g.name)
	}
	return k.sink(k.entry.record(*k.n+1, folders))
}
