package browser

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// server is a process of the product.
type server struct {
	command *exec.Cmd
	lines   *bufio.Reader

	Address         string    `json:"address"`
	OrganizationKey string    `json:"organization_key"`
	RecoveryKey     string    `json:"recovery_key"`
	Accounts        []account `json:"accounts"`
}

type account struct {
	Name, Email, Password, Level string
	Site                         string
	OrganizationKey              string `json:"organization_key"` // of a site's user: the site's
}

func start(data string, log io.Writer, args ...string) (*server, error) {
	s := &server{command: exec.Command(binary, append(args, "--listen", "127.0.0.1:0", "--data", data)...)}
	s.command.Stderr = log
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.lines = bufio.NewReader(out)
	return s, s.command.Start()
}

func startDemo(data string, log io.Writer) (*server, error) {
	s, err := start(data, log, "demo", "--json")
	if err != nil {
		return nil, err
	}
	line, err := s.lines.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, s)
	}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("the demo said %q: %w", line, err)
	}
	go io.Copy(io.Discard, s.lines)
	return s, nil
}

var setupAddress = regexp.MustCompile(`(http://[^/\s]+)(/setup\?token=\S+)`)

// startEmpty starts a server that is still to be set up, and gives the path
// that it prints for that.
func startEmpty(t *testing.T) (*server, string) {
	t.Helper()
	s, err := start(filepath.Join(t.TempDir(), "data"), os.Stderr, "serve")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	for {
		line, err := s.lines.ReadString('\n')
		if found := setupAddress.FindStringSubmatch(line); found != nil {
			s.Address = found[1]
			return s, found[2]
		}
		if err != nil {
			t.Fatalf("no address was printed: %v", err)
		}
	}
}

func (s *server) stop() {
	if s.command.Process.Signal(syscall.SIGTERM) == nil {
		_ = s.command.Wait()
	}
}

// person is the account of somebody by his first name.
func (s *server) person(first string) account {
	for _, a := range s.Accounts {
		if strings.HasPrefix(a.Name, first+" ") {
			return a
		}
	}
	panic("nobody in the demo is called " + first)
}
