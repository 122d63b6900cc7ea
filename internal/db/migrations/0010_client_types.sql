-- The credential types that are offered in a client: their ids, one a line.
-- Empty: all that the organization offers.
ALTER TABLE clients ADD COLUMN types TEXT NOT NULL DEFAULT '';
