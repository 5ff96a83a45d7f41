//! What help people ask for with their places, and what was decided. What is granted is written on a locked session, so
//! that two who decide at once know what the other granted.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    session_lock::Locked,
};
use crate::domain::{
    help_budget::{HelpSpent, HelpSums},
    help_request::{Granting, HelpRequest, HelpWanted, Paid},
    id::{HelpRequestId, PlaceId, RegistrationId, SessionCode, StaffLogin},
    place::PlaceStatus,
    reference::Reference,
    text::{Name, Paragraph},
};

const TABLE: &str = "help_requests";

row! {
    pub(super) struct HelpRow {
        id: Uuid,
        place: Uuid,
        session: String,
        kind: String,
        state: String,
        asked_pence: Option<i32>,
        children: Option<i32>,
        ages: Option<String>,
        hours: Option<String>,
        language: Option<String>,
        travel_from: Option<String>,
        travel_how: Option<String>,
        why: Option<String>,
        depends: bool,
        asked_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
        granted_pence: Option<i32>,
        over_pence: Option<i32>,
        by_whom: Option<String>,
        reason: Option<String>,
        decided_by: Option<String>,
        decided_at: Option<DateTime<Utc>>,
        paid_on: Option<NaiveDate>,
        paid_how: Option<String>,
        paid_by: Option<String>,
        version: i32,
        tell_at: Option<DateTime<Utc>>,
        told: Option<String>,
        number: i32,
        place_state: String,
        superseded: bool,
        name: Option<String>,
        registration: Uuid,
        reference: String,
        leader_name: String,
    }
}

arguments! {
    struct NewHelp<'a> {
        id: Uuid,
        place: Uuid,
        session: &'a str,
        kind: &'a str,
        state: &'a str,
        asked_pence: Option<i32>,
        children: Option<i32>,
        ages: Option<&'a str>,
        hours: Option<&'a str>,
        language: Option<&'a str>,
        travel_from: Option<&'a str>,
        travel_how: Option<&'a str>,
        why: Option<&'a str>,
        depends: bool,
        asked_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
        granted_pence: Option<i32>,
        over_pence: Option<i32>,
        by_whom: Option<&'a str>,
        reason: Option<&'a str>,
        decided_by: Option<&'a str>,
        decided_at: Option<DateTime<Utc>>,
        paid_on: Option<NaiveDate>,
        paid_how: Option<&'a str>,
        paid_by: Option<&'a str>,
        version: i32,
        tell_at: Option<DateTime<Utc>>,
        told: Option<&'a str>,
    }
}

/// Requests with whose they are.
macro_rules! seen {
    ($which:literal) => {
        concat!(
            "select h.*, p.number, p.state as place_state, p.superseded, p.name, p.registration, r.reference,
                 r.leader_name
             from help_requests h join places p on p.id = h.place join registrations r on r.id = p.registration
             where ",
            $which
        )
    };
}

statements! {
    FIND: HelpRow = seen!("h.id = $1");

    /// Those who are to be told by now.
    TO_TELL: Uuid =
        "select place from help_requests where tell_at is not null and tell_at <= $1
         order by tell_at limit 200";

    UNTOLD: HelpRow =
        seen!("p.registration = $1 and h.tell_at is not null order by p.number, h.kind");

    OF_PLACE: HelpRow = seen!("h.place = $1 order by h.kind");

    OF_SESSION: HelpRow = seen!(
        "h.session = $1
         order by case h.state when 'asked' then 1 when 'later' then 2 when 'granted' then 3
                       when 'refused' then 4 else 5 end, h.asked_at, h.id"
    );

    /// Those that can still be granted count as asked: whose place was given up asks no more.
    SUMS: (String, i64, i64, i64, i64) =
        "select h.kind,
             sum(case when h.state in ('asked', 'later') and not p.superseded
                       and p.state in ('requested', 'waiting', 'offered', 'confirmed') then 1 else 0 end),
             cast(sum(case when h.state in ('asked', 'later') and not p.superseded
                       and p.state in ('requested', 'waiting', 'offered', 'confirmed')
                      then coalesce(h.asked_pence, 0) else 0 end) as bigint),
             cast(sum(case when h.state = 'granted' then coalesce(h.granted_pence, 0) else 0 end) as bigint),
             cast(sum(case when h.state = 'granted' and h.paid_on is not null
                      then coalesce(h.granted_pence, 0) else 0 end) as bigint)
         from help_requests h join places p on p.id = h.place
         where h.session = $1 group by h.kind";

    INSERT(NewHelp) = "insert into help_requests (:columns) values (:values)
         on conflict (id) do update set state = excluded.state, asked_pence = excluded.asked_pence,
             children = excluded.children, ages = excluded.ages, hours = excluded.hours,
             language = excluded.language, travel_from = excluded.travel_from,
             travel_how = excluded.travel_how, why = excluded.why, depends = excluded.depends,
             asked_at = excluded.asked_at, changed_at = excluded.changed_at,
             granted_pence = excluded.granted_pence, over_pence = excluded.over_pence,
             by_whom = excluded.by_whom, reason = excluded.reason, decided_by = excluded.decided_by,
             decided_at = excluded.decided_at, paid_on = excluded.paid_on, paid_how = excluded.paid_how,
             paid_by = excluded.paid_by, version = excluded.version, tell_at = excluded.tell_at,
             told = excluded.told";
}

/// A request, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpSeen {
    /// What.
    pub request: HelpRequest,
    /// Of which booking.
    pub registration: RegistrationId,
    /// As people name the booking.
    pub reference: Reference,
    /// The number of her place there.
    pub number: u32,
    /// Her name, while we have it.
    pub name: Option<String>,
    /// Who booked.
    pub leader_name: String,
    /// Whether her place stands, or may still become one.
    pub is_coming: bool,
}

impl HelpRow {
    fn wanted(&self) -> Result<HelpWanted, StoreError> {
        let line = |text: &Option<String>| text.as_deref().map(Name::stored);
        Ok(HelpWanted {
            kind: parse(TABLE, "kind", &self.id, &self.kind)?,
            amount: self.asked_pence.map(count),
            children: self.children.map(count),
            ages: line(&self.ages),
            hours: line(&self.hours),
            language: line(&self.language),
            from: line(&self.travel_from),
            how: line(&self.travel_how),
            why: self.why.as_deref().and_then(Paragraph::stored),
            depends: self.depends,
        })
    }

    fn read(self) -> Result<HelpSeen, StoreError> {
        let id = self.id;
        let login = |column, text: &Option<String>| {
            let text = text.as_deref();
            text.map(|text| parse::<StaffLogin>(TABLE, column, &id, text)).transpose()
        };
        let status: PlaceStatus = parse("places", "state", &self.place, &self.place_state)?;
        let request = HelpRequest {
            id: HelpRequestId::new(id),
            place: PlaceId::new(self.place),
            session: parse(TABLE, "session", &id, &self.session)?,
            wanted: self.wanted()?,
            state: parse(TABLE, "state", &id, &self.state)?,
            asked_at: self.asked_at,
            changed_at: self.changed_at,
            granted: Granting {
                amount: self.granted_pence.map(count),
                by_whom: self.by_whom.as_deref().map(Name::stored),
            },
            over: self.over_pence.map(count),
            reason: self.reason.as_deref().and_then(Paragraph::stored),
            decided: login("decided_by", &self.decided_by)?.zip(self.decided_at),
            paid: match self.paid_on {
                None => None,
                Some(on) => Some(Paid {
                    on,
                    how: self.paid_how.as_deref().map(Name::stored),
                    by: login("paid_by", &self.paid_by)?,
                }),
            },
            version: count(self.version),
            tell_at: self.tell_at,
            told: self.told,
        };
        Ok(HelpSeen {
            request,
            registration: RegistrationId::new(self.registration),
            reference: parse("registrations", "reference", &id, &self.reference)?,
            number: count(self.number),
            name: self.name,
            leader_name: self.leader_name,
            is_coming: status.is_open() && !self.superseded,
        })
    }
}

pub(super) fn read(rows: Vec<HelpRow>) -> Result<Vec<HelpSeen>, StoreError> {
    rows.into_iter().map(HelpRow::read).collect()
}

/// One of them.
pub async fn find(conn: &mut Conn, id: HelpRequestId) -> Result<Option<HelpSeen>, StoreError> {
    FIND.optional(conn, [id.uuid()]).await?.map(HelpRow::read).transpose()
}

/// What is asked with a place, at most one of each kind.
pub async fn of_place(conn: &mut Conn, place: PlaceId) -> Result<Vec<HelpSeen>, StoreError> {
    read(OF_PLACE.all(conn, [place.uuid()]).await?)
}

/// What is asked on a session: first what is to be decided, then what is longest asked.
pub async fn of_session(conn: &mut Conn, code: &SessionCode) -> Result<Vec<HelpSeen>, StoreError> {
    read(OF_SESSION.all(conn, [code.as_str()]).await?)
}

/// What is asked, granted and paid on a session.
pub async fn spent(conn: &mut Conn, code: &SessionCode) -> Result<HelpSpent, StoreError> {
    let mut spent = HelpSpent::default();
    for (kind, undecided, asked, granted, paid) in SUMS.all(conn, [code.as_str()]).await? {
        let sum = |number: i64| u64::try_from(number).unwrap_or(0);
        let sums = HelpSums {
            undecided: u32::try_from(undecided).unwrap_or(0),
            asked: sum(asked),
            granted: sum(granted),
            paid: sum(paid),
        };
        spent.0.insert(parse(TABLE, "kind", code, &kind)?, sums);
    }
    Ok(spent)
}

/// Some of the places whose people are to be told by `now` what was decided, a place for each answer.
pub async fn to_tell(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<PlaceId>, StoreError> {
    let ids = TO_TELL.values(conn, [now]).await?;
    Ok(ids.into_iter().map(PlaceId::new).collect())
}

/// What people of a booking are still to be told.
pub async fn untold(conn: &mut Conn, id: RegistrationId) -> Result<Vec<HelpSeen>, StoreError> {
    read(UNTOLD.all(conn, [id.uuid()]).await?)
}

/// Writes a request, new or known, on its locked session.
pub async fn set(locked: &mut Locked<'_>, request: &HelpRequest) -> Result<(), StoreError> {
    let wanted = &request.wanted;
    fn line(text: &Option<Name>) -> Option<&str> {
        text.as_ref().map(Name::as_str)
    }
    let paid = request.paid.as_ref();
    let new = NewHelp {
        id: request.id.uuid(),
        place: request.place.uuid(),
        session: request.session.as_str(),
        kind: wanted.kind.as_str(),
        state: request.state.as_str(),
        asked_pence: wanted.amount.map(column),
        children: wanted.children.map(column),
        ages: line(&wanted.ages),
        hours: line(&wanted.hours),
        language: line(&wanted.language),
        travel_from: line(&wanted.from),
        travel_how: line(&wanted.how),
        why: wanted.why.as_ref().map(Paragraph::as_str),
        depends: wanted.depends,
        asked_at: request.asked_at,
        changed_at: request.changed_at,
        granted_pence: request.granted.amount.map(column),
        over_pence: request.over.map(column),
        by_whom: request.granted.by_whom.as_ref().map(Name::as_str),
        reason: request.reason.as_ref().map(Paragraph::as_str),
        decided_by: request.decided.as_ref().map(|(by, _)| by.as_str()),
        decided_at: request.decided.as_ref().map(|(_, at)| *at),
        paid_on: paid.map(|paid| paid.on),
        paid_how: paid.and_then(|paid| paid.how.as_ref()).map(Name::as_str),
        paid_by: paid.and_then(|paid| paid.by.as_ref()).map(StaffLogin::as_str),
        version: column(request.version),
        tell_at: request.tell_at,
        told: request.told.as_deref(),
    };
    let tx: &mut Tx = locked;
    INSERT.run(tx, new).await?;
    Ok(())
}
