-- A key on somebody's phone, laptop or security key that signs her in (Web Authentication, W3C).
-- `credential` is its public half, with its counter, as the library reads it.
create table passkeys (
    id blob primary key not null,
    staff text not null references staff (login),
    credential_id blob not null unique,
    credential text not null,
    name text not null,
    created_at text not null,
    last_used_at text
) strict;
create index passkeys_by_staff on passkeys (staff);

-- Challenges under way, each good for one answer. Who adds a key is known; who signs in is not yet.
create table passkey_ceremonies (
    token_hash blob primary key not null,
    staff text references staff (login),
    state text not null,
    expires_at text not null
) strict;
create index passkey_ceremonies_by_end on passkey_ceremonies (expires_at);

-- What passkeys know their owner by instead of a login or an address, and when she was asked
-- whether she would like one, which happens once.
alter table staff add column passkey_handle blob;
alter table staff add column passkey_offered_at text;
