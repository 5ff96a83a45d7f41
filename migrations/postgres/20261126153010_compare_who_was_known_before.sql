-- When somebody was last compared with others who may be she. Whoever was known before it was asked is compared by a
-- job, a few at a time: it goes on where it was, because those who are left have no moment here.
alter table people add column compared_at timestamptz;
create index people_to_compare on people (id)
    where compared_at is null and merged_into is null and erased_at is null;
