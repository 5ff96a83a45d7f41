//! Who is nominated for a course, and what became of it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    audit::Actor,
    contact::{EmailAddress, PhoneNumber},
    id::{InstitutionCode, NominationId, PersonId, RegistrationId, SessionCode, StaffLogin},
    nomination::{Decision, Facts, Nomination, Nominator, Talk, Which},
    personal_invitation::{Answer, Seat},
    text::{Name, Paragraph},
};

const TABLE: &str = "nominations";

/// How many are listed at most.
const LISTED: i64 = 2_000;

row! {
    struct NominationRow {
        id: Uuid,
        course: String,
        session: Option<String>,
        alliance: String,
        person: Option<Uuid>,
        name: String,
        email: Option<String>,
        phone: Option<String>,
        institution: Option<String>,
        reason: String,
        nominated_by: String,
        registration: Option<Uuid>,
        nominated_at: DateTime<Utc>,
        decision: Option<String>,
        withdrawn_at: Option<DateTime<Utc>>,
        before_who: Option<String>,
        before_due: Option<NaiveDate>,
        before_done_at: Option<DateTime<Utc>>,
        before_words: Option<String>,
        after_who: Option<String>,
        after_due: Option<NaiveDate>,
        after_done_at: Option<DateTime<Utc>>,
        after_words: Option<String>,
        place: Option<String>,
        days: i64,
        asked: i64,
        answer: Option<String>,
    }
}

arguments! {
    struct NewNomination<'a> {
        id: Uuid,
        course: &'a str,
        session: Option<&'a str>,
        alliance: &'a str,
        person: Option<Uuid>,
        key: String,
        name: &'a str,
        email: Option<&'a str>,
        phone: Option<&'a str>,
        institution: Option<&'a str>,
        reason: &'a str,
        nominated_by: String,
        registration: Option<Uuid>,
        nominated_at: DateTime<Utc>,
        decision: Option<&'a str>,
        decided_by: Option<String>,
        decided_at: Option<DateTime<Utc>>,
        before_who: Option<&'a str>,
        before_due: Option<NaiveDate>,
        after_who: Option<&'a str>,
        after_due: Option<NaiveDate>,
    }
}

arguments! {
    struct NewTalk<'a> {
        id: Uuid,
        who: Option<&'a str>,
        due: Option<NaiveDate>,
        done_at: Option<DateTime<Utc>>,
        words: Option<&'a str>,
    }
}

/// Whether a place `p` on a session `s` is of whoever is nominated by `n`, for what she is nominated for, and was not
/// over before.
macro_rules! is_hers {
    () => {
        "p.person = coalesce(n.person, (select k.person from person_keys k where k.key = n.key))
         and not p.superseded and s.course = n.course and (n.session is null or n.session = s.code)
         and exists (select 1 from sittings t where t.session = s.code and t.ends_at > n.nominated_at)"
    };
}

/// Nominations with what happened since.
macro_rules! seen {
    ($which:literal) => {
        concat!(
            "select n.*,
                 (select p.state from places p join sessions s on s.code = p.session where ",
            is_hers!(),
            "      and p.state in ('confirmed', 'offered', 'waiting', 'requested')
                  order by case p.state when 'confirmed' then 1 when 'offered' then 2
                               when 'waiting' then 3 else 4 end limit 1) as place,
                 (select count(*) from places p join sessions s on s.code = p.session
                  join attendances a on a.place = p.id join sittings d on d.id = a.sitting
                  where a.presence = 'attended' and d.ends_at > n.nominated_at and ",
            is_hers!(),
            ") as days,
                 (select count(*) from personal_invitations i
                  where i.nomination = n.id and i.withdrawn_at is null) as asked,
                 (select i.answer from personal_invitations i
                  where i.nomination = n.id and i.withdrawn_at is null
                  order by i.asked_at desc, i.id desc limit 1) as answer
             from nominations n ",
            $which
        )
    };
}

statements! {
    INSERT(NewNomination) = "insert into nominations (:columns) values (:values)";

    FIND: NominationRow = seen!("where n.id = $1");

    /// Those an organiser looks after, or all, the latest first.
    LIST: NominationRow = seen!(
        "where n.alliance in (select a.alliance from staff_alliances a where a.login = $1)
         order by n.nominated_at desc, n.id limit $2"
    ), reads_all: "walks an index in the order of the list, until the list ends";
    EVERY: NominationRow = seen!("order by n.nominated_at desc, n.id limit $1"),
        reads_all: "walks an index in the order of the list, until the list ends";

    OF_PERSON: NominationRow = seen!(
        "where n.id in (select a.id from nominations a where a.person = $1
                        union select b.id from person_keys k join nominations b on b.key = k.key
                              where k.person = $1)
         order by n.nominated_at desc, n.id"
    );

    OF_BOOKING: NominationRow = seen!("where n.registration = $1 order by n.nominated_at desc, n.id");

    /// What is to be decided, and whose talk is to be had until a day.
    OPEN: NominationRow = seen!(
        "where n.withdrawn_at is null
           and n.id in (select d.id from nominations d where d.decision is null and d.withdrawn_at is null
                        union select b.id from nominations b
                              where b.before_due <= $1 and b.before_done_at is null
                        union select a.id from nominations a
                              where a.after_due <= $1 and a.after_done_at is null)
         order by n.nominated_at, n.id"
    );

    DECIDE =
        "update nominations set decision = $2, decided_by = $3, decided_at = $4
         where id = $1 and decision is null and withdrawn_at is null";

    WITHDRAW = "update nominations set withdrawn_at = $2 where id = $1 and withdrawn_at is null";

    BEFORE(NewTalk) =
        "update nominations set before_who = :who, before_due = :due, before_done_at = :done_at,
             before_words = :words where id = :id";

    AFTER(NewTalk) =
        "update nominations set after_who = :who, after_due = :due, after_done_at = :done_at,
             after_words = :words where id = :id";
}

impl NominationRow {
    fn read(self) -> Result<SeenNomination, StoreError> {
        let id = self.id;
        let row = &id;
        let institution = self.institution.as_deref();
        let by: Actor = parse(TABLE, "nominated_by", row, &self.nominated_by)?;
        let by = match (by, self.registration) {
            (Actor::Staff(login), _) => Nominator::Staff(login),
            (_, Some(registration)) => Nominator::Leader(RegistrationId::new(registration)),
            _ => {
                let corrupt = id.to_string();
                return Err(StoreError::Corrupt {
                    table: TABLE,
                    column: "nominated_by",
                    row: corrupt,
                });
            }
        };
        let decision = self.decision.as_deref().map(|word| parse(TABLE, "decision", row, word));
        let answer = self.answer.as_deref().map(|word| parse(TABLE, "answer", row, word));
        let answer: Option<Answer> = answer.transpose()?;
        let place = self.place.as_deref().map(|word| parse("places", "state", row, word));
        let seat = Seat { place: place.transpose()?, came: self.days > 0 };
        let session = self.session.as_deref().map(|code| parse(TABLE, "session", row, code));
        let reason = Paragraph::stored(&self.reason);
        let nomination = Nomination {
            id: NominationId::new(id),
            course: parse(TABLE, "course", row, &self.course)?,
            session: session.transpose()?,
            alliance: parse(TABLE, "alliance", row, &self.alliance)?,
            person: self.person.map(PersonId::new),
            name: Name::stored(&self.name),
            email: self.email.as_deref().map(EmailAddress::stored),
            phone: self.phone.as_deref().map(PhoneNumber::stored),
            institution: institution
                .map(|code| parse(TABLE, "institution", row, code))
                .transpose()?,
            reason: reason.ok_or_else(|| StoreError::Corrupt {
                table: TABLE,
                column: "reason",
                row: id.to_string(),
            })?,
            by,
            at: self.nominated_at,
            decision: decision.transpose()?,
            withdrawn_at: self.withdrawn_at,
            before: talk(self.before_who, self.before_due, self.before_done_at, self.before_words),
            after: talk(self.after_who, self.after_due, self.after_done_at, self.after_words),
        };
        Ok((nomination, Facts { asked: self.asked > 0, answer, seat }))
    }
}

fn talk(
    who: Option<String>,
    due: Option<NaiveDate>,
    done_at: Option<DateTime<Utc>>,
    words: Option<String>,
) -> Talk {
    Talk {
        who: who.as_deref().map(Name::stored),
        due,
        done_at,
        words: words.as_deref().and_then(Paragraph::stored),
    }
}

/// A nomination with what happened since.
pub type SeenNomination = (Nomination, Facts);

fn read(rows: Vec<NominationRow>) -> Result<Vec<SeenNomination>, StoreError> {
    rows.into_iter().map(NominationRow::read).collect()
}

/// One nomination.
pub async fn find(conn: &mut Conn, id: NominationId) -> Result<Option<SeenNomination>, StoreError> {
    FIND.optional(conn, [id.uuid()]).await?.map(NominationRow::read).transpose()
}

/// The latest, all or those of an organiser's alliances.
pub async fn list(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
) -> Result<Vec<SeenNomination>, StoreError> {
    read(match within {
        Some(login) => LIST.all(conn, (login.as_str(), LISTED)).await?,
        None => EVERY.all(conn, [LISTED]).await?,
    })
}

/// All there are, the latest first: to write them into a file, and to see which of a file are new.
pub async fn every(conn: &mut Conn) -> Result<Vec<SeenNomination>, StoreError> {
    read(EVERY.all(conn, [i64::MAX]).await?)
}

/// What somebody is or was nominated for, the latest first.
pub async fn of_person(conn: &mut Conn, id: PersonId) -> Result<Vec<SeenNomination>, StoreError> {
    read(OF_PERSON.all(conn, [id.uuid()]).await?)
}

/// Whom the leader of a booking nominated, the latest first.
pub async fn by_booking(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<Vec<SeenNomination>, StoreError> {
    read(OF_BOOKING.all(conn, [id.uuid()]).await?)
}

/// What is to be decided, and whose talks are to be had by a day.
pub async fn open(conn: &mut Conn, by: NaiveDate) -> Result<Vec<SeenNomination>, StoreError> {
    read(OPEN.all(conn, [by]).await?)
}

/// Adds a nomination; `key` recognises whoever is nominated.
pub async fn insert(tx: &mut Tx, new: &Nomination, key: String) -> Result<(), StoreError> {
    let (by, registration) = match &new.by {
        Nominator::Staff(login) => (Actor::Staff(login.clone()), None),
        Nominator::Leader(id) => (Actor::Leader, Some(id.uuid())),
    };
    let row = NewNomination {
        id: new.id.uuid(),
        course: new.course.as_str(),
        session: new.session.as_ref().map(SessionCode::as_str),
        alliance: new.alliance.as_str(),
        person: new.person.map(PersonId::uuid),
        key,
        name: new.name.as_str(),
        email: new.email.as_ref().map(EmailAddress::as_str),
        phone: new.phone.as_ref().map(PhoneNumber::as_str),
        institution: new.institution.as_ref().map(InstitutionCode::as_str),
        reason: new.reason.as_str(),
        registration,
        nominated_at: new.at,
        decision: new.decision.map(Decision::as_str),
        decided_by: new.decision.map(|_| by.to_string()),
        decided_at: new.decision.map(|_| new.at),
        before_who: new.before.who.as_ref().map(Name::as_str),
        before_due: new.before.due,
        after_who: new.after.who.as_ref().map(Name::as_str),
        after_due: new.after.due,
        nominated_by: by.to_string(),
    };
    INSERT.run(tx, row).await?;
    Ok(())
}

/// Writes what the organiser decided; `false` if it was decided or taken back before.
pub async fn decide(
    tx: &mut Tx,
    id: NominationId,
    (decision, by): (Decision, &Actor),
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (decision, by) = (decision.as_str(), by.to_string());
    Ok(DECIDE.run(tx, (id.uuid(), decision, by, now)).await? == 1)
}

/// Takes a nomination back; `false` if it was before.
pub async fn withdraw(
    tx: &mut Tx,
    id: NominationId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(WITHDRAW.run(tx, (id.uuid(), now)).await? == 1)
}

/// Writes one of the talks.
pub async fn set_talk(
    tx: &mut Tx,
    id: NominationId,
    (which, talk): (Which, &Talk),
) -> Result<(), StoreError> {
    let row = NewTalk {
        id: id.uuid(),
        who: talk.who.as_ref().map(Name::as_str),
        due: talk.due,
        done_at: talk.done_at,
        words: talk.words.as_ref().map(Paragraph::as_str),
    };
    match which {
        Which::Before => BEFORE.run(tx, row).await?,
        Which::After => AFTER.run(tx, row).await?,
    };
    Ok(())
}
