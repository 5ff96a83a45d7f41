//! The series of a session: which evenings can be booked as one, how full each is, and how it may be booked.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::series::{SeriesError, put_in, set_series, take_out},
    domain::{
        id::{PersonId, SessionCode},
        series::{Bookable, Series},
        session::{Publication, Session},
        text::Line,
        wording,
    },
    store::{series, sessions},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, PlanSessions, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, change]
}

type Who = Granted<PlanSessions>;

form_fields! {
    enum Field {
        Title = "title",
        Booked = "booked",
        Session = "session",
    }
}

#[derive(Template)]
#[template(path = "office/sessions/evenings.html")]
struct EveningsPage {
    chrome: Chrome,
    session: Session,
    /// The series it is in, if it is in one.
    series: Option<Series>,
    /// Sessions of the same course and alliance that are in no series.
    others: Vec<Session>,
    /// Whom we know among those who have a place, with on how many evenings.
    coming: Vec<(PersonId, String, i64)>,
    notice: Option<&'static str>,
    form: FormState<Field>,
}

impl EveningsPage {
    fn evenings(&self) -> &[Session] {
        self.series.as_ref().map_or(&[], |one| &one.sessions)
    }

    /// `12 of 30 places are taken, 3 people wait`.
    fn fill(&self, session: &Session) -> String {
        let full = session.occupancy;
        let taken = format!("{} of {} places are taken", full.occupied, full.capacity);
        match full.waiting {
            0 => taken,
            waiting => {
                let wait = wording::count(waiting as usize, "person waits", "people wait");
                format!("{taken}, {wait}")
            }
        }
    }

    /// Who has a place on every evening.
    fn on_all(&self) -> Vec<&(PersonId, String, i64)> {
        let all = self.evenings().len();
        let is_on_all = |one: &&(_, _, i64)| usize::try_from(one.2) == Ok(all);
        self.coming.iter().filter(is_on_all).collect()
    }

    /// How many have a place on some evenings and not on all.
    fn on_some(&self) -> String {
        let some = self.coming.len() - self.on_all().len();
        wording::count(some, "person has a place", "people have a place")
    }

    fn is_whole(&self) -> bool {
        self.form.is(Field::Booked, Bookable::Whole.as_str())
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    notice: Option<&'static str>,
    sent: Option<FormState<Field>>,
) -> Result<EveningsPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = match &session.series {
        Some(one) => series::find(&mut conn, &one.id).await?,
        None => None,
    };
    let coming = match &within {
        Some(one) => series::coming(&mut conn, &one.id).await?,
        None => Vec::new(),
    };
    let mut others = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    others.retain(|one| {
        one.series.is_none()
            && one.code != session.code
            && one.course.slug == session.course.slug
            && one.alliance.slug == session.alliance.slug
    });
    let form = sent.unwrap_or_else(|| {
        let mut form = FormState::default();
        if let Some(series) = &within {
            form.fill(Field::Booked, series.bookable.as_str());
            form.fill(Field::Title, series.title.as_deref().unwrap_or_default());
        }
        form
    });
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(EveningsPage { chrome, session, series: within, others, coming, notice, form })
}

#[get("/office/sessions/<code>/evenings?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<EveningsPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let notice = match done {
        Some("put") => Some("Saved. These evenings can be booked as one."),
        Some("out") => Some("Taken out. What was booked of it stays booked."),
        Some("set") => Some("Saved."),
        _ => None,
    };
    Ok(Page::ok(page(desk, &who, session, notice, None).await?))
}

#[post("/office/sessions/<code>/evenings", data = "<fields>")]
async fn change(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<EveningsPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let list = paths::desk::session_evenings(&code);
    let mut form = FormState::sent(&fields);
    let chosen = fields.all_of(Field::Session);
    let (done, changed) = if fields.was_sent("out") {
        ("out", out(desk, &who, fields.get("out")).await?)
    } else if fields.was_sent_for(Field::Booked) {
        ("set", set(desk, &who, &code, &mut form).await)
    } else if chosen.is_empty() {
        form.fault(Field::Session, "Choose at least one session");
        ("put", Ok(()))
    } else {
        ("put", put(desk, &who, &code, chosen).await?)
    };
    match changed {
        Ok(()) if form.is_valid() => {
            // Whoever takes out the very session of the page sees it without a series.
            return Ok(Either::Left(Redirect::to(list.done(done))));
        }
        Ok(()) => {}
        Err(SeriesError::Store(error)) => return Err(error.into()),
        Err(error) => form.fault(Field::Session, in_words(&error.to_string())),
    }
    let page = page(desk, &who, session, None, Some(form)).await?;
    Ok(Either::Right(Page::unprocessable(page)))
}

/// Takes an evening out of its series, which must be one that she may plan.
async fn out(desk: &Desk, who: &Who, typed: &str) -> Result<Result<(), SeriesError>, Failure> {
    let Ok(code) = typed.parse::<SessionCode>() else {
        return Ok(Err(SeriesError::NoSuchSession(typed.to_owned())));
    };
    session_for(&mut desk.ctx.store.read().await?, who, &code).await?;
    Ok(match take_out(&desk.ctx, &who.actor(), &code).await {
        // Somebody else took it out a moment ago.
        Err(SeriesError::NotInSeries) => Ok(()),
        other => other,
    })
}

async fn put(
    desk: &Desk,
    who: &Who,
    of: &SessionCode,
    typed: &[String],
) -> Result<Result<(), SeriesError>, Failure> {
    for typed in typed {
        let Ok(code) = typed.trim().parse::<SessionCode>() else {
            return Ok(Err(SeriesError::NoSuchSession(typed.clone())));
        };
        session_for(&mut desk.ctx.store.read().await?, who, &code).await?;
        if let Err(error) = put_in(&desk.ctx, &who.actor(), (of, &code)).await {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

async fn set(
    desk: &Desk,
    who: &Who,
    code: &SessionCode,
    form: &mut FormState<Field>,
) -> Result<(), SeriesError> {
    let Some(bookable) = form.choice::<Bookable>(Field::Booked, "Choose how it can be booked")
    else {
        return Ok(());
    };
    let title = Line::parse_optional(form.value(Field::Title));
    let words = |_| "Enter one line of at most 120 characters".to_owned();
    let Some(title) = form.take(Field::Title, title, words) else {
        return Ok(());
    };
    set_series(&desk.ctx, &who.actor(), code, (title.as_ref(), bookable)).await
}
