"""The journal refuses what is unbalanced, mixed, rewritten or deleted - in the database, whoever writes."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION journal_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % on % refused; write a reversing entry', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON royalties_journalentry
  FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewrite();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON royalties_posting
  FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewrite();
CREATE TRIGGER statement_frozen BEFORE UPDATE OR DELETE ON royalties_statement
  FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewrite();
CREATE TRIGGER statement_line_frozen BEFORE UPDATE OR DELETE ON royalties_statementline
  FOR EACH ROW EXECUTE FUNCTION journal_refuse_rewrite();

-- An entry and its postings are one transaction's work: nothing is added to it later, balanced or not.
ALTER TABLE royalties_journalentry ADD COLUMN written_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION journal_refuse_addition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT written_in FROM royalties_journalentry WHERE id = NEW.entry_id) <> pg_current_xact_id() THEN
    RAISE EXCEPTION 'journal entry % is posted: nothing can be added to it', NEW.entry_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER posting_with_its_entry BEFORE INSERT ON royalties_posting
  FOR EACH ROW EXECUTE FUNCTION journal_refuse_addition();

CREATE FUNCTION journal_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entry bigint := CASE TG_TABLE_NAME WHEN 'royalties_journalentry' THEN NEW.id
                  ELSE (to_jsonb(NEW) ->> 'entry_id')::bigint END;
  unbalanced text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM royalties_posting WHERE entry_id = entry) THEN
    RAISE EXCEPTION 'journal entry % has no posting', entry USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT string_agg(currency || ' ' || total, ', ') INTO unbalanced FROM (
    SELECT currency, sum(amount_micros) AS total FROM royalties_posting WHERE entry_id = entry
    GROUP BY currency HAVING sum(amount_micros) <> 0) AS sums;
  IF unbalanced IS NOT NULL THEN
    RAISE EXCEPTION 'journal entry % does not balance: %', entry, unbalanced
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (SELECT count(DISTINCT currency) FROM royalties_posting WHERE entry_id = entry) > 1 THEN
    RAISE EXCEPTION 'journal entry % mixes currencies', entry USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_entry_balanced AFTER INSERT ON royalties_journalentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_check_entry();
CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON royalties_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_check_entry();
"""

BACKWARDS = """
DROP TRIGGER posting_balanced ON royalties_posting;
DROP TRIGGER journal_entry_balanced ON royalties_journalentry;
DROP FUNCTION journal_check_entry();
DROP TRIGGER posting_with_its_entry ON royalties_posting;
DROP FUNCTION journal_refuse_addition();
ALTER TABLE royalties_journalentry DROP COLUMN written_in;
DROP TRIGGER statement_line_frozen ON royalties_statementline;
DROP TRIGGER statement_frozen ON royalties_statement;
DROP TRIGGER posting_append_only ON royalties_posting;
DROP TRIGGER journal_entry_append_only ON royalties_journalentry;
DROP FUNCTION journal_refuse_rewrite();
"""


class Migration(migrations.Migration):
    dependencies = [("royalties", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
