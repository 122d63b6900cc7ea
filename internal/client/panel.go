package client

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Panel is what people wrote on a client's overview, in the order that they
// gave it. It is sealed under the client key.
type Panel struct {
	Items   []Item
	Sealed  bool // there is one, but the session does not open it
	Changed time.Time
	Version int64
}

// Item is a field (name and value), or a free text whose name is its heading.
type Item struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Kinds of items.
const (
	KindField = "field"
	KindText  = "text"
)

// Limits of a panel.
const (
	MostItems   = 50
	longestName = 100
	longestLine = 500
	longestText = 10_000
)

var (
	sqlPanelAt    = gate.SQL(`SELECT panel_at FROM clients WHERE org_id = $1 AND id = $2`)
	sqlSetPanelAt = gate.SQL(`UPDATE clients SET panel_at = $3 WHERE org_id = $1 AND id = $2 AND panel_version = $4`)
)

func panelOf(tx *gate.Tx, clientID string) (p Panel, err error) {
	var at int64
	if err := tx.Row(sqlPanelAt, clientID).Scan(&at); err != nil {
		return p, err
	}
	if at != 0 {
		p.Changed = time.UnixMilli(at).UTC()
	}
	lying, err := inPanel.load(tx, clientID)
	if err != nil {
		return p, err
	}
	p.Version = lying.version
	text, shut, err := inPanel.open(tx, clientID, lying)
	if p.Sealed = shut; err != nil || text == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(text), &p.Items)
}

// checkItems puts the items in shape: empty ones go.
func checkItems(items []Item) ([]Item, error) {
	var out []Item
	var bad []fault.Field
	for _, i := range items {
		i.Name, i.Value = strings.TrimSpace(i.Name), strings.TrimSpace(i.Value)
		if i.Name == "" && i.Value == "" {
			continue
		}
		most := longestText
		switch {
		case i.Kind != KindField && i.Kind != KindText:
			bad = append(bad, fault.Field{Name: "items", Text: "An item is a field or a text."})
		case i.Kind == KindField && i.Name == "":
			bad = append(bad, fault.Field{Name: "items", Text: "Give each field a name."})
		case i.Kind == KindField && strings.ContainsAny(i.Value, "\r\n"):
			bad = append(bad, fault.Field{Name: "items", Text: "A field has one line. For several, add a text."})
		}
		if i.Kind == KindField {
			most = longestLine
		}
		if utf8.RuneCountInString(i.Name) > longestName || utf8.RuneCountInString(i.Value) > most {
			bad = append(bad, fault.Field{Name: "items", Text: "A name has 100 characters at most, the value of a field 500, a text 10,000."})
		}
		out = append(out, i)
	}
	if len(out) > MostItems {
		bad = append(bad, fault.Field{Name: "items", Text: "An overview has 50 items at most."})
	}
	return out, fault.BadFields(bad)
}

// SetPanel puts other items in the place of those that the actor read at a
// version.
func (s *Store) SetPanel(ctx context.Context, who gate.Actor, clientID string, version int64, items []Item) (int64, error) {
	items, err := checkItems(items)
	if err != nil {
		return 0, err
	}
	return gate.Do(ctx, s.gate, who, OpPanel, gate.Client(clientID), func(tx *gate.Tx) (int64, error) {
		c, err := scan(tx.Row(sqlOne, who.User(), clientID))
		if err != nil {
			return 0, err
		}
		old, err := panelOf(tx, clientID)
		if err != nil {
			return 0, err
		}
		if old.Version != version {
			return 0, fault.Stale("overview")
		}
		if err := tx.One(sqlSetPanelAt, clientID, tx.Millis(), version); err != nil {
			return 0, err
		}
		text := ""
		if len(items) > 0 {
			whole, err := json.Marshal(items)
			if err != nil {
				return 0, err
			}
			text = string(whole)
		}
		box, err := inPanel.save(tx, clientID, text, version+1)
		if err != nil {
			return 0, err
		}
		sealedIn(tx, box)
		e := tx.Event()
		e.Name, e.Fields = c.Name, differ(old.Items, items)
		return version + 1, nil
	})
}

// differ says for the audit log what was done to a panel. Names of fields are
// sealed, so it says no more.
func differ(old, now []Item) []string {
	lacks := func(list []Item) func(Item) bool {
		return func(i Item) bool { return !slices.Contains(list, i) }
	}
	switch {
	case slices.ContainsFunc(now, lacks(old)) || slices.ContainsFunc(old, lacks(now)):
		return []string{"contents"}
	case !slices.Equal(old, now):
		return []string{"order"}
	}
	return nil
}
