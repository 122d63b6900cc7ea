package door

import "net/http"

func Mux(h http.Handler) *http.ServeMux {
	m := http.NewServeMux()
	m.Handle("/", h)
	return m
}

func host(r *http.Request) string { return r.Host + r.Header.Get("X-Forwarded-For") }
