//! What people claim for their path and nobody has decided about.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError,
    codec::{count, parse},
};
use crate::domain::{
    id::{AllianceSlug, PathRecordId, PersonId, StaffLogin},
    path::{Hours, RecordKind},
    text::Name,
};

row! {
    struct ClaimRow {
        id: Uuid,
        person: Uuid,
        kind: String,
        title: String,
        by_whom: Option<String>,
        done_on: NaiveDate,
        minutes: i32,
        asked_at: DateTime<Utc>,
        name: String,
        institution: Option<String>,
    }
}

statements! {
    OPEN: ClaimRow =
        "select r.id, r.person, r.kind, r.title, r.by_whom, r.done_on, r.minutes, r.asked_at,
             h.name, i.name as institution
         from path_records r join people h on h.id = r.person
         left join institutions i on i.code = h.institution
         where r.state = 'asked' order by r.asked_at, r.id";

    /// Those of an organiser's alliances.
    WITHIN: ClaimRow =
        "select r.id, r.person, r.kind, r.title, r.by_whom, r.done_on, r.minutes, r.asked_at,
             h.name, i.name as institution
         from path_records r join people h on h.id = r.person
         left join institutions i on i.code = h.institution
         where r.state = 'asked' and (i.alliance in (select a.alliance from staff_alliances a where a.login = $1)
                or exists (select 1 from places p join sessions s on s.code = p.session
                           join staff_alliances a on a.alliance = s.alliance
                           where p.person = h.id and a.login = $1)
                or exists (select 1 from registrations g join sessions s on s.code = g.session
                           join staff_alliances a on a.alliance = s.alliance
                           where g.person = h.id and a.login = $1))
         order by r.asked_at, r.id";

    /// By the alliance people come from; where none is known, the one they last booked in.
    WAITING: (Option<String>, i64, DateTime<Utc>) =
        "select c.alliance, count(*), max(c.asked_at) from
             (select r.asked_at, coalesce(i.alliance,
                  (select s.alliance from places p join sessions s on s.code = p.session
                   where p.person = h.id order by p.id desc limit 1)) as alliance
              from path_records r join people h on h.id = r.person
              left join institutions i on i.code = h.institution
              where r.state = 'asked') c
         group by c.alliance";
}

/// Something that waits for an organiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenClaim {
    /// Which.
    pub id: PathRecordId,
    /// Who claims it.
    pub person: PersonId,
    /// Her name.
    pub name: Name,
    /// Where she comes from.
    pub institution: Option<String>,
    /// Of what kind it is.
    pub kind: RecordKind,
    /// What it was.
    pub title: String,
    /// Who held it, or for whom it was.
    pub by_whom: Option<String>,
    /// When it was.
    pub done_on: NaiveDate,
    /// How long.
    pub hours: Hours,
    /// Since when it waits.
    pub asked_at: DateTime<Utc>,
}

impl ClaimRow {
    fn read(self) -> Result<OpenClaim, StoreError> {
        Ok(OpenClaim {
            id: PathRecordId::new(self.id),
            person: PersonId::new(self.person),
            name: Name::stored(&self.name),
            institution: self.institution,
            kind: parse("path_records", "kind", &self.id, &self.kind)?,
            title: self.title,
            by_whom: self.by_whom,
            done_on: self.done_on,
            hours: Hours(count(self.minutes)),
            asked_at: self.asked_at,
        })
    }
}

/// What waits, longest first; of an organiser's alliances only, where `within` says so.
pub async fn open(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
) -> Result<Vec<OpenClaim>, StoreError> {
    let rows = match within {
        Some(login) => WITHIN.all(conn, [login.as_str()]).await?,
        None => OPEN.all(conn, ()).await?,
    };
    rows.into_iter().map(ClaimRow::read).collect()
}

/// How many claims wait in an alliance, and when the last was made.
pub type Waiting = (Option<AllianceSlug>, i64, DateTime<Utc>);

/// How many wait, alliance by alliance.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<Waiting>, StoreError> {
    let rows = WAITING.all(conn, ()).await?;
    rows.into_iter()
        .map(|(slug, count, last)| {
            let slug = slug.map(|slug| parse("institutions", "alliance", &slug, &slug));
            Ok((slug.transpose()?, count, last))
        })
        .collect()
}
