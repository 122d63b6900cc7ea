package sdk

// Generator is how a password is made. What is left out is as the credential
// type begins with.
type Generator struct {
	Style      string   `json:"style,omitempty" enum:"characters,pronounceable,passphrase"`
	Length     int      `json:"length,omitempty" minimum:"4" maximum:"128" doc:"In characters; not of passphrases"`
	Classes    []string `json:"classes,omitempty" maxItems:"4" doc:"Of lower, upper, digit, symbol; each is in it at least once"`
	LookAlikes *bool    `json:"look_alikes,omitempty" doc:"Also what is taken for something else: 0 and O, 1 and l"`
	Words      int      `json:"words,omitempty" minimum:"3" maximum:"12" doc:"Of a passphrase"`
	Separator  *string  `json:"separator,omitempty" maxLength:"3" doc:"Between its words"`
	Capital    *bool    `json:"capital,omitempty" doc:"Its words begin with a capital"`
	Number     *bool    `json:"number,omitempty" doc:"A digit at one of its words"`
}

// Generate asks for a password.
type Generate struct {
	Type  string     `json:"type,omitempty" maxLength:"100" example:"Wi-Fi" doc:"Credential type, which says how to begin"`
	Rules *Generator `json:"rules,omitempty"`
}

// Generated is a password that was just made and is stored nowhere.
type Generated struct {
	Password Secret   `json:"password"`
	Strength Strength `json:"strength"`
}

// Judge asks how good a password is.
type Judge struct {
	Password Secret   `json:"password" maxLength:"10000"`
	About    []string `json:"about,omitempty" maxItems:"10" doc:"What somebody would try first: username, title, name of the client"`
}

// Strength is how hard a password is to guess.
type Strength struct {
	Score   int      `json:"score" doc:"0, the worst, to 4"`
	Crack   string   `json:"crack" doc:"How long it takes, in words"`
	Warning string   `json:"warning,omitempty"`
	Advice  string   `json:"advice,omitempty"`
	Below   []string `json:"below,omitempty" doc:"The organization's minimums that it does not meet"`
}

// PasswordSettings are an organization's minimums, and what the generator
// begins with.
type PasswordSettings struct {
	Length  int                  `json:"length" doc:"Least characters; 0 asks for nothing"`
	Kinds   int                  `json:"kinds" doc:"Least kinds of characters, of four; 0 asks for nothing"`
	Score   int                  `json:"score" doc:"Least strength, 0 to 4; 0 asks for nothing"`
	Enforce bool                 `json:"enforce" doc:"Refuses new and changed passwords of clients below them; otherwise they are flagged as weak"`
	Types   map[string]Generator `json:"types" doc:"What the generator begins with, by credential type, where it is not the built-in one"`
	Mark    string               `json:"mark" doc:"Goes back with a change"`
}

// NewPasswordSettings takes the place of the settings as a whole.
type NewPasswordSettings struct {
	Length  int                  `json:"length,omitempty" minimum:"0" maximum:"64"`
	Kinds   int                  `json:"kinds,omitempty" minimum:"0" maximum:"4"`
	Score   int                  `json:"score,omitempty" minimum:"0" maximum:"4" example:"3"`
	Enforce bool                 `json:"enforce,omitempty"`
	Types   map[string]Generator `json:"types,omitempty"`
	Mark    string               `json:"mark" maxLength:"64" doc:"As it was read; a conflict if somebody changed the settings since"`
}
