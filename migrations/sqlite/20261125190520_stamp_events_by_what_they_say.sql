-- A hash of what feeds show of a day, without its stamps: `sequence` and `changed_at` rise when it is
-- another. Empty until it was looked at.
alter table sittings add column rendered text;
alter table removed_days add column rendered text;

-- The same for the head count, which only trainers' feeds show.
alter table sessions add column heads integer not null default 0;
alter table sessions add column heads_at text;

-- Whose head count a trainer's calendar shows: it rises with every place that becomes somebody's, or is
-- hers no more.
create trigger places_counted after update of state on places
when (old.state = 'confirmed') <> (new.state = 'confirmed')
begin
    update sessions set heads = heads + 1, heads_at = max(coalesce(heads_at, ''), new.changed_at)
    where code = new.session;
end;

create trigger places_counted_new after insert on places when new.state = 'confirmed'
begin
    update sessions set heads = heads + 1, heads_at = max(coalesce(heads_at, ''), new.changed_at)
    where code = new.session;
end;

-- When a day was to start before it was moved, for whoever announces it as rescheduled.
alter table sittings add column previous_starts_at text;
