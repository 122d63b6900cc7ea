package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"strings"
	"syscall"
	"time"

	gomail "github.com/wneessen/go-mail"

	"bailiwick/internal/clock"
)

// patience is how long a try may take.
type patience struct {
	connect time.Duration // until there is a connection; and again until the server has let us in
	whole   time.Duration // all of it
}

// outcome is what came of a try.
type outcome struct {
	sent    bool
	refused bool // for good: trying again is of no use
	address bool // it was the address that was refused
	server  bool // the mail server itself was of no use: others need not try now
	problem string
}

// envelope is a mail ready to be sent.
type envelope struct {
	id, from, org, to string
	letter            Letter
	at                time.Time
}

// message puts the headers on. Its Message-ID comes from the mail's id: should
// a mail go out twice, both have the same.
func (e envelope) message(in Settings) *gomail.Msg {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&netmail.Address{Name: oneLine(e.from, 100), Address: in.Address})
	m.ToMailAddress(&netmail.Address{Address: e.to})
	m.Subject(e.letter.Subject)
	m.SetMessageIDWithValue(e.id + in.Address[strings.LastIndex(in.Address, "@"):])
	m.SetDateWithValue(e.at)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody answers it by machine
	m.SetBodyString(gomail.TypeTextPlain, e.letter.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, e.letter.HTML)
	return m
}

// send tries once, within the patience.
func (s *Store) send(ctx context.Context, in Settings, e envelope) outcome {
	ctx, cancel := context.WithTimeout(ctx, s.patience.whole)
	defer cancel()
	c, err := in.client(s.address(in), s.patience.connect)
	if err != nil {
		return outcome{server: true, problem: "The settings of the mail server are not usable."}
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return outcome{server: true, problem: explain(err)}
	}
	defer conn.Close()
	// What is left of the time is for the mail itself: servers that look
	// into mails take long to accept one, and giving up too early sends it twice.
	end, _ := ctx.Deadline()
	if err := gomail.WithTimeout(max(time.Millisecond, end.Sub(clock.System{}.Now())))(c); err != nil {
		return outcome{server: true, problem: explain(err)}
	}
	m := e.message(in)
	err = c.SendWithSMTPClient(conn, m)
	if err == nil || m.IsDelivered() {
		_ = conn.Quit()
		return outcome{sent: true}
	}
	return judge(err)
}

func (in Settings) client(public string, connect time.Duration) (*gomail.Client, error) {
	o := []gomail.Option{gomail.WithPort(in.Port), gomail.WithTimeout(connect), gomail.WithoutNoop(), gomail.WithHELO(in.helo(public))}
	auth := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
	switch in.Security {
	case TLS:
		o = append(o, gomail.WithSSL())
	case Plain:
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithDialContextFunc(onThisMachine))
		auth = []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
	default:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if in.User != "" {
		o = append(o, gomail.WithOpportunisticSMTPAuth(auth...), gomail.WithUsername(in.User), gomail.WithPassword(in.Password.Reveal()))
	}
	return gomail.NewClient(in.Host, o...)
}

// helo is how this server names itself: not by the machine's own name, which
// is nobody's business.
func (in Settings) helo(public string) string {
	if u, err := url.Parse(public); err == nil && hostName.MatchString(u.Hostname()) && net.ParseIP(u.Hostname()) == nil {
		return u.Hostname()
	}
	return "localhost"
}

var errElsewhere = errors.New("without encryption only this machine is talked to")

// onThisMachine connects to a loopback address, whatever the name says.
func onThisMachine(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Control: func(_, at string, _ syscall.RawConn) error {
		host, _, err := net.SplitHostPort(at)
		if err != nil || !net.ParseIP(host).IsLoopback() {
			return errElsewhere
		}
		return nil
	}}
	return d.DialContext(ctx, network, address)
}

// judge says what a refusal of the mail itself means.
func judge(err error) outcome {
	var f *gomail.SendError
	if !errors.As(err, &f) {
		return outcome{server: true, problem: explain(err)}
	}
	code := strings.TrimSpace(fmt.Sprintf("%d %s", f.ErrorCode(), f.EnhancedStatusCode()))
	for5 := f.ErrorCode() >= 500 && f.ErrorCode() < 600
	switch {
	case f.ErrorCode() == 0:
		return outcome{server: true, problem: "The connection to the mail server broke while the mail was sent."}
	case f.Reason == gomail.ErrSMTPMailFrom: // the sender is a setting, which can be mended
		return outcome{server: true, problem: "The mail server refused the sender's address (" + code + ")."}
	case f.Reason == gomail.ErrSMTPRcptTo && for5:
		return outcome{refused: true, address: true, problem: "The mail server refused the address (" + code + ")."}
	case f.Reason == gomail.ErrSMTPRcptTo:
		return outcome{problem: "The mail server does not take mail for the address now (" + code + ")."}
	case for5:
		return outcome{refused: true, problem: "The mail server refused the mail (" + code + ")."}
	}
	return outcome{problem: "The mail server does not take the mail now (" + code + ")."}
}

// explain says why there was no conversation with the mail server. What a
// server said is never repeated: some repeat links of the mail they refuse.
func explain(err error) string {
	var reply *textproto.Error
	var protocol textproto.ProtocolError
	var dns *net.DNSError
	var op *net.OpError
	var timeout net.Error
	text := err.Error()
	switch {
	case errors.Is(err, errElsewhere):
		return "Without encryption only a mail server on this machine is used, and this name leads elsewhere."
	case errors.As(err, &reply) && reply.Code/10 == 53:
		return fmt.Sprintf("The mail server refused the user or the password (%d).", reply.Code)
	case errors.As(err, &reply):
		return fmt.Sprintf("The mail server does not let us in (%d).", reply.Code)
	case strings.Contains(text, "does not support STARTTLS"):
		return "The mail server does not offer STARTTLS. Nothing was sent."
	case strings.Contains(text, "AUTH"):
		return "The mail server offers no way to sign in that we know."
	case strings.Contains(text, "x509:"):
		return "The mail server's certificate is not to be trusted: " + oneLine(text[strings.Index(text, "x509:")+6:], 200) + "."
	case errors.As(err, &dns):
		return "The name of the mail server is not known to the DNS."
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout():
		return "The mail server did not answer in time."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nothing listens at the mail server's port."
	case errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.ErrUnexpectedEOF):
		return "The mail server closed the connection."
	case strings.Contains(text, "tls:"):
		return "The mail server does not speak TLS at this port. Is STARTTLS meant, or TLS?"
	case errors.As(err, &protocol):
		return "What answers there does not speak SMTP."
	case errors.As(err, &op):
		return "The mail server can't be reached."
	}
	return "The conversation with the mail server failed."
}
