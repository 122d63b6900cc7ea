package cli

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/term"

	"bailiwick/sdk"
)

// line reads one line byte by byte, so that what follows stays for the next
// question.
func (e *Env) line() (string, error) {
	var text []byte
	one := make([]byte, 1)
	for {
		n, err := e.In.Read(one)
		if n == 1 && one[0] == '\n' {
			break
		}
		text = append(text, one[:n]...)
		if err != nil {
			if len(text) > 0 {
				break
			}
			return "", fail(ExitUsage, "There was nothing to read on the standard input.")
		}
	}
	return strings.TrimSuffix(string(text), "\r"), nil
}

// ask asks for a line; present is taken when the answer is empty.
func (e *Env) ask(question, present string) (string, error) {
	if present != "" {
		question += " [" + clean(present) + "]"
	}
	fmt.Fprint(e.Err, question+": ")
	text, err := e.line()
	if err == nil && text == "" {
		text = present
	}
	return text, err
}

// askSecret asks without showing what is typed.
func (e *Env) askSecret(question string) (sdk.Secret, error) {
	if !e.terminal() {
		return "", fail(ExitUsage, "%s has to be typed at a terminal, and there is none.", question)
	}
	fmt.Fprint(e.Err, question+": ")
	text, err := term.ReadPassword(int(e.In.Fd()))
	fmt.Fprintln(e.Err)
	return sdk.Secret(text), err
}

// Secret asks for something secret without showing what is typed; where
// nobody sits at a terminal, it is the next line of the standard input.
func (e *Env) Secret(question string) (string, error) {
	if !e.terminal() {
		return e.line()
	}
	s, err := e.askSecret(question)
	return string(s), err
}

// Terminal reports whether somebody sits there who can be asked.
func (e *Env) Terminal() bool { return e.terminal() }

// Sure asks a question that is answered with yes. Where nobody sits at a
// terminal the answer is no.
func (e *Env) Sure(question string) bool {
	if !e.terminal() {
		return false
	}
	text, err := e.ask(question+" Type yes to go on", "")
	return err == nil && strings.EqualFold(strings.TrimSpace(text), "yes")
}

// choose lets a person choose one of several by number. Without a terminal
// the list is the error.
func (e *Env) choose(what string, options []string) (int, error) {
	var list strings.Builder
	for i, o := range options {
		fmt.Fprintf(&list, "%4d  %s\n", i+1, clean(o))
	}
	if !e.terminal() {
		return 0, fail(ExitError, "%s fits several. Say more, or give an id:\n%s", what, strings.TrimRight(list.String(), "\n"))
	}
	fmt.Fprint(e.Err, what+" fits several:\n"+list.String())
	for range 3 {
		text, err := e.ask("Which one", "")
		if err != nil {
			return 0, err
		}
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n >= 1 && n <= len(options) {
			return n - 1, nil
		}
		fmt.Fprintf(e.Err, "Type a number from 1 to %d.\n", len(options))
	}
	return 0, fail(ExitUsage, "None was chosen. Nothing was done.")
}
