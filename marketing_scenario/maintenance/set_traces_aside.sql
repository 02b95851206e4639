-- Sets all that has happened so far (the traces) aside as a table of its own, and goes on with an empty one.
--
--     psql -1 -v ON_ERROR_STOP=1 -f set_traces_aside.sql DATABASE        (as the user that owns Odoo's tables)
--
-- Run once a month, it keeps the indexes that are written to small, and a month that is not needed any more goes in a
-- moment: DROP TABLE marketing_trace_2026_11. No row is moved: the table is renamed and becomes a child of the new one
-- (INHERITS), so Odoo sees all rows as before and updates of the addon still work. join_traces.sql takes all of it back.
-- Not PARTITION BY: Odoo 19 takes a partitioned table for a missing one, and an update would create it again.
SET LOCAL lock_timeout = '10s';
LOCK TABLE marketing_scenario_trace IN ACCESS EXCLUSIVE MODE;
DO $$
DECLARE
    fresh CONSTANT text := 'marketing_scenario_trace';
    old CONSTANT regclass := 'marketing_scenario_trace';
    aside text := 'marketing_trace_' || to_char(localtimestamp, 'YYYY_MM');
    children regclass[] := ARRAY(SELECT inhrelid FROM pg_inherits WHERE inhparent = old ORDER BY inhrelid);
    options text := (SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = old);
    made text[];
    part record;
BEGIN
    IF EXISTS (SELECT FROM pg_depend JOIN pg_rewrite ON pg_rewrite.oid = objid
                WHERE refobjid = old AND ev_class <> old) THEN
        RAISE EXCEPTION 'A view reads %: drop it, and create it again afterwards.', fresh;
    END IF;
    FOR number IN 2..99 LOOP
        EXIT WHEN to_regclass(aside) IS NULL;
        aside := 'marketing_trace_' || to_char(localtimestamp, 'YYYY_MM_') || number;
    END LOOP;
    -- the primary key first, then the indexes of Odoo with the comments by which it knows them, then the rest
    made := ARRAY(
        SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', fresh, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE conrelid = old AND contype IN ('p', 'f', 'c') ORDER BY contype = 'p' DESC, conname)
        || ARRAY(
        SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = old AND NOT indisprimary ORDER BY indexrelid)
        || ARRAY(
        SELECT format('COMMENT ON INDEX %s IS %L', indexrelid::regclass, obj_description(indexrelid))
          FROM pg_index WHERE indrelid = old AND obj_description(indexrelid) IS NOT NULL);
    FOR part IN SELECT indexrelid::regclass AS name, row_number() OVER (ORDER BY indexrelid) AS number
                  FROM pg_index WHERE indrelid = old LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', part.name, aside || '_idx' || part.number);
    END LOOP;
    FOR part IN SELECT unnest(children) AS name LOOP
        EXECUTE format('ALTER TABLE %s NO INHERIT %s', part.name, old);
    END LOOP;
    EXECUTE format('ALTER TABLE %s RENAME TO %I', old, aside);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING COMMENTS INCLUDING STORAGE)', fresh, aside);
    EXECUTE format('ALTER SEQUENCE %s OWNED BY %I.id', pg_get_serial_sequence(aside, 'id'), fresh);
    EXECUTE format('ALTER TABLE %I ALTER COLUMN id DROP DEFAULT', aside);
    IF options IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %I SET (%s)', fresh, options);
    END IF;
    FOR part IN SELECT unnest(made) AS statement LOOP
        EXECUTE part.statement;
    END LOOP;
    FOR part IN SELECT unnest(children || aside::regclass) AS name LOOP
        EXECUTE format('ALTER TABLE %s INHERIT %I', part.name, fresh);
    END LOOP;
END $$;
