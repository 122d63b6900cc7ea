package sdk

import "time"

// ClientOverview is what is worth knowing about a client before one begins.
type ClientOverview struct {
	Panel    Panel         `json:"panel"`
	Banner   Banner        `json:"banner"`
	Counts   ClientCounts  `json:"counts"`
	Expiring []Expiring    `json:"expiring" doc:"Credentials that expire within 30 days or have expired, the earliest first"`
	Flags    []FlaggedItem `json:"flags" doc:"Flagged credentials, those flagged first in front"`
}

// Panel is what people wrote on a client's overview, in their order.
type Panel struct {
	Items     []PanelItem `json:"items"`
	Sealed    bool        `json:"sealed,omitempty" doc:"There are items, but this session does not hold the keys"`
	ChangedAt *time.Time  `json:"changed_at,omitempty"`
	Version   int64       `json:"version" doc:"Goes back with a change"`
}

// PanelItem is a field with a name and a value, or a text with a heading.
type PanelItem struct {
	Kind  string `json:"kind" enum:"field,text" example:"field"`
	Name  string `json:"name" maxLength:"100" example:"Contact" doc:"Of a text its heading, which may be empty"`
	Value string `json:"value" maxLength:"10000" example:"Ms Alder, mornings only"`
}

// PanelChange puts other items in the place of those that were read.
type PanelChange struct {
	Version int64       `json:"version" minimum:"0" example:"0" doc:"The panel's version that was read; a conflict if it is not the present one"`
	Items   []PanelItem `json:"items" maxItems:"50"`
}

// Banner is a notice at the top of all pages of a client.
type Banner struct {
	Text      string     `json:"text,omitempty"`
	Level     string     `json:"level" enum:"info,warning,danger"`
	Until     string     `json:"until,omitempty" format:"date" doc:"The last day that shows it, in UTC; absent for no end"`
	Shown     bool       `json:"shown" doc:"There is one, and its last day is not over"`
	Sealed    bool       `json:"sealed,omitempty" doc:"There is one, but this session does not hold the keys"`
	ChangedAt *time.Time `json:"changed_at,omitempty"`
	Version   int64      `json:"version" doc:"Goes back with a change"`
	MayEdit   bool       `json:"may_edit"`
}

// BannerChange changes a banner; an empty text takes it away.
type BannerChange struct {
	Version int64  `json:"version" minimum:"0" example:"0" doc:"The banner's version that was read; a conflict if it is not the present one"`
	Text    string `json:"text" maxLength:"4000" example:"Closed until Monday: ring the janitor."`
	Level   string `json:"level,omitempty" enum:"info,warning,danger" example:"warning" doc:"info where it is absent"`
	Until   string `json:"until,omitempty" format:"date" example:"2027-01-31" doc:"The last day that shows it, in UTC"`
}

// ClientCounts is how much lies in a client, as far as one reaches it.
type ClientCounts struct {
	Credentials int `json:"credentials"`
	Archived    int `json:"archived"`
	Folders     int `json:"folders"`
	Flagged     int `json:"flagged"`
	Expiring    int `json:"expiring"`
	Expired     int `json:"expired"`
}

// Expiring is a credential that expires soon or has expired.
type Expiring struct {
	Credential string `json:"credential" doc:"Its id"`
	Title      string `json:"title,omitempty" doc:"Absent in a sealed session"`
	ExpiresOn  string `json:"expires_on" format:"date"`
	Expired    bool   `json:"expired"`
}

// FlaggedItem is a flagged credential.
type FlaggedItem struct {
	Credential string   `json:"credential" doc:"Its id"`
	Title      string   `json:"title,omitempty" doc:"Absent in a sealed session"`
	Causes     []string `json:"causes"`
}

// ClientDeletion confirms that a client is to be deleted for good.
type ClientDeletion struct {
	Name string `json:"name" maxLength:"200" example:"Contoso Ltd" doc:"The client's name, just as it is written"`
}
