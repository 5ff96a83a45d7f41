//! When a line is due to be erased, as conditions on its table: once each, for what erases and what counts.
//! `$1` is the moment before which it is due.

/// When a line `d` of a table is due.
macro_rules! due {
    (needs) => {
        concat!(
            "(d.dietary is not null or d.access is not null or d.allergy or d.interpreter) and ",
            due!(over)
        )
    };
    (guardians) => {
        concat!("(d.guardian_name is not null or d.guardian_contact is not null) and ", due!(over))
    };
    (reasons) => {
        concat!("d.reason is not null and ", due!(over))
    };
    (nominations) => {
        concat!("d.nomination is not null and ", due!(over))
    };
    (answers) => {
        concat!("d.kept_as <> 'names' and ", due!(over))
    };
    (stays) => {
        due!(over)
    };
    (help_words) => {
        concat!("(d.children is not null or d.ages is not null or d.hours is not null or d.language is not null
            or d.travel_from is not null or d.travel_how is not null or d.why is not null
            or d.reason is not null or d.by_whom is not null) and ", due!(over))
    };
    (log_words) => {
        concat!("d.detail is not null and d.action in ('confirmed-out-of-turn', 'moved-up', 'offer-withdrawn') and ", due!(over))
    };
    (supports) => {
        concat!("(d.title <> '' or d.by_whom is not null or d.note is not null) and ", due!(over))
    };
    (interest) => {
        "d.asked_at <= $1"
    };
    (interest_ended) => {
        "d.asked_at <= $1 and (d.confirmed_at is null or d.ended_at <= $1)"
    };
    (nominated) => {
        "d.nominated_at <= $1"
    };
    (asked) => {
        concat!("d.erased_at is null and d.asked_at <= $1 and
            (d.registration is null
             or exists (select 1 from registrations r where r.id = d.registration and r.erased_at is not null))
            and ", due!(over))
    };
    (heard) => {
        "d.words is not null and d.received_at <= $1
         and not exists (select 1 from places p join sittings t on t.session = p.session
                         where p.id = d.place and t.ends_at > $1)"
    };
    (over) => {
        "not exists (select 1 from sittings t where t.session = d.session and t.ends_at > $1)"
    };
    (expired) => {
        "d.state = 'expired' and d.erased_at is null and d.changed_at <= $1"
    };
    (unfinished) => {
        "d.booked_at is null and d.erased_at is null and d.created_at <= $1
         and not exists (select 1 from places p where p.registration = d.id and p.erased_at is null)"
    };
    (attempts) => {
        "d.attempt is not null and d.created_at <= $1"
    };
    (forms) => {
        "d.at <= $1"
    };
    (letters) => {
        "d.erased_at is null and d.created_at <= $1"
    };
    (received) => {
        "d.erased_at is null and d.received_at <= $1"
    };
    (notes) => {
        "d.written_at <= $1"
    };
    (feedback) => {
        "d.change is not null and d.given_at <= $1"
    };
    (feedback_words) => {
        "d.words is not null and d.given_at <= $1"
    };
    (imported) => {
        "d.erased_at is null and d.attended_on <= $1"
    };
    (people) => {
        "d.erased_at is null and d.known_since <= $1
         and not exists (select 1 from places p join sittings t on t.session = p.session
                         where p.person = d.id and t.ends_at > $1)
         and not exists (select 1 from registrations r join sittings t on t.session = r.session
                         where r.person = d.id and t.ends_at > $1)
         and not exists (select 1 from walk_ins w join sittings t on t.id = w.sitting
                         where w.person = d.id and t.ends_at > $1)
         and not exists (select 1 from path_people m where m.person = d.id
                         and (m.joined_at > $1 or m.ended_at > $1 or m.finished_at > $1))
         and not exists (select 1 from path_records c where c.person = d.id and c.asked_at > $1)"
    };
    (feeds) => {
        "d.person is null and d.staff is null and d.created_at <= $1
         and (d.last_used is null or d.last_used <= $2)"
    };
    (sign_ins) => {
        "d.staff is not null and d.expires_at <= $1"
    };
    (ceremonies) => {
        "d.expires_at <= $1"
    };
    (passkeys) => {
        "d.staff in (select s.login from staff s where s.disabled_at <= $1)"
    };
    (staff) => {
        "d.erased_at is null and d.disabled_at <= $1"
    };
    (log) => {
        "d.at <= $1 and not exists (select 1 from registrations r
                                    where r.id = d.registration and r.erased_at is null)"
    };
}

/// Writes to at most `$2` lines that are due; on PostgreSQL not to those somebody else is writing to.
macro_rules! batch {
    (sqlite $do:literal, $table:literal, $key:literal, $due:ident) => {
        concat!(
            $do,
            " where ",
            $key,
            " in (select d.",
            $key,
            " from ",
            $table,
            " d where ",
            due!($due),
            " limit $2)"
        )
    };
    (postgres $do:literal, $table:literal, $key:literal, $due:ident) => {
        concat!(
            $do,
            " where ",
            $key,
            " in (select d.",
            $key,
            " from ",
            $table,
            " d where ",
            due!($due),
            " limit $2 for update skip locked)"
        )
    };
}

macro_rules! count {
    ($table:literal, $due:ident) => {
        concat!("select count(*) from ", $table, " d where ", due!($due))
    };
}

pub(super) use {batch, count, due};
