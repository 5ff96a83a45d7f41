//! Who is on a path, and who was.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    own_data::at,
    path_links, path_records,
};
use crate::domain::{
    certificate_number::CertificateNumber,
    contact::EmailAddress,
    id::{AllianceSlug, InstitutionCode, OnPathId, PathSlug, PersonId, StaffLogin},
    own_data::{Record, record},
    path::{Finished, OnPath},
    text::Name,
};

const TABLE: &str = "path_people";

row! {
    struct OnPathRow {
        id: Uuid,
        path: String,
        number: i32,
        person: Uuid,
        since: NaiveDate,
        ended_at: Option<DateTime<Utc>>,
        end_reason: Option<String>,
        finished_at: Option<DateTime<Utc>>,
        certificate: Option<String>,
    }
}

row! {
    struct WalkerRow {
        id: Uuid,
        path: String,
        number: i32,
        person: Uuid,
        since: NaiveDate,
        ended_at: Option<DateTime<Utc>>,
        end_reason: Option<String>,
        finished_at: Option<DateTime<Utc>>,
        certificate: Option<String>,
        name: String,
        email: Option<String>,
        institution: Option<String>,
        institution_name: Option<String>,
        alliance: Option<String>,
    }
}

arguments! {
    struct NewOnPath<'a> {
        id: Uuid,
        path: &'a str,
        number: i32,
        person: Uuid,
        since: NaiveDate,
        joined_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
        end_reason: Option<&'a str>,
        finished_at: Option<DateTime<Utc>>,
        certificate: Option<&'a str>,
    }
}

statements! {
    INSERT(NewOnPath) = "insert into path_people (:columns) values (:values)";

    OF_PERSON: OnPathRow =
        "select id, path, number, person, since, ended_at, end_reason, finished_at, certificate
         from path_people where person = $1 order by joined_at, id";

    ON: OnPathRow =
        "select id, path, number, person, since, ended_at, end_reason, finished_at, certificate
         from path_people where path = $1 and person = $2 and ended_at is null
         order by finished_at is null, joined_at, id limit 1";

    BY_NUMBER: OnPathRow =
        "select id, path, number, person, since, ended_at, end_reason, finished_at, certificate
         from path_people where certificate = $1";

    ALL_OF: WalkerRow =
        "select m.id, m.path, m.number, m.person, m.since, m.ended_at, m.end_reason,
             m.finished_at, m.certificate, h.name, h.email, h.institution,
             i.name as institution_name, i.alliance
         from path_people m join people h on h.id = m.person
         left join institutions i on i.code = h.institution
         where m.path = $1 and m.ended_at is null and h.erased_at is null
         order by h.sort_key, m.person, m.id";

    /// The same, of an organiser's alliances.
    WITHIN: WalkerRow =
        "select m.id, m.path, m.number, m.person, m.since, m.ended_at, m.end_reason,
             m.finished_at, m.certificate, h.name, h.email, h.institution,
             i.name as institution_name, i.alliance
         from path_people m join people h on h.id = m.person
         left join institutions i on i.code = h.institution
         where m.path = $1 and m.ended_at is null and h.erased_at is null
           and (i.alliance in (select a.alliance from staff_alliances a where a.login = $2)
                or exists (select 1 from places p join sessions s on s.code = p.session
                           join staff_alliances a on a.alliance = s.alliance
                           where p.person = h.id and a.login = $2)
                or exists (select 1 from registrations r join sessions s on s.code = r.session
                           join staff_alliances a on a.alliance = s.alliance
                           where r.person = h.id and a.login = $2))
         order by h.sort_key, m.person, m.id";

    EVERY: WalkerRow =
        "select m.id, m.path, m.number, m.person, m.since, m.ended_at, m.end_reason,
             m.finished_at, m.certificate, h.name, h.email, h.institution,
             i.name as institution_name, i.alliance
         from path_people m join people h on h.id = m.person
         left join institutions i on i.code = h.institution
         where h.erased_at is null order by m.path, h.sort_key, m.id",
        reads_all: "exports everything there is";

    COUNT: i64 = "select count(distinct person) from path_people where path = $1 and ended_at is null";

    MOVE =
        "update path_people set number = $3
         where path = $1 and person = $2 and ended_at is null and finished_at is null";

    END =
        "update path_people set ended_at = $3, end_reason = $4
         where path = $1 and person = $2 and ended_at is null";

    FINISH =
        "update path_people set finished_at = $2, certificate = $3
         where id = $1 and finished_at is null";

    /// The line is counted on; nothing says whose it was.
    FORGET =
        "update path_people set ended_at = coalesce(ended_at, $2), end_reason = null where person = $1";

    HERS: (String, i32, NaiveDate, Option<DateTime<Utc>>, Option<String>, Option<DateTime<Utc>>) =
        "select p.name, m.number, m.since, m.ended_at, m.end_reason, m.finished_at
         from path_people m join paths p on p.slug = m.path where m.person = $1
         order by m.joined_at, m.id";
}

impl OnPathRow {
    fn read(self) -> Result<OnPath, StoreError> {
        let id = self.id;
        let certificate = self.certificate;
        let number = certificate.map(|text| parse(TABLE, "certificate", &id, &text)).transpose()?;
        Ok(OnPath {
            id: OnPathId::new(id),
            path: parse(TABLE, "path", &id, &self.path)?,
            version: count(self.number),
            person: PersonId::new(self.person),
            since: self.since,
            ended: self.ended_at.map(|at| (at, self.end_reason)),
            finished: self.finished_at.zip(number).map(|(at, number)| Finished { at, number }),
        })
    }
}

/// Somebody on a path, with what a list says of her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walker {
    /// Where she is.
    pub on: OnPath,
    /// Her name.
    pub name: Name,
    /// Where she can be written to.
    pub email: Option<EmailAddress>,
    /// Where she comes from, and what that is called.
    pub institution: Option<(InstitutionCode, String)>,
    /// Of which alliance that is.
    pub alliance: Option<AllianceSlug>,
}

impl WalkerRow {
    fn read(self) -> Result<Walker, StoreError> {
        let id = self.id;
        let on = OnPathRow {
            id,
            path: self.path,
            number: self.number,
            person: self.person,
            since: self.since,
            ended_at: self.ended_at,
            end_reason: self.end_reason,
            finished_at: self.finished_at,
            certificate: self.certificate,
        };
        let institution = match self.institution.zip(self.institution_name) {
            Some((code, name)) => Some((parse("people", "institution", &id, &code)?, name)),
            None => None,
        };
        let alliance = self.alliance.map(|text| parse("institutions", "alliance", &id, &text));
        Ok(Walker {
            on: on.read()?,
            name: Name::stored(&self.name),
            email: self.email.as_deref().map(EmailAddress::stored),
            institution,
            alliance: alliance.transpose()?,
        })
    }
}

/// Puts somebody on a path.
pub async fn insert(tx: &mut Tx, on: &OnPath, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (ended_at, reason) = match &on.ended {
        Some((at, reason)) => (Some(*at), reason.as_deref()),
        None => (None, None),
    };
    let new = NewOnPath {
        id: on.id.uuid(),
        path: on.path.as_str(),
        number: column(on.version),
        person: on.person.uuid(),
        since: on.since,
        joined_at: now,
        ended_at,
        end_reason: reason,
        finished_at: on.finished.as_ref().map(|one| one.at),
        certificate: on.finished.as_ref().map(|one| one.number.digits()),
    };
    INSERT.run(tx, new).await?;
    Ok(())
}

/// The paths somebody is on, or was.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<OnPath>, StoreError> {
    let rows = OF_PERSON.all(conn, [person.uuid()]).await?;
    let all: Vec<_> = rows.into_iter().map(OnPathRow::read).collect::<Result<_, _>>()?;
    let mut once: Vec<OnPath> = Vec::new();
    for one in all {
        // Of two people who were both on it and turned out to be one.
        match once.iter_mut().find(|known| known.path == one.path && known.is_on() && one.is_on()) {
            Some(known) if known.finished.is_none() && one.finished.is_some() => *known = one,
            Some(_) => {}
            None => once.push(one),
        }
    }
    Ok(once)
}

/// Where somebody is on a path, if she is on it.
pub async fn on(
    conn: &mut Conn,
    path: &PathSlug,
    person: PersonId,
) -> Result<Option<OnPath>, StoreError> {
    let row = ON.optional(conn, (path.as_str(), person.uuid())).await?;
    row.map(OnPathRow::read).transpose()
}

/// Who finished with the certificate of a number.
pub async fn by_number(
    conn: &mut Conn,
    number: &CertificateNumber,
) -> Result<Option<OnPath>, StoreError> {
    let row = BY_NUMBER.optional(conn, [number.digits()]).await?;
    row.map(OnPathRow::read).transpose()
}

/// Who is on a path, by name; of an organiser's alliances only, where `within` says so.
pub async fn all_of(
    conn: &mut Conn,
    path: &PathSlug,
    within: Option<&StaffLogin>,
) -> Result<Vec<Walker>, StoreError> {
    let rows = match within {
        Some(login) => WITHIN.all(conn, (path.as_str(), login.as_str())).await?,
        None => ALL_OF.all(conn, [path.as_str()]).await?,
    };
    let all: Vec<_> = rows.into_iter().map(WalkerRow::read).collect::<Result<_, _>>()?;
    let mut once: Vec<Walker> = Vec::new();
    for one in all {
        match once.last_mut().filter(|known| known.on.person == one.on.person) {
            Some(known) if known.on.finished.is_none() && one.on.finished.is_some() => *known = one,
            Some(_) => {}
            None => once.push(one),
        }
    }
    Ok(once)
}

/// Everybody on every path, whoever was taken off included.
pub async fn every(conn: &mut Conn) -> Result<Vec<Walker>, StoreError> {
    EVERY.all(conn, ()).await?.into_iter().map(WalkerRow::read).collect()
}

/// How many are on a path.
pub async fn count_on(conn: &mut Conn, path: &PathSlug) -> Result<i64, StoreError> {
    COUNT.value(conn, [path.as_str()]).await
}

/// Moves somebody to another version.
pub async fn move_to(tx: &mut Tx, on: &OnPath, version: u32) -> Result<(), StoreError> {
    MOVE.run(tx, (on.path.as_str(), on.person.uuid(), column(version))).await?;
    Ok(())
}

/// Takes somebody off.
pub async fn end(
    tx: &mut Tx,
    on: &OnPath,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    END.run(tx, (on.path.as_str(), on.person.uuid(), now, reason)).await?;
    Ok(())
}

/// Writes that somebody finished, with the number of her certificate; `false` if she had.
pub async fn finish(
    tx: &mut Tx,
    id: OnPathId,
    number: &CertificateNumber,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(FINISH.run(tx, (id.uuid(), now, number.digits())).await? == 1)
}

/// Ends what somebody was on and forgets what she did, since she is forgotten.
pub(super) async fn forget_person(
    tx: &mut Tx,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    FORGET.run(tx, (person, now)).await?;
    path_records::forget(tx, person).await?;
    path_links::forget(tx, person).await
}

/// What is held about somebody here.
pub(super) async fn hers(conn: &mut Conn, person: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [person.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|(path, version, since, ended, reason, finished)| {
            record(vec![
                ("path", Some(path)),
                ("version", Some(version.to_string())),
                ("since", Some(since.to_string())),
                ("taken_off_at", ended.and_then(at)),
                ("reason", reason),
                ("finished_at", finished.and_then(at)),
            ])
        })
        .collect())
}
