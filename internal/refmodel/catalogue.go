package refmodel

import (
	"sort"
	"strings"
)

// Row is one permission of the table "Catalogue" of permissions.md. Marks are
// the columns with an x, out of "M T SA SU SL"; "MD" and "TD" stand for the
// table's M-Default and T-Default: only the "- Default Access" half of the pair.
type Row struct{ Group, Name, Marks string }

// Catalogue is the table, one row per permission (rows of two or three
// permissions taken apart, their "x x -" read position by position).
var Catalogue = []Row{
	{"Admin", "Admin: Cancel Account", ""},
	{"Admin", "Admin: Download Marketing Materials", ""},
	{"Admin", "Admin: Export Data", "SA"},
	{"Admin", "Admin: Manage User Lockouts", "M SA"},
	{"Admin", "Admin: Organization Branding", "SA"},
	{"Admin", "Admin: Payment Details", ""},
	{"Admin", "Admin: PSA Sync", ""},
	{"Guides", "Article: View", "M T SA SU SL"},
	{"Guides", "Article: Add/Edit", "M T SA"},
	{"Guides", "Article: Delete", "M SA"},
	{"Blink", "Blink User Reset", "M T"},
	{"Clients", "Client: View List", "M T"},
	{"Clients", "Client: Add", "M"},
	{"Clients", "Client: Edit", "M SA"},
	{"Clients", "Client: Disable", "M"},
	{"Clients", "Client: Default Access", "MD TD"},
	{"Clients", "Edit Access Assignments", "M"},
	{"Clients", "Dashboard: Edit", "M T SA"},
	{"Credentials", "Password: View", "M T SA SU SL"},
	{"Credentials", "Password: Add", "M T SA SU"},
	{"Credentials", "Password: Edit", "M T SA SU"},
	{"Credentials", "Password: Archive", "M SA"},
	{"Credentials", "Password: Clear Flags", "M T SA"},
	{"Credentials", "Password: TOTP Add/Remove", "M T SA SU"},
	{"Credentials", "Password: External Link Share", "M T SA"},
	{"Credentials", "Permission: Share", "M T SA"},
	{"Credentials", "Credential Types: Add/Edit", "M SA"},
	{"Credentials", "Folder: Add/Edit", "M T SA SU"},
	{"Credentials", "Vault Access", "M T SA SU SL"},
	{"Documents", "Document: View", "M T SA SU SL"},
	{"Documents", "Document: Add/Edit", "M T SA"},
	{"Documents", "Document: Delete", "M SA"},
	{"Documents", "Template: Add/Edit", "M SA"},
	{"Documents", "Template: Delete", "M SA"},
	{"Documents", "Publish Item", "M SA"},
	{"Files", "File: View", "M T SA SU SL"},
	{"Files", "File: Add/Edit", "M T SA SU"},
	{"Files", "File: Delete", "M SA"},
	{"Files", "File: Folder Add/Edit", "M T SA SU"},
	{"Files", "File: Folder Delete", "M SA"},
	{"Domains", "Domain: View", "M T SA SU SL"},
	{"Domains", "Domain: Add/Edit", "M T SA"},
	{"Domains", "Domain: Disable", "M SA"},
	{"SSL", "SSL: View", "M T SA SU SL"},
	{"SSL", "SSL: Add/Edit", "M T SA"},
	{"SSL", "SSL: Disable", "M SA"},
	{"Import", "Import Data", "M SA"},
	{"Organization", "Organization: Admin", ""},
	{"Permissions", "Permissions: View", "M SA"},
	{"Permissions", "Permissions: Add", ""},
	{"Permissions", "Permissions: Edit", "M SA"},
	{"Permissions", "Permissions: Delete", ""},
	{"Plug-ins", "Plugin Access", "M T SA SU SL"},
	{"Reports", "Report: Changed Passwords", "M SA"},
	{"Reports", "Report: Client Audit Log", "M SA"},
	{"Reports", "Report: Client Passwords", "M SA"},
	{"Reports", "Report: Logins", "M SA"},
	{"Reports", "Report: Password Audit by User", "M SA"},
	{"Reports", "Report: Password Complexity", "M SA"},
	{"Reports", "Report: Passwords Input by User", "M SA"},
	{"Reports", "Report: Passwords Known by User", "M SA"},
	{"Reports", "Report: Recently Run Reports", "M SA"},
	{"Reports", "Report: Unchanged Passwords", "M SA"},
	{"RMM", "RMM: Action Tools", "M T"},
	{"Security groups", "Security Groups: View", "M T SA"},
	{"Security groups", "Security Groups: Manage", "M SA"},
	{"Directory", "Setup AD Sync", ""},
	{"Site users", "Site User: Add", "M SA"},
	{"Site users", "Site User: Edit", "M SA"},
	{"Site users", "Site User: Disable", "M SA"},
	{"Users", "User: Add", "M"},
	{"Users", "User: Edit", "M"},
	{"Users", "User: Disable", "M"},
	{"Users", "User: Auto-provision", ""},
	{"Users", "User: Perspective", "SA"},
}

// The eight built-in levels.
const (
	OrganizationAdmin  = "Organization Admin"
	ManagerDefault     = "Manager - Default Access"
	ManagerAssigned    = "Manager - Assigned Access"
	TechnicianDefault  = "Technician - Default Access"
	TechnicianAssigned = "Technician - Assigned Access"
	SiteAdministrator  = "Site Administrator"
	SiteUser           = "Site User"
	SiteUserLimited    = "Site User - Limited"
)

// builtin gives each level the marks that it collects, and whether it is a site's.
var builtin = map[string]struct {
	marks string
	site  bool
}{
	OrganizationAdmin: {"all", false},
	ManagerDefault:    {"M MD", false}, ManagerAssigned: {"M", false},
	TechnicianDefault: {"T TD", false}, TechnicianAssigned: {"T", false},
	SiteAdministrator: {"SA", true}, SiteUser: {"SU", true}, SiteUserLimited: {"SL", true},
}

// Names of the account roles' grants.
var (
	accountRole     = []string{"Admin: Payment Details", "Admin: Cancel Account", "Admin: Organization Branding"}
	userManagerRole = []string{"User: Add", "User: Edit", "User: Disable",
		"Site User: Add", "Site User: Edit", "Site User: Disable", "Permissions: View"}
)

// column returns the names whose marks meet the given ones; "all" is every name.
func column(marks string) (names []string) {
	for _, r := range Catalogue {
		if marks == "all" || meet(marks, r.Marks) {
			names = append(names, r.Name)
		}
	}
	return names
}

func meet(a, b string) bool {
	for _, x := range strings.Fields(a) {
		for _, y := range strings.Fields(b) {
			if x == y {
				return true
			}
		}
	}
	return false
}

// expand adds what is implied.
func expand(names []string) map[string]bool {
	p := map[string]bool{}
	for _, n := range names {
		p[n] = true
	}
	if p["Organization: Admin"] {
		for _, n := range column("all") {
			p[n] = true
		}
	}
	if p["Password: Edit"] {
		p["Password: View"] = true
	}
	return p
}

// rights finds a user's level and permissions (L1-L4).
func rights(o *Org, u *User) (string, map[string]bool) {
	var names []string
	level := u.Level
	if b, ok := builtin[level]; u.Kind == "guest" || level == "" || ok && b.site != o.Site || !ok && o.Site {
		level = ""
	} else if ok {
		names = column(b.marks)
	} else {
		given := u.Permissions
		if l := o.Levels[level]; l != nil {
			given = l.Permissions
		}
		for _, n := range given {
			if n != "Organization: Admin" && n != "User: Auto-provision" {
				names = append(names, n)
			}
		}
	}
	if u.Kind != "guest" && !o.Site && u.RoleAccount {
		names = append(names, accountRole...)
	}
	if u.Kind != "guest" && !o.Site && u.RoleUserManager {
		names = append(names, userManagerRole...)
	}
	return level, expand(names)
}

// operation is a row of "What other operations need", or of the catalogue read
// as one. who: U user, T token, P perspective, V visitor, J job:import, R job:rotation. key: the session
// must be open. on: kinds of the target. needs: permissions, all of them.
// others: Organization: Admin also on another user's. rank: the users named
// are others than the actor, and rank applies to them.
type operation struct {
	who    string
	key    bool
	needs  string
	on     string
	others bool
	rank   bool
	waits  bool // also before approval (S1)
	// anybody: the user named may be anyone of the organization.
	anybody bool
}

var operations = map[string]operation{
	"organization.view":       {who: "UP", on: "none organization"},
	"organization.key.change": {who: "U", key: true, needs: "Organization: Admin", on: "none organization"},
	"organization.keys.view":  {who: "U", needs: "Organization: Admin", on: "none organization"},
	"organization.epoch.make": {who: "U", key: true, needs: "level", on: "none organization"},
	"vault.open":              {who: "U", needs: "level", on: "none organization"},
	"vault.close":             {who: "U", needs: "level", on: "none organization"},

	"organization.recovery.confirm": {who: "U", key: true, needs: "Organization: Admin", on: "none organization"},

	"session.list":          {who: "U", on: "none user", waits: true},
	"session.end":           {who: "U", on: "none user", waits: true},
	"session.sign-out":      {who: "U", on: "none user", waits: true},
	"password.confirm":      {who: "U", on: "none user", waits: true},
	"perspective.begin":     {who: "U", needs: "User: Perspective", on: "user", rank: true},
	"perspective.end":       {who: "UP", on: "none user"},
	"user.me":               {who: "UTP", on: "none user", waits: true},
	"user.theme":            {who: "U", on: "none user", waits: true},
	"recovery-code.confirm": {who: "U", key: true, needs: "level", on: "none user"},
	"keys.renew":            {who: "U", key: true, needs: "level", on: "none user"},
	"factor.list":           {who: "U", on: "none user", waits: true},
	"factor.begin":          {who: "U", on: "none user", waits: true},
	"factor.add":            {who: "U", on: "none user", waits: true},
	"factor.rename":         {who: "U", on: "none user", waits: true},
	"factor.remove":         {who: "U", on: "none user", waits: true},
	"factor.codes":          {who: "U", on: "none user", waits: true},
	"factor.prove":          {who: "U", on: "none user", waits: true},
	"device.forget":         {who: "U", on: "none user"},
	"password.change":       {who: "U", on: "none user", waits: true},
	"token.list":            {who: "U", needs: "level", on: "none user"},
	"token.add":             {who: "U", key: true, needs: "Plugin Access + Password: Add", on: "none user"},
	"token.revoke":          {who: "U", needs: "level", on: "none user"},
	"bookmark.set":          {who: "U", on: "client"},
	"list.columns":          {who: "UP", needs: "level", on: "none user"},
	"list.columns.save":     {who: "U", needs: "level", on: "none user"},

	"client.list":        {who: "UTP", needs: "Client: View List", on: "none"},
	"client.view":        {who: "UTP", needs: "Client: View List", on: "client"},
	"client.add":         {who: "UJ", key: true, needs: "Client: Add", on: "none"},
	"client.edit":        {who: "UTJ", needs: "Client: Edit", on: "client"},
	"client.overview":    {who: "UTP", needs: "Client: View List", on: "client"},
	"client.panel.edit":  {who: "UT", key: true, needs: "Client: Edit", on: "client"},
	"client.banner":      {who: "UTP", needs: "Client: View List", on: "client folder credential"},
	"client.banner.edit": {who: "UT", key: true, needs: "Dashboard: Edit", on: "client"},
	"client.delete":      {who: "U", needs: "Organization: Admin", on: "client"},

	"client.disable": {who: "UT", needs: "Client: Disable", on: "client"},
	"client.enable":  {who: "UT", needs: "Client: Disable", on: "client"},

	"site.view":  {who: "UP", needs: "Client: View List", on: "client"},
	"site.open":  {who: "U", key: true, needs: "Client: Edit + Site User: Add", on: "client"},
	"site.close": {who: "U", needs: "Client: Edit + Site User: Add", on: "client"},
	"site.types": {who: "U", needs: "Client: Edit + Site User: Add", on: "client"},
	"site.list":  {who: "UP", needs: "level", on: "none"},
	"site.pin":   {who: "U", key: true, needs: "level", on: "none organization"},

	"client.assign": {who: "U", needs: "Edit Access Assignments", on: "client", rank: true},

	"key.send":     {who: "U", key: true, needs: "User: Edit", on: "user", rank: true},
	"key.link.try": {who: "U", needs: "level", on: "none user"},
	"key.request":  {who: "U", needs: "level", on: "none user"},

	"user.enrol":   {who: "U", key: true, needs: "Organization: Admin", on: "none"},
	"user.disable": {who: "U", needs: "User: Disable", on: "user", rank: true},

	"profile.view":      {who: "UP", on: "none user", waits: true},
	"profile.edit":      {who: "U", on: "none user", waits: true},
	"user.list":         {who: "UP", on: "none"},
	"user.view":         {who: "UP", on: "user", rank: true},
	"user.edit":         {who: "U", on: "user", rank: true},
	"user.check":        {who: "UP", needs: "User: Add", on: "none"},
	"user.invite":       {who: "U", needs: "User: Add", on: "none"},
	"user.import":       {who: "U", needs: "Import Data + User: Add", on: "none"},
	"user.resend":       {who: "U", needs: "User: Add", on: "user", rank: true},
	"user.approve":      {who: "U", needs: "User: Edit", on: "user", rank: true},
	"user.promote":      {who: "U", needs: "Organization: Admin", on: "user", rank: true},
	"user.demote":       {who: "U", needs: "Organization: Admin", on: "user", rank: true},
	"user.member":       {who: "U", needs: "User: Add + Permissions: Edit", on: "user", rank: true},
	"user.guest":        {who: "U", needs: "User: Add + Permissions: Edit", on: "user", rank: true},
	"user.enable":       {who: "U", needs: "User: Disable", on: "user", rank: true},
	"user.end-sessions": {who: "U", needs: "User: Disable", on: "user", rank: true},
	"user.delete":       {who: "U", needs: "User: Disable", on: "user", rank: true},
	"user.reset":        {who: "U", needs: "User: Edit", on: "user", rank: true},
	"user.reset-factor": {who: "U", needs: "User: Edit", on: "user", rank: true},
	"user.unlock":       {who: "U", needs: "Admin: Manage User Lockouts", on: "user", rank: true},
	"user.lockouts":     {who: "UP", needs: "Admin: Manage User Lockouts", on: "none"},
	"user.export":       {who: "U", needs: "Admin: Export Data", on: "none"},

	"user.import.preview":      {who: "U", needs: "Import Data + User: Add", on: "none"},
	"user.off-boarding":        {who: "UP", needs: "User: Disable", on: "user", rank: true},
	"user.off-boarding.decide": {who: "U", needs: "User: Disable", on: "user", rank: true},
	"user.off-boarding.list":   {who: "UP", needs: "User: Disable", on: "none"},
	"people.settings.view":     {who: "UP", needs: "Organization: Admin", on: "none organization"},
	"people.settings.save":     {who: "U", needs: "Organization: Admin", on: "none organization"},
	"organization.brand":       {who: "UP", needs: "Admin: Organization Branding", on: "none organization"},
	"organization.brand.set":   {who: "U", needs: "Admin: Organization Branding", on: "none organization"},

	"level.add":    {who: "U", needs: "Permissions: Add", on: "none"},
	"group.add":    {who: "U", needs: "Security Groups: Manage", on: "none", rank: true},
	"group.enable": {who: "U", needs: "Security Groups: Manage", on: "group"},

	"folder.guard":  {who: "U", needs: "Security Groups: Manage", on: "folder"},
	"folder.list":   {who: "UTP", needs: "Client: View List", on: "none client folder personal"},
	"folder.add":    {who: "UTJ", needs: "Folder: Add/Edit", on: "client folder personal"},
	"folder.edit":   {who: "UT", needs: "Folder: Add/Edit", on: "folder"},
	"folder.move":   {who: "UT", needs: "Folder: Add/Edit", on: "folder"},
	"folder.delete": {who: "UT", needs: "Folder: Add/Edit", on: "folder"},

	"credential.list":            {who: "UTP", key: true, needs: "Client: View List", on: "none client folder personal"},
	"credential.view":            {who: "UTP", key: true, needs: "Client: View List", on: "credential"},
	"credential.history":         {who: "UTP", key: true, needs: "Client: View List", on: "credential"},
	"credential.reveal":          {who: "UT", key: true, needs: "Password: View", on: "credential"},
	"credential.copy":            {who: "UT", key: true, needs: "Password: View", on: "credential"},
	"credential.reveal.version":  {who: "UT", key: true, needs: "Password: View", on: "credential"},
	"credential.restore.version": {who: "UT", key: true, needs: "Password: Edit", on: "credential"},
	"credential.reveal.field":    {who: "UT", key: true, needs: "Password: View", on: "credential"},
	"credential.copy.field":      {who: "UT", key: true, needs: "Password: View", on: "credential"},
	"credential.code":            {who: "UT", key: true, needs: "Password: View", on: "credential"},
	"credential.totp":            {who: "UT", key: true, needs: "Password: TOTP Add/Remove", on: "credential"},
	"credential.add":             {who: "UTJ", key: true, needs: "Password: Add", on: "client folder personal"},
	"credential.edit":            {who: "UTJ", key: true, needs: "Password: Edit", on: "credential"},
	"credential.move":            {who: "UT", on: "credential"},
	"credential.delete":          {who: "U", key: true, needs: "Organization: Admin", on: "credential"},
	"credential.archive":         {who: "UT", needs: "Password: Archive", on: "credential"},
	"credential.restore":         {who: "UT", needs: "Password: Archive", on: "credential"},
	"search":                     {who: "UTP", needs: "level", on: "none"},

	"type.list":                {who: "UTP", needs: "level", on: "none"},
	"type.add":                 {who: "U", needs: "Credential Types: Add/Edit", on: "none organization"},
	"type.edit":                {who: "U", needs: "Credential Types: Add/Edit", on: "none organization user"},
	"type.delete":              {who: "U", needs: "Credential Types: Add/Edit", on: "none organization user"},
	"credential.settings.view": {who: "UP", needs: "Organization: Admin", on: "none organization"},
	"credential.settings.save": {who: "U", needs: "Organization: Admin", on: "none organization"},

	"import.upload":  {who: "U", key: true, needs: "Import Data", on: "none user client folder"},
	"import.unlock":  {who: "U", key: true, needs: "Import Data", on: "none user client folder"},
	"import.choose":  {who: "U", key: true, needs: "Import Data", on: "none user client folder"},
	"import.preview": {who: "U", key: true, needs: "Import Data", on: "none user client folder"},
	"import.run":     {who: "UJ", key: true, needs: "Import Data", on: "none user client folder"},
	"import.view":    {who: "UP", needs: "Import Data", on: "none user", others: true},
	"import.cancel":  {who: "U", needs: "Import Data", on: "none user", others: true},
	"import.undo":    {who: "UJ", key: true, needs: "Import Data", on: "none user client folder", others: true},

	"mail.settings.view": {who: "UP", needs: "Organization: Admin", on: "none organization"},
	"mail.settings.save": {who: "U", needs: "Organization: Admin", on: "none organization"},
	"mail.test":          {who: "U", needs: "Organization: Admin", on: "none organization"},
	"mail.list":          {who: "UP", needs: "Organization: Admin", on: "none organization"},
	"mail.show":          {who: "U", needs: "Organization: Admin", on: "none organization user"},
	"mail.drop":          {who: "U", needs: "Organization: Admin", on: "none organization user"},

	"audit.list": {who: "UTP", on: "none organization client folder credential"},
}

// Operations names all of them, sorted.
func Operations() (names []string) {
	for n := range operations {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Names gives the 75 permissions, in the table's order.
func Names() []string { return column("all") }
