package sdk

// Kind says how to deal with an error; the text is for people.
type Kind string

// Kinds of errors.
const (
	Absent       Kind = "absent"               // 404: not there, or not yours to see or change
	Unsigned     Kind = "unsigned"             // 401: sign in
	Invalid      Kind = "invalid"              // 422: mend what Errors names
	Unacceptable Kind = "unacceptable"         // 422: not possible as things stand
	Choose       Kind = "choose"               // 422: name one of Organizations and sign in again
	NeedsFactor  Kind = "second_factor"        // 422: finish the sign-in with Pending and one of Ways
	SetUpFactor  Kind = "set_up_second_factor" // 403: set up a second factor before anything else
	Conflict     Kind = "conflict"             // 409: somebody else changed it; see PresentVersion
	Throttled    Kind = "throttled"            // 429: wait for Retry-After
	Sealed       Kind = "sealed"               // 423: open the vault in this session
	Unavailable  Kind = "unavailable"          // 503: try again after Retry-After
	Unknown      Kind = "unknown"              // 503: it can't be told whether the change was kept
	Malformed    Kind = "malformed"            // 400: the body is not the JSON that is taken here
	TooLarge     Kind = "too_large"            // 413
	MediaType    Kind = "media_type"           // 415: send application/json
	Method       Kind = "method"               // 405: see Allow
	Internal     Kind = "internal"             // 500: the log has the cause under RequestID
)

// Problem is every error's body (RFC 9457, application/problem+json).
type Problem struct {
	Title          string       `json:"title" doc:"The status in words"`
	Status         int          `json:"status" doc:"HTTP status"`
	Detail         string       `json:"detail" doc:"What happened, what was kept, what to do"`
	Kind           Kind         `json:"kind" doc:"How to deal with it: absent, unsigned, invalid, unacceptable, choose, second_factor, set_up_second_factor, conflict, throttled, sealed, unavailable, unknown, malformed, too_large, media_type, method, internal"`
	Errors         []FieldError `json:"errors,omitempty" doc:"What to mend"`
	Organizations  []Choice     `json:"organizations,omitempty" doc:"With choose: where the address and password fit"`
	Pending        Secret       `json:"pending,omitempty" doc:"With second_factor: stands for the sign-in until it is finished"`
	Ways           []string     `json:"ways,omitempty" doc:"With second_factor: totp, passkey, codes"`
	Options        string       `json:"options,omitempty" doc:"With second_factor: PublicKeyCredentialRequestOptionsJSON for a passkey"`
	PresentVersion int64        `json:"present_version,omitempty" doc:"With conflict: the version that is there now"`
	RequestID      string       `json:"request_id" doc:"Under which the server's log has this request"`
}

// FieldError is one thing to mend.
type FieldError struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Choice is an organization that an address and password fit.
type Choice struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}
