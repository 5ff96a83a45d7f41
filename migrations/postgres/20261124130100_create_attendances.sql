-- Who was at the door: a line for each place and sitting, and people who came without a booking.
-- The latest tap wins, whichever device it came from; `unknown` is a tap taken back.
create table attendances (
    place uuid not null references places (id),
    sitting uuid not null references sittings (id),
    presence text not null check (presence in ('attended', 'absent', 'unknown')),
    marked_at timestamptz not null,
    marked_by text not null,
    primary key (place, sitting)
);
create index attendances_by_sitting on attendances (sitting);

-- The device at the door makes the id, so that a line sent twice is one line.
create table walk_ins (
    id uuid primary key not null,
    sitting uuid not null references sittings (id),
    name text not null,
    institution text,
    email text,
    came_at timestamptz not null,
    added_by text not null,
    removed_at timestamptz
);
create index walk_ins_by_sitting on walk_ins (sitting);
