package sdk

// UserFile is a CSV file of users, such as ExportUsers writes.
type UserFile struct {
	File      []byte   `json:"file" doc:"The file itself, in base64; up to 4 MB and 10,000 rows"`
	Encoding  string   `json:"encoding,omitempty" maxLength:"20" doc:"Such as Windows-1252; found out otherwise"`
	Separator string   `json:"separator,omitempty" maxLength:"1" doc:"Found out otherwise"`
	FirstRow  string   `json:"first_row,omitempty" enum:"headings,data" doc:"What the first row is; found out otherwise"`
	Columns   []string `json:"columns,omitempty" maxItems:"500" doc:"What each column becomes: ignore, name, email, kind, level, roles, enabled, phone, time_zone, groups, clients; guessed from the headings otherwise. A site knows neither kind, roles nor clients"`
	OnlyGood  bool     `json:"only_good,omitempty" doc:"Leave out rows that can't be invited; otherwise one of them stops all"`
	Message   string   `json:"message,omitempty" maxLength:"2000" doc:"Goes into each invitation"`
}

// UserFilePreview is what an import of users would do.
type UserFilePreview struct {
	Encoding     string            `json:"encoding"`
	Separator    string            `json:"separator"`
	FirstRow     string            `json:"first_row" doc:"headings or data, as chosen or found out"`
	Columns      []UserFileColumn  `json:"columns"`
	Rows         int               `json:"rows"`
	Invited      int               `json:"invited" doc:"Rows that would be invited"`
	Bad          int               `json:"bad" doc:"Rows that can't be"`
	Disabled     int               `json:"disabled" doc:"Rows of users who are disabled in the file; they are left out"`
	Pending      bool              `json:"pending" doc:"Whether they would wait for approval"`
	MayRun       bool              `json:"may_run"`
	Problems     []UserFileProblem `json:"problems" doc:"The first 200, those that stop the import first"`
	ProblemTotal int               `json:"problem_total"`
}

// UserFileColumn is a column of the file and what it becomes.
type UserFileColumn struct {
	Label string `json:"label"`
	To    string `json:"to"`
}

// UserFileProblem is what is wrong with a row.
type UserFileProblem struct {
	Row    int    `json:"row" doc:"As a spreadsheet counts"`
	Column string `json:"column,omitempty"`
	Text   string `json:"text"`
	Fatal  bool   `json:"fatal" doc:"The row can't be imported as it is"`
}

// UsersImported is what an import of users did.
type UsersImported struct {
	Invited int `json:"invited"`
}
