-- What an alliance's letters say in its own words: who signs, who reads answers, and for each letter a
-- subject, an opening and a closing (JSON, by the letter's word); all of it as it was where there is none.
alter table alliances add column letters_signature text;
alter table alliances add column letters_reply_to text;
alter table alliances add column letter_wording text;

-- What whoever changed a session says to its people in her own words, a paragraph each.
alter table announcements add column said text not null default '';
