-- What the program noticed of how it is run, for whoever runs it.
create table notices (
    name text not null primary key,
    since text not null
) strict;
