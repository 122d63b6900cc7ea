package reveal

import (
	"errors"
	"fmt"
	"log"
	"log/slog"

	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
)

type store struct{}

// Reveal is a method of another type: it reveals nothing here.
func (store) Reveal() string { return "" }

func tell(s seal.Secret, password string, token []byte, name string) error {
	slog.Info("x", "secret", s, "name", name, "of", len(password))
	slog.Info("x", "password", password) // want `password goes into a log`
	log.Printf("%s", token)              // want `token goes into a log`
	slog.Info("x", "s", s.Reveal())      // want `must not reveal secrets` `a revealed secret goes into a log`
	if name == "" {
		return fmt.Errorf("wrong: %s", "x"+password) // want `password goes into an error`
	}
	if name == "x" {
		return fault.Cannot("wrong: %s", password) // want `password goes into an error`
	}
	_ = store{}.Reveal()
	return errors.New(s.Reveal()) // want `must not reveal secrets` `a revealed secret goes into an error`
}
