package demo

import (
	"bytes"
	"embed"
	"image"
	"image/color"
	"image/png"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/org"
)

//go:embed articles/*.md
var articles embed.FS

// page is an article of the demo.
type page struct {
	base, category, file, title, slug string
	tags                              []string
	published                         bool
}

var pages = []page{
	{"help", "Remote work", "vpn.md", "Connect to the VPN", "vpn", []string{"VPN", "home office"}, true},
	{"help", "Accounts", "password.md", "Reset your password", "reset-password", []string{"account"}, true},
	{"help", "General", "reach.md", "How to reach us", "reach-us", nil, true},
	{"handbook", "General", "outage.md", "When something is down", "outage", []string{"incident"}, true},
	{"handbook", "People", "onboarding.md", "A new colleague's first day", "onboarding", []string{"people"}, true},
	{"handbook", "Finance", "salaries.md", "Payroll, step by step", "payroll", nil, true},
	{"handbook", "General", "reach.md", "On call at Christmas", "on-call-christmas", nil, false},
}

// knowledge makes two knowledge bases: help for customers, which anybody reads,
// and a handbook for staff with a category for some.
func (f *filler) knowledge() error {
	admin := f.admin
	for _, b := range []kb.NewBase{{Path: "help", Name: "Help for our customers", Description: "Short answers to what we are asked most often."}, {Path: "handbook", Name: "Staff handbook", Description: "How we work: for everybody at " + company + "."}} {
		if _, err := f.Bases.Add(f.ctx, admin, b); err != nil {
			return err
		}
	}
	general := func(base string) (kb.Category, error) {
		front, err := f.Bases.Open(f.ctx, admin, base)
		if err != nil {
			return kb.Category{}, err
		}
		return front.Categories[0], nil
	}
	in := map[string]string{}
	for _, base := range []string{"help", "handbook"} {
		c, err := general(base)
		if err != nil {
			return err
		}
		in[base+"/General"] = c.ID
		if base == "help" {
			if _, err := f.Bases.EditCategory(f.ctx, admin, c.ID, c.Version, kb.CategoryInput{Name: "General", Visibility: gate.ForAnybody}); err != nil {
				return err
			}
		}
	}
	groups, err := f.Bases.Groups(f.ctx, admin, "handbook")
	if err != nil {
		return err
	}
	finance := ""
	for _, g := range groups {
		if g.Name == "Finance" {
			finance = g.ID
		}
	}
	for _, c := range []struct {
		base string
		in   kb.CategoryInput
	}{{"help", kb.CategoryInput{Name: "Accounts", Visibility: gate.ForAnybody}}, {"help", kb.CategoryInput{Name: "Remote work", Visibility: gate.ForAnybody}},
		{"handbook", kb.CategoryInput{Name: "People", Visibility: gate.ForReaders}}, {"handbook", kb.CategoryInput{Name: "Finance", Visibility: gate.ForGroups, Groups: []string{finance}}}} {
		id, err := f.Bases.AddCategory(f.ctx, admin, c.base, "", c.in)
		if err != nil {
			return err
		}
		in[c.base+"/"+c.in.Name] = id
	}
	for _, p := range pages {
		if err := f.article(admin, p, in[p.base+"/"+p.category]); err != nil {
			return err
		}
	}
	return f.readers(admin)
}

func (f *filler) article(admin gate.Actor, p page, category string) error {
	text, err := articles.ReadFile("articles/" + p.file)
	if err != nil {
		return err
	}
	input := kb.Input{Category: category, Title: p.title, Slug: p.slug, Markdown: string(text), Tags: p.tags}
	made, err := f.Bases.Write(f.ctx, admin, p.base, input)
	if err != nil {
		return err
	}
	if p.slug == "vpn" {
		var b bytes.Buffer
		if err := png.Encode(&b, drawing()); err != nil {
			return err
		}
		file, err := f.Bases.Attach(f.ctx, admin, made.ID, "client.png", b.Bytes())
		if err != nil {
			return err
		}
		input.Markdown += "\n![The window of the client: three fields and a button](files/" + file.ID + "/" + file.Name + ")\n"
		if made, err = f.Bases.Edit(f.ctx, admin, made.ID, made.Version, input); err != nil {
			return err
		}
	}
	if !p.published {
		return nil
	}
	f.clock.Advance(11 * time.Minute)
	_, err = f.Bases.Publish(f.ctx, admin, made.ID, made.Version, 0)
	return err
}

// drawing stands for a screenshot.
func drawing() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 480, 260))
	fill := func(r image.Rectangle, c color.RGBA) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				m.SetRGBA(x, y, c)
			}
		}
	}
	fill(m.Bounds(), color.RGBA{226, 232, 235, 255})
	fill(image.Rect(60, 30, 420, 230), color.RGBA{255, 255, 255, 255})
	fill(image.Rect(60, 30, 420, 58), color.RGBA{21, 94, 117, 255})
	for i := range 3 {
		fill(image.Rect(84, 76+i*36, 396, 100+i*36), color.RGBA{203, 213, 218, 255})
	}
	fill(image.Rect(300, 190, 396, 214), color.RGBA{14, 116, 144, 255})
	return m
}

// readers gives somebody who writes, and the guest who only reads, their roles;
// others look around and say whether it helped.
func (f *filler) readers(admin gate.Actor) error {
	for _, r := range []struct {
		base, name string
		role       gate.Role
	}{{"handbook", "Elena Petrova", gate.Editor}, {"help", "Elena Petrova", gate.Admin}, {"handbook", "Rosa Bianchi", gate.Reader}} {
		if err := f.Bases.SetRole(f.ctx, admin, r.base, f.users[r.name], r.role); err != nil {
			return err
		}
	}
	for i, agent := range []string{"one", "two", "three"} {
		who, _, err := f.Sessions.PasserBy(f.ctx, org.Slug(company), "198.51.100.7", nil)
		if err != nil {
			return err
		}
		a, err := f.Bases.Read(f.ctx, who, "help", "vpn")
		if err != nil {
			return err
		}
		if err := f.Bases.Say(f.ctx, who, a.ID, i != 1, agent); err != nil {
			return err
		}
		if _, err := f.Bases.Search(f.ctx, who, "help", "printer offline"); err != nil {
			return err
		}
	}
	return f.Bases.Sweep(f.ctx)
}
