-- When whoever asked for help is told what was decided, and what she was told last: decisions that follow each other
-- are told together.
alter table help_requests add column tell_at timestamptz;
alter table help_requests add column told text;
create index help_requests_to_tell on help_requests (tell_at) where tell_at is not null;
