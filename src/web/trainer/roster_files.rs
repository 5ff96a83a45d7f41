//! The roster as files: spreadsheets, and everybody's certificates. Reading any is reading it (P1).

use askama::Template;
use rocket::{Either, Route, State, get, http::Status, routes};

use crate::{
    actions::door::read_roster::read_roster,
    domain::{
        contact::EmailAddress,
        id::{QuestionCode, SessionCode},
        permission::{Permission, allows},
        question::{Answered, Reader},
        retention::NAME_REMOVED,
        roster::{Roster, RosterLine},
        session::Session,
        sitting::Sitting,
        wording,
    },
    store::{certificates as numbers_of, door},
    web::{
        Desk, asked,
        certificate::{Attended, Certificate, is_ready, pdf},
        download::Download,
        failure::Failure,
        guard::SignedIn,
        page::{Area, Chrome, Page},
        paths,
        spreadsheet::{Cell, Table, to_csv, to_xlsx},
        trainer::roster::came_words,
    },
};

/// The roster in the order that is asked for: by name, or by institution.
async fn ordered(
    desk: &Desk,
    who: &SignedIn,
    code: &SessionCode,
    sort: Option<&str>,
) -> Result<(Session, Roster), Failure> {
    let by_institution = asked::is("sort", sort, &["institution", "name"])? == Some(0);
    let (session, roster) = read_roster(&desk.ctx, &who.member, code).await?;
    let is_office = allows(&who.member, Permission::ManageBookings, &session);
    let reader = if is_office { Reader::Office } else { Reader::Trainer };
    let roster = roster.seen_by(&[reader]);
    Ok((session, if by_institution { roster.by_institution() } else { roster }))
}

#[get("/trainer/sessions/<code>/roster.csv?<sort>")]
async fn csv(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
    sort: Option<&str>,
) -> Result<Download, Failure> {
    let (session, roster) = ordered(desk, &who, &code, sort).await?;
    let [people, _] = tables(&session, &roster);
    Download::csv(&format!("roster-{code}"), to_csv(&people))
}

#[get("/trainer/sessions/<code>/roster.xlsx?<sort>")]
async fn xlsx(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
    sort: Option<&str>,
) -> Result<Download, Failure> {
    let (session, roster) = ordered(desk, &who, &code, sort).await?;
    Download::xlsx(&format!("roster-{code}"), to_xlsx(&tables(&session, &roster)))
}

/// Where nobody's name is left to stand on a certificate.
#[derive(Template)]
#[template(path = "trainer/certificates_gone.html")]
struct CertificatesGonePage {
    chrome: Chrome,
    session: Session,
}

/// Everybody's who attended enough, a page each, by name. Whose name the font cannot write gets
/// hers with room for it by hand.
#[get("/trainer/sessions/<code>/certificates.pdf")]
async fn certificates(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
) -> Result<Either<Download, Page<CertificatesGonePage>>, Failure> {
    let (session, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    if !is_ready(desk, &session).await? {
        return Err(Failure::NotFound);
    }
    let counts = door::attended_sittings(&mut desk.ctx.store.read().await?, &code).await?;
    let walked_in = door::walked_in(&mut desk.ctx.store.read().await?, &code).await?;
    let numbers = numbers_of::of_session(&mut desk.ctx.store.read().await?, &code).await?;
    let booked = roster.lines.iter().filter(|line| line.place.attendee.is_some()).map(|line| {
        let days = counts.get(&line.place.id).and_then(|days| usize::try_from(*days).ok());
        (line.name(), days.unwrap_or(0), Some(line.place.id))
    });
    let came = booked.chain(walked_in.iter().map(|one| (one.name.as_str(), one.days, None)));
    let mut certificates = Vec::new();
    let mut nameless = false;
    for (name, days, place) in came {
        let attended = Attended::of(&session, days);
        if !attended.is_enough() {
            continue;
        }
        // Whose name was erased can be certified nothing.
        if name == NAME_REMOVED {
            nameless = true;
            continue;
        }
        let mut certificate = Certificate::of(&session, name, attended);
        if let Some(place) = place {
            certificate =
                certificate.numbered(desk, (place, numbers.get(&place)), attended).await?;
        }
        if !pdf::can_write(&certificate) {
            certificate.name = "................................................".to_owned();
        }
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        if !nameless {
            return Err(Failure::NotFound);
        }
        let chrome = desk.signed_in_chrome(Area::Trainer, &who.member);
        let template = CertificatesGonePage { chrome, session };
        return Ok(Either::Right(Page { status: Status::Gone, template }));
    }
    let pdf = pdf::render(&certificates);
    Ok(Either::Left(Download::pdf(&format!("certificates-{code}"), pdf)?))
}

/// What stands on top of each column about a person; a day on which the door noted something has one
/// more.
const HEADS: [&str; 11] = [
    "Name",
    "Institution",
    "Email",
    "Phone",
    "Dietary",
    "Access",
    "Allergy",
    "Interpreter",
    "Reference",
    "Booked by",
    "Calendar",
];

/// The sheets of a roster, needs included: for trainers and organisers only (P1).
fn tables(session: &Session, roster: &Roster) -> [Table; 2] {
    let noted = |day: &&Sitting| {
        roster.lines.iter().flat_map(|line| &line.came).any(|came| came.day == day.number)
    };
    let days: Vec<&Sitting> = session.sittings.iter().filter(noted).collect();
    let asked = asked(roster);
    let heads = HEADS.iter().map(|head| (*head).to_owned());
    let heads = heads.chain(days.iter().map(|day| wording::long_date(day.starts.date())));
    let people = Table {
        name: "People",
        heads: heads.chain(asked.iter().map(|one| one.1.clone())).collect(),
        rows: roster.lines.iter().map(|line| person(line, &days, &asked)).collect(),
    };
    let counts = roster.food_counts().into_iter();
    let food = Table {
        name: "Food",
        heads: ["Food need", "People", "Allergy"].map(str::to_owned).to_vec(),
        rows: counts
            .map(|one| {
                let people = i64::try_from(one.people).unwrap_or(0);
                vec![one.need.into(), people.into(), yes(one.is_allergy).into()]
            })
            .collect(),
    };
    [people, food]
}

/// The questions that somebody answered, as each was asked: a column for each.
fn asked(roster: &Roster) -> Vec<(QuestionCode, String)> {
    let mut asked: Vec<(QuestionCode, String)> = Vec::new();
    for one in roster.lines.iter().flat_map(|line| &line.answers) {
        let column = (one.question.clone(), one.wording.clone());
        if !asked.contains(&column) {
            asked.push(column);
        }
    }
    asked.sort_by(|one, other| one.0.cmp(&other.0));
    asked
}

fn person(line: &RosterLine, days: &[&Sitting], asked: &[(QuestionCode, String)]) -> Vec<Cell> {
    let attendee = line.place.attendee.as_ref();
    let email = attendee.and_then(|attendee| attendee.email.as_ref());
    let of_day = |day: &&Sitting| {
        let came = line.came.iter().find(|came| came.day == day.number);
        came.map_or_else(String::new, |came| came_words(came, day))
    };
    let known = [
        line.name(),
        line.institution.as_deref().unwrap_or_default(),
        email.map_or("", EmailAddress::as_str),
        line.phone.as_deref().unwrap_or_default(),
        line.dietary().unwrap_or_default(),
        line.access().unwrap_or_default(),
        yes(line.ticks().allergy),
        yes(line.ticks().interpreter),
        &line.reference,
        &line.leader,
        line.answer_words(),
    ];
    let days = days.iter().map(of_day).map(|words| Cell::from(words.as_str()));
    let answer = |(code, wording): &(QuestionCode, String)| {
        let is_it = |one: &&Answered| one.question == *code && one.wording == *wording;
        line.answers.iter().find(is_it).map_or_else(String::new, Answered::said)
    };
    let answers = asked.iter().map(answer).map(|said| Cell::from(said.as_str()));
    known.into_iter().map(Cell::from).chain(days).chain(answers).collect()
}

fn yes(is_ticked: bool) -> &'static str {
    if is_ticked { "Yes" } else { "" }
}

pub fn routes() -> Vec<Route> {
    routes![csv, xlsx, certificates]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::roster::Roster,
        web::samples::{contains_all, registration, session},
    };

    #[test]
    fn an_empty_roster_still_names_its_columns() {
        let [people, _] = tables(&session(), &Roster::default());
        assert_eq!(
            String::from_utf8(to_csv(&people).unwrap()).unwrap(),
            "\u{FEFF}Name,Institution,Email,Phone,Dietary,Access,Allergy,Interpreter,Reference,\
             Booked by,Calendar\r\n"
        );
    }

    #[test]
    fn the_spreadsheet_carries_text_and_never_a_formula() {
        let roster = Roster::of(vec![registration()]);
        let [people, _] = tables(&session(), &roster);
        let file = String::from_utf8(to_csv(&people).unwrap()).unwrap();
        contains_all(&file, &["\"'=HYPERLINK(", "Halal", "RM7K-4TQ2", "Name to follow"]);
        let (mut reader, mut rows) = (::csv::Reader::from_reader(file.as_bytes()), 0);
        for row in reader.records() {
            rows += 1;
            assert!(row.unwrap().iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
        }
        assert_eq!(rows, roster.lines.len());
    }
}
