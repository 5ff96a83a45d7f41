-- The secret of a private link is drawn as its letter leaves, so that it is never written down. What
-- versions before wrote with secrets in it is written anew by the program, once: a chore stands here
-- until it is done.
create table chores (
    name text not null primary key
) strict;

insert into chores (name) values ('stand in for secrets');
