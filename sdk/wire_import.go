package sdk

import "time"

// ImportColumn says where a column of a file goes.
type ImportColumn struct {
	Index  int    `json:"index" minimum:"0" doc:"Number of the column, from 0"`
	Label  string `json:"label,omitempty" maxLength:"1000" doc:"Its heading; for reading only"`
	To     string `json:"to" enum:"ignore,title,username,password,url,notes,totp,folder,client,type,tags,expires,custom,field list,field list with kinds,field pairs,name,short code,phone,address,website,rotation days,credential types,enabled" doc:"From name on, and ignore, notes and tags: of clients"`
	Name   string `json:"name,omitempty" maxLength:"200" doc:"Of the custom field, with custom"`
	Hidden bool   `json:"hidden,omitempty" doc:"The custom field is a secret"`
}

// ImportChoices is what is decided on an import.
type ImportChoices struct {
	Client     string         `json:"client,omitempty" maxLength:"64" example:"client_01k9" doc:"Id of the client that rows go to; with by_column only those that name none"`
	Folder     string         `json:"folder,omitempty" maxLength:"64" doc:"Id of the folder that they go to; the root otherwise"`
	ByColumn   bool           `json:"by_column,omitempty" doc:"Rows name their client"`
	AddClients bool           `json:"add_clients,omitempty" doc:"Clients that are not there are added"`
	Duplicates string         `json:"duplicates" enum:"skip,update,add" example:"skip" doc:"What becomes of rows that are there already"`
	OnlyGood   bool           `json:"only_good,omitempty" doc:"Rows that can't be imported are left out; otherwise they stop the import"`
	Format     string         `json:"format,omitempty" enum:"csv,bailiwick-csv,bitwarden-csv,bitwarden-json,1password-csv,1pux,kdbx,keepassxc-csv,lastpass-csv,chrome-csv,firefox-csv,itglue-csv,hudu-csv,keeper-csv" doc:"What kind of file it is; found out otherwise. Of a file that is here already only the layout of CSV can be chosen"`
	Encoding   string         `json:"encoding,omitempty" maxLength:"40" doc:"Found out otherwise"`
	Separator  string         `json:"separator,omitempty" maxLength:"1" doc:"Found out otherwise"`
	FirstRow   string         `json:"first_row,omitempty" enum:"headings,data" example:"data" doc:"What the first row is: the names of the columns, or data; found out otherwise"`
	Columns    []ImportColumn `json:"columns,omitempty" maxItems:"1000" doc:"Where each column goes; guessed from headings or values otherwise"`
	DateOrder  string         `json:"date_order,omitempty" enum:"day first,month first" doc:"With columns: how dates such as 03/04/2026 are read"`
}

// ImportCounts is what an import did, or would do.
type ImportCounts struct {
	Rows      int `json:"rows"`
	Added     int `json:"added"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged" doc:"Updates that change nothing"`
	Skipped   int `json:"skipped" doc:"Duplicates"`
	LeftOut   int `json:"left_out" doc:"Rows that can't be imported"`
	Folders   int `json:"folders" doc:"Made"`
	Clients   int `json:"clients" doc:"Made"`
	Archived  int `json:"archived" doc:"By undoing"`
	Restored  int `json:"restored" doc:"By undoing"`
	Kept      int `json:"kept" doc:"Changed since, so that undoing left them"`
}

// ImportProblem is one thing wrong with a file.
type ImportProblem struct {
	Row    int    `json:"row" doc:"As the spreadsheet counts; 0 is the whole file"`
	Entry  string `json:"entry,omitempty" doc:"Folder and title, in files that have no rows; the number of the entry is in row"`
	Column string `json:"column,omitempty"`
	Text   string `json:"text"`
	Fatal  bool   `json:"fatal" doc:"The row can't be imported as it is"`
}

// ImportKey opens an uploaded KeePass database. It is not kept.
type ImportKey struct {
	Passphrase Secret `json:"passphrase,omitempty" maxLength:"10000" doc:"Empty where a key file alone opens it"`
	KeyFile    []byte `json:"key_file,omitempty" doc:"The key file itself, in base64; up to 1 MB"`
}

// ImportPreview is what an import would do.
type ImportPreview struct {
	ID           string          `json:"id"`
	Of           string          `json:"of" enum:"credentials,clients" doc:"What its rows are"`
	File         string          `json:"file"`
	Looks        string          `json:"looks" doc:"What the file looks like, or was said to be, such as: a Bitwarden export (JSON)"`
	Locked       bool            `json:"locked" doc:"It is a KeePass database that has to be unlocked first; nothing else is known then"`
	Choices      ImportChoices   `json:"choices" doc:"As they stand, with what was guessed"`
	Remarks      []string        `json:"remarks"`
	Counts       ImportCounts    `json:"counts"`
	Problems     []ImportProblem `json:"problems" doc:"The first 200"`
	ProblemTotal int             `json:"problem_total"`
	NewClients   []string        `json:"new_clients" doc:"The first 100"`
	MayRun       bool            `json:"may_run"`
}

// Import is one import.
type Import struct {
	ID        string       `json:"id"`
	Of        string       `json:"of" enum:"credentials,clients" doc:"What its rows are; of another's import known when it is done"`
	State     string       `json:"state" enum:"draft,ready,running,waiting,done,failed,cancelled,undone"`
	Say       string       `json:"say,omitempty" doc:"Why it failed"`
	By        string       `json:"by" doc:"Name of the user"`
	Mine      bool         `json:"mine"`
	File      string       `json:"file,omitempty" doc:"Name of the file; one's own, in an open session"`
	Done      int          `json:"done" doc:"Rows so far"`
	Total     int          `json:"total"`
	Counts    ImportCounts `json:"counts"`
	CreatedAt time.Time    `json:"created_at"`
	EndedAt   *time.Time   `json:"ended_at,omitempty"`
	UndoUntil *time.Time   `json:"undo_until,omitempty"`
	MayCancel bool         `json:"may_cancel"`
	MayUndo   bool         `json:"may_undo"`
}

// Imports is one's own imports, the newest first; with Organization: Admin
// everybody's.
type Imports struct {
	Imports []Import `json:"imports"`
}

// ImportUndone is what undoing did.
type ImportUndone struct {
	Archived int `json:"archived" doc:"Had been added; of clients: removed again"`
	Restored int `json:"restored" doc:"Had been updated: the earlier version is back"`
	Kept     int `json:"kept" doc:"Were changed since, and are as they are"`
}
