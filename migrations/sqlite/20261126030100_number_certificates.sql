-- Each place at whose door somebody was seen has a number of its own, drawn at random: with it anybody whom
-- she shows her certificate can ask whether it is true. It says nothing by itself, and nobody can guess one.
create table certificates (
    place blob primary key not null references places (id),
    number text not null unique check (length(number) = 20)
) strict;

insert into certificates (place, number)
select place, lower(hex(randomblob(10))) from (select distinct place from attendances);

create trigger certificates_numbered after insert on attendances
begin
    insert into certificates (place, number) values (new.place, lower(hex(randomblob(10))))
    on conflict (place) do nothing;
end;
