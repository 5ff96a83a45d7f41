-- A leader's link that came in a letter shows that whoever holds it reads that address; one that a page showed
-- shows nothing, since anybody may book under any address. Unset until the letter leaves.
alter table links add column proves_address integer;
