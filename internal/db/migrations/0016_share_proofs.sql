-- What makes a share the sharing organization's own: a MAC of its rights under
-- the key of the credential's client, by which a session knows before it hands
-- a key over that the row is not somebody else's.
ALTER TABLE shares ADD COLUMN proof BYTEA;
ALTER TABLE shares ADD COLUMN proof_epoch BIGINT NOT NULL DEFAULT 0;          -- of the client's key
