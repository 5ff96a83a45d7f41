-- Calendar addresses for one reader. `owner` is whose it is, so that each has one at a time.
create table private_feeds (
    token_hash blob primary key not null,
    owner text not null,
    email text,
    name text,
    staff text references staff (login),
    created_at text not null,
    last_used text,
    revoked_at text,
    check ((email is null) = (name is null)),
    check ((email is null) <> (staff is null))
) strict;
create unique index private_feeds_by_owner on private_feeds (owner) where revoked_at is null;
create index places_by_email on places (email) where email is not null;
