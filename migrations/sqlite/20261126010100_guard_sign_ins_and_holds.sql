-- When somebody who is signed in was last here, and whether more than a letter let them in.
alter table links add column seen_at text;
alter table links add column is_strong integer not null default 0 check (is_strong in (0, 1));

-- Who asked for a link by e-mail, until it is looked at whether there is one to send: whoever asks is
-- answered before, so that how long it takes says nothing.
create table asked_links (
    id blob not null primary key,
    kind text not null check (kind in ('sign-in-link', 'lost-link')),
    address text not null,
    asked_at text not null
) strict;

-- A digest of the network that holds places without having booked them, so that one does not hold them
-- all; gone once they are booked or have run out.
alter table registrations add column network text;
create index registrations_by_network on registrations (network) where network is not null;
