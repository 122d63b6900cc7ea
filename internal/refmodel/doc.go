// Package refmodel is the independent reference model of the access rules of
// Bailiwick, written from the text alone (permissions.md, people.md, vault.md,
// glossary.md, and of the design: security.md, testing.md). It is used by tests
// only: nothing of the product imports it, and it imports nothing of the
// product. It says yes or no; a refusal always looks like absence, so the
// reason beside a no is for the reader of a failed test.
//
// world.go has the data, catalogue.go the tables (permissions, levels,
// operations), actor.go who acts, model.go the decision.
//
// # Targets
//
// Kinds of Target: client, folder, credential; personal (ID: the owner; the
// root of a personal vault); user (own things: sessions, devices, tokens,
// imports are named by the user whose they are; empty is one's own);
// organization (empty is the own one). A list without a target is the whole
// list, cut to what Visible and Shelved say. In knowledge bases: base, category, article. Second is: the destination of a move (empty:
// the root of the same tree); for folder.add and folder.edit a group, when the
// folder's groups are touched; for folder.delete "up" or "archive" (empty:
// archive); for folder.guard a group; for client.assign the user; for group.add
// one of its users or clients; for level.add one permission; for imports the client or folder that the rows go to. Every id
// named must be reached, also one that the operation makes no use of.
//
// The model does not judge what is not access: typed passwords, second factors
// and fresh sign-ins, rate limits, a stale version, an operation that changes
// nothing (archiving what is archived), the depth of 10. Where one of those
// refuses and the model says yes, that is no contradiction.
//
// # Readings of sentences that can be read in two ways
//
// States and kinds:
//
//   - S1 "Pending … can sign in but reaches only public content": no operation
//     here is public content. What signing in comes with is his: signing out,
//     his sessions, profile, password and theme, in his own session only. All
//     the rest is refused. Invited and disabled: all refused. "Let running sessions end by
//     themselves" is not in the World: the default is modelled.
//   - S2 "guest … has no keys, never sees the vault", and "own profile,
//     password, … sessions, devices: being that user": a guest signs in with a
//     password of his own, so he has session.*, device.forget, password.change
//     and organization.view ("every signed-in active user"); nothing else.
//   - S3 A lockout stops signing in ("Tries", "the account is locked out") and
//     nothing says that it ends sessions, as it is said of disabling, of setting
//     back to pending and of a reset; else anybody could throw out anybody by
//     ten wrong passwords. So sessions, tokens and jobs of a locked-out user go
//     on: LockedUntil is never read.
//   - S4 Rights are looked up at each request; nothing is remembered.
//   - L1 The level decides, not Kind (an administrator *is* whoever has
//     Organization Admin). A guest has neither level nor account role.
//   - L2 A level of the wrong sort of organization, a custom level in a site
//     ("nor pro levels to site users"), no level: no permissions at all.
//   - L3 Organization: Admin and User: Auto-provision in a custom level are
//     dropped ("can't be put into a custom level").
//   - L4 Account roles are a pro member's: void in a site and for guests.
//   - L5 Implications apply within a list: Edit gives View, Organization: Admin
//     gives all 75. A Site Administrator stands in for Organization: Admin
//     where the table says so, and has the override; he has not all 75.
//
// Clients:
//
//   - C1 "question 1's Client: View List" means that everything on a client or
//     in it asks for Client: View List besides its own permission: who can't
//     see that a client exists can't edit, bookmark or report on it. In a site
//     it is always yes, given any valid site level.
//   - C2 A disabled client is reached by whoever holds Client: Disable and
//     would reach it; for him every operation in it goes on as in an enabled
//     one, lists and search included. Everybody else: none, not even the name,
//     also with Show unassigned.
//   - C3 The company vault counts as enabled whatever the row says. Client:
//     Default Access reaches it only with the setting; override, assignment and
//     group always.
//   - C4 An assignment or pass "until t" is over at t. A disabled or missing
//     group assigns nothing.
//   - C5 client.add in a site is refused ("exactly one client"). Adding needs a
//     client key, wrapped by the vault key: an open session, never a token.
//     client.edit and client.view need no key (names of clients are open);
//     what is sealed of them is not the model's. The panel and the banner are
//     sealed as a whole, so to change them needs the key; to read them does
//     not, as a page of a sealed session says that they are sealed.
//   - C6 "delete a … client … for good: Organization: Admin": of a disabled
//     client only, never the company vault, and by nobody's token.
//   - O1 "site login of a client: Client: Edit and Site User: Add": of a client
//     of a provider, never the company vault; on only while it is enabled, types
//     only once there is a site.
//   - C7 A client's banner is on the pages of what lies in it: who reaches a
//     folder or credential of a client may read it. A personal vault has none.
//
// Folders:
//
//   - F1 At every level with groups, one enabled group of the user's is enough.
//   - F2 A level whose groups are all disabled or missing lets only the
//     override in; a disabled one beside an enabled one takes nothing away.
//   - F3 Client questions come first: a group on a folder gives no client.
//   - F4 A broken chain (missing parent, ring, another client's) is closed to all.
//   - F5 "reaches only … chosen": for a Site User - Limited, choosing a folder
//     chooses all below it; guards still hold for what was chosen. The client
//     itself (its name) he reaches.
//   - F6 "moving out of a guarded one" holds for folders and credentials alike:
//     where a folder with groups above the thing is not above it afterwards,
//     Security Groups: Manage is needed. Groups that a moved folder carries
//     itself go with it. Disabled groups count as guards here too.
//   - F7 Folders move within a personal vault, within a client, and between
//     clients; between clients it moves the credentials, so Password: Edit too
//     ("move between clients"), and everything below must be reached. Never
//     between a client and a personal vault: only credentials are said to.
//   - F8 Content of a folder is any folder or credential below it, archived
//     ones too, reached or not. Deleting with content needs Password: Archive,
//     all content reached, and, where content loses a guard (the folder's own;
//     with "archive" also those below), Security Groups: Manage.
//   - F9 Folder names are open metadata: no key. folder.list: as credential.list.
//
// Credentials:
//
//   - V1 Personal things: the owner in his own session, with Vault Access, which
//     stands in for all Password and Folder permissions. Never by token,
//     perspective or job, never an administrator. They need the open session,
//     as the seed comes with it. Groups on personal folders: refused.
//   - V2 credential.move within a client or between two: Password: Edit.
//     Another client needs the key (new item key), another folder does not.
//   - V3 Personal to client: Password: Add, as the client gains a credential.
//   - V4 Client to personal "is a copy and an archive": Password: Archive,
//     Password: View (the copy holds the secret), Vault Access; not Edit.
//   - V5 credential.history is who and when, without values: a list, no
//     Password: View; the earlier value has it.
//   - V6 Archived changes no right: it is only out of lists and search.
//   - V7 Lists, overviews and secrets need the key; archive and restore do not
//     ("sealed sessions do everything that needs no key").
//   - V8 copy is as reveal ("see and copy a secret").
//   - V9 An act on several is allowed where each of them would be: a second
//     credential needs for itself what the first one needs.
//   - V10 Deleting for good: an administrator's, in his own open session; in a
//     personal vault, as all there, its owner's.
//
// Tokens, perspectives, jobs, own things:
//
//   - T1 "API tokens besides need Password: Add" holds for using one, not only
//     for making one: the owner needs both now; the token need not list them.
//   - T2 A token's permissions are those it lists, with what they imply, that
//     its owner has now. Ways of reaching (override, Default Access,
//     assignment, groups) are the owner's; Client: View List and Client:
//     Disable are permissions, so the token must list them.
//   - T3 A token is "never a user": nothing of one's own, no key change, no
//     epoch, no vault.open, no organization.view, no import ("while the
//     session is open"), no client.add. It has its own keys: Open is not read.
//   - T4 token.list and token.revoke need no permission but a level: whoever
//     lost Plugin Access must still be able to revoke. token.add needs the
//     open session (roster).
//   - P1 Nobody has a perspective of himself; states of the target are ignored,
//     those of the actor hold.
//   - P2 "within the actor's own" covers permissions and what is reached, else
//     he would gain clients or folders.
//   - P3 The view is the target's: lists, overviews, history without values,
//     search, audit, imports' state, and user.me, without which no page can be
//     drawn as he sees it. No other own things ("being that user"), no
//     preview of an import (it shows secrets). Open is the actor's session.
//   - J1 job:import acts with its starter's rights, Import Data, and his open
//     session. All other jobs run without keys and do nothing of these.
//   - J2 job:rotation looks at dates, which are open, and flags; it has no
//     starter, no rights and no keys, and does nothing else.
//   - G1 credential.flag is a change of the credential: Password: Edit; it seals a
//     note, so it needs the key. Clearing flags, and taking that back, needs
//     none. credential.twins tells something about secrets: Password: View.
//   - G2 passwords.settings.view: whoever types a password must know the minimums.
//     passwords.check shows its actor nothing: as organization.epoch.make.
//   - T5 user.me by a token tells it whose it is and what it may: its bearer
//     must be able to ask ("use … the command line"). Nothing else of one's own.
//   - T6 Acts on people, levels, groups and assignments are not for tokens: the
//     text has them as actions of a viewer on a page.
//   - U1 "Every act on another user … rank": disabling, and, by the table
//     "Editing a user" ("besides rank"), giving and taking clients and security
//     groups, from whichever side. None on himself ("change the rights of
//     himself"). Clients given must be reached.
//   - U2 user.disable: the last administrator is not access. user.enrol makes an
//     account with keys at once; the text has only invitations, so it is held to
//     Organization: Admin, and needs the key (a public key enters the roster).
//   - U3 folder.guard needs Security Groups: Manage alone: putting groups on a
//     folder is named beside, not among, what Folder: Add/Edit lets one do.
//   - U4 group.enable: Security Groups: Manage, whatever the group assigns.
//   - U5 user.list: "people in search: a user permission"; whoever sees no
//     actions sees no list. Export besides needs Admin: Export Data.
//     profile.view and .edit: being that user, guests too.
//   - U6 The edit page is for whoever may change one of its fields, or holds a
//     permission on users; each field has its own ("Editing a user"): clients
//     that the actor reaches, groups as R4.
//   - U7 "Levels … can be given only within the actor's own": the default level
//     (Technician - Assigned Access) asks for all that it holds.
//   - K1 "Send organization key along": what sending it by itself asks for, User:
//     Edit and an open session, besides what inviting asks for.
//   - U8 user.import: "bulk add … users from files; each row also needs the
//     permission that the act itself needs": User: Add, and U7 for a member. Its
//     preview is as the import, and shows what is in the actor's own file, so
//     it is in no perspective.
//   - R1 level.edit: "Nobody can put a permission into a level … that goes beyond
//     his own": the whole level lies within one's own, before and after, as what
//     stays in it is put in by whoever saves it.
//   - R2 A change of a level changes the rights of all who have it, so rank
//     applies to each of them, and nobody changes the level that he has.
//   - R3 level.delete: a level in use needs a replacement within one's own, and,
//     as it is given to users, Permissions: Edit and rank. One that nobody has
//     needs neither.
//   - R4 "Levels … clients and groups can be given only within the actor's own":
//     to put a user into a group, every client that it assigns and every folder
//     that it guards must be reached; taking out asks for rank alone.
//   - R5 group.delete: every folder that it guards must be reached, as its guard
//     is taken off or changed; see folder.guard.
//   - R6 access.who: one of its two permissions, and reach. access.what is a
//     question, no act: no rank; of the answer, what the actor reaches.
//   - R7 request.decide: what allowing would need (client.assign, folder.pass), and rank;
//     "nobody decides his own" is rank too. Target is what was asked for, Second
//     who asks. request.add without target: a typed name; "named:" targets are
//     those that Show unassigned shows.
//   - O0 organization.recovery.confirm: Organization: Admin with an open vault.
//     recovery-code.confirm is about the seed, so it needs a level and the key.
//     vault.close as vault.open; session.sign-out, password.confirm, user.theme
//     as session.list.
//   - O1 organization.key.change: Organization: Admin (Site Administrator) in
//     both alternatives; who types the present key is taken as open.
//   - O2 organization.epoch.make: any open session of anybody with a level ("the
//     next open session does before anything else"); that one is due is assumed.
//   - O3 vault.open: anybody with a level.
//   - I1 import.*: Import Data; one's own. Organization: Admin ("everything")
//     also views, cancels and undoes others'. view and cancel need no key.
//   - I2 A named destination of credentials must be reached and needs Password:
//     Add. Each row is besides an attempt of job:import. Personal vaults are
//     no destination.
//   - A1 audit.list without target is the page, cut to what one may see, and
//     with a client, folder or credential that thing's: Report: Client Audit
//     Log and reach. Target organization is all of it: Organization: Admin
//     (Site Administrator), no token with chosen clients. Personal things are
//     in no report. Kinds and ids are open: no key.
//
// Sites and sharing:
//
//   - M1 "On site users read Site User: X for User: X": in a site the three
//     permissions on users are those on site users.
//   - M2 "on site users … for a provider of the sites of clients that the actor
//     reaches": a visitor, with his own permissions, in his own session; never a
//     token. He acts on users alone: neither perspective, nor keys, nor a
//     level's change by promoting ("a provider does not look into a site").
//   - M3 A site has no guests; the level that everybody has to be within is
//     Site User there.
//   - M4 "Site permission levels are fixed (no custom ones)": a site has its three
//     levels, and others are absent there. A provider knows all of them.
//   - H1 "with everyone … or with chosen users": chosen users only, and whoever
//     has the override there, as it "passes always". To a Site User - Limited
//     what was shared "by name" is as if chosen for him; what is shared with
//     everyone is not.
//   - H2 What another organization shares can be seen, revealed, copied, its
//     history and codes read, flagged, filed in this side's folders ("each side
//     files it where it likes"), and no more be wanted ("stop sharing"); with
//     read and write it can be changed. It is never archived, deleted, shared
//     on, or put into an external link, nor compared with others: how strong it
//     is its own side judges. While it is shared neither side moves it out of
//     its client.
//   - H3 credential.share: Permission: Share and, as "a user who may not view a
//     credential can't share it", Password: View; Password: Edit besides where
//     the other side may write (Second), as nobody gives what he has not. Signed
//     by the organization: the open session, never a token. That there is
//     nobody to share with is not access.
//   - H4 credential.unshare: Permission: Share, from either side, and no key.
//     share.people is the first half of sharing. share.list is a list.
//   - H5 What its own organization archives is gone from the other side. What is
//     gone is no content of a folder (F8); what is received moves up with either
//     choice, and needs not be reached for that.
//   - H6 "what a Site Administrator chose": chosen.list and chosen.save are his
//     alone; what he chooses he must reach, and nobody chooses from a personal
//     vault.
//
// External links:
//
//   - E1 A link is "never a user": it does its own two operations, on the one
//     credential that it was made of, and only as long as its sender could make
//     it: he is active, holds Password: External Link Share, and reaches it.
//     It has its own key: Open is not read.
//   - E2 link.add: what the copy shows of the secret is what Password: View lets
//     one see, and the maker could open his own link; so that is needed too
//     where the copy holds some of it (Second). It needs the open session.
//   - E3 Never by an API token: "Tokens can't share", and a link would go on
//     outside of the token's clients and after its end.
//   - E4 A personal vault's credentials are openable by "only this user": none.
//   - E5 link.list and link.of show names and numbers only: no key. Revoking one's
//     own takes a level alone, as whoever lost the permission must be able to;
//     Organization: Admin ("everything") revokes others'.
//
// Exports:
//
//   - Y1 export.credentials: Admin: Export Data; what is in it is what credential
//     .reveal would show, one by one. A client that is named must be reached.
//     Never by a token: the password is asked for, and a token has none.
//   - Y2 One's own personal vault is its owner's to take away: Vault Access.
//
// Knowledge bases:
//
//   - B1 "Anonymous visitor", "public content only" of who is pending, and what a
//     removed user is left with: whoever has no role reads published articles of
//     public categories, as a passer-by at the organization's address, also one
//     who is disabled or invited, or has still to set up a second factor. Tokens,
//     visitors, links and jobs have nothing here: their limits are permissions and
//     clients, and a role is neither.
//   - B2 "Administrators are Admin everywhere", by the override, against anything
//     explicit; a Site Administrator in his site.
//   - B3 "Members have the default role unless an explicit one overrides it";
//     guests have explicit ones only; nor has a Site User - Limited the default
//     ("only what was chosen").
//   - B4 A knowledge base can have a default of its own, for the organization's.
//   - B5 A category narrows what the one above it lets; it never widens. Content
//     editors and Admins read all of it. Drafts and what is scheduled are theirs.
//   - B6 A knowledge base of which nothing is for somebody is not there for him.
//   - B7 knowledge-base.role: Admin there, or User: Edit; rank; and "service roles
//     … only within the actor's own", which the role taken away is too.
//     knowledge-base.share: Admin there, each user as knowledge-base.role, and User: Add
//     where an address is nobody's. Adding, renaming, deleting, the organization's
//     default: Organization: Admin. A file is read as its article.
//
// Lists:
//
//   - X1 Lists show what is reached; search the same without the by-name ones.
//   - X2 Show unassigned lists enabled clients by name, and the outermost folder
//     that stops the user in a client that he reaches, in lists of their own
//     (named:); never in search ("never a result that the user may not reach"),
//     to tokens, or to Site User - Limited. Nothing but the name: May says no.
//   - X3 search itself needs a level, no key; sealed, it finds no credential.
//   - X4 One's own personal folders and credentials are in one's own lists.
package refmodel
