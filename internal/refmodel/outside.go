package refmodel

// External links (E1-E5).

func init() {
	for name, o := range map[string]operation{
		"link.add":    {who: "U", key: true, needs: "Password: External Link Share", on: "credential"},
		"link.of":     {who: "UP", needs: "Password: External Link Share", on: "credential"},
		"link.list":   {who: "UP", needs: "Password: External Link Share", on: "none"},
		"link.revoke": {who: "U", needs: "level", on: "none user", others: true},
		"link.try":    {who: "E", needs: "Password: External Link Share", on: "credential"},
		"link.open":   {who: "E", needs: "Password: External Link Share", on: "credential"},
	} {
		operations[name] = o
	}
}

// outside is what the rows above can't say.
func (s *subject) outside(a Attempt, at place) (needs []string, why string) {
	switch a.Operation {
	case "link.add", "link.of", "link.try", "link.open":
		why = refuse(at.owner != "", "nothing of a personal vault goes outside")
	}
	if a.Operation == "link.add" && a.Second.Kind == "permission" {
		needs = []string{a.Second.ID} // the copy holds a secret
	}
	if s.kind == "E" && a.Target.ID != s.link {
		why += "another credential than the link's"
	}
	return needs, why
}

// Exports (Y1, Y2).

func init() {
	for name, o := range map[string]operation{
		"export.credentials": {who: "U", key: true, needs: "Admin: Export Data", on: "none client"},
		"export.part":        {who: "U", key: true, needs: "Admin: Export Data", on: "client"},
		"client.export":      {who: "U", needs: "Admin: Export Data", on: "none"},
		"export.own":         {who: "U", key: true, needs: "level + Vault Access", on: "none user"},
		"export.own.part":    {who: "U", key: true, needs: "level + Vault Access", on: "none user"},
	} {
		operations[name] = o
	}
}
