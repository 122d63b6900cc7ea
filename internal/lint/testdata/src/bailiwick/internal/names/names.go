package names

import (
	"html/template"
	"net"
	"net/http"
	"os"
	"time"
	clock "time"

	"bailiwick/internal/gate"
)

var started = time.Now() // want `must not use time.Now: ask a clock.Clock`

var later = clock.Now // want `must not use time.Now`

func wait() {
	_ = time.Since(started)   // want `must not use time.Since`
	_ = time.Until(started)   // want `must not use time.Until`
	time.Sleep(time.Second)   // want `must not use time.Sleep`
	<-time.After(time.Second) // want `must not use time.After`
	t := time.NewTimer(time.Second)
	defer t.Stop()
}

func mount(h http.HandlerFunc) {
	http.Handle("/", h)     // want `must not use net/http.Handle: a handler is mounted by the route table only`
	http.HandleFunc("/", h) // want `must not use net/http.HandleFunc`
	m := http.NewServeMux() // want `must not use net/http.NewServeMux`
	m.Handle("/", h)        // want `must not use net/http.ServeMux.Handle`
	m.HandleFunc("/", h)    // want `must not use net/http.ServeMux.HandleFunc`
	var s http.Server       // want `must not use net/http.Server`
	_ = s
	_ = http.ListenAndServe("", h)        // want `must not use net/http.ListenAndServe: it has no time limits`
	_ = http.FileServer(http.Dir("/etc")) // want `must not use net/http.FileServer` `must not use net/http.Dir`
}

func fetch() {
	_, _ = http.Get("http://x")        // want `must not use net/http.Get: it follows redirects`
	_, _ = http.DefaultClient.Get("x") // want `must not use net/http.DefaultClient`
	_ = http.Client{}                  // want `must not use net/http.Client: the server fetches nothing`
	_, _ = net.Dial("tcp", "x")        // want `must not use net.Dial`
}

func link(r *http.Request) string {
	a := r.Host                           // want `must not use net/http.Request.Host: an attacker chooses it`
	a += r.Header.Get("X-Forwarded-Host") // want `must not read X-Forwarded-Host: everybody can send it`
	a += r.Header.Get("x-forwarded-for")  // want `must not read X-Forwarded-For`
	return a + r.URL.Host + r.Header.Get("User-Agent")
}

func write(w http.ResponseWriter, text string) template.HTML { // want `must not use html/template.HTML: it is not escaped any more`
	http.SetCookie(w, &http.Cookie{}) // want `must not use net/http.SetCookie: cookies are set by setCookie`
	_, _ = os.ReadFile(text)          // want `must not use os.ReadFile: no request names a file`
	return template.HTML(text)        // want `must not use html/template.HTML`
}

func be() gate.Actor {
	return gate.Admit(gate.Admission{}) // want `must not use bailiwick/internal/gate.Admit: only session makes actors`
}

type mine struct{ Host string }

func (m mine) Handle() string { return m.Host }
