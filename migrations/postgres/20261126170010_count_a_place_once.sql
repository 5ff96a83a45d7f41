-- A place that is taken or given up changes the row of its session once, not once for how full it is and once more
-- for the head count.
drop trigger places_counted on places;
drop trigger places_counted_new on places;
drop function count_heads();

create or replace function places_count() returns trigger language plpgsql as $$
declare
    before integer := 0;
    after integer := 0;
    turns boolean := false;
begin
    if tg_op <> 'INSERT' and old.state in ('held', 'offered', 'confirmed') then
        before := 1;
    end if;
    if tg_op <> 'DELETE' and new.state in ('held', 'offered', 'confirmed') then
        after := 1;
    end if;
    -- Whether it becomes somebody's, or is hers no more.
    if tg_op = 'INSERT' then
        turns := new.state = 'confirmed';
    elsif tg_op = 'UPDATE' then
        turns := (old.state = 'confirmed') <> (new.state = 'confirmed');
    end if;
    if turns then
        update sessions
        set occupied = occupied + after - before,
            version = version + abs(after - before),
            heads = heads + 1,
            heads_at = greatest(heads_at, new.changed_at)
        where code = new.session;
    elsif before <> after then
        update sessions set occupied = occupied + after - before, version = version + 1
        where code = coalesce(new.session, old.session);
    end if;
    return null;
end;
$$;

-- In a language whose plans are kept: one in SQL is planned with every call.
create or replace function leave_turnout_uncounted(code text) returns void language plpgsql as $$
begin
    insert into turnout_uncounted as u (session) values (code)
    on conflict (session) do update set changes = u.changes + 1;
end;
$$;
