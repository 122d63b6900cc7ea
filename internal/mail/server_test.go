package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// What the tests of this package share; logged is what the program logs.
var (
	trusted authority // whose certificates mail servers have
	strange authority // that nobody trusts
	logged  lockedBuffer
)

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) Bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.b.Bytes())
}

// TestMain makes an authority and has the system trust it, as an operator does
// for a mail server with a certificate of his own.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "bailiwick-mail-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		trusted, strange = newAuthority(), newAuthority()
		path := filepath.Join(dir, "trusted.pem")
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trusted.certificate.Raw}), 0o600); err != nil {
			panic(err)
		}
		os.Setenv("SSL_CERT_FILE", path)
		os.Setenv("SSL_CERT_DIR", dir)
		slog.SetDefault(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
		return m.Run()
	}())
}

// authority issues a certificate to each server.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority() (a authority) {
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "mail test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		panic(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		panic(err)
	}
	if a.certificate, err = x509.ParseCertificate(der); err != nil {
		panic(err)
	}
	return a
}

func (a authority) issue(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "mail server"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// post is a mail server on loopback: a real one, with what mail servers do.
type post struct {
	t        testing.TB
	port     int
	mu       sync.Mutex
	letters  []letter
	tries    int // connections that got as far as MAIL FROM
	user     string
	password string
	seen     []string // passwords that were sent to it
	greets   int

	from, rcpt, data func() error // what it answers, once it was asked; nil: yes
}

type letter struct {
	from, to string
	tls      bool
	raw      []byte
}

func (l letter) parse(t testing.TB) *netmail.Message {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(l.raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// listen starts a server: "starttls", "tls", or "none".
func listen(t testing.TB, security string) *post {
	t.Helper()
	return listenWith(t, security, trusted)
}

func listenWith(t testing.TB, security string, by authority) *post {
	t.Helper()
	p := &post{t: t, user: "post@northwind.example", password: "zq7kanary4vx mail password"}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	s := smtp.NewServer(p)
	s.Domain, s.EnableSMTPUTF8, s.ErrorLog = "mail.northwind.example", true, silent{}
	s.AllowInsecureAuth = security == "none"
	config := &tls.Config{Certificates: []tls.Certificate{by.issue(t)}}
	switch security {
	case "tls":
		l = tls.NewListener(l, config)
	case "starttls":
		s.TLSConfig = config
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return p
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// NewSession greets.
func (p *post) NewSession(c *smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.greets++
	return &talk{post: p, conn: c}, nil
}

func (p *post) got() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]letter(nil), p.letters...)
}

func (p *post) answer(from, rcpt, data func() error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.from, p.rcpt, p.data = from, rcpt, data
}

// say is an answer of a mail server, which repeats what it should not.
func say(code, a, b, c int) func() error {
	return func() error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{a, b, c}, Message: "zq7kanary4vx https://vault.example/reset?token=secret"}
	}
}

type talk struct {
	*post
	conn   *smtp.Conn
	letter letter
	in     bool
}

func (k *talk) AuthMechanisms() []string { return []string{"LOGIN", "PLAIN"} }

func (k *talk) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.seen = append(k.seen, password)
		if user != k.user || password != k.password {
			return smtp.ErrAuthFailed
		}
		k.in = true
		return nil
	}
	if mechanism != "PLAIN" {
		return nil, errors.New("unknown")
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

func (k *talk) Mail(from string, _ *smtp.MailOptions) error {
	k.mu.Lock()
	k.tries++
	k.letter.from = from
	next := k.from
	k.mu.Unlock()
	if !k.in {
		return smtp.ErrAuthRequired
	}
	return ask(next)
}

func ask(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

func (k *talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	k.mu.Lock()
	k.letter.to = to
	next := k.rcpt
	k.mu.Unlock()
	return ask(next)
}

func (k *talk) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	k.mu.Lock()
	next := k.data
	_, k.letter.tls = k.conn.TLSConnectionState()
	k.letter.raw = raw
	k.mu.Unlock()
	if err := ask(next); err != nil {
		if errors.Is(err, errGone) { // it took the mail, and nobody hears of it
			k.keep()
			k.conn.Conn().Close()
		}
		return err
	}
	k.keep()
	return nil
}

var errGone = errors.New("gone")

func (k *talk) keep() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.letters = append(k.letters, k.letter)
}

func (k *talk) Reset()        { k.letter = letter{} }
func (k *talk) Logout() error { return nil }
