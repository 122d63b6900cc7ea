package gate

import (
	"sync/atomic"
	"time"

	"bailiwick/internal/perm"
)

// ActorKind is what acts. Each kind has its own few rights; none has all.
type ActorKind string

const (
	Anonymous ActorKind = "anonymous"
	User      ActorKind = "user"
	Token     ActorKind = "token"
	// Perspective is a user who looks at the product as another one sees it.
	Perspective ActorKind = "perspective"
	// Rotation is the job that flags passwords whose time is up. It holds no
	// keys, and can do that and nothing else.
	Rotation ActorKind = "rotation"
	// Link is somebody outside who holds an external link. He is decided on as
	// the sender would be, on the one credential of the link, and may do nothing
	// but what is made for links.
	Link ActorKind = "link"
)

// job reports whether the kind is a job of the server, which is no user.
func (k ActorKind) job() bool { return k == Rotation }

// RotationJob is the rotation job in an organization. Anybody may make one:
// what it may do is one operation, which shows nothing.
func RotationJob(org string) Actor { return Admit(Admission{Kind: Rotation, Org: org}) }

// Actor is who asks. It is a parameter, never hidden in a context, and its
// fields can't be set from outside: only session admits actors.
type Actor struct {
	kind    ActorKind
	org     string
	user    string
	by      string // who has the perspective of user, or sent the link
	about   string // credential of an external link; of a partner his organization
	as      string // name of a partner, as the log has it
	home    string // of a visitor: the provider whose user he is
	keys    *Ring  // of a visitor, of no use in the site
	session string // or the token's or link's id
	ip      string
	limit   *Limit
	ring    *Ring
	enrol   bool
	once    onceKey
	trace   *Trace
}

type onceKey struct {
	key     string
	request []byte
}

// Limit narrows an API token below its owner.
type Limit struct {
	Permissions perm.Set
	AllClients  bool
	Clients     map[string]bool
	Expires     time.Time
}

// Trace tells a front door whether a decision was made for a request: an
// answer without one is replaced by an error.
type Trace struct{ decided atomic.Bool }

// Decided reports whether the gate was asked.
func (t *Trace) Decided() bool { return t.decided.Load() }

// Admission is what session found out about whoever asks.
type Admission struct {
	Kind    ActorKind
	Org     string
	User    string
	By      string // perspectives: whose session it is; links: who sent it
	About   string // links only: the credential
	Session string
	IP      string
	Limit   *Limit // tokens only
	Ring    *Ring
	Enrol   bool // a second factor is to be set up before anything else
	Trace   *Trace
}

// Admit makes an actor. Only package session may call it; a test of the
// architecture keeps that.
func Admit(a Admission) Actor {
	if a.Trace == nil {
		a.Trace = &Trace{}
	}
	if a.Ring == nil {
		a.Ring = &Ring{}
	}
	return Actor{kind: a.Kind, org: a.Org, user: a.User, by: a.By, about: a.About, session: a.Session, ip: a.IP,
		limit: a.Limit, ring: a.Ring, enrol: a.Enrol, trace: a.Trace}
}

// Stranger is an actor who has not signed in.
func Stranger(org, ip string, trace *Trace) Actor {
	return Admit(Admission{Kind: Anonymous, Org: org, IP: ip, Trace: trace})
}

// Once gives the actor with the idempotency key of this request. The request's
// hash guards against one key used for two different requests.
func (a Actor) Once(key string, request []byte) Actor {
	a.once = onceKey{key, request}
	return a
}

// Org is the actor's organization.
func (a Actor) Org() string { return a.org }

// User is the id of the user who acts, "" for strangers.
func (a Actor) User() string { return a.user }

// By is the user who has a perspective of User, or who sent the external link;
// "" otherwise.
func (a Actor) By() string { return a.by }

// About is the credential of an external link, "" otherwise.
func (a Actor) About() string { return a.about }

// Session is the id of the session, token or external link.
func (a Actor) Session() string { return a.session }

// IP is the address that the request came from.
func (a Actor) IP() string { return a.ip }

// Kind is what the actor is.
func (a Actor) Kind() ActorKind { return a.kind }

// Open reports whether the actor's session holds the vault's keys.
func (a Actor) Open() bool { return a.ring != nil && a.ring.Open() }

// Chosen reports whether an API token is limited to chosen clients, so that it
// may see nothing of the organization as a whole.
func (a Actor) Chosen() bool { return a.limit != nil && !a.limit.AllClients }

// Enrols reports whether the actor's session has to set up a second factor
// before it may do anything else.
func (a Actor) Enrols() bool { return a.enrol }

// Ring gives the keys that the actor holds.
func (a Actor) Ring() *Ring { return a.ring }
