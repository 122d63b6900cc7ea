package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"bailiwick/internal/cli"
	"bailiwick/internal/clock"
	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

type recoverCmd struct {
	place
	Admin           string `help:"Email of an administrator to let in again with a new password." placeholder:"EMAIL"`
	RecoveryKeyFile string `help:"File with the Recovery key; it is asked for otherwise." type:"existingfile" placeholder:"FILE"`
	PasswordFile    string `help:"File whose first line is the administrator's new password; it is asked for otherwise." type:"existingfile" placeholder:"FILE"`
	Yes             bool   `help:"Do not ask before anything is changed."`
}

// Help is what --help says besides.
func (recoverCmd) Help() string {
	return `For the day when the instance key is lost, or no administrator can get in any more. It takes
the Recovery key from paper, which opens the vault without the instance key. Stop every server
of this database first.

With a lost instance key a new one is made. Each organization, a client's site too, has a Recovery
key of its own and is recovered with it. Passwords, recovery codes and personal vaults stay
as they are; try this without --admin first.

With --admin that administrator gets the new password, new keys and a new recovery code. His
personal vault lay under his earlier keys: nothing can open it any more, and it is deleted.
His sessions, known browsers and API tokens end. Where he still has his password and his
recovery code or the Organization Key, he needs none of this.

Without a terminal, the standard input holds the Recovery key and then the password, a line each.`
}

// Run recovers.
func (c recoverCmd) Run(e *cli.Env) error {
	target, err := c.target()
	if err != nil {
		return err
	}
	if c.Database == "" {
		if _, err := os.Stat(filepath.Join(c.Data, "bailiwick.db")); err != nil {
			return fmt.Errorf("there is no database in %s", c.Data)
		}
	}
	d, err := db.Open(e.Context, target, db.Options{})
	if errors.Is(err, db.ErrInUse) {
		return fmt.Errorf("%w: stop the server first", err)
	}
	if err != nil {
		return err
	}
	defer d.Close()
	instance, made, err := c.instanceFor(e, d)
	if err != nil {
		return err
	}
	begun := false // from then on the file may be what the database needs
	defer func() {
		if made != "" && !begun {
			os.Remove(made)
		}
	}()
	store := org.New(gate.New(d, clock.System{}), instance, seal.NewArgon(1, 1))
	if made == "" && c.Admin == "" {
		unopened, _, err := store.Unopened(e.Context)
		if err != nil {
			return err
		}
		if len(unopened) == 0 {
			return errors.New("the instance key is there and fits, so there is nothing to recover without --admin EMAIL. Nothing was changed")
		}
	}
	in := org.Recovery{Email: c.Admin}
	if in.Code, err = c.code(e); err != nil {
		return err
	}
	look, err := store.CheckRecovery(e.Context, in)
	if err != nil {
		return told(err)
	}
	fmt.Fprintf(e.Err, "The Recovery key opens %s.\n", look.Name)
	if look.Outer > 0 {
		fmt.Fprintf(e.Err, "Its outer keys (%d) will be put under a new instance key. The earlier instance key will open nothing of this database any more.\n", look.Outer)
	}
	if c.Admin != "" {
		fmt.Fprintf(e.Err, "%s will get a new password and new keys; %d sessions, browsers and API tokens end.\n", look.Email, look.Bearers)
		if look.Lost > 0 {
			fmt.Fprintf(e.Err, "%d credentials of that personal vault can't be opened any more, and will be deleted.\n", look.Lost)
		}
		if in.Password, err = c.password(e); err != nil {
			return err
		}
		if text := org.CheckPassword(in.Password, c.Admin); text != "" {
			return errors.New(text + " Nothing was changed")
		}
	}
	if !c.Yes && !e.Sure("New keys of the vault will be made.") {
		return errors.New("nothing was changed; --yes goes on without asking")
	}
	begun = true
	r, err := store.Recover(e.Context, in)
	if err != nil {
		return told(err)
	}
	if made != "" {
		if err := inPlace(made, strings.TrimSuffix(made, ".new")); err != nil {
			return fmt.Errorf("everything was recovered, but the new instance key could not get its name; rename %s to %s: %w", made, instanceFile, err)
		}
	}
	left, _, err := store.Unopened(e.Context)
	c.report(e, r, made != "", left)
	return err
}

// instanceFor gives the instance key to go on with: the one that is there if
// it fits, or a new one in a file that gets its name at the end. made is that
// file's name.
func (c recoverCmd) instanceFor(e *cli.Env, d *db.DB) (k seal.Key, made string, err error) {
	fits := func(k seal.Key) bool { // of any organization: the others are recovered one by one
		_, fits, err := org.New(gate.New(d, clock.System{}), k, nil).Unopened(e.Context)
		return err == nil && fits
	}
	k, path, err := c.instance()
	switch {
	case err == nil && fits(k):
		return k, "", nil
	case err == nil && path == "":
		return k, "", errors.New("BAILIWICK_INSTANCE_KEY is not the instance key of this database. Unset it to have a new one made in the data directory. Nothing was changed")
	case err == nil:
		return k, "", fmt.Errorf("%s is not the instance key of this database. If the right one is lost, move this file away and run this again: a new one is made. Nothing was changed", path)
	case !errors.Is(err, fs.ErrNotExist):
		return k, "", err
	case c.Data == "":
		return k, "", errors.New("the instance key is not there: set BAILIWICK_INSTANCE_KEY, or give --data DIR to have a new one made in that directory")
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return k, "", err
	}
	made = path + ".new"
	if k, err = seal.InstanceKey(made); err != nil {
		return k, "", err
	}
	if fits(k) { // an earlier run was broken off at its very end
		fmt.Fprintf(e.Err, "An earlier recovery had made a new instance key; it is at %s now.\n", path)
		return k, "", inPlace(made, path)
	}
	return k, made, nil
}

func inPlace(from, to string) error {
	return errors.Join(os.Rename(from, to), syncDirectory(filepath.Dir(to)))
}

func (c recoverCmd) code(e *cli.Env) (seal.Code, error) {
	var text string
	var err error
	if c.RecoveryKeyFile != "" {
		var b []byte
		b, err = os.ReadFile(c.RecoveryKeyFile)
		text = string(b)
	} else {
		text, err = e.Secret("Recovery key, from paper")
	}
	if err != nil {
		return seal.Code{}, err
	}
	code, err := seal.ParseCode(text)
	if err != nil {
		err = fmt.Errorf("the Recovery key can't be read: %w. Nothing was changed", err)
	}
	return code, err
}

func (c recoverCmd) password(e *cli.Env) (seal.Secret, error) {
	if c.PasswordFile != "" {
		b, err := os.ReadFile(c.PasswordFile)
		line, _, _ := strings.Cut(string(b), "\n")
		return seal.NewSecret(strings.TrimSuffix(line, "\r")), err
	}
	for {
		first, err := e.Secret("New password for " + c.Admin)
		if err != nil || !e.Terminal() {
			return seal.NewSecret(first), err
		}
		if text := org.CheckPassword(seal.NewSecret(first), c.Admin); text != "" {
			fmt.Fprintln(e.Err, text)
			continue
		}
		second, err := e.Secret("The same again")
		if err != nil || first == second {
			return seal.NewSecret(first), err
		}
		fmt.Fprintln(e.Err, "These are not the same.")
	}
}

// told gives what a fault says to people, field by field.
func told(err error) error {
	f, ok := fault.As(err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	var lines []string
	for _, field := range f.Fields {
		lines = append(lines, field.Text)
	}
	return errors.New(strings.Join(lines, "\n"))
}

func (c recoverCmd) report(e *cli.Env, r org.Recovered, instance bool, left []string) {
	fmt.Fprintf(e.Err, "\nDone. The vault has new keys (epoch %d); the audit log has the events.\n", r.Epoch)
	if instance {
		fmt.Fprintf(e.Err, "- A new instance key is in %s. Keep a copy of it apart from the backups.\n- What lay under the earlier one alone is lost: enter the settings of the mail server again.\n", filepath.Join(c.Data, instanceFile))
	}
	if r.Early > 0 {
		fmt.Fprintf(e.Err, "- %d users of sites had set a password before their site was activated; those are lost. Send them a password reset.\n", r.Early)
	}
	if len(left) > 0 {
		fmt.Fprintf(e.Err, "- Each organization has a Recovery key of its own. Nobody signs in to these before theirs was used, too: %s. Run this again for each.\n", strings.Join(left, ", "))
	}
	if r.User != "" {
		fmt.Fprintf(e.Err, "- %s signs in with the new password. On the first browser, this new recovery code stands for the Organization Key; write it down:\n", r.Email)
		fmt.Fprintf(e.Out, "%s\n", r.Code.Chars())
	}
	fmt.Fprintln(e.Err, `
Next:
- Start the server, and sign in.
- Change the Organization Key if it is lost or somebody else may know it (Settings, Keys).
- Go through the users, and disable whoever should not be one.
- Take a new backup. Earlier ones open only with what was known at their time.`)
}
