//! Whom organisers asked to come to a session by name, and what they answered.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::parse,
    own_data::{Moment, at},
};
use crate::{
    domain::{
        contact::EmailAddress,
        id::{
            InstitutionCode, NominationId, PersonId, PersonalInvitationId, RegistrationId,
            SessionCode, StaffLogin,
        },
        own_data::{Record, record},
        personal_invitation::{Answer, PersonalInvitation, Seat},
        retention::LINKS_LAST,
        text::{Name, Paragraph},
    },
    token::TokenHash,
};

const TABLE: &str = "personal_invitations";

/// For how long a link in a letter is kept: as long as the letter itself.
const LINKS: chrono::Duration = chrono::Duration::days(365);

row! {
    struct InvitationRow {
        id: Uuid,
        session: String,
        person: Option<Uuid>,
        name: String,
        email: Option<String>,
        institution: Option<String>,
        nomination: Option<Uuid>,
        vouched: bool,
        words: Option<String>,
        said: String,
        answer_by: DateTime<Utc>,
        asked_by: String,
        asked_at: DateTime<Utc>,
        reminded_at: Option<DateTime<Utc>>,
        withdrawn_at: Option<DateTime<Utc>>,
        answer: Option<String>,
        answered_at: Option<DateTime<Utc>>,
        answer_words: Option<String>,
        registration: Option<Uuid>,
        place: Option<String>,
        days: i64,
    }
}

row! {
    struct HersRow {
        session: String,
        name: String,
        email: Option<String>,
        words: Option<String>,
        asked_at: Moment,
        answer: Option<String>,
        answered_at: Option<Moment>,
        answer_words: Option<String>,
    }
}

arguments! {
    struct NewInvitation<'a> {
        id: Uuid,
        session: &'a str,
        person: Option<Uuid>,
        key: String,
        name: &'a str,
        email: Option<&'a str>,
        institution: Option<&'a str>,
        nomination: Option<Uuid>,
        vouched: bool,
        words: Option<&'a str>,
        said: &'a str,
        answer_by: DateTime<Utc>,
        asked_by: &'a str,
        asked_at: DateTime<Utc>,
    }
}

arguments! {
    struct Answered<'a> {
        id: Uuid,
        answer: &'a str,
        now: DateTime<Utc>,
        answer_words: Option<&'a str>,
        registration: Option<Uuid>,
    }
}

/// Whether a place `p` is that of whoever was asked by `i`: booked by it, or hers however it was booked.
macro_rules! is_hers {
    () => {
        "p.session = i.session and not p.superseded
         and (p.registration = i.registration
              or p.person = coalesce(i.person, (select k.person from person_keys k where k.key = i.key)))"
    };
}

/// Invitations with where the places of those who were asked stand.
macro_rules! seen {
    ($which:literal) => {
        concat!(
            "select i.*,
                 (select p.state from places p where ",
            is_hers!(),
            "      and p.state in ('confirmed', 'offered', 'waiting', 'requested')
                  order by case p.state when 'confirmed' then 1 when 'offered' then 2
                               when 'waiting' then 3 else 4 end limit 1) as place,
                 (select count(*) from places p join attendances a on a.place = p.id
                  where a.presence = 'attended' and ",
            is_hers!(),
            ") as days
             from personal_invitations i ",
            $which
        )
    };
}

/// Whether an invitation is somebody's.
macro_rules! of_person {
    () => {
        "id in (select a.id from personal_invitations a where a.person = $1
                union select b.id from person_keys k join personal_invitations b on b.key = k.key where k.person = $1)"
    };
}

statements! {
    INSERT(NewInvitation) = "insert into personal_invitations (:columns) values (:values)";

    OF_SESSION: InvitationRow =
        seen!("where i.session = $1 and i.erased_at is null order by i.asked_at, i.id");

    OF_PERSON: InvitationRow = seen!(
        "where i.erased_at is null
           and i.id in (select a.id from personal_invitations a where a.person = $1
                        union select b.id from person_keys k join personal_invitations b on b.key = k.key
                              where k.person = $1)
         order by i.asked_at desc, i.id"
    );

    FIND: InvitationRow = seen!("where i.id = $1 and i.erased_at is null");

    BY_LINK: InvitationRow = seen!(
        "where i.id = (select l.invitation from invited_links l where l.token_hash = $1)
           and i.erased_at is null
           and exists (select 1 from sittings t where t.session = i.session and t.ends_at > $2)"
    );

    ANSWER(Answered) =
        "update personal_invitations set answer = :answer, answered_at = :now, answer_words = :answer_words,
             registration = coalesce(:registration, registration) where id = :id";

    REMINDED = "update personal_invitations set reminded_at = $2 where id = $1 and reminded_at is null";

    WITHDRAW = "update personal_invitations set withdrawn_at = $2 where id = $1 and withdrawn_at is null";

    INSERT_LINK = "insert into invited_links (token_hash, invitation, created_at) values ($1, $2, $3)";

    /// The link of a letter gets its secret when the letter leaves.
    COPY = {
        sqlite: "insert into invited_links (token_hash, invitation, created_at)
            select unhex(j.value ->> 'token'), l.invitation, l.created_at
            from json_each($1) j join invited_links l on l.token_hash = unhex(j.value ->> 'stand_in')",
        postgres: "insert into invited_links (token_hash, invitation, created_at)
            select decode(j.token, 'hex'), l.invitation, l.created_at
            from json_to_recordset($1::json) as j(stand_in text, token text)
            join invited_links l on l.token_hash = decode(j.stand_in, 'hex')",
    };

    SWEEP_LINKS = "delete from invited_links where created_at < $1";

    HERS: HersRow = concat!(
        "select session, name, email, words, asked_at, answer, answered_at, answer_words
         from personal_invitations where erased_at is null and ", of_person!(), " order by asked_at, id"
    );

    FORGET_LINKS = concat!(
        "delete from invited_links where invitation in
             (select id from personal_invitations where ", of_person!(), ")"
    );

    FORGET = concat!(
        "update personal_invitations set name = 'Name removed', email = null, key = null, person = null,
             institution = null, words = null, answer_words = null, erased_at = $2
         where erased_at is null and ", of_person!()
    );
}

impl InvitationRow {
    fn read(self) -> Result<(PersonalInvitation, Seat), StoreError> {
        let id = self.id;
        let institution = self.institution.as_deref();
        let answer = self.answer.as_deref().map(|word| parse(TABLE, "answer", &id, word));
        let answer: Option<Answer> = answer.transpose()?;
        let place = self.place.as_deref().map(|word| parse("places", "state", &id, word));
        let seat = Seat { place: place.transpose()?, came: self.days > 0 };
        let invitation = PersonalInvitation {
            id: PersonalInvitationId::new(id),
            session: parse(TABLE, "session", &id, &self.session)?,
            person: self.person.map(PersonId::new),
            name: Name::stored(&self.name),
            email: self.email.as_deref().map(EmailAddress::stored),
            institution: institution
                .map(|code| parse(TABLE, "institution", &id, code))
                .transpose()?,
            nomination: self.nomination.map(NominationId::new),
            vouched: self.vouched,
            words: self.words.as_deref().and_then(Paragraph::stored),
            said: self.said,
            answer_by: self.answer_by,
            asked_by: parse(TABLE, "asked_by", &id, &self.asked_by)?,
            asked_at: self.asked_at,
            reminded_at: self.reminded_at,
            withdrawn_at: self.withdrawn_at,
            answer: answer.zip(self.answered_at),
            answer_words: self.answer_words.as_deref().and_then(Paragraph::stored),
            registration: self.registration.map(RegistrationId::new),
        };
        Ok((invitation, seat))
    }
}

/// An invitation with where her place stands.
pub type SeenInvitation = (PersonalInvitation, Seat);

fn read(rows: Vec<InvitationRow>) -> Result<Vec<SeenInvitation>, StoreError> {
    rows.into_iter().map(InvitationRow::read).collect()
}

/// Everybody who was asked to come to a session, in that order.
pub async fn of_session(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Vec<SeenInvitation>, StoreError> {
    read(OF_SESSION.all(conn, [code.as_str()]).await?)
}

/// What somebody was asked to, the latest first.
pub async fn of_person(conn: &mut Conn, id: PersonId) -> Result<Vec<SeenInvitation>, StoreError> {
    read(OF_PERSON.all(conn, [id.uuid()]).await?)
}

/// One invitation.
pub async fn find(
    conn: &mut Conn,
    id: PersonalInvitationId,
) -> Result<Option<SeenInvitation>, StoreError> {
    FIND.optional(conn, [id.uuid()]).await?.map(InvitationRow::read).transpose()
}

/// What a link opens, until a while after the session is over (P6).
pub async fn by_link(
    conn: &mut Conn,
    hash: TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<SeenInvitation>, StoreError> {
    let row = BY_LINK.optional(conn, (&hash.0[..], now - LINKS_LAST)).await?;
    row.map(InvitationRow::read).transpose()
}

/// Adds an invitation; `key` recognises whoever is asked.
pub async fn insert(tx: &mut Tx, new: &PersonalInvitation, key: String) -> Result<(), StoreError> {
    let row = NewInvitation {
        id: new.id.uuid(),
        session: new.session.as_str(),
        person: new.person.map(PersonId::uuid),
        key,
        name: new.name.as_str(),
        email: new.email.as_ref().map(EmailAddress::as_str),
        institution: new.institution.as_ref().map(InstitutionCode::as_str),
        nomination: new.nomination.map(NominationId::uuid),
        vouched: new.vouched,
        words: new.words.as_ref().map(Paragraph::as_str),
        said: &new.said,
        answer_by: new.answer_by,
        asked_by: StaffLogin::as_str(&new.asked_by),
        asked_at: new.asked_at,
    };
    INSERT.run(tx, row).await?;
    Ok(())
}

/// Writes what she answered, and the booking that was made by it.
pub async fn answer(
    tx: &mut Tx,
    id: PersonalInvitationId,
    (answer, words): (Answer, Option<&Paragraph>),
    registration: Option<RegistrationId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = Answered {
        id: id.uuid(),
        answer: answer.as_str(),
        now,
        answer_words: words.map(Paragraph::as_str),
        registration: registration.map(RegistrationId::uuid),
    };
    ANSWER.run(tx, row).await?;
    Ok(())
}

/// Notes that she was reminded; `false` if she was before.
pub async fn reminded(
    tx: &mut Tx,
    id: PersonalInvitationId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(REMINDED.run(tx, (id.uuid(), now)).await? == 1)
}

/// Takes an invitation back; `false` if it was before.
pub async fn withdraw(
    tx: &mut Tx,
    id: PersonalInvitationId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(WITHDRAW.run(tx, (id.uuid(), now)).await? == 1)
}

/// Adds a link to an invitation.
pub async fn insert_link(
    tx: &mut Tx,
    hash: TokenHash,
    id: PersonalInvitationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    INSERT_LINK.run(tx, (&hash.0[..], id.uuid(), now)).await?;
    Ok(())
}

/// Makes links that open what others do, from the JSON of [`super::links::copy`].
pub(super) async fn copy(tx: &mut Tx, copies: &str) -> Result<(), StoreError> {
    COPY.later(tx, [copies]).await
}

/// Forgets links of letters that are kept no more.
pub(super) async fn sweep(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    SWEEP_LINKS.run(tx, [now - LINKS]).await
}

/// What somebody was asked to, for her to see.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [id.uuid()]).await?;
    let told = |row: HersRow| {
        record(vec![
            ("session", Some(row.session)),
            ("name", Some(row.name)),
            ("email", row.email),
            ("what_was_said", row.words),
            ("asked_at", at(row.asked_at)),
            ("answer", row.answer),
            ("answered_at", row.answered_at.and_then(at)),
            ("your_words", row.answer_words),
        ])
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Makes what somebody was asked to anonymous, and ends her links.
pub async fn forget_person(
    tx: &mut Tx,
    id: PersonId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    FORGET_LINKS.run(tx, [id.uuid()]).await?;
    FORGET.run(tx, (id.uuid(), now)).await?;
    Ok(())
}
