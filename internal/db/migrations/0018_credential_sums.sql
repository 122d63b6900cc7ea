-- How many credentials there are, by place and by what they are flagged for:
-- lists of clients ask for it all the time, and must not count each time. A
-- credential says itself for what it is flagged, as a sum of bits: touched 1,
-- expired 2, ad-change 4, unshared 8, weak 16, reused 32, manual 64. Triggers
-- keep both, so that no statement can forget it.
ALTER TABLE credentials ADD COLUMN flagged BIGINT NOT NULL DEFAULT 0;

CREATE VIEW flag_bits AS SELECT org_id, credential_id, SUM(DISTINCT CASE cause WHEN 'touched' THEN 1 WHEN 'expired' THEN 2
  WHEN 'ad-change' THEN 4 WHEN 'unshared' THEN 8 WHEN 'weak' THEN 16 WHEN 'reused' THEN 32 ELSE 64 END) AS bits
  FROM flags WHERE cleared_at = 0 GROUP BY org_id, credential_id;

UPDATE credentials SET flagged = (SELECT bits FROM flag_bits b WHERE b.org_id = credentials.org_id AND b.credential_id = credentials.id)
  WHERE EXISTS (SELECT 1 FROM flags f WHERE f.org_id = credentials.org_id AND f.credential_id = credentials.id AND f.cleared_at = 0);

-- Present credentials of clients only. Item is the credential's id where it is
-- decided on by itself, else ''.
CREATE TABLE credential_sums (
  org_id    TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  folder_id TEXT NOT NULL,                     -- '': none
  item      TEXT NOT NULL,
  flagged   BIGINT NOT NULL,                   -- bits as above; 0: not flagged
  n         BIGINT NOT NULL,
  PRIMARY KEY (org_id, client_id, folder_id, item, flagged)
);
INSERT INTO credential_sums (org_id, client_id, folder_id, item, flagged, n)
  SELECT org_id, client_id, COALESCE(folder_id, ''), CASE WHEN alone THEN id ELSE '' END, flagged, COUNT(*)
  FROM credentials WHERE archived_at = 0 AND client_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5;

-- only on sqlite
CREATE TRIGGER flags_added AFTER INSERT ON flags BEGIN
  UPDATE credentials SET flagged = COALESCE((SELECT bits FROM flag_bits b WHERE b.org_id = new.org_id AND b.credential_id = new.credential_id), 0)
    WHERE org_id = new.org_id AND id = new.credential_id;
END;
CREATE TRIGGER flags_changed AFTER UPDATE OF cause, cleared_at ON flags BEGIN
  UPDATE credentials SET flagged = COALESCE((SELECT bits FROM flag_bits b WHERE b.org_id = new.org_id AND b.credential_id = new.credential_id), 0)
    WHERE org_id = new.org_id AND id = new.credential_id;
END;
CREATE TRIGGER flags_gone AFTER DELETE ON flags BEGIN
  UPDATE credentials SET flagged = COALESCE((SELECT bits FROM flag_bits b WHERE b.org_id = old.org_id AND b.credential_id = old.credential_id), 0)
    WHERE org_id = old.org_id AND id = old.credential_id;
END;
CREATE TRIGGER credentials_added AFTER INSERT ON credentials WHEN new.archived_at = 0 AND new.client_id IS NOT NULL BEGIN
  INSERT INTO credential_sums (org_id, client_id, folder_id, item, flagged, n)
    VALUES (new.org_id, new.client_id, COALESCE(new.folder_id, ''), CASE WHEN new.alone THEN new.id ELSE '' END, new.flagged, 1)
    ON CONFLICT (org_id, client_id, folder_id, item, flagged) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER credentials_moved AFTER UPDATE OF flagged, client_id, folder_id, archived_at, alone ON credentials
WHEN old.flagged <> new.flagged OR old.client_id IS NOT new.client_id OR old.folder_id IS NOT new.folder_id
  OR (old.archived_at = 0) <> (new.archived_at = 0) OR old.alone <> new.alone BEGIN
  UPDATE credential_sums SET n = n - 1 WHERE old.archived_at = 0 AND org_id = old.org_id AND client_id = old.client_id
    AND folder_id = COALESCE(old.folder_id, '') AND item = CASE WHEN old.alone THEN old.id ELSE '' END AND flagged = old.flagged;
  DELETE FROM credential_sums WHERE n = 0 AND org_id = old.org_id AND client_id = old.client_id
    AND folder_id = COALESCE(old.folder_id, '') AND item = CASE WHEN old.alone THEN old.id ELSE '' END AND flagged = old.flagged;
  INSERT INTO credential_sums (org_id, client_id, folder_id, item, flagged, n)
    SELECT new.org_id, new.client_id, COALESCE(new.folder_id, ''), CASE WHEN new.alone THEN new.id ELSE '' END, new.flagged, 1
    WHERE new.archived_at = 0 AND new.client_id IS NOT NULL
    ON CONFLICT (org_id, client_id, folder_id, item, flagged) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER credentials_gone AFTER DELETE ON credentials WHEN old.archived_at = 0 AND old.client_id IS NOT NULL BEGIN
  UPDATE credential_sums SET n = n - 1 WHERE org_id = old.org_id AND client_id = old.client_id
    AND folder_id = COALESCE(old.folder_id, '') AND item = CASE WHEN old.alone THEN old.id ELSE '' END AND flagged = old.flagged;
  DELETE FROM credential_sums WHERE n = 0 AND org_id = old.org_id AND client_id = old.client_id
    AND folder_id = COALESCE(old.folder_id, '') AND item = CASE WHEN old.alone THEN old.id ELSE '' END AND flagged = old.flagged;
END;
-- only on postgres
-- Once for each statement: one that changes 100,000 rows would else change the
-- same sum 100,000 times, each slower than the one before.
CREATE FUNCTION count_flags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE credentials c SET flagged = x.bits
    FROM (SELECT d.org_id, d.credential_id, COALESCE((SELECT b.bits FROM flag_bits b WHERE b.org_id = d.org_id AND b.credential_id = d.credential_id), 0) AS bits
      FROM (SELECT DISTINCT org_id, credential_id FROM changed) d) x
    WHERE c.org_id = x.org_id AND c.id = x.credential_id AND c.flagged <> x.bits;
  RETURN NULL;
END $$;
CREATE TRIGGER flags_added AFTER INSERT ON flags REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_flags();
CREATE TRIGGER flags_changed AFTER UPDATE ON flags REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_flags();
CREATE TRIGGER flags_gone AFTER DELETE ON flags REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_flags();
CREATE FUNCTION count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO credential_sums AS s (org_id, client_id, folder_id, item, flagged, n)
    SELECT org_id, client_id, COALESCE(folder_id, ''), CASE WHEN alone THEN id ELSE '' END, flagged, COUNT(*)
    FROM fresh WHERE archived_at = 0 AND client_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (org_id, client_id, folder_id, item, flagged) DO UPDATE SET n = s.n + excluded.n;
  RETURN NULL;
END $$;
CREATE FUNCTION count_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO credential_sums AS s (org_id, client_id, folder_id, item, flagged, n)
    SELECT org_id, client_id, COALESCE(folder_id, ''), CASE WHEN alone THEN id ELSE '' END, flagged, SUM(k)
    FROM (SELECT org_id, id, client_id, folder_id, alone, flagged, 1 AS k FROM fresh WHERE archived_at = 0 AND client_id IS NOT NULL
      UNION ALL SELECT org_id, id, client_id, folder_id, alone, flagged, -1 FROM stale WHERE archived_at = 0 AND client_id IS NOT NULL) x
    GROUP BY 1, 2, 3, 4, 5 HAVING SUM(k) <> 0
    ON CONFLICT (org_id, client_id, folder_id, item, flagged) DO UPDATE SET n = s.n + excluded.n;
  IF FOUND THEN
    DELETE FROM credential_sums WHERE n = 0 AND org_id IN (SELECT org_id FROM stale);
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION count_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE credential_sums s SET n = s.n - x.n
    FROM (SELECT org_id, client_id, COALESCE(folder_id, '') AS folder_id, CASE WHEN alone THEN id ELSE '' END AS item, flagged, COUNT(*) AS n
      FROM stale WHERE archived_at = 0 AND client_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5) x
    WHERE s.org_id = x.org_id AND s.client_id = x.client_id AND s.folder_id = x.folder_id AND s.item = x.item AND s.flagged = x.flagged;
  IF FOUND THEN
    DELETE FROM credential_sums WHERE n = 0 AND org_id IN (SELECT org_id FROM stale);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credentials_added AFTER INSERT ON credentials REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_added();
CREATE TRIGGER credentials_moved AFTER UPDATE ON credentials REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_moved();
CREATE TRIGGER credentials_gone AFTER DELETE ON credentials REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION count_gone();
