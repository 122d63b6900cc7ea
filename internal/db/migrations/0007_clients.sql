-- Clients: rotation policy, tags, overview panel, notification banner. What is
-- said about a client is sealed under its key; a version is raised with every
-- save and sealed with the text.
ALTER TABLE clients ADD COLUMN rotation_days BIGINT NOT NULL DEFAULT 0; -- passwords older than this are due; 0: no policy
ALTER TABLE clients ADD COLUMN tags_epoch BIGINT NOT NULL DEFAULT 0;    -- of a sealed text 0: there is none
ALTER TABLE clients ADD COLUMN tags_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN tags_box BYTEA;
ALTER TABLE clients ADD COLUMN panel_epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN panel_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN panel_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN panel_box BYTEA;
ALTER TABLE clients ADD COLUMN banner_epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN banner_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN banner_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN banner_level TEXT NOT NULL DEFAULT 'info';
ALTER TABLE clients ADD COLUMN banner_until BIGINT NOT NULL DEFAULT 0;  -- the last day that shows it; 0: no end
ALTER TABLE clients ADD COLUMN banner_box BYTEA;
CREATE INDEX credentials_flagged ON credentials (org_id, client_id) WHERE flag_cause <> '';
CREATE INDEX credentials_expire ON credentials (org_id, client_id, expires_at) WHERE expires_at <> 0;
