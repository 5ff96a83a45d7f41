//! What must always hold in a live database, as questions whose answer is nothing.

use super::{Conn, StoreError, engine::statement::Statement, turnout_counts};

/// A row that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule, in words.
    pub rule: &'static str,
    /// The row at fault, as people name it: a session's code, a booking's reference and a number.
    pub row: String,
}

/// Why each may read whole tables: a rule that held for all rows but the one not looked at is no
/// rule. Nobody waits for the answer at a page. Each compares whole sets, so that a million bookings
/// are looked through in seconds: no line of one table walks through another.
#[cfg(test)]
const WHOLE: &str = "a rule is about every row there is";

statements! {
    OCCUPANCY: String =
        "select s.code || ': ' || s.occupied from sessions s
         where s.occupied <> (select count(*) from places p where p.session = s.code
                              and p.state in ('confirmed', 'offered', 'held'))",
        reads_all: WHOLE;

    CAPACITY: String =
        "select s.code || ': ' || s.occupied || ' of ' || s.capacity from sessions s
         where s.occupied > s.capacity",
        reads_all: WHOLE;

    LIMITS: String =
        "select s.code || ': ' || r.institution from places p
         join registrations r on r.id = p.registration join sessions s on s.code = p.session
         where p.session in
               (select l.code from sessions l where l.places_per_institution is not null)
           and r.institution is not null
           and p.state in ('confirmed', 'offered', 'held')
         group by s.code, r.institution, s.places_per_institution
         having count(*) > s.places_per_institution",
        reads_all: WHOLE;

    SHARED_NUMBERS: String =
        "select p.session || ': number ' || p.queue from places p
         where p.state in ('waiting', 'offered')
         group by p.session, p.queue having count(distinct p.registration) > 1",
        reads_all: WHOLE;

    NUMBERS_AHEAD: String =
        "select p.session || ': number ' || p.queue from places p
         join sessions s on s.code = p.session
         where p.state in ('waiting', 'offered') and p.queue > s.last_queue",
        reads_all: WHOLE;

    OFFERS_WITHOUT_LETTER: String =
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         left join (select registration, max(created_at) as told from outbox
                    where kind = 'place-offered' group by registration) o on o.registration = r.id
         where p.state = 'offered' and r.leader_email is not null
           and (o.told is null or o.told < p.changed_at)",
        reads_all: WHOLE;

    PLACES_WITHOUT_INVITE: String =
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         join (select session, max(starts_at) as starts from sittings group by session) t
             on t.session = p.session and t.starts > p.changed_at
         join sessions s on s.code = p.session and s.publication <> 'cancelled'
         where p.state = 'confirmed' and p.email is not null and r.untold_since is null
           and not exists (select 1 from invitations i
                           where i.place = p.id and not i.withdrawn)",
        reads_all: WHOLE;

    INVITES_WITHOUT_PLACE: String =
        "select r.reference || ' place ' || p.number from invitations i
         join places p on p.id = i.place join registrations r on r.id = p.registration
         where not i.withdrawn and p.state <> 'confirmed'
           and r.id not in (select registration from announcements_untold)",
        reads_all: WHOLE;

    NEWS_THAT_ALL_KNOW: String =
        "select a.session || ': ' || a.kind from announcements a
         where a.leaves_at is null
           and not exists (select 1 from announcements_untold u where u.announcement = a.id)";

    INVITES_TO_OTHERS: String =
        "select r.reference || ' place ' || p.number from invitations i
         join places p on p.id = i.place join registrations r on r.id = p.registration
         where not i.withdrawn and (p.email is null or p.email <> i.address) and p.erased_at is null",
        reads_all: WHOLE;

    INVITES_WITHOUT_LETTER: String =
        "select r.reference || ' place ' || p.number
         from (select id, place from invitations
               except select i.id, i.place from outbox o join invitations i on i.uid = o.thread
               where o.place = i.place
               except select i.id, i.place from outbox o join invitations i on i.place = o.place
               where o.kind = 'invite'
               except select i.id, i.place from outbox o
               join invitations t on t.uid = o.thread and t.place = o.place
               join places q on q.id = t.place join invitations i on i.place = t.place
               where q.session in (select d.session from sittings d
                                   group by d.session having count(*) > 5)) m
         join places p on p.id = m.place join registrations r on r.id = p.registration",
        reads_all: WHOLE;

    LETTERS_WITHOUT_INVITE: String =
        "select r.reference || ' place ' || p.number
         from (select place from outbox where kind = 'invite'
               except select place from invitations) m
         join places p on p.id = m.place join registrations r on r.id = p.registration",
        reads_all: WHOLE;

    /// Of evenings that were booked together the letter of one tells of all.
    BOOKINGS_WITHOUT_LETTER: String =
        "select r.reference from registrations r
         where r.booked_at is not null and r.leader_email is not null
           and r.untold_since is null and (r.series_booking is null or r.series_booking = r.id)
         except select r.reference from registrations r
         join outbox o on o.registration = r.id
         where o.kind in ('booking-confirmed', 'places-requested', 'waiting-list-joined',
                          'places-moved', 'session-changed', 'session-cancelled')",
        reads_all: WHOLE;

    /// The link of one of them leads to all.
    BOOKINGS_WITHOUT_LINK: String =
        "select r.reference from registrations r where r.booked_at is not null and r.erased_at is null
           and not exists (select 1 from links l where l.registration in (r.id, r.series_booking))",
        reads_all: WHOLE;

    HELD_AFTER_BOOKING: String =
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         where p.state = 'held' and r.booked_at is not null",
        reads_all: WHOLE;

    OPEN_BEFORE_BOOKING: String =
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         where p.state in ('waiting', 'offered', 'requested', 'confirmed')
           and p.registration in (select t.id from registrations t where t.booked_at is null)",
        reads_all: WHOLE;

    BOOKINGS_WITHOUT_PLACES: String =
        "select r.reference from registrations r where r.booked_at is not null
           and not exists (select 1 from places p where p.registration = r.id)",
        reads_all: WHOLE;

    OPEN_AND_SUPERSEDED: String =
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         where p.superseded
           and p.state in ('held', 'waiting', 'offered', 'requested', 'confirmed')",
        reads_all: WHOLE;

    OPEN_AFTER_CANCELLATION: String =
        "select p.session || ': ' || r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         where p.session in (select c.code from sessions c where c.publication = 'cancelled')
           and p.state in ('held', 'waiting', 'offered', 'requested', 'confirmed')
           and not exists (select 1 from attendances a
                           where a.place = p.id and a.presence = 'attended')",
        reads_all: WHOLE;

    BOOKINGS_WITHOUT_EVENTS: String =
        "select r.reference from registrations r where r.booked_at is not null and r.erased_at is null
           and not exists (select 1 from audit_events e where e.registration = r.id)",
        reads_all: WHOLE;
}

/// Each rule, with the statement that finds the rows that break it.
const RULES: [(&str, Statement<String, [(); 0]>); 20] = [
    (
        "a session's occupancy is the number of its places that are confirmed, offered or held",
        OCCUPANCY,
    ),
    ("no session holds more than its capacity", CAPACITY),
    ("no institution holds more than its limit", LIMITS),
    ("no two bookings of a session share a number in the queue", SHARED_NUMBERS),
    ("no number in the queue is ahead of the last one given", NUMBERS_AHEAD),
    ("an offer has a letter, where its leader has an address", OFFERS_WITHOUT_LETTER),
    (
        "a confirmed place with an address has an invite, unless nobody was told of the booking",
        PLACES_WITHOUT_INVITE,
    ),
    (
        "an invite stands only for a place that is confirmed, or whose end is still to be told",
        INVITES_WITHOUT_PLACE,
    ),
    ("news of a session is kept until everybody was told, and no longer", NEWS_THAT_ALL_KNOW),
    ("an invite goes to the address of whoever has the place", INVITES_TO_OTHERS),
    ("an invite went out in a letter", INVITES_WITHOUT_LETTER),
    ("a letter with an invite is for a place that was invited", LETTERS_WITHOUT_INVITE),
    (
        "a booking was told to its leader, where she has an address, or is marked as untold",
        BOOKINGS_WITHOUT_LETTER,
    ),
    ("a booking can be opened by a link", BOOKINGS_WITHOUT_LINK),
    ("a booking that was sent off holds nothing for somebody who is typing", HELD_AFTER_BOOKING),
    (
        "only a booking that was sent off waits, is offered, asked for or confirmed",
        OPEN_BEFORE_BOOKING,
    ),
    ("a booking that was sent off has places", BOOKINGS_WITHOUT_PLACES),
    ("a place that another stands in for is open no more", OPEN_AND_SUPERSEDED),
    ("a cancelled session has no open place but of those who came before", OPEN_AFTER_CANCELLATION),
    ("a place's moves are in the audit log", BOOKINGS_WITHOUT_EVENTS),
];

/// The rule beside them that its own file asks about.
const TURNOUT: &str = "a session's turnout was counted again after every change";

/// The rows that break a rule.
pub async fn findings(conn: &mut Conn) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for (rule, query) in RULES {
        let rows = query.values(conn, ()).await?;
        found.extend(rows.into_iter().map(|row| Finding { rule, row }));
    }
    let rows = turnout_counts::wrong(conn).await?;
    found.extend(rows.into_iter().map(|row| Finding { rule: TURNOUT, row }));
    Ok(found)
}

/// How many rules there are.
pub const fn rules() -> usize {
    RULES.len() + 1
}
