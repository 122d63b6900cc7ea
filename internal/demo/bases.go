package demo

import (
	"archive/zip"
	"bytes"
	"embed"
	"io/fs"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

//go:embed articles
var articles embed.FS

// bases makes two knowledge bases out of folders of Markdown, as anybody would:
// one for customers, which everybody reads, and the staff's.
func (f *filler) bases() error {
	for _, b := range []struct{ path, name, about string }{
		{"help", "Help for our customers", "How to reach us, and what helps before you do."},
		{"handbook", "Staff handbook", "How we work."},
	} {
		id, err := f.Bases.Add(f.ctx, f.admin, kb.NewBase{Path: b.path, Name: b.name, Description: b.about})
		if err != nil {
			return err
		}
		archive, err := packed("articles/" + b.path)
		if err != nil {
			return err
		}
		if _, err := f.Bases.Import(f.ctx, f.admin, id, bytes.NewReader(archive), int64(len(archive)), kb.Importing{Publish: true}); err != nil {
			return err
		}
		if err := f.opened(id, b.path == "help"); err != nil {
			return err
		}
	}
	for _, r := range []struct {
		base, who string
		role      gate.Role
	}{
		{"help", "Rosa Bianchi", gate.Editor}, {"help", "David Okafor", gate.Admin}, {"handbook", "Carla Mendes", gate.Admin},
		{"handbook", "Femi Adeyemi", gate.Editor}, {"handbook", "Pavel Horák", gate.Public},
	} {
		if err := f.Bases.SetRole(f.ctx, f.admin, r.base, f.users[r.who], r.role); err != nil {
			return err
		}
	}
	return f.read()
}

// opened says who reads the categories, and deletes the one that nothing is in.
func (f *filler) opened(base string, public bool) error {
	front, err := f.Bases.Open(f.ctx, f.admin, base)
	if err != nil {
		return err
	}
	for _, c := range front.Categories {
		in := kb.CategoryInput{Name: c.Name, Visibility: gate.ForReaders}
		switch {
		case c.Name == "General":
			if err := f.Bases.DeleteCategory(f.ctx, f.admin, c.ID, "", false); err != nil {
				return err
			}
			continue
		case public && c.Name != "For new customers":
			in.Visibility, in.Sure = gate.ForAnybody, true
		case f.users[c.Name] != "": // it is called as its security group
			in.Visibility, in.Groups = gate.ForGroups, []string{f.users[c.Name]}
		}
		if in.Visibility == gate.ForReaders {
			continue
		}
		if _, err := f.Bases.EditCategory(f.ctx, f.admin, c.ID, c.Version, in); err != nil {
			return err
		}
	}
	return nil
}

// read has visitors search and judge, and one article wait for its day.
func (f *filler) read() error {
	here, err := f.Org.View(f.ctx, f.admin)
	if err != nil {
		return err
	}
	who, _, err := f.Sessions.PasserBy(f.ctx, here.Slug, "198.51.100.40", nil)
	if err != nil {
		return err
	}
	for _, text := range []string{"teams meeting", "teams meeting", "invoice", "printer", "invoice", "invoice"} {
		if _, err := f.Bases.Search(f.ctx, who, "help", text); err != nil {
			return err
		}
	}
	for i, a := range []string{"printer-does-not-print", "set-a-new-password", "printer-does-not-print", "slow-at-home", "connect-by-vpn"} {
		art, err := f.Bases.Read(f.ctx, who, "help", a)
		if err != nil {
			return err
		}
		if err := f.Bases.Say(f.ctx, who, art.ID, a != "slow-at-home", string(rune('a'+i))); err != nil {
			return err
		}
	}
	later, err := f.Bases.DraftAt(f.ctx, f.admin, "handbook", "patching")
	if err != nil {
		return err
	}
	if _, err := f.Bases.Publish(f.ctx, f.admin, later.ID, later.Version, f.now.Add(6*24*time.Hour).UnixMilli()); err != nil {
		return err
	}
	return f.Bases.Sweep(f.ctx)
}

// packed makes a ZIP archive of a folder.
func packed(root string) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err := fs.WalkDir(articles, root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := articles.ReadFile(path)
		if err != nil {
			return err
		}
		w, err := z.Create(strings.TrimPrefix(path, root+"/"))
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	})
	if err == nil {
		err = z.Close()
	}
	return b.Bytes(), err
}
