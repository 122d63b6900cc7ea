package sdk

import "time"

// Client is one of the clients whom a provider looks after.
type Client struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	ShortCode   string    `json:"short_code,omitempty"`
	Phone       string    `json:"phone,omitempty"`
	Address     string    `json:"address,omitempty"`
	Website     string    `json:"website,omitempty"`
	Notes       string    `json:"notes,omitempty" doc:"Only where one client is asked for, and the session is open"`
	Tags        []string  `json:"tags,omitempty" doc:"Absent in a sealed session"`
	Rotation    int       `json:"rotation_days" doc:"Passwords are due after so many days; 0: no policy"`
	Types       []string  `json:"types,omitempty" doc:"Ids of the credential types that are offered in it; absent: all"`
	Sealed      bool      `json:"sealed,omitempty" doc:"There are notes or tags, but this session does not hold the keys"`
	Company     bool      `json:"company" doc:"It is the provider's own vault"`
	Enabled     bool      `json:"enabled"`
	Bookmarked  bool      `json:"bookmarked"`
	Credentials int       `json:"credentials" doc:"How many credentials one reaches there, archived ones not counted"`
	Flagged     int       `json:"flagged" doc:"How many of them are flagged"`
	CreatedAt   time.Time `json:"created_at"`
	ChangedAt   time.Time `json:"changed_at"`
	Version     int64     `json:"version" doc:"Goes back with a change"`
	MayEdit     bool      `json:"may_edit"`
	MayBanner   bool      `json:"may_edit_banner"`
	MayDisable  bool      `json:"may_disable"`
	MayDelete   bool      `json:"may_delete" doc:"For good, as it is disabled"`
}

// Clients is a page of clients: the company vault first, then the
// bookmarked ones, each by name.
type Clients struct {
	Clients []Client `json:"clients"`
	Next    string   `json:"next,omitempty" doc:"Goes into after= for the next page; absent on the last"`
}

// NewClient is a client to be added.
type NewClient struct {
	Name      string   `json:"name" maxLength:"200" example:"Contoso Ltd"`
	ShortCode string   `json:"short_code,omitempty" maxLength:"20" example:"CON"`
	Phone     string   `json:"phone,omitempty" maxLength:"60"`
	Address   string   `json:"address,omitempty" maxLength:"500"`
	Website   string   `json:"website,omitempty" maxLength:"500"`
	Notes     string   `json:"notes,omitempty" maxLength:"100000" doc:"Sealed like a credential's notes"`
	Tags      []string `json:"tags,omitempty" maxItems:"20" example:"contract" doc:"Sealed; at most 50 characters each"`
	Rotation  int      `json:"rotation_days,omitempty" minimum:"0" maximum:"3650" doc:"Passwords are due after so many days; 0: no policy"`
	Types     []string `json:"types,omitempty" maxItems:"200" doc:"Ids or names of the credential types that are offered in it; all otherwise"`
}

// ClientChange changes what is given and leaves the rest.
type ClientChange struct {
	Version   int64     `json:"version" minimum:"1" example:"1" doc:"The version that was read; a conflict if it is not the present one"`
	Name      *string   `json:"name,omitempty" maxLength:"200" example:"Contoso Limited"`
	ShortCode *string   `json:"short_code,omitempty" maxLength:"20"`
	Phone     *string   `json:"phone,omitempty" maxLength:"60"`
	Address   *string   `json:"address,omitempty" maxLength:"500"`
	Website   *string   `json:"website,omitempty" maxLength:"500"`
	Notes     *string   `json:"notes,omitempty" maxLength:"100000"`
	Tags      *[]string `json:"tags,omitempty" maxItems:"20" doc:"All tags, in the place of the present ones"`
	Rotation  *int      `json:"rotation_days,omitempty" minimum:"0" maximum:"3650" doc:"0: no policy"`
	Types     *[]string `json:"types,omitempty" maxItems:"200" doc:"Ids or names, in the place of the present ones; an empty list offers all"`
}

// Done answers an addition or a change.
type Done struct {
	ID      string `json:"id" doc:"Of the thing; a credential moved between a client and a personal vault has a new one"`
	Version int64  `json:"version,omitempty" doc:"The present version, where the change tells it"`
}

// Folder is a folder of a client or of one's personal vault.
type Folder struct {
	ID       string `json:"id"`
	Client   string `json:"client,omitempty" doc:"Id of the client; absent in a personal vault"`
	Personal bool   `json:"personal"`
	Folder   string `json:"folder,omitempty" doc:"Id of the folder that it lies in"`
	Name     string `json:"name"`
	Guarded  bool   `json:"guarded" doc:"A security group is on it or above it"`
	Depth    int    `json:"depth" doc:"1 at the root"`
	Version  int64  `json:"version"`
	MayEdit  bool   `json:"may_edit"`

	ChangedAt *time.Time `json:"changed_at,omitempty" doc:"When its name, place or groups were last changed"`
	ChangedBy string     `json:"changed_by,omitempty" doc:"Name of the user"`
}

// Folders is the folders of one place, each after the one that it lies in.
type Folders struct {
	Folders []Folder `json:"folders"`
}

// NewFolder is a folder to be added.
type NewFolder struct {
	Client   string `json:"client,omitempty" maxLength:"64" example:"client_01k9" doc:"Id of the client"`
	Personal bool   `json:"personal,omitempty" doc:"Or one's own personal vault"`
	Folder   string `json:"folder,omitempty" maxLength:"64" doc:"Id of the folder to put it into; the root otherwise"`
	Name     string `json:"name" maxLength:"200" example:"Network"`
}

// FolderChange renames a folder.
type FolderChange struct {
	Version int64  `json:"version" minimum:"1" example:"1"`
	Name    string `json:"name" maxLength:"200" example:"Network and Wi-Fi"`
}

// FolderMove puts a folder elsewhere in the same client or personal vault.
type FolderMove struct {
	Version int64  `json:"version" minimum:"1" example:"1"`
	Folder  string `json:"folder" maxLength:"64" example:"" doc:"Id of the folder to put it into; \"\" is the root"`
}
