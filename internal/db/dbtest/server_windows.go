package dbtest

import "errors"

func startServer() (string, error) {
	return "", errors.New("set BAILIWICK_TEST_POSTGRES to the address of a server")
}
