-- Which one-time link a mail has in it: once the link is used, replaced or
-- ended, the mail is of no use and is not sent.

ALTER TABLE mails ADD COLUMN link_lookup BYTEA;                -- in user_links
ALTER TABLE mails ADD COLUMN key_link TEXT NOT NULL DEFAULT ''; -- in key_links
