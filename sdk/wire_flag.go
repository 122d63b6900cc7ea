package sdk

import "time"

// Flag says why a password should be changed.
type Flag struct {
	Cause string    `json:"cause" enum:"manual,ad-change,touched,unshared,expired,weak,reused"`
	About string    `json:"about,omitempty" doc:"Of touched: name of the user, or of the other organization where somebody of it had it shared; of expired: date or policy"`
	Note  Secret    `json:"note,omitempty" doc:"Of manual: why"`
	SetAt time.Time `json:"set_at" doc:"Of weak and reused: the day"`
	SetBy string    `json:"set_by,omitempty" doc:"Name of the user; absent where the server set it"`
}

// NewFlag flags a credential by hand.
type NewFlag struct {
	Note Secret `json:"note" maxLength:"1000" example:"Written on the whiteboard" doc:"Why it should be changed"`
}

// Unflag clears flags.
type Unflag struct {
	Cause string `json:"cause,omitempty" enum:"manual,ad-change,touched,unshared,expired,weak,reused" doc:"Only flags of this cause; all of them otherwise"`
}

// FlagCount is how many credentials of a client are flagged.
type FlagCount struct {
	Client  string `json:"client" doc:"Id of the client"`
	Flagged int    `json:"flagged"`
}

// FlagCounts counts those that one reaches, by client.
type FlagCounts struct {
	Clients []FlagCount `json:"clients"`
}

// Twins are credentials with the same password.
type Twins struct {
	Credentials []Credential `json:"credentials" doc:"The others, as far as one reaches them"`
	Compared    bool         `json:"compared" doc:"false: the server has not compared the passwords yet; it does so every minute while a vault is open"`
}
