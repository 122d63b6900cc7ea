package cli

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// UsersSettings shows the settings about people, or changes some.
type UsersSettings struct {
	Format `embed:""`
	Set    []string `sep:"none" placeholder:"NAME=VALUE" help:"Change a setting, by the name that the list gives; again for another."`
}

// Run shows them, after the change.
func (c *UsersSettings) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	now, err := api.PeopleSettings(e.Context)
	if err != nil {
		return err
	}
	if len(c.Set) > 0 {
		next := now
		for _, text := range c.Set {
			if err := set(&next, text); err != nil {
				return err
			}
		}
		if err := api.SetPeopleSettings(e.Context, sdk.NewPeopleSettings{Read: now, Next: next}); err != nil {
			return err
		}
		now = next
		fmt.Fprintln(e.Err, "The settings about people are saved.")
	}
	var rows [][]string
	for i, v := 0, reflect.ValueOf(now); i < v.NumField(); i++ {
		rows = append(rows, []string{settingName(i), fmt.Sprint(v.Field(i))})
	}
	return c.show(e, now, "NAME|VALUE", rows)
}

// settingName is the i-th setting as the API names it.
func settingName(i int) string { return reflect.TypeFor[sdk.PeopleSettings]().Field(i).Tag.Get("json") }

// set reads NAME=VALUE.
func set(s *sdk.PeopleSettings, text string) error {
	name, value, _ := strings.Cut(text, "=")
	for i, v := 0, reflect.ValueOf(s).Elem(); i < v.NumField(); i++ {
		if settingName(i) != name {
			continue
		}
		switch at := v.Field(i).Addr().Interface().(type) {
		case *bool:
			on, err := strconv.ParseBool(value)
			if err != nil {
				return fail(ExitUsage, "%s is true or false.", name)
			}
			*at = on
		case *int:
			n, err := strconv.Atoi(value)
			if err != nil {
				return fail(ExitUsage, "%s is a number.", name)
			}
			*at = n
		case *string:
			*at = value
		}
		return nil
	}
	return fail(ExitUsage, "There is no setting %s. List them with: bailiwick users settings", clean(name))
}
