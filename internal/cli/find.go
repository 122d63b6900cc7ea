package cli

import (
	"slices"
	"strings"

	"bailiwick/sdk"
)

// client finds a client by id, name or short code, or by a part of its name.
func (e *Env) client(api *sdk.API, text string) (sdk.Client, error) {
	return e.clientAmong(api, text, false)
}

// clientAmong looks among the disabled ones too, where they are wanted.
func (e *Env) clientAmong(api *sdk.API, text string, disabled bool) (sdk.Client, error) {
	if strings.HasPrefix(text, "client_") {
		return api.Client(e.Context, text)
	}
	found, err := api.Clients(e.Context, sdk.ClientFilter{Text: text, Disabled: disabled, Page: sdk.Page{Limit: 50}})
	if err != nil {
		return sdk.Client{}, err
	}
	fits := clientsNamed(found.Clients, text)
	switch len(fits) {
	case 0:
		return sdk.Client{}, fail(ExitAbsent, "There is no client %q that you reach.", text)
	case 1:
		return fits[0], nil
	}
	var lines []string
	for _, c := range fits {
		lines = append(lines, c.Name+"  "+c.ID)
	}
	n, err := e.choose("Client "+text, lines)
	if err != nil {
		return sdk.Client{}, err
	}
	return fits[n], nil
}

// clientsNamed are those of the found ones whose name or short code is just
// that text, or else all of them.
func clientsNamed(found []sdk.Client, text string) []sdk.Client {
	same := slices.DeleteFunc(slices.Clone(found), func(c sdk.Client) bool {
		return !strings.EqualFold(c.Name, text) && (c.ShortCode == "" || !strings.EqualFold(c.ShortCode, text))
	})
	if len(same) > 0 {
		return same
	}
	return found
}

// place finds a client, or is the personal vault.
func (e *Env) place(api *sdk.API, client string, mine bool) (place sdk.Place, name string, err error) {
	switch {
	case mine && client != "":
		return place, "", fail(ExitUsage, "Name a client or use --mine, not both.")
	case mine:
		return sdk.Place{Personal: true}, "My passwords", nil
	case client == "":
		return e.onlyVault(api)
	}
	c, err := e.client(api, client)
	return sdk.Place{Client: c.ID}, c.Name, err
}

// onlyVault is the company vault of a site, which has no other; elsewhere a
// client has to be named.
func (e *Env) onlyVault(api *sdk.API) (place sdk.Place, name string, err error) {
	org, err := api.Organization(e.Context)
	if err != nil {
		return place, "", err
	}
	if org.Kind != "site" {
		return place, "", fail(ExitUsage, "Name a client, or use --mine for your own passwords.")
	}
	found, err := api.Clients(e.Context, sdk.ClientFilter{Page: sdk.Page{Limit: 1}})
	if err != nil || len(found.Clients) == 0 {
		return place, "", err
	}
	return sdk.Place{Client: found.Clients[0].ID}, found.Clients[0].Name, nil
}

// folder finds a folder of a place by id, or by its path "Network/Wi-Fi".
func (e *Env) folder(api *sdk.API, of sdk.Place, path string) (string, error) {
	if path == "" || strings.HasPrefix(path, "folder_") {
		return path, nil
	}
	found, err := api.Folders(e.Context, of)
	if err != nil {
		return "", err
	}
	fits := foldersAt(found.Folders, strings.Trim(path, "/"))
	switch len(fits) {
	case 0:
		return "", fail(ExitAbsent, "There is no folder %q there that you reach.", path)
	case 1:
		return fits[0].ID, nil
	}
	var lines []string
	for _, f := range fits {
		lines = append(lines, strings.Join(f.names, " → ")+"  "+f.ID)
	}
	n, err := e.choose("Folder "+path, lines)
	if err != nil {
		return "", err
	}
	return fits[n].ID, nil
}

// nested is a folder with the names on the way to it.
type nested struct {
	sdk.Folder
	names []string
}

// foldersAt gives the folders that a path names. The one that is written just so
// goes before others in other letters, but not before one at another depth: a
// name may have a slash in it.
func foldersAt(all []sdk.Folder, path string) []nested {
	names := map[string][]string{}
	var fits, exact []nested
	for _, f := range all {
		names[f.ID] = append(slices.Clone(names[f.Folder]), f.Name)
		f := nested{f, names[f.ID]}
		at := strings.Join(f.names, "/")
		if strings.EqualFold(at, path) {
			fits = append(fits, f)
		}
		if at == path {
			exact = append(exact, f)
		}
	}
	if len(exact) == 1 && !slices.ContainsFunc(fits, func(f nested) bool { return len(f.names) != len(exact[0].names) }) {
		return exact
	}
	return fits
}

// folders gives the path of each folder of a place.
func (e *Env) folders(api *sdk.API, of sdk.Place) (map[string]string, error) {
	found, err := api.Folders(e.Context, of)
	paths := map[string]string{}
	for _, f := range found.Folders {
		paths[f.ID] = strings.TrimPrefix(paths[f.Folder]+"/"+f.Name, "/")
	}
	return paths, err
}

// credential finds a credential by id, or by a search that fits one; of
// several, one whose title is just that goes before the rest.
func (e *Env) credential(api *sdk.API, words []string) (sdk.Credential, error) {
	query := strings.Join(words, " ")
	if strings.HasPrefix(query, "cred_") {
		return api.Credential(e.Context, query)
	}
	found, err := api.Search(e.Context, query, 50)
	if err != nil {
		return sdk.Credential{}, err
	}
	var hits, exact []sdk.Hit
	for _, h := range found.Hits {
		if h.Kind == "credential" {
			hits = append(hits, h)
			if strings.EqualFold(h.Title, query) {
				exact = append(exact, h)
			}
		}
	}
	if len(exact) == 1 {
		hits = exact
	}
	switch len(hits) {
	case 0:
		me, err := api.Me(e.Context)
		if err == nil && !me.Open {
			return sdk.Credential{}, sealedHere()
		}
		return sdk.Credential{}, fail(ExitAbsent, "Nothing that you reach fits %q.", query)
	case 1:
		return api.Credential(e.Context, hits[0].ID)
	}
	var lines []string
	for _, h := range hits {
		where := h.ClientName
		if h.Personal {
			where = "My passwords"
		}
		lines = append(lines, strings.Join([]string{h.Title, h.Username, where, h.ID}, "  "))
	}
	n, err := e.choose("“"+query+"”", lines)
	if err != nil {
		return sdk.Credential{}, err
	}
	return api.Credential(e.Context, hits[n].ID)
}
