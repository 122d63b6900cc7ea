package sdk

import "time"

// Partner is the other organization with which a client's credentials can be
// shared, and who there can be chosen.
type Partner struct {
	Organization string          `json:"organization" doc:"Id of the other organization"`
	Name         string          `json:"name"`
	People       []PartnerPerson `json:"people"`
	Problem      string          `json:"problem,omitempty" doc:"Why nothing can be shared with it now, as far as this session can tell"`
}

// PartnerPerson is a user of the other organization.
type PartnerPerson struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Sharing is how credentials are shared.
type Sharing struct {
	Everyone bool     `json:"everyone,omitempty" doc:"With everyone at the other organization who reaches the client and may see secrets"`
	Users    []string `json:"users,omitempty" maxItems:"1000" doc:"Or with these: ids, as people lists them"`
	Write    bool     `json:"write,omitempty" doc:"Read and write; read-only otherwise"`
	History  bool     `json:"history,omitempty" doc:"The other side sees who changed what when, and versions that are saved while it is shared"`
}

// NewShares shares several credentials of one client.
type NewShares struct {
	Credentials []Selected `json:"credentials" minItems:"1" maxItems:"5000"`
	Sharing
}

// EndShares ends the sharing of several credentials.
type EndShares struct {
	Credentials []Selected `json:"credentials" minItems:"1" maxItems:"5000"`
	KeepQuiet   bool       `json:"without_flag,omitempty" doc:"Do not flag them for change, though the other side may know them. Where the receiving side stops they are always flagged"`
}

// Shared is how one credential is shared.
type Shared struct {
	Received     bool            `json:"received" doc:"The other organization made it and shares it; otherwise this one does"`
	Organization string          `json:"organization" doc:"Name of the other organization"`
	Everyone     bool            `json:"everyone"`
	People       []PartnerPerson `json:"people" doc:"With whom, if not with everyone there; of what is received, all of one's own users for whoever may see who sees what, else oneself only"`
	Write        bool            `json:"write"`
	History      bool            `json:"history"`
	Since        time.Time       `json:"since"`
	By           string          `json:"by,omitempty" doc:"Who shared it, on this side"`
	Waits        bool            `json:"waits,omitempty" doc:"The other side has not opened its vault since, so it does not see it yet"`
	Off          bool            `json:"off,omitempty" doc:"The other organization is a site that is switched off: nobody there sees it at present"`
	Problem      string          `json:"problem,omitempty" doc:"Why the other side can't have it"`
}

// Share is one line of the list of shares.
type Share struct {
	Credential string `json:"credential"`
	Title      string `json:"title"`
	Username   string `json:"username,omitempty"`
	Client     string `json:"client"`
	ClientName string `json:"client_name"`
	Shared
}

// Shares is what is shared, of what one reaches.
type Shares struct {
	Shares []Share `json:"shares"`
}

// Chosen is what a Site User - Limited sees.
type Chosen struct {
	Folders     []string `json:"folders" maxItems:"5000" doc:"Ids of folders, with all that is in them"`
	Credentials []string `json:"credentials" maxItems:"5000" doc:"Ids of credentials"`
}

// ChooseFor chooses things for Site Users - Limited, or takes them away.
type ChooseFor struct {
	Folders     []string `json:"folders,omitempty" maxItems:"5000" doc:"Ids of folders, with all that is in them"`
	Credentials []string `json:"credentials,omitempty" maxItems:"5000" doc:"Ids of credentials"`
	Add         []string `json:"add,omitempty" maxItems:"1000" doc:"Ids of the users who are to see them"`
	Remove      []string `json:"remove,omitempty" maxItems:"1000" doc:"Ids of the users for whom they are chosen no more"`
}
