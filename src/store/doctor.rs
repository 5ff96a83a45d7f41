//! What must always hold in a live database, as questions whose answer is nothing.

use super::{Conn, StoreError};

/// A row that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule, in words.
    pub rule: &'static str,
    /// The row at fault, as people name it: a session's code, a booking's reference and a number.
    pub row: String,
}

/// Each rule, with the query that finds the rows that break it. Each compares whole sets, so that
/// a million bookings are looked through in seconds: no line of one table walks through another.
const RULES: &[(&str, &str)] = &[
    (
        "a session's occupancy is the number of its places that are confirmed, offered or held",
        "select s.code || ': ' || s.occupied from sessions s
         where s.occupied <> (select count(*) from places p where p.session = s.code
                              and p.state in ('confirmed', 'offered', 'held'))",
    ),
    (
        "no session holds more than its capacity",
        "select s.code || ': ' || s.occupied || ' of ' || s.capacity from sessions s
         where s.occupied > s.capacity",
    ),
    (
        "no institution holds more than its limit",
        "select s.code || ': ' || r.institution from places p
         join registrations r on r.id = p.registration join sessions s on s.code = p.session
         where p.session in (select l.code from sessions l where l.places_per_institution is not null)
           and r.institution is not null
           and p.state in ('confirmed', 'offered', 'held')
         group by s.code, r.institution, s.places_per_institution
         having count(*) > s.places_per_institution",
    ),
    (
        "no two bookings of a session share a number in the queue",
        "select p.session || ': number ' || p.queue from places p
         where p.state in ('waiting', 'offered')
         group by p.session, p.queue having count(distinct p.registration) > 1",
    ),
    (
        "no number in the queue is ahead of the last one given",
        "select p.session || ': number ' || p.queue from places p
         join sessions s on s.code = p.session
         where p.state in ('waiting', 'offered') and p.queue > s.last_queue",
    ),
    (
        "an offer has a letter, where its leader has an address",
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         left join (select registration, max(created_at) as told from outbox
                    where kind = 'place-offered' group by registration) o on o.registration = r.id
         where p.state = 'offered' and r.leader_email is not null
           and (o.told is null or o.told < p.changed_at)",
    ),
    (
        "a confirmed place with an address has an invite",
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         join (select session, max(ends_at) as ends from sittings group by session) t
             on t.session = p.session and t.ends > p.changed_at
         where p.state = 'confirmed' and p.email is not null
           and not exists (select 1 from invitations i
                           where i.place = p.id and not i.withdrawn)",
    ),
    (
        "an invite stands only for a place that is confirmed, or whose end is still to be told",
        "select r.reference || ' place ' || p.number from invitations i
         join places p on p.id = i.place join registrations r on r.id = p.registration
         where not i.withdrawn and p.state <> 'confirmed'
           and r.id not in (select registration from announcements_untold)",
    ),
    (
        "news of a session is kept until everybody was told, and no longer",
        "select a.session || ': ' || a.kind from announcements a
         where not exists (select 1 from announcements_untold u where u.announcement = a.id)",
    ),
    (
        "an invite goes to the address of whoever has the place",
        "select r.reference || ' place ' || p.number from invitations i
         join places p on p.id = i.place join registrations r on r.id = p.registration
         where not i.withdrawn and (p.email is null or p.email <> i.address)",
    ),
    (
        "an invite went out in a letter",
        "select r.reference || ' place ' || p.number
         from (select id, place from invitations
               except select i.id, i.place from outbox o join invitations i on i.uid = o.thread
               where o.place = i.place
               except select i.id, i.place from outbox o join invitations i on i.place = o.place
               where o.kind = 'invite') m
         join places p on p.id = m.place join registrations r on r.id = p.registration",
    ),
    (
        "a letter with an invite is for a place that was invited",
        "select r.reference || ' place ' || p.number
         from (select place from outbox where kind = 'invite' except select place from invitations) m
         join places p on p.id = m.place join registrations r on r.id = p.registration",
    ),
    (
        "a booking was told to its leader, where she has an address",
        "select r.reference from registrations r
         where r.booked_at is not null and r.leader_email is not null
         except select r.reference from registrations r
         join outbox o on o.registration = r.id
         where o.kind in ('booking-confirmed', 'places-requested', 'waiting-list-joined',
                          'places-moved')",
    ),
    (
        "a booking can be opened by a link",
        "select r.reference from registrations r where r.booked_at is not null
           and not exists (select 1 from links l where l.registration = r.id)",
    ),
    (
        "a booking that was sent off holds nothing for somebody who is typing",
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         where p.state = 'held' and r.booked_at is not null",
    ),
    (
        "only a booking that was sent off waits, is offered, asked for or confirmed",
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         where p.state in ('waiting', 'offered', 'requested', 'confirmed')
           and p.registration in (select t.id from registrations t where t.booked_at is null)",
    ),
    (
        "a booking that was sent off has places",
        "select r.reference from registrations r where r.booked_at is not null
           and not exists (select 1 from places p where p.registration = r.id)",
    ),
    (
        "a place that another stands in for is open no more",
        "select r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         where p.superseded
           and p.state in ('held', 'waiting', 'offered', 'requested', 'confirmed')",
    ),
    (
        "a cancelled session has no open place",
        "select p.session || ': ' || r.reference || ' place ' || p.number from places p
         join registrations r on r.id = p.registration
         where p.session in (select c.code from sessions c where c.publication = 'cancelled')
           and p.state in ('held', 'waiting', 'offered', 'requested', 'confirmed')",
    ),
    (
        "a place's moves are in the audit log",
        "select r.reference from registrations r where r.booked_at is not null
           and not exists (select 1 from audit_events e where e.registration = r.id)",
    ),
];

/// The rows that break a rule.
pub async fn findings(conn: &mut Conn) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for (rule, query) in RULES {
        let rows = run!(values String, conn, *query)?;
        found.extend(rows.into_iter().map(|row| Finding { rule, row }));
    }
    Ok(found)
}

/// How many rules there are.
pub const fn rules() -> usize {
    RULES.len()
}
