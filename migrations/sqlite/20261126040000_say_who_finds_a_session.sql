-- Who may find a session that is published: everybody, whoever has its address, or whom the office books.
alter table sessions add column admission text not null default 'public'
    check (admission in ('public', 'unlisted', 'closed'));
