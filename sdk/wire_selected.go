package sdk

// Selected is one of several credentials that an act is done to.
type Selected struct {
	ID      string `json:"id" maxLength:"64" example:"cred_01k9"`
	Version int64  `json:"version,omitempty" minimum:"0" example:"1" doc:"The version that was read; without it, whichever is present"`
}

// Selection is several credentials.
type Selection struct {
	Credentials []Selected `json:"credentials" minItems:"1" maxItems:"5000"`
}

// MoveSelected puts several credentials elsewhere.
type MoveSelected struct {
	Credentials []Selected `json:"credentials" minItems:"1" maxItems:"5000"`
	Client      string     `json:"client,omitempty" maxLength:"64" example:"client_01k9" doc:"Id of the client"`
	Personal    bool       `json:"personal,omitempty" doc:"Or one's own personal vault"`
	Folder      string     `json:"folder,omitempty" maxLength:"64" doc:"Id of the folder; the root otherwise"`
}

// RetypeSelected gives several credentials another type.
type RetypeSelected struct {
	Credentials []Selected `json:"credentials" minItems:"1" maxItems:"5000"`
	Type        string     `json:"type" maxLength:"100" example:"Firewall"`
}

// FlagSelected flags several credentials.
type FlagSelected struct {
	Credentials []Selected `json:"credentials" minItems:"1" maxItems:"5000"`
	Note        Secret     `json:"note" maxLength:"1000" example:"Written on the whiteboard" doc:"Why they should be changed"`
}

// UnflagSelected clears flags of several credentials.
type UnflagSelected struct {
	Credentials []Selected `json:"credentials" minItems:"1" maxItems:"5000"`
	Cause       string     `json:"cause,omitempty" enum:"manual,ad-change,touched,unshared,expired,weak,reused" doc:"Only flags of this cause; all of them otherwise"`
}

// SelectedDone is what became of several credentials.
type SelectedDone struct {
	Credentials []Done `json:"credentials" doc:"In the order that they were named in; one that was as wanted before has no version"`
}

// CredentialDeletion deletes an archived credential for good.
type CredentialDeletion struct {
	Version int64  `json:"version" minimum:"1" example:"1"`
	Title   string `json:"title" maxLength:"300" example:"Edge firewall" doc:"Its title, to show that this one is meant"`
}

// Columns are those that lists of credentials show beside the title.
type Columns struct {
	Columns []string `json:"columns" doc:"The chosen ones"`
	All     []string `json:"all" doc:"All that there are, in their order"`
}

// ColumnChoice chooses columns.
type ColumnChoice struct {
	Columns []string `json:"columns" maxItems:"20"`
}
