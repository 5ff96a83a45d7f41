//! Two people who were made one, and how they become two again within a day.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, person_follows};
use crate::domain::{
    contact::EmailAddress,
    id::{InstitutionCode, PersonId, PlaceId, RegistrationId, SessionCode},
    person::recognition_key,
    person_merge::{Double, Given, GivenUpPlace, MergedSeat},
    place::{PlaceState, PlaceStatus},
    text::Name,
};

row! {
    struct MergeRow {
        id: Uuid,
        kept: Uuid,
        gone: Uuid,
        merged_at: DateTime<Utc>,
        gave_email: bool,
        gave_phone: bool,
        gave_institution: bool,
        name: String,
    }
}

row! {
    struct SeatRow {
        session: String,
        alliance: String,
        title: String,
        id: Uuid,
        registration: Uuid,
        reference: String,
        state: String,
        person: Uuid,
        name: Option<String>,
        attended: i64,
    }
}

/// A row that is new since a merge: its key, and under which name, address and institution it stands.
type NewRow = (Uuid, Option<String>, Option<String>, Option<String>);

statements! {
    INSERT =
        "insert into person_merges
             (id, kept, gone, merged_at, gave_email, gave_phone, gave_institution)
         values ($1, $2, $3, $4, $5, $6, $7)";

    ADD_SEAT = "insert into person_merge_seats (merge, place, state, queue) values ($1, $2, $3, $4)";

    END_GONE = "update people set merged_into = $2 where id = $1";

    RISE_AGAIN = "update people set merged_into = null, version = version + 1 where id = $1";

    /// Merges of somebody that can still be taken back, the latest first.
    OF_KEPT: MergeRow =
        "select m.id, m.kept, m.gone, m.merged_at, m.gave_email, m.gave_phone, m.gave_institution, g.name
         from person_merges m join people g on g.id = m.gone join people k on k.id = m.kept
         where m.kept = $1 and m.merged_at > $2
           and g.merged_into = m.kept and g.erased_at is null and k.erased_at is null
         order by m.merged_at desc, m.id desc";

    SEATS: (Uuid, Uuid, String, Option<i64>) =
        "select s.place, p.registration, s.state, s.queue
         from person_merge_seats s join places p on p.id = s.place
         where s.merge = $1 order by p.session, s.place";

    FORGET_ROWS = "delete from person_merge_rows where merge = $1";
    FORGET_SEATS = "delete from person_merge_seats where merge = $1";
    FORGET = "delete from person_merges where id = $1";

    OVER: Uuid = "select id from person_merges where merged_at <= $1";

    OF_EITHER: Uuid =
        "select m.id from person_merges m where m.kept = $1
         union select n.id from person_merges n where n.gone = $1";

    /// Open places of two people on what is still to come, where both have one.
    DOUBLES: SeatRow =
        "select p.session, s.alliance, c.title, p.id, p.registration, r.reference, p.state, p.person, p.name,
             (select count(*) from attendances a
              where a.place = p.id and a.presence = 'attended') as attended
         from places p join registrations r on r.id = p.registration
         join sessions s on s.code = p.session join courses c on c.slug = s.course
         where (p.person = $1 or p.person = $2) and not p.superseded
           and p.state in ('requested', 'waiting', 'offered', 'confirmed')
           and exists (select 1 from sittings t where t.session = p.session and t.ends_at > $3)
           and exists (select 1 from places q
                       where (q.person = $1 or q.person = $2) and q.person <> p.person
                         and q.session = p.session and not q.superseded
                         and q.state in ('requested', 'waiting', 'offered', 'confirmed'))
         order by p.session, p.person = $2, r.reference, p.number";

    NEW_PLACES: NewRow = {
        sqlite: "select p.id, p.name, p.email, r.institution
            from places p join registrations r on r.id = p.registration
            where p.person = $1 and not exists
                (select 1 from person_merge_rows n where n.merge = $2 and n.relation = 'places'
                     and n.row_key = lower(hex(p.id)))",
        postgres: "select p.id, p.name, p.email, r.institution
            from places p join registrations r on r.id = p.registration
            where p.person = $1 and not exists
                (select 1 from person_merge_rows n where n.merge = $2 and n.relation = 'places'
                     and n.row_key = replace(p.id::text, '-', ''))",
    };

    NEW_BOOKINGS: NewRow = {
        sqlite: "select r.id, r.leader_name, r.leader_email, r.institution from registrations r
            where r.person = $1 and not exists
                (select 1 from person_merge_rows n where n.merge = $2 and n.relation = 'registrations'
                     and n.row_key = lower(hex(r.id)))",
        postgres: "select r.id, r.leader_name, r.leader_email, r.institution from registrations r
            where r.person = $1 and not exists
                (select 1 from person_merge_rows n where n.merge = $2 and n.relation = 'registrations'
                     and n.row_key = replace(r.id::text, '-', ''))",
    };

    NEW_WALK_INS: NewRow = {
        sqlite: "select w.id, w.name, w.email, w.institution_code from walk_ins w
            where w.person = $1 and not exists
                (select 1 from person_merge_rows n where n.merge = $2 and n.relation = 'walk_ins'
                     and n.row_key = lower(hex(w.id)))",
        postgres: "select w.id, w.name, w.email, w.institution_code from walk_ins w
            where w.person = $1 and not exists
                (select 1 from person_merge_rows n where n.merge = $2 and n.relation = 'walk_ins'
                     and n.row_key = replace(w.id::text, '-', ''))",
    };

    RELINK_PLACE = "update places set person = $2 where id = $1";
    RELINK_BOOKING = "update registrations set person = $2 where id = $1";
    RELINK_WALK_IN = "update walk_ins set person = $2 where id = $1";

    /// A calendar that was made meanwhile shows what is another's: it ends, and can be made again.
    END_FEEDS =
        "update private_feeds set revoked_at = $3
         where person = $1 and created_at >= $2 and revoked_at is null";

    /// So does a link that was asked for.
    END_LINKS = "delete from data_links where person = $1 and created_at >= $2";
}

/// A merge that can still be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Which.
    pub id: Uuid,
    /// Who was kept.
    pub kept: PersonId,
    /// Who became part of her.
    pub gone: PersonId,
    /// What she was called.
    pub name: Name,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// What the one who was kept lacked and was given.
    pub given: Given,
}

impl MergeRow {
    fn read(self) -> Merge {
        Merge {
            id: self.id,
            kept: PersonId::new(self.kept),
            gone: PersonId::new(self.gone),
            name: Name::stored(&self.name),
            merged_at: self.merged_at,
            given: Given {
                email: self.gave_email,
                phone: self.gave_phone,
                institution: self.gave_institution,
            },
        }
    }
}

/// Places of two people on the same sessions to come, by session.
pub async fn doubles(
    conn: &mut Conn,
    (kept, gone): (PersonId, PersonId),
    now: DateTime<Utc>,
) -> Result<Vec<Double>, StoreError> {
    let mut found: Vec<Double> = Vec::new();
    for row in DOUBLES.all(conn, (kept.uuid(), gone.uuid(), now)).await? {
        let id = row.id;
        let session: SessionCode = parse("places", "session", &id, &row.session)?;
        let seat = MergedSeat {
            place: PlaceId::new(id),
            registration: RegistrationId::new(row.registration),
            reference: parse("registrations", "reference", &id, &row.reference)?,
            status: parse("places", "state", &id, &row.state)?,
            is_kepts: row.person == kept.uuid(),
            name: row.name.as_deref().map(Name::stored),
            attended: u32::try_from(row.attended).unwrap_or(0),
        };
        match found.iter_mut().find(|one| one.session == session) {
            Some(double) => double.seats.push(seat),
            None => found.push(Double {
                session,
                alliance: parse("sessions", "alliance", &id, &row.alliance)?,
                title: row.title,
                seats: vec![seat],
            }),
        }
    }
    Ok(found)
}

/// Makes one person of two: everything of `gone` is `kept`'s from now on, and what was whose is written down.
pub async fn merge(
    tx: &mut Tx,
    merge: &Merge,
    given_up: &[GivenUpPlace],
) -> Result<(), StoreError> {
    let (id, kept, gone) = (merge.id, merge.kept, merge.gone);
    let Given { email, phone, institution } = merge.given;
    let new = (id, kept.uuid(), gone.uuid(), merge.merged_at, email, phone, institution);
    INSERT.run(tx, new).await?;
    for one in given_up {
        let queue = match one.state {
            PlaceState::Waiting { queue } | PlaceState::Offered { queue, .. } => Some(queue),
            _ => None,
        };
        let state = one.state.status();
        ADD_SEAT.run(tx, (id, one.place.uuid(), state.as_str(), queue)).await?;
    }
    person_follows::note(tx, id, kept, false).await?;
    person_follows::note(tx, id, gone, true).await?;
    person_follows::follow(tx, kept, gone).await?;
    END_GONE.run(tx, (gone.uuid(), kept.uuid())).await?;
    Ok(())
}

/// Merges into somebody that were made after `since` and can be taken back, the latest first.
pub async fn of_kept(
    conn: &mut Conn,
    kept: PersonId,
    since: DateTime<Utc>,
) -> Result<Vec<Merge>, StoreError> {
    let rows = OF_KEPT.all(conn, (kept.uuid(), since)).await?;
    Ok(rows.into_iter().map(MergeRow::read).collect())
}

/// The places that were given up because of a merge, with what they were, by session.
pub async fn given_up(
    conn: &mut Conn,
    merge: Uuid,
) -> Result<Vec<(RegistrationId, GivenUpPlace)>, StoreError> {
    let rows = SEATS.all(conn, [merge]).await?;
    let read = |(place, booking, state, queue): (Uuid, Uuid, String, Option<i64>)| {
        let status: PlaceStatus = parse("person_merge_seats", "state", &place, &state)?;
        let queue = queue.unwrap_or_default();
        let state = match status {
            PlaceStatus::Requested => PlaceState::Requested,
            // Whatever was offered was offered to somebody else meanwhile: she waits where she waited.
            PlaceStatus::Waiting | PlaceStatus::Offered => PlaceState::Waiting { queue },
            _ => PlaceState::Confirmed,
        };
        Ok((RegistrationId::new(booking), GivenUpPlace { place: PlaceId::new(place), state }))
    };
    rows.into_iter().map(read).collect()
}

/// Makes two people of one again: what followed returns, and what was booked meanwhile is hers under whose
/// name it was booked.
pub async fn undo(tx: &mut Tx, merge: &Merge, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (id, kept, gone) = (merge.id, merge.kept, merge.gone);
    person_follows::back(tx, id, (kept, gone)).await?;
    RISE_AGAIN.run(tx, [gone.uuid()]).await?;
    let keys = super::seated::keys_of(tx, gone).await?;
    let meanwhile = [
        (NEW_PLACES, RELINK_PLACE),
        (NEW_BOOKINGS, RELINK_BOOKING),
        (NEW_WALK_INS, RELINK_WALK_IN),
    ];
    for (new, relink) in meanwhile {
        for (row, name, email, institution) in new.all(tx, (kept.uuid(), id)).await? {
            let Some(name) = name.as_deref().map(Name::stored) else { continue };
            let email = email.as_deref().map(EmailAddress::stored);
            let institution: Option<InstitutionCode> = institution
                .map(|text| parse("registrations", "institution", &row, &text))
                .transpose()?;
            let key = recognition_key(&name, email.as_ref(), institution.as_ref());
            if keys.contains(&key) {
                relink.run(tx, (row, gone.uuid())).await?;
            }
        }
    }
    END_FEEDS.run(tx, (kept.uuid(), merge.merged_at, now)).await?;
    END_LINKS.run(tx, (kept.uuid(), merge.merged_at)).await?;
    forget(tx, id).await
}

/// Forgets a merge: it cannot be taken back any more, or it was.
async fn forget(tx: &mut Tx, merge: Uuid) -> Result<(), StoreError> {
    for statement in [FORGET_ROWS, FORGET_SEATS, FORGET] {
        statement.run(tx, [merge]).await?;
    }
    Ok(())
}

/// Forgets the merges that were made until `until`: they cannot be taken back any more.
pub async fn sweep(tx: &mut Tx, until: DateTime<Utc>) -> Result<u64, StoreError> {
    let over = OVER.values(tx, [until]).await?;
    for merge in &over {
        forget(tx, *merge).await?;
    }
    Ok(u64::try_from(over.len()).unwrap_or(u64::MAX))
}

/// Forgets the merges of somebody who is erased.
pub(super) async fn forget_of(tx: &mut Tx, person: Uuid) -> Result<(), StoreError> {
    for merge in OF_EITHER.values(tx, [person]).await? {
        forget(tx, merge).await?;
    }
    Ok(())
}
