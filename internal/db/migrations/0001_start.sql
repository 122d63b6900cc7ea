-- One text for SQLite and PostgreSQL. Every table of an organization begins
-- its keys with org_id, so that a link across organizations can't be stored
-- and tenants can be spread over nodes. Times are milliseconds UTC. Columns
-- named in *_box, grant_* and *_record are sealed (docs/security.md).

CREATE TABLE organizations (
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL CHECK (kind IN ('provider', 'site')),
  name          TEXT NOT NULL,
  slug          TEXT NOT NULL UNIQUE,
  created_at    BIGINT NOT NULL,
  version       BIGINT NOT NULL DEFAULT 1,
  access_epoch  BIGINT NOT NULL DEFAULT 1,  -- raised by every change of who reaches what
  change_seq    BIGINT NOT NULL DEFAULT 0,  -- raised by every change that search must see
  audit_size    BIGINT NOT NULL DEFAULT 0,  -- number of audit events
  key_epoch     BIGINT NOT NULL DEFAULT 0,  -- the present epoch of the vault key
  epoch_due_at  BIGINT NOT NULL DEFAULT 0,  -- since when a new epoch is due; 0: not due
  epoch_due_why TEXT NOT NULL DEFAULT '',
  recovery_confirmed BOOLEAN NOT NULL DEFAULT FALSE,
  failed_tries  BIGINT NOT NULL DEFAULT 0,  -- sign-ins tried for addresses that nobody has
  sign_public   BYTEA NOT NULL
);

CREATE TABLE settings (
  org_id TEXT NOT NULL REFERENCES organizations (id),
  name   TEXT NOT NULL,
  value  TEXT NOT NULL,
  PRIMARY KEY (org_id, name)
);

CREATE TABLE levels (
  org_id      TEXT NOT NULL REFERENCES organizations (id),
  id          TEXT NOT NULL,
  name        TEXT NOT NULL,
  permissions TEXT NOT NULL,               -- names, one a line
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE users (
  org_id        TEXT NOT NULL REFERENCES organizations (id),
  id            TEXT NOT NULL,
  email         TEXT NOT NULL,
  email_folded  TEXT NOT NULL,             -- trimmed and case folded, for comparing
  email_looks   TEXT NOT NULL DEFAULT '',  -- what the address looks like: two that look alike are not both taken
  name          TEXT NOT NULL,
  name_folded   TEXT NOT NULL DEFAULT '',  -- for order
  kind          TEXT NOT NULL CHECK (kind IN ('administrator', 'member', 'guest')),
  level_id      TEXT NOT NULL DEFAULT '',  -- built-in or levels.id; '' for guests
  earlier_level TEXT NOT NULL DEFAULT '',  -- of an administrator: the member's level that demoting gives back
  enabled       BOOLEAN NOT NULL DEFAULT TRUE,
  approved      BOOLEAN NOT NULL DEFAULT TRUE,
  invited       BOOLEAN NOT NULL DEFAULT FALSE,
  unconfirmed   BOOLEAN NOT NULL DEFAULT FALSE, -- registered himself, and the address is not confirmed yet
  lingering     BOOLEAN NOT NULL DEFAULT FALSE, -- disabled, but his running sessions end by themselves
  role_account  BOOLEAN NOT NULL DEFAULT FALSE,
  role_user_manager BOOLEAN NOT NULL DEFAULT FALSE,
  failures      BIGINT NOT NULL DEFAULT 0, -- wrong passwords in a row
  locked_until  BIGINT NOT NULL DEFAULT 0,
  locked_at     BIGINT NOT NULL DEFAULT 0, -- when the present lockout began, and from where
  locked_ip     TEXT NOT NULL DEFAULT '',
  phone         TEXT NOT NULL DEFAULT '',
  time_zone     TEXT NOT NULL DEFAULT '',
  theme         TEXT NOT NULL DEFAULT '',
  created_at    BIGINT NOT NULL,
  last_sign_in  BIGINT NOT NULL DEFAULT 0,
  mail_given    BOOLEAN NOT NULL DEFAULT TRUE, -- wants to be mailed when something is given to him
  mail_failed_at BIGINT NOT NULL DEFAULT 0, -- since when the mail server refuses the address
  version       BIGINT NOT NULL DEFAULT 1,
  outer_epoch   BIGINT NOT NULL DEFAULT 0, -- epoch of the outer key around the next two
  password_record BYTEA,
  password_version BIGINT NOT NULL DEFAULT 1, -- sealed with the record: an earlier one doesn't open
  recovery_box  BYTEA,
  recovery_version BIGINT NOT NULL DEFAULT 1,
  recovery_confirmed BOOLEAN NOT NULL DEFAULT FALSE,
  home_epoch    BIGINT NOT NULL DEFAULT 0, -- epoch of the vault key around home_box
  home_box      BYTEA,
  reset_box     BYTEA,                     -- says that a reset took the ways in
  hpke_public   BYTEA,
  pin           BYTEA,
  key_asked_at  BIGINT NOT NULL DEFAULT 0, -- when the user last asked for the organization key
  seed_number   BIGINT NOT NULL DEFAULT 1, -- raised when the seed is renewed
  seed_epoch    BIGINT NOT NULL DEFAULT 0, -- epoch in which the seed was made
  factor        TEXT NOT NULL DEFAULT '',  -- kinds of his second factors, as the rows of factors have them: 'TOTP', 'passkey', 'TOTP, passkey'
  factor_due    BOOLEAN NOT NULL DEFAULT FALSE, -- somebody reset them: the next sign-in sets one up
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX users_email ON users (org_id, email_folded);
CREATE INDEX users_by_email ON users (email_folded);
CREATE INDEX users_looks ON users (org_id, email_looks);
CREATE INDEX users_name ON users (org_id, name_folded, id);
CREATE INDEX users_level ON users (org_id, level_id);

-- One-time links of users. A link is one row that its use deletes; a newer one
-- of the same kind takes the place of the earlier one.
CREATE TABLE user_links (
  org_id     TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('invitation', 'reset', 'address')),
  lookup     BYTEA NOT NULL,
  address    TEXT NOT NULL DEFAULT '',     -- the new address that is to be confirmed
  made_by    TEXT NOT NULL DEFAULT '',     -- the user who sent it; '' where somebody asked for it himself
  made_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, user_id, kind),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX user_links_lookup ON user_links (org_id, lookup);

CREATE TABLE personal_keys (
  org_id       TEXT NOT NULL,
  user_id      TEXT NOT NULL,
  seed_number  BIGINT NOT NULL,            -- from 2 on
  previous_box BYTEA NOT NULL,             -- personal-vault key of the seed before, under this one's
  PRIMARY KEY (org_id, user_id, seed_number),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);

CREATE TABLE key_epochs (
  org_id         TEXT NOT NULL REFERENCES organizations (id),
  epoch          BIGINT NOT NULL,
  made_at        BIGINT NOT NULL,
  made_by        TEXT NOT NULL,
  why            TEXT NOT NULL,
  roster         BYTEA NOT NULL,           -- signed
  outer_instance_box BYTEA NOT NULL,       -- outer key under the instance key
  outer_vault_box    BYTEA NOT NULL,       -- outer key under the vault key
  previous_box   BYTEA,                    -- the earlier vault key under this one
  sign_box       BYTEA NOT NULL,           -- organization's Ed25519 key under the vault key
  hpke_box       BYTEA NOT NULL,           -- organization's HPKE key under the vault key
  hpke_public    BYTEA NOT NULL,
  PRIMARY KEY (org_id, epoch)
);

CREATE TABLE key_grants (
  org_id      TEXT NOT NULL,
  epoch       BIGINT NOT NULL,
  holder_kind TEXT NOT NULL CHECK (holder_kind IN ('user', 'organization key', 'recovery key', 'link')),
  holder_id   TEXT NOT NULL,
  sealed      BYTEA NOT NULL,
  PRIMARY KEY (org_id, epoch, holder_kind, holder_id),
  FOREIGN KEY (org_id, epoch) REFERENCES key_epochs (org_id, epoch)
);

-- Organization-key links. Their secret is in no table.
CREATE TABLE key_links (
  org_id     TEXT NOT NULL,
  id         TEXT NOT NULL,
  user_id    TEXT NOT NULL,                -- the only one whom it lets in
  public     BYTEA NOT NULL,
  digits     BOOLEAN NOT NULL,             -- six digits belong to its key
  made_by    TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL DEFAULT 0,
  tries      BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX key_links_user ON key_links (org_id, user_id);

CREATE TABLE devices (
  org_id      TEXT NOT NULL,
  id          TEXT NOT NULL,
  user_id     TEXT NOT NULL,
  lookup      BYTEA NOT NULL,
  outer_epoch BIGINT NOT NULL,
  way_in_box  BYTEA NOT NULL,
  label       TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  last_used   BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX devices_lookup ON devices (org_id, lookup);
CREATE INDEX devices_user ON devices (org_id, user_id);

CREATE TABLE sessions (
  org_id      TEXT NOT NULL,
  id          TEXT NOT NULL,
  user_id     TEXT NOT NULL,
  lookup      BYTEA NOT NULL,
  outer_epoch BIGINT NOT NULL,
  keys_box    BYTEA NOT NULL,
  open        BOOLEAN NOT NULL,
  device_id   TEXT NOT NULL DEFAULT '',
  perspective_of TEXT NOT NULL DEFAULT '', -- the user as whom this session looks
  enrol       BOOLEAN NOT NULL DEFAULT FALSE, -- a second factor is to be set up before anything else
  proved_at   BIGINT NOT NULL DEFAULT 0,   -- when its user last proved a second factor again
  ip          TEXT NOT NULL,
  agent       TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  last_used   BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sessions_lookup ON sessions (org_id, lookup);
CREATE INDEX sessions_user ON sessions (org_id, user_id);

CREATE TABLE security_groups (
  org_id  TEXT NOT NULL REFERENCES organizations (id),
  id      TEXT NOT NULL,
  name    TEXT NOT NULL,
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE group_users (
  org_id   TEXT NOT NULL,
  group_id TEXT NOT NULL,
  user_id  TEXT NOT NULL,
  PRIMARY KEY (org_id, group_id, user_id),
  FOREIGN KEY (org_id, group_id) REFERENCES security_groups (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);

CREATE TABLE clients (
  org_id      TEXT NOT NULL REFERENCES organizations (id),
  id          TEXT NOT NULL,
  company     BOOLEAN NOT NULL DEFAULT FALSE,
  name        TEXT NOT NULL,
  name_folded TEXT NOT NULL,               -- for order; not unique: a refusal would betray a name
  short_code  TEXT NOT NULL DEFAULT '',
  phone       TEXT NOT NULL DEFAULT '',
  address     TEXT NOT NULL DEFAULT '',
  website     TEXT NOT NULL DEFAULT '',
  enabled     BOOLEAN NOT NULL DEFAULT TRUE,
  created_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,
  change_seq  BIGINT NOT NULL DEFAULT 0,
  notes_epoch   BIGINT NOT NULL DEFAULT 0,
  notes_version BIGINT NOT NULL DEFAULT 0,
  notes_box   BYTEA,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX clients_name ON clients (org_id, name_folded);
CREATE UNIQUE INDEX clients_company ON clients (org_id) WHERE company;

CREATE TABLE client_keys (
  org_id    TEXT NOT NULL,
  client_id TEXT NOT NULL,
  epoch     BIGINT NOT NULL,
  key_box   BYTEA NOT NULL,                -- under the vault key of that epoch
  PRIMARY KEY (org_id, client_id, epoch),
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id) ON DELETE CASCADE
);

CREATE TABLE client_users (
  org_id    TEXT NOT NULL,
  client_id TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  until     BIGINT NOT NULL DEFAULT 0,     -- 0: for good
  PRIMARY KEY (org_id, client_id, user_id),
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);

CREATE TABLE group_clients (
  org_id    TEXT NOT NULL,
  group_id  TEXT NOT NULL,
  client_id TEXT NOT NULL,
  PRIMARY KEY (org_id, group_id, client_id),
  FOREIGN KEY (org_id, group_id) REFERENCES security_groups (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id) ON DELETE CASCADE
);

CREATE TABLE bookmarks (
  org_id    TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  client_id TEXT NOT NULL,
  PRIMARY KEY (org_id, user_id, client_id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id) ON DELETE CASCADE
);

-- A folder or credential belongs to a client, or, in a personal vault, to its
-- owner: exactly one of client_id and owner_id is set.
CREATE TABLE folders (
  org_id      TEXT NOT NULL REFERENCES organizations (id),
  id          TEXT NOT NULL,
  client_id   TEXT,
  owner_id    TEXT,
  parent_id   TEXT,
  name        TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id),
  FOREIGN KEY (org_id, owner_id) REFERENCES users (org_id, id),
  FOREIGN KEY (org_id, parent_id) REFERENCES folders (org_id, id),
  CHECK ((client_id IS NULL) <> (owner_id IS NULL))
);
CREATE INDEX folders_client ON folders (org_id, client_id);
CREATE INDEX folders_owner ON folders (org_id, owner_id);
CREATE INDEX folders_parent ON folders (org_id, parent_id);

CREATE TABLE folder_groups (
  org_id    TEXT NOT NULL,
  folder_id TEXT NOT NULL,
  group_id  TEXT NOT NULL,
  PRIMARY KEY (org_id, folder_id, group_id),
  FOREIGN KEY (org_id, folder_id) REFERENCES folders (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, group_id) REFERENCES security_groups (org_id, id)
);

CREATE TABLE credentials (
  org_id           TEXT NOT NULL REFERENCES organizations (id),
  id               TEXT NOT NULL,
  client_id        TEXT,
  owner_id         TEXT,
  folder_id        TEXT,
  type             TEXT NOT NULL,
  archived_at      BIGINT NOT NULL DEFAULT 0,
  expires_at       BIGINT NOT NULL DEFAULT 0,
  created_at       BIGINT NOT NULL,
  changed_at       BIGINT NOT NULL,
  changed_by       TEXT NOT NULL,
  version          BIGINT NOT NULL DEFAULT 1,
  change_seq       BIGINT NOT NULL,
  password_rev     BIGINT NOT NULL DEFAULT 1,  -- raised when the password itself changes
  changed_fields   TEXT NOT NULL DEFAULT '',   -- what the last change touched
  key_id           TEXT NOT NULL,
  key_epoch        BIGINT NOT NULL,
  key_box          BYTEA NOT NULL,             -- item key under the client key of key_epoch
  overview_version BIGINT NOT NULL,
  overview_box     BYTEA NOT NULL,
  secret_version   BIGINT NOT NULL,
  secret_box       BYTEA NOT NULL,
  import_id        TEXT NOT NULL DEFAULT '',
  flag_cause       TEXT NOT NULL DEFAULT '',   -- why it is flagged for change; '': it is not
  flag_about       TEXT NOT NULL DEFAULT '',   -- id of the user who was off-boarded
  flagged_at       BIGINT NOT NULL DEFAULT 0,
  flagged_rev      BIGINT NOT NULL DEFAULT 0,  -- password_rev that is to be changed
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id),
  FOREIGN KEY (org_id, owner_id) REFERENCES users (org_id, id),
  FOREIGN KEY (org_id, folder_id) REFERENCES folders (org_id, id),
  CHECK ((client_id IS NULL) <> (owner_id IS NULL))
);
CREATE INDEX credentials_client ON credentials (org_id, client_id, archived_at, folder_id);
CREATE INDEX credentials_owner ON credentials (org_id, owner_id, archived_at);
CREATE INDEX credentials_folder ON credentials (org_id, folder_id);
CREATE INDEX credentials_change ON credentials (org_id, change_seq);
CREATE INDEX credentials_import ON credentials (org_id, import_id) WHERE import_id <> '';

CREATE TABLE credential_versions (
  org_id           TEXT NOT NULL,
  credential_id    TEXT NOT NULL,
  version          BIGINT NOT NULL,
  type             TEXT NOT NULL,
  changed_at       BIGINT NOT NULL,
  changed_by       TEXT NOT NULL,
  changed_fields   TEXT NOT NULL,
  password_rev     BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  key_id           TEXT NOT NULL,
  key_epoch        BIGINT NOT NULL,
  key_box          BYTEA NOT NULL,
  overview_version BIGINT NOT NULL,
  overview_box     BYTEA NOT NULL,
  secret_version   BIGINT NOT NULL,
  secret_box       BYTEA NOT NULL,
  PRIMARY KEY (org_id, credential_id, version),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE
);

CREATE TABLE seen (
  org_id        TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  user_id       TEXT NOT NULL,
  password_rev  BIGINT NOT NULL,
  first_at      BIGINT NOT NULL,
  last_at       BIGINT NOT NULL,
  PRIMARY KEY (org_id, credential_id, user_id, password_rev),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE
);
CREATE INDEX seen_user ON seen (org_id, user_id);

-- Off-boarding of a user who lost his access: what he has seen is decided on,
-- row by row. It stays as evidence when he is deleted.
CREATE TABLE offboardings (
  org_id   TEXT NOT NULL REFERENCES organizations (id),
  user_id  TEXT NOT NULL,
  name     TEXT NOT NULL,                  -- as it was
  began_at BIGINT NOT NULL,
  began_by TEXT NOT NULL,
  done_at  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, user_id)
);

CREATE TABLE offboarding_rows (
  org_id        TEXT NOT NULL,
  user_id       TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  password_rev  BIGINT NOT NULL,
  action        TEXT NOT NULL CHECK (action IN ('flagged', 'waived')),
  reason        TEXT NOT NULL,
  decided_by    TEXT NOT NULL,
  decided_at    BIGINT NOT NULL,
  PRIMARY KEY (org_id, user_id, credential_id, password_rev),
  FOREIGN KEY (org_id, user_id) REFERENCES offboardings (org_id, user_id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE
);

CREATE TABLE tokens (
  org_id      TEXT NOT NULL,
  id          TEXT NOT NULL,
  user_id     TEXT NOT NULL,
  name        TEXT NOT NULL,
  lookup      BYTEA NOT NULL,
  hpke_public BYTEA NOT NULL,
  pin         BYTEA NOT NULL,              -- under the token
  permissions TEXT NOT NULL,               -- names, one a line; never more than the owner's
  all_clients BOOLEAN NOT NULL,
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  last_used   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX tokens_lookup ON tokens (org_id, lookup);

CREATE TABLE token_scopes (
  org_id    TEXT NOT NULL,
  token_id  TEXT NOT NULL,
  epoch     BIGINT NOT NULL,
  sealed    BYTEA NOT NULL,                -- scope key sealed to the token, behind a signature
  vault_box BYTEA NOT NULL,                -- scope key under the vault key
  PRIMARY KEY (org_id, token_id, epoch),
  FOREIGN KEY (org_id, token_id) REFERENCES tokens (org_id, id) ON DELETE CASCADE
);

CREATE TABLE token_clients (
  org_id    TEXT NOT NULL,
  token_id  TEXT NOT NULL,
  client_id TEXT NOT NULL,
  PRIMARY KEY (org_id, token_id, client_id),
  FOREIGN KEY (org_id, token_id) REFERENCES tokens (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id) ON DELETE CASCADE
);

CREATE TABLE token_client_keys (
  org_id    TEXT NOT NULL,
  token_id  TEXT NOT NULL,
  client_id TEXT NOT NULL,
  epoch     BIGINT NOT NULL,               -- of the client key
  scope_epoch BIGINT NOT NULL,             -- of the scope key that it lies under
  key_box   BYTEA NOT NULL,
  PRIMARY KEY (org_id, token_id, client_id, epoch),
  FOREIGN KEY (org_id, token_id) REFERENCES tokens (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id) ON DELETE CASCADE
);

CREATE TABLE audit_events (
  org_id      TEXT NOT NULL REFERENCES organizations (id),
  seq         BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  actor_kind  TEXT NOT NULL,
  actor_id    TEXT NOT NULL,
  actor_name  TEXT NOT NULL,
  session_id  TEXT NOT NULL,
  ip          TEXT NOT NULL,
  operation   TEXT NOT NULL,
  outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  target_kind TEXT NOT NULL,
  target_id   TEXT NOT NULL,
  target_name TEXT NOT NULL,               -- of things whose names are open
  title_epoch BIGINT NOT NULL,             -- 0: no title
  title_box   BYTEA,                       -- a credential's title under its client key
  client_id   TEXT NOT NULL,
  owner_id    TEXT NOT NULL,               -- of personal things: only he sees the event
  fields      TEXT NOT NULL,               -- names of what changed, never values
  sealed_hash BYTEA,                       -- of what was written sealed
  perspective_id   TEXT NOT NULL,          -- whom the actor looked at, '' mostly
  perspective_name TEXT NOT NULL,
  leaf_hash   BYTEA NOT NULL,              -- RFC 6962 leaf of the event's text
  PRIMARY KEY (org_id, seq)
);
CREATE INDEX audit_client ON audit_events (org_id, client_id, seq);

CREATE TABLE idempotency (
  org_id    TEXT NOT NULL REFERENCES organizations (id),
  actor_id  TEXT NOT NULL,
  key       TEXT NOT NULL,
  operation TEXT NOT NULL,
  request   BYTEA NOT NULL,                -- hash of what was asked
  answer    TEXT NOT NULL,                 -- ids, never secrets
  at        BIGINT NOT NULL,
  PRIMARY KEY (org_id, actor_id, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE jobs (
  org_id     TEXT NOT NULL,
  id         TEXT NOT NULL,
  kind       TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('draft', 'ready', 'running', 'waiting', 'done', 'failed', 'cancelled', 'undone')),
  done       BIGINT NOT NULL DEFAULT 0,
  total      BIGINT NOT NULL DEFAULT 0,
  text       TEXT NOT NULL DEFAULT '',     -- what came of it, in counts and ids; no contents
  claimed_by TEXT NOT NULL DEFAULT '',
  claimed_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL DEFAULT 0,
  ended_at   BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 1,
  key_epoch  BIGINT NOT NULL,
  key_box    BYTEA NOT NULL,               -- job key under the vault key
  plan_version BIGINT NOT NULL DEFAULT 0,
  plan_box   BYTEA,                        -- choices, sealed under the job key
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX jobs_state ON jobs (state, claimed_at);

CREATE TABLE job_parts (
  org_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  part   TEXT NOT NULL CHECK (part IN ('source', 'left out')),
  n      BIGINT NOT NULL,
  box    BYTEA NOT NULL,
  PRIMARY KEY (org_id, job_id, part, n),
  FOREIGN KEY (org_id, job_id) REFERENCES jobs (org_id, id) ON DELETE CASCADE
);

-- Rows of a running import wait here, sealed, until one transaction moves
-- them all: others are not held up, and nothing is half done.
CREATE TABLE import_rows (
  org_id        TEXT NOT NULL,
  job_id        TEXT NOT NULL,
  n             BIGINT NOT NULL,
  credential_id TEXT NOT NULL,
  replaces      BIGINT NOT NULL,           -- version of the credential that it updates; 0: new
  password_rev  BIGINT NOT NULL,
  fields        TEXT NOT NULL,             -- that differ from what it updates
  knows         BOOLEAN NOT NULL,          -- whether who imports knows this password by it
  client_id     TEXT NOT NULL,
  folder_id     TEXT,
  type          TEXT NOT NULL,
  expires_at    BIGINT NOT NULL,
  key_id        TEXT NOT NULL,
  key_epoch     BIGINT NOT NULL,
  key_box       BYTEA NOT NULL,
  overview_box  BYTEA NOT NULL,
  secret_box    BYTEA NOT NULL,
  PRIMARY KEY (org_id, job_id, n),
  FOREIGN KEY (org_id, job_id) REFERENCES jobs (org_id, id) ON DELETE CASCADE
);

-- What an import updated, and the version that it made; what it added names
-- the import itself.
CREATE TABLE import_updates (
  org_id        TEXT NOT NULL,
  job_id        TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  version       BIGINT NOT NULL,
  PRIMARY KEY (org_id, job_id, credential_id),
  FOREIGN KEY (org_id, job_id) REFERENCES jobs (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id) ON DELETE CASCADE
);

-- The outbox. A mail's body is sealed while it waits and erased when it is
-- sent or given up. What opens the vault is never here: such a mail has no
-- body, and lies in the memory of the server held_by alone.
CREATE TABLE mails (
  org_id        TEXT NOT NULL,
  id            TEXT NOT NULL,
  kind          TEXT NOT NULL,
  user_id       TEXT NOT NULL,
  address       TEXT NOT NULL,             -- as it was when the mail was written
  state         TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
  problem       TEXT NOT NULL DEFAULT '',  -- of the last try, in our own words
  tries         BIGINT NOT NULL DEFAULT 0,
  created_at    BIGINT NOT NULL,
  next_at       BIGINT NOT NULL,           -- when it is tried next
  expires_at    BIGINT NOT NULL,           -- from then on it is of no use
  ended_at      BIGINT NOT NULL DEFAULT 0,
  claimed_by    TEXT NOT NULL DEFAULT '',  -- the runner that sends it, until
  claimed_until BIGINT NOT NULL DEFAULT 0,
  held_by       TEXT NOT NULL DEFAULT '',  -- the server that has its body, until
  held_until    BIGINT NOT NULL DEFAULT 0,
  body_box      BYTEA,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX mails_state ON mails (org_id, state, id);
CREATE INDEX mails_user ON mails (org_id, user_id);
CREATE INDEX mails_waiting ON mails (next_at) WHERE state = 'waiting';

-- A personal pass lets one user past the groups on one folder. It ends by
-- itself.
CREATE TABLE folder_passes (
  org_id    TEXT NOT NULL,
  folder_id TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  until     BIGINT NOT NULL DEFAULT 0,     -- 0: for good
  PRIMARY KEY (org_id, folder_id, user_id),
  FOREIGN KEY (org_id, folder_id) REFERENCES folders (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);

-- Who asks for access to what. A typed name that no client has makes a row
-- without a client, which looks the same to whoever asked and to nobody else.
CREATE TABLE access_requests (
  org_id     TEXT NOT NULL,
  id         TEXT NOT NULL,
  user_id    TEXT NOT NULL,                -- who asks
  client_id  TEXT,
  folder_id  TEXT,                         -- for a pass to this folder; otherwise the client
  asked      TEXT NOT NULL,                -- the name as it was typed, or shown
  asked_folded TEXT NOT NULL,
  message    TEXT NOT NULL DEFAULT '',
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'allowed', 'declined', 'withdrawn')),
  created_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL DEFAULT 0,
  decided_by TEXT NOT NULL DEFAULT '',
  until      BIGINT NOT NULL DEFAULT 0,    -- of what was allowed; 0: for good
  reason     TEXT NOT NULL DEFAULT '',     -- of declining
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, client_id) REFERENCES clients (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, folder_id) REFERENCES folders (org_id, id) ON DELETE CASCADE
);
CREATE INDEX access_requests_state ON access_requests (org_id, state, id);
CREATE INDEX access_requests_user ON access_requests (org_id, user_id, id);

-- Second factors. Their secrets lie under the outer key; a passkey's is public,
-- and lies there so that nobody can put another one in its place.
CREATE TABLE factors (
  org_id      TEXT NOT NULL,
  id          TEXT NOT NULL,
  user_id     TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('totp', 'passkey', 'codes')),
  name        TEXT NOT NULL DEFAULT '',
  confirmed   BOOLEAN NOT NULL DEFAULT FALSE, -- until then it proves nothing
  outer_epoch BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,   -- sealed with factor_box
  factor_box  BYTEA NOT NULL,              -- seed; public key; hashes of the codes that are left
  p_box       BYTEA,                       -- P, under what the passkey's PRF gives
  counter     BIGINT NOT NULL DEFAULT 0,   -- totp: the last step used; passkey: its counter; codes: how many are left
  created_at  BIGINT NOT NULL,
  last_used   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX factors_user ON factors (org_id, user_id);
CREATE INDEX factors_epoch ON factors (org_id, outer_epoch);

-- Sign-ins that wait: for the second factor of a user whose password was right,
-- or, without a user, for somebody's passkey. The browser holds the token.
CREATE TABLE sign_ins (
  org_id      TEXT NOT NULL REFERENCES organizations (id),
  lookup      BYTEA NOT NULL,
  user_id     TEXT NOT NULL DEFAULT '',
  outer_epoch BIGINT NOT NULL,
  keys_box    BYTEA NOT NULL,              -- P, under the token
  tries       BIGINT NOT NULL DEFAULT 0,
  expires_at  BIGINT NOT NULL,
  PRIMARY KEY (org_id, lookup)
);
CREATE INDEX sign_ins_expire ON sign_ins (expires_at);

-- Browsers that have signed in: from another one, the user is told by mail.
CREATE TABLE browsers (
  org_id    TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  lookup    BYTEA NOT NULL,
  last_used BIGINT NOT NULL,
  PRIMARY KEY (org_id, user_id, lookup),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
