package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"bailiwick/internal/clock"
	"bailiwick/internal/demo"
	"bailiwick/internal/seal"
)

type demoCmd struct {
	common
	JSON bool `help:"Print one line of JSON: address, organization_key, recovery_key, accounts (one has totp and recovery_codes)." name:"json"`
}

// Run fills a fresh directory or database and serves it.
func (c demoCmd) Run() error {
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "bailiwick-demo-")
		if err != nil {
			return err
		}
		c.Data = dir
		defer os.RemoveAll(dir) // only the demo's own invented data
	}
	ctx := context.Background()
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if !s.empty {
		return errors.New("the demo needs a fresh directory or database; this one is in use. Start it with `bailiwick serve` instead")
	}
	l, err := s.listen()
	if err != nil {
		return err
	}
	if err := s.watched(); err != nil {
		return err
	}
	made, err := demo.Fill(ctx, s.db, s.instance, clock.System{}.Now())
	if err != nil {
		return err
	}
	h, err := s.handler(seal.Token{})
	if err != nil {
		return err
	}
	if c.JSON {
		line, err := json.Marshal(struct {
			Address string `json:"address"`
			demo.Made
		}{s.address(l), made})
		if err != nil {
			return err
		}
		fmt.Println(string(line))
	} else {
		print(s.address(l), made)
	}
	return s.serve(l, h)
}

func print(address string, m demo.Made) {
	fmt.Printf("The demo is at %s\n\nWho can sign in (a new browser asks for the Organization Key once):\n\n", address)
	for _, a := range m.Accounts {
		fmt.Printf("  %-34s %-38s %s\n", a.Email, a.Password, a.Level)
		if a.Site != "" {
			fmt.Printf("  %-34s %s\n", "", "of the site of "+a.Site+", with its Organization Key "+a.OrganizationKey)
		}
		if a.TOTP != "" {
			fmt.Printf("  %-34s %s\n", "", "with a code of the authenticator app of "+a.TOTP+", or "+a.RecoveryCodes[0])
		}
	}
	fmt.Printf("\nOrganization Key  %s\nRecovery key      %s\n\nThe data is invented and gone when you stop this, unless you gave --data.\nStop with Ctrl-C.\n",
		m.OrganizationKey, m.RecoveryKey)
}
