package cli

import (
	"strings"

	"bailiwick/sdk"
)

// Search finds by beginnings of words, the best first.
type Search struct {
	Format `embed:""`
	Words  []string `arg:"" help:"Beginnings of words: of a title, username, address, tag, client or person."`
	Limit  int      `default:"20" help:"How many at most, 1 to 100."`
}

// Run shows what was found.
func (c *Search) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	found, err := api.Search(e.Context, strings.Join(c.Words, " "), c.Limit)
	if err != nil {
		return err
	}
	if len(found.Hits) == 0 && !c.JSON {
		me, err := api.Me(e.Context)
		if err == nil && !me.Open {
			return &sdk.Error{Problem: sdk.Problem{Kind: sdk.Sealed}}
		}
		return fail(ExitAbsent, "Nothing that you reach fits %q.", strings.Join(c.Words, " "))
	}
	var rows [][]string
	for _, h := range found.Hits {
		where := h.ClientName
		if h.Personal {
			where = "My passwords"
		}
		rows = append(rows, []string{h.Kind, h.Title, h.Username, where, h.ID})
	}
	return c.show(e, found, "KIND|TITLE|USERNAME|CLIENT|ID", rows)
}
