package gate

import "strconv"

// Foundation is the organization of a client, still without keys.
type Foundation struct{ ID, Client, Name, Slug string }

var (
	foundSlug = Across("the address of a site must be nobody's yet", `SELECT COUNT(*) FROM organizations WHERE slug = $1`)
	foundSite = Across("a provider makes the organization of its client's site",
		`INSERT INTO organizations (id, kind, name, slug, created_at, sign_public, provider_id, client_id, access_epoch) VALUES ($1, 'site', $2, $3, $4, $5, $6, $7, 1)`)
)

// FoundSite makes the organization of the site of one of the actor's clients. It is
// the one statement by which an organization makes another one; what is stored
// in it follows with Beside.
func (t *Tx) FoundSite(f Foundation) error {
	slug, n := f.Slug, 1
	for i := 2; n > 0; i++ {
		if err := t.tx.Row(t.ctx, foundSlug.text, slug).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			slug = f.Slug + "-" + strconv.Itoa(i)
		}
	}
	_, err := t.tx.Exec(t.ctx, foundSite.text, f.ID, f.Name, slug, t.Millis(), []byte{}, t.who.org, f.Client)
	return err
}
