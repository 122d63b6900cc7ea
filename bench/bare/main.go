// Command bare is what a server is at the very least, to compare size, memory
// and start with: net/http, a driver of SQLite, and an open database.
package main

import (
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", "file:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	l, err := net.Listen("tcp", os.Args[2])
	if err != nil {
		panic(err)
	}
	http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		if err := db.QueryRow(`SELECT COUNT(*) FROM organizations`).Scan(&n); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		fmt.Fprintln(w, n)
	}))
}
