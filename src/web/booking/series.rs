//! The first step of booking several evenings of a series: which, and then what the first step of any booking asks.
//! The steps after it are those of one of them, which stand for all.

use rocket::{
    Route, State, get,
    http::{CookieJar, Status},
    post,
    response::Redirect,
    routes,
};

use super::{
    choosable::{Choice, Choosable},
    form::{Field, explain, prefill},
    hold::own_begun,
    holding::go_on,
    remembered,
    start::{BookingStart, Sent, StartKind, read, start_page},
    waiting::refusal,
};
use crate::{
    actions::booking::{
        book_evenings::{BookEvenings, BookEveningsError, book_evenings},
        book_places::BookRequest,
        hold_evenings::{EveningsError, EveningsRequest, hold_evenings},
        hold_places::HoldRequest,
        refusals::{BookError, HoldError},
    },
    domain::{
        already::sentence,
        audit::Actor,
        id::{SeriesId, SessionCode},
        place::PlaceStatus,
        registration::Registration,
        series::{Bookable, IfFull, Series},
        session::Session,
        text::Paragraph,
        wording,
    },
    store::{registrations, series, series_bookings},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::SameOrigin,
        limits::BookingPace,
        next::Next,
        page::Page,
        paths,
    },
};

/// What this browser began to book of a series, and has not sent off.
struct Begun {
    lead: Registration,
    /// The evenings, each with how many places are held there.
    held: Vec<(SessionCode, u32)>,
    if_full: IfFull,
}

async fn begun(
    desk: &Desk,
    cookies: &CookieJar<'_>,
    series: &Series,
) -> Result<Option<Begun>, Failure> {
    let Some((_, lead)) = own_begun(desk, cookies).await else { return Ok(None) };
    if series.sessions.iter().all(|one| one.code != lead.session) {
        return Ok(None);
    }
    let mut conn = desk.ctx.store.read().await?;
    let together = series_bookings::of(&mut conn, lead.id).await?;
    let if_full = together.as_ref().map_or(IfFull::default(), |one| one.if_full);
    let all = together.map_or_else(|| vec![(lead.id, lead.session.clone())], |one| one.all);
    let mut held = Vec::with_capacity(all.len());
    for (id, session) in all {
        let one = registrations::find(&mut conn, id).await?;
        let places = one.map_or(0, |one| one.places_in(PlaceStatus::Held).count());
        held.push((session, u32::try_from(places).unwrap_or(0)));
    }
    Ok(Some(Begun { lead, held, if_full }))
}

/// What is offered of a series; what this browser holds itself makes none of it full.
fn choice(desk: &Desk, series: &Series, chosen: &[SessionCode], own: Option<&Begun>) -> Choice {
    let now = desk.ctx.now();
    let evening = |session: &&Session| {
        let mut session = (*session).clone();
        let mut held = own.iter().flat_map(|one| &one.held);
        if let Some((_, places)) = held.find(|(code, _)| *code == session.code) {
            session.occupancy.occupied = session.occupancy.occupied.saturating_sub(*places);
        }
        Choosable {
            when: format!("{}, {}", wording::days(&session), wording::hours(&session)),
            places: left(&session),
            is_chosen: chosen.contains(&session.code),
            code: session.code,
        }
    };
    Choice {
        series: series.id.clone(),
        name: series.name().to_owned(),
        is_whole: series.bookable == Bookable::Whole,
        evenings: series.offered(now).iter().map(evening).collect(),
    }
}

/// `12 of 30 places left`.
fn left(session: &Session) -> String {
    match session.occupancy.open_to_all() {
        0 if session.waiting_list => "Full. You can wait for a place".to_owned(),
        0 => "Full".to_owned(),
        free => {
            let places = wording::count(session.occupancy.capacity as usize, "place", "places");
            format!("{free} of {places} left")
        }
    }
}

/// The session that the form of the first step is about: the first evening that is offered, with the fewest places
/// that a booking of any of them may ask for.
fn common(desk: &Desk, series: &Series) -> Option<Session> {
    let offered = series.offered(desk.ctx.now());
    let mut first = (*offered.first()?).clone();
    let fewest = offered.iter().map(|one| one.places_per_booking).min();
    first.places_per_booking = fewest.unwrap_or(first.places_per_booking);
    Some(first)
}

async fn found(desk: &Desk, id: &SeriesId) -> Result<Series, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = series::find(&mut conn, id).await?;
    found.filter(|one| !one.seen().is_empty()).ok_or(Failure::NotFound)
}

fn to_series(id: &SeriesId) -> Next<BookingStart> {
    Next::Go(Box::new(Redirect::to(paths::public::series(id))))
}

#[get("/series/<id>/register?<then>")]
async fn start(
    desk: &State<Desk>,
    id: SeriesId,
    then: Option<&str>,
    cookies: &CookieJar<'_>,
) -> Result<Next<BookingStart>, Failure> {
    let series = found(desk, &id).await?;
    let Some(session) = common(desk, &series) else { return Ok(to_series(&id)) };
    let own = begun(desk, cookies, &series).await?;
    let mut form = FormState::default();
    prefill(&mut form, own.as_ref().map(|own| &own.lead));
    if own.is_none() {
        remembered::fill(cookies, &mut form);
    }
    form.fill(Field::Then, then.unwrap_or_default());
    form.fill(Field::Attempt, Token::generate(&*desk.ctx.random).secret());
    let if_full = own.as_ref().map_or(IfFull::default(), |own| own.if_full);
    form.fill(Field::IfFull, if_full.as_str());
    let chosen: Vec<_> = match &own {
        Some(own) if own.held.len() > 1 => own.held.iter().map(|(code, _)| code.clone()).collect(),
        _ => series.offered(desk.ctx.now()).iter().map(|one| one.code.clone()).collect(),
    };
    let choice = choice(desk, &series, &chosen, own.as_ref());
    let mut page = start_page(desk, session, StartKind::Hold { short: false }, form).await?;
    page.series = Some(choice);
    Ok(Next::Show(Box::new(Page::ok(page))))
}

#[post("/series/<id>/register", data = "<fields>")]
async fn hold(
    desk: &State<Desk>,
    _origin: SameOrigin,
    pace: BookingPace,
    id: SeriesId,
    cookies: &CookieJar<'_>,
    fields: Fields,
) -> Result<Next<BookingStart>, Failure> {
    let series = found(desk, &id).await?;
    let Some(session) = common(desk, &series) else { return Ok(to_series(&id)) };
    let own = begun(desk, cookies, &series).await?;
    let ticked: Vec<SessionCode> =
        fields.all("evening").iter().filter_map(|code| code.parse().ok()).collect();
    let choice = choice(desk, &series, &ticked, own.as_ref());
    let kind = StartKind::Hold { short: false };
    let (mut each, mut form) = match read(desk, &session, kind, &fields).await? {
        Sent::Read(read) => *read,
        Sent::Again(Next::Show(mut page)) => {
            page.template.series = Some(choice);
            return Ok(Next::Show(page));
        }
        Sent::Again(step) => return Ok(step),
    };
    let shown = Shown { session, choice };
    if ticked.is_empty() && !shown.choice.is_whole {
        form.fault(Field::Evening, "Choose at least one evening");
        return shown.again(desk, form, Status::UnprocessableEntity, false).await;
    }
    let if_full = form.value(Field::IfFull).parse().unwrap_or_default();
    if fields.has(Field::Action, "join") {
        return join(desk, shown, (each, form), ticked).await;
    }
    each.network = pace.network;
    each.instead_of = own.as_ref().map(|own| own.lead.id);
    let who = (each.leader.clone(), each.leader_comes);
    let request = EveningsRequest { series: id.clone(), evenings: ticked, if_full, each };
    match hold_evenings(&desk.ctx, request).await {
        Ok(held) => go_on(desk, cookies, (held, &form), own.map(|own| own.lead), who).await,
        Err(EveningsError::Hold(HoldError::Store(error))) => Err(error.into()),
        Err(EveningsError::NoSuchSeries) => Ok(to_series(&id)),
        Err(refused) => {
            let can_join = matches!(refused, EveningsError::AllFull);
            let status = shown.explain(&refused, desk, &mut form);
            shown.again(desk, form, status, can_join).await
        }
    }
}

/// What the page shows beside the form.
struct Shown {
    session: Session,
    choice: Choice,
}

impl Shown {
    /// The page again, with what must be put right.
    async fn again(
        self,
        desk: &Desk,
        form: FormState<Field>,
        status: Status,
        short: bool,
    ) -> Result<Next<BookingStart>, Failure> {
        let mut template = start_page(desk, self.session, StartKind::Hold { short }, form).await?;
        template.series = Some(self.choice);
        Ok(Next::Show(Box::new(Page { status, template })))
    }

    /// When an evening is.
    fn when(&self, code: &SessionCode) -> String {
        let evening = self.choice.evenings.iter().find(|one| one.code == *code);
        evening.map_or_else(|| code.to_string(), |one| one.when.clone())
    }

    /// Words a refusal beside the field it is about.
    fn explain(&self, refused: &EveningsError, desk: &Desk, form: &mut FormState<Field>) -> Status {
        let words = match refused {
            EveningsError::Hold(refused) => {
                explain(refused, &self.session, desk, form);
                return refusal(refused);
            }
            EveningsError::Evening(code, HoldError::AlreadyThere(found)) => {
                let (when, found) = (self.when(code), sentence(found));
                let words = format!("{when}: {found}. Is this somebody else?");
                form.fault(Field::SamePerson, words);
                return Status::Conflict;
            }
            EveningsError::Evening(code, refused) => {
                format!("{}: {refused}. Nothing is booked. Leave it out, or choose fewer places", self.when(code))
            }
            EveningsError::Full(codes) => {
                let full: Vec<_> = codes.iter().map(|code| self.when(code)).collect();
                format!(
                    "There is not enough room on {}. Nothing is booked. Leave {} out, or choose to wait there",
                    full.join("; "),
                    if full.len() == 1 { "it" } else { "them" }
                )
            }
            EveningsError::AllFull => {
                "There is not enough room on any of these evenings. Nothing is booked. Choose fewer places, or \
                 join the waiting lists"
                    .to_owned()
            }
            EveningsError::WholeOnly => {
                "The evenings of this series are booked together: choose all of them".to_owned()
            }
            EveningsError::NotOffered(_) | EveningsError::NoSuchSeries => {
                "One of the evenings cannot be booked any more. Nothing is booked. Choose again".to_owned()
            }
        };
        form.fault(Field::Evening, words);
        Status::UnprocessableEntity
    }
}

/// Joins the waiting lists of evenings of which none has room, or gets the places if some have come free meanwhile.
async fn join(
    desk: &Desk,
    shown: Shown,
    (each, mut form): (HoldRequest, FormState<Field>),
    evenings: Vec<SessionCode>,
) -> Result<Next<BookingStart>, Failure> {
    let mut attendees = vec![None; each.places as usize];
    if let (true, Some(first)) = (each.leader_comes, attendees.first_mut()) {
        *first = Some(each.leader.attends());
    }
    let each = BookRequest {
        session: each.session,
        leader: each.leader,
        sender: each.sender,
        team: each.team,
        attendees,
        attempt: each.attempt,
        fingerprint: None,
        nomination: Paragraph::parse_optional(form.value(Field::Nomination)).ok().flatten(),
        vouched: false,
        apart: if each.apart { vec![1] } else { vec![] },
    };
    let series = shown.choice.series.clone();
    let request = BookEvenings { series, evenings, if_full: IfFull::Room, each };
    let refused = match book_evenings(&desk.ctx, &Actor::Visitor, request, None).await {
        Ok(booked) => {
            return Ok(Next::Go(Box::new(Redirect::to(paths::leader::booked(&booked.token)))));
        }
        Err(refused) => refused,
    };
    let refused = match refused {
        BookEveningsError::Evenings(EveningsError::Hold(HoldError::Store(error))) => {
            return Err(error.into());
        }
        BookEveningsError::On(_, BookError::Hold(HoldError::Store(error))) => {
            return Err(error.into());
        }
        BookEveningsError::Evenings(refused) => refused,
        BookEveningsError::On(code, BookError::Hold(refused)) => {
            EveningsError::Evening(code, refused)
        }
        BookEveningsError::On(_, other) => return Err(Failure::from(other)),
    };
    let status = shown.explain(&refused, desk, &mut form);
    shown.again(desk, form, status, true).await
}

pub fn routes() -> Vec<Route> {
    routes![start, hold]
}
