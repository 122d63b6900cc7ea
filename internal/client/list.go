package client

import (
	"context"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/vault"
)

var sqlList = gate.SQL(`SELECT ` + columns + ` FROM clients c WHERE c.org_id = $1 AND (c.enabled OR $3)
	AND (NOT $4 OR c.company OR EXISTS (SELECT 1 FROM bookmarks b WHERE b.org_id = c.org_id AND b.client_id = c.id AND b.user_id = $2))
	ORDER BY c.company DESC, c.name_folded, c.id`)

// Filter narrows a list.
type Filter struct {
	Text     string
	Tag      string // only clients that have it; needs the keys
	Disabled bool   // disabled ones too
	Counts   bool   // with numbers of credentials and flags, and with tags
	Tags     bool   // with all tags that there are to choose from
	Marked   bool   // only the company vault and bookmarked ones
	After    string
	Limit    int // 0: all
}

// Page is a part of a list.
type Page struct {
	List     []Client
	Total    int      // clients that the filter lets through
	Start    int      // how many come before
	Previous string   // After of the page before
	Tags     []string // of all reached clients, where asked for
	Sealed   bool     // there are tags that the session can't open
}

// More reports whether there are others after the last.
func (p Page) More() bool { return p.Start+len(p.List) < p.Total }

// List gives the clients that the actor reaches: the company vault first, then
// the bookmarked ones, each by name. more tells that there are others after
// the last.
func (s *Store) List(ctx context.Context, who gate.Actor, f Filter) (list []Client, more bool, err error) {
	p, err := s.Browse(ctx, who, f)
	return p.List, p.More(), err
}

// Browse gives a page of what List lists. What is gone ends the list: to begin
// anew would never end.
func (s *Store) Browse(ctx context.Context, who gate.Actor, f Filter) (Page, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (p Page, err error) {
		if f.Tag != "" && !who.Open() {
			return p, fault.Closed() // an empty list would say that no client has the tag
		}
		all, err := reached(tx, f)
		if err != nil {
			return p, err
		}
		if f.Tag != "" || f.Tags {
			if p.Tags, p.Sealed, err = openTags(tx, all); err != nil {
				return p, err
			}
		}
		if f.Tag != "" {
			want := org.Fold(f.Tag)
			all = slices.DeleteFunc(all, func(c stored) bool {
				return !slices.ContainsFunc(c.Tags, func(t string) bool { return org.Fold(t) == want })
			})
		}
		p.cut(all, f)
		if f.Counts {
			err = p.fill(tx, all[p.Start:p.Start+len(p.List)])
		}
		for i := range p.List {
			p.List[i].permit(tx)
		}
		return p, err
	})
}

// reached reads the clients that the actor reaches and that the words fit.
func reached(tx *gate.Tx, f Filter) (all []stored, err error) {
	words := strings.Fields(find.Plain(f.Text))
	err = tx.Each(sqlList, func(r *gate.Rows) error {
		c, err := scan(r)
		if err == nil && tx.SeesClient(c.ID) && matches(c.Client, words) {
			all = append(all, c)
		}
		return err
	}, tx.Who().User(), f.Disabled, f.Marked)
	slices.SortStableFunc(all, func(a, b stored) int { return place(a.Client) - place(b.Client) })
	return all, err
}

func place(c Client) int {
	switch {
	case c.Company:
		return 0
	case c.Bookmarked:
		return 1
	}
	return 2
}

func matches(c Client, words []string) bool {
	text := find.Plain(c.Name + " " + c.ShortCode)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// openTags opens the tags of the clients, and gives all that there are.
func openTags(tx *gate.Tx, all []stored) (tags []string, shut bool, err error) {
	wanted := map[string]int64{}
	for _, c := range all {
		if c.tags.epoch > 0 {
			wanted[c.ID] = c.tags.epoch
		}
	}
	if err := tx.ClientKeys(wanted); err != nil {
		return nil, false, err
	}
	known := map[string]bool{}
	for i := range all {
		if err := all[i].open(tx); err != nil {
			return nil, false, err
		}
		shut = shut || all[i].Sealed
		for _, t := range all[i].Tags {
			if !known[org.Fold(t)] {
				known[org.Fold(t)] = true
				tags = append(tags, t)
			}
		}
	}
	slices.SortFunc(tags, func(a, b string) int { return strings.Compare(org.Fold(a), org.Fold(b)) })
	return tags, shut, nil
}

func (c *stored) open(tx *gate.Tx) error {
	text, shut, err := inTags.open(tx, c.ID, c.tags)
	c.Sealed = c.Sealed || shut
	if text != "" {
		c.Tags = strings.Split(text, "\n")
	}
	return err
}

// cut takes the page out of all.
func (p *Page) cut(all []stored, f Filter) {
	p.Total = len(all)
	if f.After != "" {
		p.Start = p.Total
		if i := slices.IndexFunc(all, func(c stored) bool { return c.ID == f.After }); i >= 0 {
			p.Start = i + 1
		}
	}
	end := p.Total
	if f.Limit > 0 {
		end = min(end, p.Start+f.Limit)
		if i := p.Start - f.Limit; i > 0 {
			p.Previous = all[i-1].ID
		}
	}
	for _, c := range all[p.Start:end] {
		p.List = append(p.List, c.Client)
	}
}

// fill adds the numbers and tags of the page.
func (p *Page) fill(tx *gate.Tx, rows []stored) error {
	sums, err := vault.Sums(tx, "")
	if err != nil {
		return err
	}
	for i := range rows {
		if rows[i].Tags == nil {
			if err := rows[i].open(tx); err != nil {
				return err
			}
		}
		c := &p.List[i]
		c.Tags, c.Sealed, c.Sum = rows[i].Tags, rows[i].Sealed, sums[c.ID]
	}
	return nil
}
