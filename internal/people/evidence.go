package people

// Evidence is the page as CSV, with the titles that the caller could open.
func (o Offboarding) Evidence(titles map[string]string) ([]byte, error) {
	rows := [][]string{{"Client", "Credential", "Id", "Last seen", "Decision", "Reason", "By", "Time", "Password"}}
	for _, k := range o.Rows {
		action := k.Action
		if action == "" {
			action = "open"
		}
		rows = append(rows, []string{k.ClientName, titles[k.Credential], k.Credential, stamp(k.Seen), action, k.Reason, k.By, stamp(k.Decided), "as it was seen"})
	}
	for _, k := range o.Past {
		rows = append(rows, []string{k.ClientName, titles[k.Credential], k.Credential, stamp(k.Seen), k.Action, k.Reason, k.By, stamp(k.Decided), "changed since"})
	}
	if o.Hidden > 0 {
		rows = append(rows, []string{"", "credentials out of reach: " + numberOf(o.Hidden), "", "", "open: " + numberOf(o.HiddenOpen), "", "", "", ""})
	}
	return table(rows)
}
