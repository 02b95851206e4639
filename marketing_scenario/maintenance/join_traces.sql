-- Takes back what set_traces_aside.sql did: all traces in the one table again. Rows are copied, so it takes its time.
--
--     psql -1 -v ON_ERROR_STOP=1 -f join_traces.sql DATABASE
SET LOCAL lock_timeout = '10s';
LOCK TABLE marketing_scenario_trace IN ACCESS EXCLUSIVE MODE;
DO $$
DECLARE
    columns CONSTANT text := (
        SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
         WHERE attrelid = 'marketing_scenario_trace'::regclass AND attnum > 0 AND NOT attisdropped);
    part record;
BEGIN
    FOR part IN SELECT inhrelid::regclass AS name FROM pg_inherits
                 WHERE inhparent = 'marketing_scenario_trace'::regclass ORDER BY inhrelid LOOP
        EXECUTE format('INSERT INTO marketing_scenario_trace (%s) SELECT %s FROM %s', columns, columns, part.name);
        EXECUTE format('DROP TABLE %s', part.name);
    END LOOP;
END $$;
