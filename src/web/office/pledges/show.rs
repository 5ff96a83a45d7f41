//! What institutions pledge for a session.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::pledge::{MOST, PledgeError, pledge, to_chase},
    domain::{
        edit::{Drawn, PledgeOf},
        id::{InstitutionCode, SessionCode},
        institution::Institution,
        pledge::TurnoutLine,
        session::{BookingStatus, Session},
        wording,
    },
    store::{
        catalogue, institutions,
        pledges::{self, PledgeLine},
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited, form_fields, sender::groups},
        guard::{Granted, ManageBookings, SameOrigin},
        office::{addressed::session_for, query::PageQuery},
        page::{Area, Chrome, Page},
        paths, plot,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Institution = "institution",
        People = "people",
    }
}

/// The pledges for one session.
#[derive(Template)]
#[template(path = "office/pledges/show.html")]
struct PledgesPage {
    chrome: Chrome,
    notice: Option<String>,
    session: Session,
    lines: Vec<PledgeLine>,
    to_chase: usize,
    groups: Vec<(String, Vec<Institution>)>,
    form: FormState<Field>,
    is_open: bool,
}

impl PledgesPage {
    fn shown(&self) -> Vec<TurnoutLine> {
        let line = |one: &PledgeLine| TurnoutLine {
            name: one.name.clone(),
            detail: match one.turnout.behind() {
                0 => String::new(),
                behind => format!("{behind} still to name"),
            },
            session: None,
            institution: Some(one.institution.clone()),
            turnout: one.turnout,
        };
        self.lines.iter().map(line).collect()
    }

    fn most(&self) -> u32 {
        let all = self.lines.iter().map(|line| line.turnout);
        all.map(|one| one.pledged.max(one.named).max(one.attended)).max().unwrap_or(0)
    }

    fn chase_words(&self) -> String {
        wording::count(self.to_chase, "institution", "institutions")
    }
}

fn pledged(lines: &[PledgeLine]) -> Vec<PledgeOf> {
    let one = |line: &PledgeLine| PledgeOf {
        institution: line.institution.clone(),
        people: line.turnout.pledged,
    };
    lines.iter().map(one).collect()
}

async fn page(
    desk: &Desk,
    who: &Who,
    code: &SessionCode,
    mut form: FormState<Field>,
    notice: Option<String>,
) -> Result<PledgesPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, who, code).await?;
    let lines = pledges::of_session(&mut conn, code).await?;
    if form.drawn().is_empty() {
        form.draw_from(Drawn::of(&pledged(&lines)).to_string());
    }
    let alliances = catalogue::alliances(&mut conn).await?;
    let listed = institutions::all(&mut conn).await?;
    let now = desk.ctx.now();
    let status = session.booking_status(now);
    let can_book = matches!(status, BookingStatus::Open { .. });
    Ok(PledgesPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice,
        groups: groups(&session, alliances, listed, ""),
        to_chase: if can_book { to_chase(&session, &lines, now).len() } else { 0 },
        lines,
        form,
        is_open: !matches!(status, BookingStatus::Cancelled | BookingStatus::Finished),
        session,
    })
}

#[get("/office/sessions/<code>/pledges?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: PageQuery<'_>,
) -> Result<Page<PledgesPage>, Failure> {
    let notice = asked.done.and_then(|done| match done {
        "saved" => Some("Saved.".to_owned()),
        other => {
            let (sent, unreached) = other.strip_prefix("chased-")?.split_once('-')?;
            let (sent, unreached): (usize, usize) = (sent.parse().ok()?, unreached.parse().ok()?);
            let mut words = format!(
                "We are reminding {}.",
                wording::count(sent, "institution", "institutions")
            );
            if unreached > 0 {
                let others = wording::count(unreached, "institution has", "institutions have");
                words.push_str(&format!(" {others} given us no email address: please phone."));
            }
            Some(words)
        }
    });
    Ok(Page::ok(page(desk, &who, &code, FormState::default(), notice).await?))
}

#[post("/office/sessions/<code>/pledges", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<PledgesPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let mut form = FormState::sent(&fields);
    let institution = form.choice::<InstitutionCode>(Field::Institution, "Choose an institution");
    let people = form.value(Field::People).trim().parse::<u32>();
    let words = |_| format!("Enter a whole number from 0 to {MOST}");
    let people = form.take(Field::People, people, words);
    if let (Some(institution), Some(people)) = (institution, people) {
        let (actor, drawn) = (who.actor(), edited::drawn(&fields));
        match pledge(&desk.ctx, &actor, &code, &institution, people, drawn.as_ref()).await {
            Ok(()) => {
                let done = paths::office::session_pledges(&code).done("saved");
                return Ok(Either::Left(Redirect::to(done)));
            }
            Err(PledgeError::Store(error)) => return Err(error.into()),
            Err(PledgeError::Conflicts(conflicts)) => {
                let mut conn = desk.ctx.store.read().await?;
                let (place, reader) = (|_: &str| Field::People, (&actor, session.zone()));
                edited::tell_of(&mut conn, &mut form, &conflicts, reader, place).await?;
                drop(conn);
                // Drawn from every pledge there is now.
                form.draw_from("");
                let page = page(desk, &who, &code, form, None).await?;
                return Ok(Either::Right(Page::conflict(page)));
            }
            Err(PledgeError::NoSuch) => form.fault(Field::Institution, "Choose an institution"),
            Err(error) => {
                form.fault(Field::People, in_words(&error.to_string()));
            }
        }
    }
    let page = page(desk, &who, &code, form, None).await?;
    Ok(Either::Right(Page::unprocessable(page)))
}
