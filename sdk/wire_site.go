package sdk

import "time"

// Site is the organization of a client, as its provider sees it.
type Site struct {
	ID          string     `json:"id" doc:"Empty where site login was never on"`
	Name        string     `json:"name"`
	Slug        string     `json:"slug" doc:"Its sign-in page is at /o/ and this"`
	Login       bool       `json:"login" doc:"Site login is on"`
	ForceTypes  bool       `json:"force_types" doc:"It offers the provider's credential types"`
	Users       int        `json:"users" doc:"Enabled ones"`
	Sessions    int        `json:"sessions,omitempty" doc:"That end when the client is disabled; for whoever may disable it"`
	ActivatedAt *time.Time `json:"activated_at,omitempty" doc:"When its first administrator gave it keys; it waits until then"`
	Keys        string     `json:"keys" doc:"waiting for activation, not pinned yet, pinned, changed, or unknown in a sealed session"`
	MaySet      bool       `json:"may_set"`
}

// SiteTypes says whether a site offers its provider's credential types.
type SiteTypes struct {
	Force bool `json:"force"`
}

// SiteUser is a user of a client's site.
type SiteUser struct {
	User
	Client     string `json:"client" doc:"Id of the client whose site it is"`
	ClientName string `json:"client_name"`
}

// SiteUsers is a page of them, by client and name.
type SiteUsers struct {
	Users []SiteUser `json:"users"`
	Next  string     `json:"next,omitempty" doc:"Goes into after, for the next page"`
}
