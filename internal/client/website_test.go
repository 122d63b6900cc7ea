package client_test

import (
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/fault"
)

// A website is of the web. What was stored before stays, also when something
// else of the client is changed.
func TestWebsiteIsOfTheWeb(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		id := add(w, client.Input{Name: "Contoso"})
		edit := func(change func(*client.Input)) error {
			c, err := w.Clients.Get(ctx, w.Admin, id)
			w.Must(err)
			in := c.Input()
			change(&in)
			_, err = w.Clients.Edit(ctx, w.Admin, id, c.Version, in)
			return err
		}
		for _, bad := range []string{"javascript:alert(1)", " JavaScript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://x.example", "mailto:a@x.example", "javascript://x/%0aalert(1)", "javascript:80a", "javascript:1/alert(1)", "JavaScript:1", "data:443/x", "vbscript:99"} {
			_, err := w.Clients.Add(ctx, w.Admin, client.Input{Name: "Bad", Website: bad})
			for how, err := range map[string]error{"add": err, "edit": edit(func(in *client.Input) { in.Website = bad })} {
				f, ok := fault.As(err)
				if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "website" || !strings.Contains(f.Fields[0].Text, "https://") {
					t.Errorf("%s of %q: %v", how, bad, err)
				}
			}
		}
		for _, good := range []string{"", "https://x.example", "HTTP://x.example/a:b", "www.x.example", "x.example:8443", "x.example:80/a", "x.example/?a=b:c", "//x.example", "see the reception"} {
			w.Must(edit(func(in *client.Input) { in.Website = good }))
		}
		w.Must(d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE clients SET website = 'javascript:old' WHERE id = $1`, id)
			return err
		}))
		w.Must(edit(func(in *client.Input) { in.Phone = "4711" }))
		if c, err := w.Clients.Get(ctx, w.Admin, id); err != nil || c.Website != "javascript:old" || c.Phone != "4711" {
			t.Errorf("%+v %v", c, err)
		}
	})
}
