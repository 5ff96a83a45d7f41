//! Asking people by name to come to a session: people we know, whom an institution has, who came to a course, and
//! names that are pasted.

use askama::Template;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use rocket::{Either, FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::asking::ask_people::{Ask, AskError, Invitee, ask_people},
    domain::{
        course::Course,
        id::{PersonId, SessionCode},
        institution::Institution,
        pasted_names::pasted_names,
        session::Session,
        text::Name,
        wording,
    },
    store::{Conn, Window, catalogue, institutions, people, things::CouldCome, whom_to_ask},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields, sender::groups},
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, send]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        People = "person" at "people",
        Names = "names",
        Words = "words",
        AnswerBy = "answer_by",
        Vouched = "vouched",
    }
}

form_fields! {
    /// Whom to look for.
    enum Search {
        Words = "q",
        Institution = "institution",
        CameTo = "came_to",
        Person = "person",
    }
}

/// What was looked for, to be looked for again when the form is sent.
const KEPT: [Search; 3] = [Search::Words, Search::Institution, Search::CameTo];

/// How many people are listed to choose from.
const LISTED: i64 = 200;

/// For how long people have to answer where nothing else is typed.
const USUAL: u64 = 14;

/// Whom to list.
#[derive(Debug, Default, FromForm)]
struct Wanted<'r> {
    q: Option<&'r str>,
    institution: Option<&'r str>,
    came_to: Option<&'r str>,
    person: Option<&'r str>,
}

#[derive(Template)]
#[template(path = "office/asking/ask.html")]
struct AskPage {
    chrome: Chrome,
    session: Session,
    groups: Vec<(String, Vec<Institution>)>,
    courses: Vec<Course>,
    /// What was looked for, and whom that found.
    wanted: FormState<Search>,
    found: Option<Vec<CouldCome>>,
    ticked: Vec<String>,
    form: FormState<Field>,
}

impl AskPage {
    fn kept(&self) -> [Search; 3] {
        KEPT
    }

    fn is_ticked(&self, one: &CouldCome) -> bool {
        self.ticked.contains(&one.id.to_string())
    }
}

/// The people who are looked for, if any are.
async fn found(
    conn: &mut Conn,
    who: &Who,
    session: &Session,
    wanted: &FormState<Search>,
) -> Result<Option<Vec<CouldCome>>, Failure> {
    if let Ok(id) = wanted.value(Search::Person).parse::<PersonId>() {
        let known = people::known(conn, id).await?;
        let one = known.map(|one| CouldCome { id: one.id, name: one.name, institution: None });
        return Ok(Some(one.into_iter().collect()));
    }
    if let Ok(code) = wanted.value(Search::Institution).parse() {
        return Ok(Some(whom_to_ask::of_institution(conn, &code, LISTED).await?));
    }
    if let Ok(slug) = wanted.value(Search::CameTo).parse() {
        let path = (&slug, &session.alliance.slug);
        return Ok(Some(whom_to_ask::came_to(conn, path, LISTED).await?));
    }
    let words = wanted.value(Search::Words);
    if words.is_empty() {
        return Ok(None);
    }
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let window = Window { offset: 0, limit: LISTED };
    let people = people::search(conn, words, within, window).await?.items.into_iter();
    let listed = |one: crate::domain::person::Person| CouldCome {
        id: one.id,
        institution: one.email.map(|email| email.to_string()),
        name: one.name,
    };
    Ok(Some(people.map(listed).collect()))
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    wanted: FormState<Search>,
    (form, ticked): (FormState<Field>, Vec<String>),
) -> Result<AskPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = found(&mut conn, who, &session, &wanted).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let listed = institutions::all(&mut conn).await?;
    let within = listed.into_iter().filter(|one| who.reaches(&one.alliance)).collect();
    Ok(AskPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        groups: groups(&session, alliances, within, ""),
        courses: catalogue::courses(&mut conn).await?,
        session,
        wanted,
        found,
        ticked,
        form,
    })
}

/// The last moment of a day.
fn end_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let last = day.and_time(NaiveTime::from_hms_opt(23, 59, 0)?);
    zone.from_local_datetime(&last).latest().map(|at| at.to_utc())
}

/// The day until which people may answer, where nothing is typed.
fn usual_day(session: &Session, now: DateTime<Utc>) -> NaiveDate {
    let in_zone = |at: DateTime<Utc>| at.with_timezone(&session.zone()).date_naive();
    let usual = in_zone(now) + Days::new(USUAL);
    session.closes_at().map_or(usual, |closes| usual.min(in_zone(closes)))
}

#[get("/office/sessions/<code>/invite?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: Wanted<'_>,
) -> Result<Page<AskPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let mut wanted = FormState::default();
    for (field, value) in [
        (Search::Words, asked.q),
        (Search::Institution, asked.institution),
        (Search::CameTo, asked.came_to),
        (Search::Person, asked.person),
    ] {
        wanted.fill(field, value.unwrap_or_default().trim());
    }
    let mut form = FormState::default();
    form.fill(Field::AnswerBy, usual_day(&session, desk.ctx.now()).to_string());
    form.attempt_as(desk.attempt());
    let ticked = vec![wanted.value(Search::Person).to_owned()];
    Ok(Page::ok(page(desk, &who, session, wanted, (form, ticked)).await?))
}

/// Whom was ticked and pasted; what cannot be read stands in `form`.
async fn invitees(
    conn: &mut Conn,
    who: &Who,
    fields: &Fields,
    form: &mut FormState<Field>,
) -> Result<Vec<Invitee>, Failure> {
    let mut chosen = Vec::new();
    for typed in fields.all_of(Field::People) {
        let Ok(id) = typed.parse::<PersonId>() else {
            form.fault(Field::People, "Choose people from the list");
            continue;
        };
        let may =
            who.reaches_everything() || people::is_within(conn, id, &who.member.login).await?;
        if !may {
            return Err(Failure::Forbidden);
        }
        chosen.push(Invitee::Known(id));
    }
    let mut unread = Vec::new();
    for pasted in pasted_names(fields.of(Field::Names)) {
        let email = match pasted.email.trim() {
            "" => Ok(None),
            typed => typed.parse().map(Some),
        };
        match (Name::parse(&pasted.name), email) {
            (Ok(name), Ok(email)) => chosen.push(Invitee::Pasted(name, email)),
            _ => unread.push(pasted.line()),
        }
    }
    if !unread.is_empty() {
        let lines = unread.join("; ");
        form.fault(
            Field::Names,
            format!("Write a name, and an address if there is one, for: {lines}"),
        );
    }
    Ok(chosen)
}

/// What was typed about all of them.
fn asked(
    session: &Session,
    form: &mut FormState<Field>,
    (invitees, now): (Vec<Invitee>, DateTime<Utc>),
) -> Option<Ask> {
    let typed = form.value(Field::AnswerBy).trim();
    let day = match typed {
        "" => Ok(usual_day(session, now)),
        typed => typed.parse(),
    };
    let answer_by = day.ok().and_then(|day| end_of(day, session.zone()));
    if answer_by.is_none() {
        form.fault(Field::AnswerBy, "Enter a day, such as 2027-01-31");
    }
    let words = form.paragraph(Field::Words, "what you write to them");
    // Whoever answers on the day booking closes does so before it does.
    let last = [session.closes_at(), session.starts_at()].into_iter().flatten().min();
    let on_last = |at: DateTime<Utc>| {
        let day = |at: DateTime<Utc>| at.with_timezone(&session.zone()).date_naive();
        last.filter(|last| day(*last) == day(at)).map_or(at, |last| at.min(last))
    };
    let answer_by = on_last(answer_by?);
    let vouched = form.is(Field::Vouched, "yes");
    form.is_valid().then_some(Ask { invitees, answer_by, vouched, words, nomination: None })
}

#[post("/office/sessions/<code>/invite", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<AskPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let mut form = FormState::sent(&fields);
    let wanted = FormState::sent_for(&fields, &KEPT);
    let invitees = invitees(&mut desk.ctx.store.read().await?, &who, &fields, &mut form).await?;
    if let Some(ask) = asked(&session, &mut form, (invitees, desk.ctx.now())) {
        let attempt = fields.attempt();
        match ask_people(&desk.ctx, &who.member, &code, &ask, attempt.as_ref()).await {
            Ok(done) => {
                let done = format!("asked-{}-{}", done.asked, done.left_out);
                let list = paths::desk::session_invited(&code).done(done);
                return Ok(Either::Left(Redirect::to(list)));
            }
            Err(AskError::Store(error)) => return Err(error.into()),
            Err(AskError::NoSuchSession) => return Err(Failure::NotFound),
            Err(refused @ AskError::WrongDay) => {
                form.fault(Field::AnswerBy, in_words(&refused.to_string()));
            }
            Err(refused) => form.fault(Field::Names, in_words(&refused.to_string())),
        }
    }
    let ticked = fields.all_of(Field::People).to_vec();
    let page = page(desk, &who, session, wanted, (form, ticked)).await?;
    Ok(Either::Right(Page::unprocessable(page)))
}
