package sdk

import "time"

// NewExternalLink asks for a link to somebody outside.
type NewExternalLink struct {
	Fields     []string `json:"fields,omitempty" maxItems:"10" example:"[\"username\",\"password\"]" doc:"What is copied: title, username, password, urls, notes, fields (custom ones). Title, username, password and urls otherwise"`
	Views      int      `json:"views,omitempty" minimum:"1" maximum:"20" example:"1" doc:"How often it can be opened; once otherwise"`
	Minutes    int      `json:"minutes,omitempty" minimum:"10" maximum:"43200" example:"4320" doc:"How long it lives; 3 days otherwise"`
	Passphrase Secret   `json:"passphrase,omitempty" maxLength:"1024" doc:"Asked for besides, at least 8 characters"`
	Note       Secret   `json:"note,omitempty" maxLength:"2000" doc:"Shown to the recipient"`
}

// MadeExternalLink has the address of a link, which is shown this once.
type MadeExternalLink struct {
	ID         string    `json:"id"`
	Credential string    `json:"credential" doc:"Id of the credential"`
	Address    Secret    `json:"address" doc:"What stands behind the # opens the copy; the server does not have it"`
	ExpiresAt  time.Time `json:"expires_at"`
}

// ShareSelected asks for a link to each of several credentials.
type ShareSelected struct {
	Credentials []Selected      `json:"credentials" minItems:"1" maxItems:"20"`
	Link        NewExternalLink `json:"link"`
}

// MadeExternalLinks are the links, in the order of the request.
type MadeExternalLinks struct {
	Links []MadeExternalLink `json:"links"`
}

// ExternalLink is a link as lists show it.
type ExternalLink struct {
	ID         string             `json:"id"`
	Credential string             `json:"credential" doc:"Id of the credential"`
	Title      string             `json:"title,omitempty" doc:"Absent where the session does not open it"`
	Client     string             `json:"client,omitempty"`
	ClientName string             `json:"client_name,omitempty"`
	Shared     []string           `json:"shared" doc:"Names of the fields in the copy"`
	MadeBy     string             `json:"made_by" doc:"Id of the user"`
	MadeByName string             `json:"made_by_name"`
	MadeAt     time.Time          `json:"made_at"`
	ExpiresAt  time.Time          `json:"expires_at"`
	Views      int64              `json:"views"`
	MostViews  int64              `json:"most_views"`
	Passphrase bool               `json:"passphrase"`
	WrongTries int64              `json:"wrong_tries"`
	Ended      string             `json:"ended,omitempty" doc:"Why it is over: used, revoked, expired, archived, sender, access, guessed; absent while it is open"`
	EndedAt    *time.Time         `json:"ended_at,omitempty"`
	Log        []ExternalLinkView `json:"log" doc:"Each view"`
	MayRevoke  bool               `json:"may_revoke"`
}

// ExternalLinkView is one view of a link.
type ExternalLinkView struct {
	At time.Time `json:"at"`
	IP string    `json:"ip"`
}

// ExternalLinks is a list of links, the open ones first.
type ExternalLinks struct {
	Links []ExternalLink `json:"links"`
}

// OpenExternalLink is what the bearer of a link shows.
type OpenExternalLink struct {
	Proof      Secret `json:"proof" minLength:"43" maxLength:"43" doc:"expand(token, 32, \"link proof\") in base64url, of the token behind the #; see docs/security.md"`
	Passphrase Secret `json:"passphrase,omitempty" maxLength:"1024"`
}

// OpenedExternalLink is one view of a link.
type OpenedExternalLink struct {
	ID             string    `json:"id"`
	OrganizationID string    `json:"organization_id"`
	Organization   string    `json:"organization"`
	Sender         string    `json:"sender"`
	Box            []byte    `json:"box" doc:"A padded box under the token's key: JSON with the fields that were shared"`
	View           int64     `json:"view" doc:"Which view this is"`
	Views          int64     `json:"views" doc:"Of how many"`
	ExpiresAt      time.Time `json:"expires_at"`
}
