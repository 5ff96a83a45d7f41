-- A place that is taken or given up changes the row of its session once, not once for how full it is and once more
-- for the head count.
drop trigger places_counted;
drop trigger places_counted_new;
drop trigger places_occupy;
drop trigger places_move;

create trigger places_occupy after insert on places
when new.state in ('held', 'offered', 'confirmed')
begin
    update sessions
    set occupied = occupied + 1,
        version = version + 1,
        heads = heads + (new.state = 'confirmed'),
        heads_at = case when new.state = 'confirmed'
            then max(coalesce(heads_at, ''), new.changed_at) else heads_at end
    where code = new.session;
end;

create trigger places_move after update of state on places
when (old.state in ('held', 'offered', 'confirmed')) <> (new.state in ('held', 'offered', 'confirmed'))
    or (old.state = 'confirmed') <> (new.state = 'confirmed')
begin
    update sessions
    set occupied = occupied
            + (new.state in ('held', 'offered', 'confirmed'))
            - (old.state in ('held', 'offered', 'confirmed')),
        version = version
            + ((new.state in ('held', 'offered', 'confirmed')) <> (old.state in ('held', 'offered', 'confirmed'))),
        heads = heads + ((old.state = 'confirmed') <> (new.state = 'confirmed')),
        heads_at = case when (old.state = 'confirmed') <> (new.state = 'confirmed')
            then max(coalesce(heads_at, ''), new.changed_at) else heads_at end
    where code = new.session;
end;
