-- Which letters to many an address does not want any more, and the links by which its reader says so: they carry
-- no address, and open nothing else.
create table letter_stops (
    address text not null,
    kind text not null check (kind in ('reminders', 'messages', 'questions')),
    stopped_at timestamptz not null,
    primary key (address, kind)
);
create table stop_links (
    token_hash bytea primary key not null,
    address text not null,
    kind text not null check (kind in ('reminders', 'messages', 'questions')),
    created_at timestamptz not null
);
create index stop_links_by_address on stop_links (address);
create index stop_links_by_time on stop_links (created_at);
