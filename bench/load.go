package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// load is what came of many requests.
type load struct {
	perSecond float64
	took      []time.Duration // of each request, sorted
}

func (l load) at(part float64) float64 {
	return float64(l.took[min(len(l.took)-1, int(part*float64(len(l.took))))].Microseconds()) / 1000
}

// press sends requests over so many connections for a while. next gives the
// n-th request as it goes over the wire. It is a poorer client than
// net/http's and takes less of the processors that it shares with the server.
func press(addr string, connections int, long time.Duration, next func(n int) []byte) load {
	var n atomic.Int64
	var group sync.WaitGroup
	took := make([][]time.Duration, connections)
	failed := make(chan error, connections)
	begun := time.Now()
	for c := range connections {
		group.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				failed <- err
				return
			}
			defer conn.Close()
			in := bufio.NewReaderSize(conn, 16<<10)
			for time.Since(begun) < long {
				sent := time.Now()
				if _, err := ask(conn, in, next(int(n.Add(1)))); err != nil {
					failed <- err
					return
				}
				took[c] = append(took[c], time.Since(sent))
			}
		})
	}
	group.Wait()
	elapsed := time.Since(begun)
	select {
	case err := <-failed:
		must(err)
	default:
	}
	all := slices.Concat(took...)
	slices.Sort(all)
	return load{perSecond: float64(len(all)) / elapsed.Seconds(), took: all}
}

// ask sends one request and reads the answer, which must be a good one.
func ask(conn net.Conn, in *bufio.Reader, request []byte) ([]byte, error) {
	if _, err := conn.Write(request); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(in, nil)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("%s: %s", res.Status, body)
	}
	return body, err
}

// once sends one request on a connection of its own.
func once(addr string, request []byte) []byte {
	body, err := try(addr, request)
	must(err)
	return body
}

func try(addr string, request []byte) ([]byte, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return ask(conn, bufio.NewReader(conn), request)
}

// get and post write requests of a browser and of an API client.
func get(path, bearer string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: bench\r\nCookie: __Host-session=%s\r\n\r\n", path, bearer)
}

func post(path, bearer, body string) []byte {
	kind := ""
	if body != "" {
		kind = "Content-Type: application/json\r\n"
	}
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n%sContent-Length: %d\r\n\r\n%s", path, bearer, kind, len(body), body)
}

// serve answers on a free port of this machine until the part ends.
func (b *bench) serve(h http.Handler) (addr string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	s := &http.Server{Handler: h}
	go s.Serve(l)
	b.later(func() { s.Close() })
	return l.Addr().String()
}
