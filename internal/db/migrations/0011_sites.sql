-- Sites: the organization of a provider's client. A provider and its sites are
-- a family; nothing else links two organizations.
ALTER TABLE organizations ADD COLUMN provider_id TEXT REFERENCES organizations (id); -- of a site
ALTER TABLE organizations ADD COLUMN client_id TEXT;                          -- the provider's client whose site it is
ALTER TABLE organizations ADD COLUMN activated_at BIGINT NOT NULL DEFAULT 0;  -- of a site: when it got its keys; 0: it waits
ALTER TABLE organizations ADD COLUMN suspended_at BIGINT NOT NULL DEFAULT 0;  -- of a site: since when its login is off
ALTER TABLE organizations ADD COLUMN site_mac BYTEA;                          -- of its public signing key, under the activation secret
ALTER TABLE organizations ADD COLUMN provider_types BOOLEAN NOT NULL DEFAULT FALSE; -- of a site: it offers its provider's credential types
CREATE UNIQUE INDEX organizations_client ON organizations (provider_id, client_id) WHERE provider_id IS NOT NULL;

ALTER TABLE clients ADD COLUMN site_id TEXT NOT NULL DEFAULT '';              -- stays when site login is switched off
ALTER TABLE clients ADD COLUMN site_login BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE clients ADD COLUMN site_force_types BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE clients ADD COLUMN site_epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN site_box BYTEA;                                -- the activation secret, under the client key of site_epoch

ALTER TABLE users ADD COLUMN off_by_site BOOLEAN NOT NULL DEFAULT FALSE;      -- disabled with the whole site, and enabled with it again

ALTER TABLE key_epochs ADD COLUMN hpke_signature BYTEA;                       -- of the organization over its public key of this epoch

-- The public signing key of a partner organization as it was pinned.
CREATE TABLE partners (
  org_id     TEXT NOT NULL REFERENCES organizations (id),
  partner_id TEXT NOT NULL,
  epoch      BIGINT NOT NULL,
  box        BYTEA NOT NULL,                -- under the vault key of that epoch
  pinned_at  BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id)
);
