package sdk

import "time"

// MailSettings is how an organization's mails are sent.
type MailSettings struct {
	Public      string `json:"public" doc:"Address of the server in links; empty: see server"`
	Server      string `json:"server" doc:"The server's own address, in use where public is empty"`
	Host        string `json:"host" doc:"Mail server; empty: no mail is sent"`
	Port        int    `json:"port"`
	Security    string `json:"security" doc:"starttls, tls, or none"`
	User        string `json:"user" doc:"Empty: the mail server asks for none"`
	HasPassword bool   `json:"has_password"`
	SenderName  string `json:"sender_name" doc:"Empty: the organization's name"`
	SenderEmail string `json:"sender_email"`
	Damaged     bool   `json:"damaged" doc:"What is stored does not open, so no mail is sent; set it again"`
	Waiting     int    `json:"waiting" doc:"How many mails wait"`
}

// NewMailSettings takes the place of the settings as a whole.
type NewMailSettings struct {
	Password     Secret `json:"password" maxLength:"4096" doc:"One's own: who sets the mail server could read every link"`
	Public       string `json:"public,omitempty" maxLength:"253" example:"https://vault.example.com" doc:"Address of the server in links"`
	Host         string `json:"host,omitempty" maxLength:"253" example:"smtp.example.com" doc:"Mail server; empty: no mail is sent"`
	Port         int    `json:"port,omitempty" example:"587"`
	Security     string `json:"security,omitempty" maxLength:"20" example:"starttls" doc:"starttls (required), tls, or none (a mail server on the same machine only)"`
	User         string `json:"user,omitempty" maxLength:"300"`
	MailPassword Secret `json:"mail_password,omitempty" maxLength:"1000" doc:"Of the mail server; empty keeps the present one, for the same server and user"`
	SenderName   string `json:"sender_name,omitempty" maxLength:"100"`
	SenderEmail  string `json:"sender_email,omitempty" maxLength:"254"`
	Rest         string `json:"rest,omitempty" maxLength:"10" doc:"What becomes of the mails that wait when a mail server is set for the first time: send or drop. Needed where some wait, for their links may have been passed on by hand"`
}

// Mail is a mail in the outbox, without what it says.
type Mail struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	User      string     `json:"user" doc:"Id of the recipient"`
	Name      string     `json:"name" doc:"Name of the recipient"`
	Email     string     `json:"email" doc:"Address as it was when the mail was written"`
	State     string     `json:"state" doc:"waiting, sent, failed, or dropped"`
	Problem   string     `json:"problem" doc:"What came of the last try"`
	Tries     int64      `json:"tries"`
	CreatedAt time.Time  `json:"created_at"`
	NextAt    time.Time  `json:"next_at" doc:"When it is tried next"`
	ExpiresAt time.Time  `json:"expires_at" doc:"When it is given up"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	MayShow   bool       `json:"may_show" doc:"Whether its text may be read: no mail server is set"`
	MayDrop   bool       `json:"may_drop"`
}

// Mails is a part of the outbox, the newest first.
type Mails struct {
	Mails []Mail `json:"mails"`
	Next  string `json:"next,omitempty" doc:"Give it as after for the next part"`
}

// Letter is what a mail says. It is for its recipient alone.
type Letter struct {
	Subject string `json:"subject"`
	Text    Secret `json:"text"`
	Link    Secret `json:"link,omitempty"`
}
