package client

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Banner is a notice at the top of all pages of a client. Its text is sealed;
// Until is the last day that shows it, zero for no end.
type Banner struct {
	Client, ClientName string
	Text, Level        string
	Until              time.Time
	Sealed             bool // there is one, but the session does not open it
	Ended              bool // its last day is over
	Changed            time.Time
	Version            int64
	MayEdit            bool
}

// Shown reports whether pages show it now.
func (b Banner) Shown() bool { return (b.Text != "" || b.Sealed) && !b.Ended }

// Levels are how loud a banner is.
var Levels = []string{"info", "warning", "danger"}

const longestBanner = 1000

var (
	sqlBanner    = gate.SQL(`SELECT name, banner_level, banner_until, banner_at, banner_epoch, banner_version, banner_box FROM clients WHERE org_id = $1 AND id = $2`)
	sqlSetBanner = gate.SQL(`UPDATE clients SET banner_level = $3, banner_until = $4, banner_at = $5 WHERE org_id = $1 AND id = $2 AND banner_version = $6`)
)

// Banner gives the banner of the client that the target is or lies in. What is
// in the actor's personal vault has none.
func (s *Store) Banner(ctx context.Context, who gate.Actor, of gate.Target) (Banner, error) {
	return gate.Do(ctx, s.gate, who, OpBanner, of, func(tx *gate.Tx) (Banner, error) {
		if tx.ClientID() == "" {
			return Banner{}, nil
		}
		return bannerOf(tx, tx.ClientID())
	})
}

func bannerOf(tx *gate.Tx, clientID string) (b Banner, err error) {
	var lying sealed
	var until, at int64
	if err := tx.Row(sqlBanner, clientID).Scan(&b.ClientName, &b.Level, &until, &at, &lying.epoch, &lying.version, &lying.box); err != nil {
		return b, err
	}
	b.Client, b.Version, b.MayEdit = clientID, lying.version, tx.May(OpEditBanner, gate.Client(clientID))
	if at != 0 {
		b.Changed = time.UnixMilli(at).UTC()
	}
	if until != 0 {
		b.Until = time.UnixMilli(until).UTC()
		b.Ended = over(b.Until, tx.Now())
	}
	b.Text, b.Sealed, err = inBanner.open(tx, clientID, lying)
	return b, err
}

// BannerInput is what can be set; an empty text takes the banner away.
type BannerInput struct {
	Text, Level string
	Until       time.Time
}

func (in *BannerInput) check() error {
	var bad []fault.Field
	in.Text = strings.TrimSpace(in.Text)
	if in.Level == "" {
		in.Level = Levels[0]
	}
	if !slices.Contains(Levels, in.Level) {
		bad = append(bad, fault.Field{Name: "level", Text: "Choose info, warning or danger."})
	}
	if utf8.RuneCountInString(in.Text) > longestBanner {
		bad = append(bad, fault.Field{Name: "text", Text: "A banner has 1,000 characters at most. Longer texts belong on the overview."})
	}
	in.Until = in.Until.UTC().Truncate(24 * time.Hour)
	return fault.BadFields(bad)
}

// SetBanner changes a banner that the actor read at a version.
func (s *Store) SetBanner(ctx context.Context, who gate.Actor, clientID string, version int64, in BannerInput) (int64, error) {
	if err := in.check(); err != nil {
		return 0, err
	}
	return gate.Do(ctx, s.gate, who, OpEditBanner, gate.Client(clientID), func(tx *gate.Tx) (int64, error) {
		old, err := bannerOf(tx, clientID)
		if err != nil {
			return 0, err
		}
		if old.Version != version {
			return 0, fault.Stale("banner")
		}
		if in.Text != "" && !in.Until.IsZero() && over(in.Until, tx.Now()) && !in.Until.Equal(old.Until) {
			return 0, fault.Bad("until", "This day is over. Choose today or later, or no end.")
		}
		until := int64(0)
		if !in.Until.IsZero() {
			until = in.Until.UnixMilli()
		}
		if err := tx.One(sqlSetBanner, clientID, in.Level, until, tx.Millis(), version); err != nil {
			return 0, err
		}
		box, err := inBanner.save(tx, clientID, in.Text, version+1)
		if err != nil {
			return 0, err
		}
		sealedIn(tx, box)
		e := tx.Event()
		e.Name = old.ClientName
		for _, f := range []struct {
			name string
			same bool
		}{{"end date", in.Until.Equal(old.Until)}, {"level", in.Level == old.Level}, {"text", in.Text == old.Text}} {
			if !f.same {
				e.Fields = append(e.Fields, f.name)
			}
		}
		return version + 1, nil
	})
}
