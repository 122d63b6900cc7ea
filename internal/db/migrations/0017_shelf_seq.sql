-- Raised by every change that an editor makes in a knowledge base: what was
-- answered to a passer-by holds as long as it is the same.
ALTER TABLE organizations ADD COLUMN shelf_seq BIGINT NOT NULL DEFAULT 0;
