package perm

// The catalogue: name, group, what it lets a user do, and which built-in
// levels hold it (M manager, T technician, SA site administrator, SU site user,
// SL limited site user).
var (
	AdminCancelAccount              = def("Admin: Cancel Account", "Admin", "End the subscription and close the account", "")
	AdminDownloadMarketingMaterials = def("Admin: Download Marketing Materials", "Admin", "Open the area of partner material and download from it", "")
	AdminExportData                 = def("Admin: Export Data", "Admin", "Export what one reaches and may view: credentials, clients, users", "SA")
	AdminManageUserLockouts         = def("Admin: Manage User Lockouts", "Admin", "Be told of lockouts, see them and end them", "M SA")
	AdminOrganizationBranding       = def("Admin: Organization Branding", "Admin", "Set logo and colours", "SA")
	AdminPaymentDetails             = def("Admin: Payment Details", "Admin", "See and change plan, payment details and invoices", "")
	AdminPSASync                    = def("Admin: PSA Sync", "Admin", "Set up and run the sync with a ticketing and billing system", "")

	ArticleView    = def("Article: View", "Guides", "Read the guides of a client's documentation", "M T SA SU SL")
	ArticleAddEdit = def("Article: Add/Edit", "Guides", "Write guides", "M T SA")
	ArticleDelete  = def("Article: Delete", "Guides", "Delete and restore guides", "M SA")

	BlinkUserReset = def("Blink User Reset", "Blink", "Send a directory user a self-service reset by SMS", "M T")

	ClientViewList        = def("Client: View List", "Clients", "See the list of clients; without it no credential of a client can be reached", "M T")
	ClientAdd             = def("Client: Add", "Clients", "Add clients", "M")
	ClientEdit            = def("Client: Edit", "Clients", "Edit clients, their overview, rotation policy and site login", "M SA")
	ClientDisable         = def("Client: Disable", "Clients", "Disable and enable clients", "M")
	ClientDefaultAccess   = def("Client: Default Access", "Clients", "Reach every client without being assigned to it", "")
	EditAccessAssignments = def("Edit Access Assignments", "Clients", "Assign users and security groups to clients and decide access requests", "M")
	DashboardEdit         = def("Dashboard: Edit", "Clients", "Edit a client's notification banner", "M T SA")

	PasswordView              = def("Password: View", "Credentials", "See and copy secrets", "M T SA SU SL")
	PasswordAdd               = def("Password: Add", "Credentials", "Add credentials", "M T SA SU")
	PasswordEdit              = def("Password: Edit", "Credentials", "Change credentials (includes seeing them)", "M T SA SU")
	PasswordArchive           = def("Password: Archive", "Credentials", "Archive and restore credentials", "M SA")
	PasswordClearFlags        = def("Password: Clear Flags", "Credentials", "Clear the flags of credentials", "M T SA")
	PasswordTOTPAddRemove     = def("Password: TOTP Add/Remove", "Credentials", "Add and remove the one-time-code secret of a credential", "M T SA SU")
	PasswordExternalLinkShare = def("Password: External Link Share", "Credentials", "Make a temporary link for somebody outside", "M T SA")
	PermissionShare           = def("Permission: Share", "Credentials", "Share credentials with the other organization", "M T SA")
	CredentialTypesAddEdit    = def("Credential Types: Add/Edit", "Credentials", "Add, change and delete custom credential types", "M SA")
	FolderAddEdit             = def("Folder: Add/Edit", "Credentials", "Create, rename and move folders, delete empty ones", "M T SA SU")
	VaultAccess               = def("Vault Access", "Credentials", "Have a personal vault (My passwords)", "M T SA SU SL")

	DocumentView    = def("Document: View", "Documents", "Read documents", "M T SA SU SL")
	DocumentAddEdit = def("Document: Add/Edit", "Documents", "Write documents", "M T SA")
	DocumentDelete  = def("Document: Delete", "Documents", "Archive and restore documents", "M SA")
	TemplateAddEdit = def("Template: Add/Edit", "Documents", "Make and change document templates", "M SA")
	TemplateDelete  = def("Template: Delete", "Documents", "Delete document templates", "M SA")
	PublishItem     = def("Publish Item", "Documents", "Publish a document or guide at a public address", "M SA")

	FileView          = def("File: View", "Files", "See and download files", "M T SA SU SL")
	FileAddEdit       = def("File: Add/Edit", "Files", "Upload and edit files", "M T SA SU")
	FileDelete        = def("File: Delete", "Files", "Delete files", "M SA")
	FileFolderAddEdit = def("File: Folder Add/Edit", "Files", "Create and edit folders of files", "M T SA SU")
	FileFolderDelete  = def("File: Folder Delete", "Files", "Delete folders of files", "M SA")

	DomainView    = def("Domain: View", "Domains", "See domain assets", "M T SA SU SL")
	DomainAddEdit = def("Domain: Add/Edit", "Domains", "Add and edit domain assets", "M T SA")
	DomainDisable = def("Domain: Disable", "Domains", "Archive and restore domain assets", "M SA")

	SSLView    = def("SSL: View", "SSL", "See certificates", "M T SA SU SL")
	SSLAddEdit = def("SSL: Add/Edit", "SSL", "Add and edit certificates", "M T SA")
	SSLDisable = def("SSL: Disable", "SSL", "Archive and restore certificates", "M SA")

	ImportData = def("Import Data", "Import", "Add many credentials, clients or users from a file; every row also needs the permission of the act itself", "M SA")

	OrganizationAdmin = def("Organization: Admin", "Organization", "Everything; not held back by security groups and assignments", "")

	PermissionsView   = def("Permissions: View", "Permissions", "See permission levels", "M SA")
	PermissionsAdd    = def("Permissions: Add", "Permissions", "Create custom levels", "")
	PermissionsEdit   = def("Permissions: Edit", "Permissions", "Change custom levels and give levels to users", "M SA")
	PermissionsDelete = def("Permissions: Delete", "Permissions", "Delete custom levels", "")

	PluginAccess = def("Plugin Access", "Plug-ins", "Use the browser extension, the command line and plug-ins", "M T SA SU SL")

	ReportChangedPasswords     = def("Report: Changed Passwords", "Reports", "See what was changed in a range of dates", "M SA")
	ReportClientAuditLog       = def("Report: Client Audit Log", "Reports", "See everything done in the clients that one reaches", "M SA")
	ReportClientPasswords      = def("Report: Client Passwords", "Reports", "See a client's credentials in plain text, each logged as seen", "M SA")
	ReportLogins               = def("Report: Logins", "Reports", "See who signed in, when and from where", "M SA")
	ReportPasswordAuditByUser  = def("Report: Password Audit by User", "Reports", "See everything that chosen users did", "M SA")
	ReportPasswordComplexity   = def("Report: Password Complexity", "Reports", "See the strength of credentials", "M SA")
	ReportPasswordsInputByUser = def("Report: Passwords Input by User", "Reports", "See which present values a user entered", "M SA")
	ReportPasswordsKnownByUser = def("Report: Passwords Known by User", "Reports", "See every secret that a user has ever seen", "M SA")
	ReportRecentlyRunReports   = def("Report: Recently Run Reports", "Reports", "See earlier runs of reports and run them again", "M SA")
	ReportUnchangedPasswords   = def("Report: Unchanged Passwords", "Reports", "See what has not changed since a date", "M SA")

	RMMActionTools = def("RMM: Action Tools", "RMM", "Use the remote tools of an RMM on an asset", "M T")

	SecurityGroupsView   = def("Security Groups: View", "Security groups", "See security groups", "M T SA")
	SecurityGroupsManage = def("Security Groups: Manage", "Security groups", "Add, edit, disable and delete security groups, and put them on folders and documents", "M SA")

	SetupADSync = def("Setup AD Sync", "Directory", "Set up directory sync and reset by SMS, and reach the agent key", "")

	SiteUserAdd     = def("Site User: Add", "Site users", "Invite site users", "M SA")
	SiteUserEdit    = def("Site User: Edit", "Site users", "Edit, approve and reset site users, send them the organization key", "M SA")
	SiteUserDisable = def("Site User: Disable", "Site users", "Disable, enable and delete site users, end their sessions", "M SA")

	UserAdd           = def("User: Add", "Users", "Invite users, resend invitations, make a guest a member", "M")
	UserEdit          = def("User: Edit", "Users", "Edit, approve and reset users, send them the organization key", "M")
	UserDisable       = def("User: Disable", "Users", "Disable, enable and delete users, end their sessions", "M")
	UserAutoProvision = def("User: Auto-provision", "Users", "Set up automatic provisioning (works for administrators only)", "")
	UserPerspective   = def("User: Perspective", "Users", "See the product as another user does", "SA")
)
