-- Each place at whose door somebody was seen has a number of its own, drawn at random: with it anybody whom
-- she shows her certificate can ask whether it is true. It says nothing by itself, and nobody can guess one.
create table certificates (
    place uuid primary key not null references places (id),
    number text not null unique check (length(number) = 20)
);

insert into certificates (place, number)
select place, left(md5(gen_random_uuid()::text || gen_random_uuid()::text), 20)
from (select distinct place from attendances) seen;

create function number_a_certificate() returns trigger language plpgsql as $$
begin
    insert into certificates (place, number)
    values (new.place, left(md5(gen_random_uuid()::text || gen_random_uuid()::text), 20))
    on conflict (place) do nothing;
    return null;
end;
$$;

create trigger certificates_numbered after insert on attendances
for each row execute function number_a_certificate();
