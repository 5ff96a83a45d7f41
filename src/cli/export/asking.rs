//! Who is nominated, asked by name, or waits for a date; what is handed out, and what is asked afterwards: as the import
//! reads them.

use chrono::{DateTime, Utc};

use super::{
    sessions::moment,
    sheet::{Sheet, maybe, yes},
};
use crate::{
    cli::import::columns::{
        FEEDBACK_QUESTIONS, HANDOUTS, INTERESTS, INVITATIONS, MORE_OF_FEEDBACK_QUESTIONS,
        MORE_OF_HANDOUTS, MORE_OF_INTERESTS, MORE_OF_INVITATIONS, MORE_OF_NOMINATIONS, NOMINATIONS,
    },
    domain::{
        handout::{HandedOut, Paper},
        id::{RegistrationId, SessionCode},
        nomination::{Nominator, Talk},
        session::Session,
        text::{Name, Paragraph},
    },
    store::{
        Conn, StoreError, catalogue, exports, feedback_questions, handouts, interests, nominations,
        personal_invitations, registrations,
    },
};

/// All of them, of these sessions and of every course.
pub(super) async fn sheets(
    conn: &mut Conn,
    sessions: &[Session],
) -> Result<Vec<Sheet>, StoreError> {
    let mut of: Vec<HandedOut> = Vec::new();
    for course in catalogue::courses(conn).await? {
        of.push(HandedOut::Course(course.slug));
    }
    of.extend(sessions.iter().map(|session| HandedOut::Session(session.code.clone())));
    Ok(vec![
        nominated(conn, sessions).await?,
        invited(conn, sessions).await?,
        waiting(conn).await?,
        papers(conn, &of).await?,
        afterwards(conn, &of).await?,
    ])
}

fn day(at: DateTime<Utc>) -> String {
    at.date_naive().to_string()
}

fn words(text: Option<&Paragraph>) -> String {
    maybe(text.map(Paragraph::as_str))
}

fn talk(talk: &Talk) -> [String; 4] {
    [
        maybe(talk.who.as_ref().map(Name::as_str)),
        maybe(talk.due),
        maybe(talk.done_at.map(day)),
        words(talk.words.as_ref()),
    ]
}

/// How the files call a booking.
async fn booking(conn: &mut Conn, id: RegistrationId) -> Result<String, StoreError> {
    let Some(found) = registrations::find(conn, id).await? else { return Ok(String::new()) };
    let keys = exports::keys_of_files(conn, &found.session).await?;
    Ok(keys.get(&id).cloned().unwrap_or_else(|| found.reference.to_string()))
}

async fn nominated(conn: &mut Conn, sessions: &[Session]) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("nominations.csv", &NOMINATIONS, &MORE_OF_NOMINATIONS);
    let mut all = nominations::every(conn).await?;
    all.reverse();
    for (one, _) in all {
        let is_there = |code: &SessionCode| sessions.iter().any(|one| one.code == *code);
        if one.session.as_ref().is_some_and(|code| !is_there(code)) {
            continue;
        }
        let (by, booking) = match &one.by {
            Nominator::Staff(login) => (login.to_string(), String::new()),
            Nominator::Leader(id) => (String::new(), booking(conn, *id).await?),
        };
        let [before_who, before_due, before_done, before_words] = talk(&one.before);
        let [after_who, after_due, after_done, after_words] = talk(&one.after);
        sheet.add([
            one.name.to_string(),
            one.course.to_string(),
            one.alliance.to_string(),
            one.reason.as_str().to_owned(),
            maybe(one.email.as_ref()),
            maybe(one.phone.as_ref()),
            maybe(one.institution.as_ref()),
            maybe(one.session.as_ref()),
            by,
            booking,
            day(one.at),
            maybe(one.decision),
            maybe(one.withdrawn_at.map(day)),
            before_who,
            before_due,
            before_done,
            before_words,
            after_who,
            after_due,
            after_done,
            after_words,
        ]);
    }
    Ok(sheet)
}

async fn invited(conn: &mut Conn, sessions: &[Session]) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("invitations.csv", &INVITATIONS, &MORE_OF_INVITATIONS);
    for session in sessions {
        for (one, _) in personal_invitations::of_session(conn, &session.code).await? {
            let answer = one.answer;
            sheet.add([
                session.code.to_string(),
                one.name.to_string(),
                one.asked_by.to_string(),
                moment(Some(one.answer_by), session.alliance.time_zone),
                maybe(one.email.as_ref()),
                maybe(one.institution.as_ref()),
                yes(one.nomination.is_some()),
                yes(one.vouched),
                words(one.words.as_ref()),
                day(one.asked_at),
                maybe(one.reminded_at.map(day)),
                maybe(one.withdrawn_at.map(day)),
                maybe(answer.map(|(answer, _)| answer)),
                maybe(answer.map(|(_, at)| day(at))),
                words(one.answer_words.as_ref()),
            ]);
        }
    }
    Ok(sheet)
}

async fn waiting(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("interests.csv", &INTERESTS, &MORE_OF_INTERESTS);
    for one in interests::every(conn).await? {
        sheet.add([
            one.course.to_string(),
            one.name.to_string(),
            one.email.to_string(),
            maybe(one.alliance.as_ref()),
            maybe(one.place.as_ref().map(Name::as_str)),
            one.reach.to_string(),
            day(one.asked_at),
        ]);
    }
    Ok(sheet)
}

fn whose(of: &HandedOut) -> [String; 2] {
    match of {
        HandedOut::Course(slug) => [slug.to_string(), String::new()],
        HandedOut::Session(code) => [String::new(), code.to_string()],
    }
}

async fn papers(conn: &mut Conn, all: &[HandedOut]) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("handouts.csv", &HANDOUTS, &MORE_OF_HANDOUTS);
    for of in all {
        for (number, one) in (1_u32..).zip(handouts::of(conn, of).await?) {
            let (link, file) = match &one.paper {
                Paper::Link(address) => (address.clone(), String::new()),
                Paper::File { name, .. } => {
                    let path = format!("handouts/{}/{number}/{name}", whose(of).concat());
                    if let Some(content) = handouts::content(conn, one.id).await? {
                        sheet.files.push((path.clone(), content));
                    }
                    (String::new(), path)
                }
            };
            let [course, session] = whose(of);
            let audience = one.audience.to_string();
            sheet.add([one.title.to_string(), course, session, link, file, audience]);
        }
    }
    Ok(sheet)
}

async fn afterwards(conn: &mut Conn, all: &[HandedOut]) -> Result<Sheet, StoreError> {
    let columns = (&FEEDBACK_QUESTIONS, &MORE_OF_FEEDBACK_QUESTIONS);
    let mut sheet = Sheet::new("feedback_questions.csv", columns.0, columns.1);
    for of in all {
        for one in feedback_questions::of(conn, of).await? {
            let [course, session] = whose(of);
            let (wording, kind) = (one.wording.to_string(), one.kind.to_string());
            let (options, ended) = (one.options.join(";"), yes(one.is_ended));
            sheet.add([wording, kind, course, session, options, ended]);
        }
    }
    Ok(sheet)
}
