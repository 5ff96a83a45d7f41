//! Asking to be told when there is a date of a course: name, address, where from and how far.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::asking::interest::{Wish, ask_to_be_told},
    domain::{alliance::Alliance, course::Course, id::CourseSlug, interest::Reach},
    store::{Conn, catalogue, catalogue_merges},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        limits::LinkPace,
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    enum Field {
        Name = "name",
        Email = "email",
        Alliance = "alliance",
        Place = "place",
        Reach = "reach",
    }
}

#[derive(Template)]
#[template(path = "public/tell_me.html")]
struct TellMePage {
    chrome: Chrome,
    course: Course,
    alliances: Vec<Alliance>,
    form: FormState<Field>,
}

/// The answer, the same whoever asks.
#[derive(Template)]
#[template(path = "public/tell_me_sent.html")]
struct SentPage {
    chrome: Chrome,
    course: Course,
    email: String,
}

impl TellMePage {
    fn choices(&self) -> Vec<(&str, &str)> {
        self.alliances.iter().map(|one| (one.slug.as_str(), one.name.as_str())).collect()
    }

    fn reaches(&self) -> [(&'static str, &'static str); 3] {
        [
            (Reach::Online.as_str(), "Near me, or online"),
            (Reach::Here.as_str(), "Near me only"),
            (Reach::Anywhere.as_str(), "Anywhere"),
        ]
    }
}

/// The course in an address; where it is another by now, which.
async fn course(conn: &mut Conn, slug: &CourseSlug) -> Result<Result<Course, CourseSlug>, Failure> {
    let all = catalogue::courses(conn).await?;
    if let Some(course) = all.into_iter().find(|one| one.slug == *slug) {
        return Ok(Ok(course));
    }
    let kept = catalogue_merges::successor_of_course(conn, slug).await?;
    Ok(Err(kept.ok_or(Failure::NotFound)?))
}

async fn page(desk: &Desk, course: Course, form: FormState<Field>) -> Result<TellMePage, Failure> {
    let alliances = catalogue::alliances(&mut desk.ctx.store.read().await?).await?;
    Ok(TellMePage { chrome: desk.chrome(Area::Find), course, alliances, form })
}

#[get("/courses/<slug>/tell-me")]
async fn ask(
    desk: &State<Desk>,
    slug: CourseSlug,
) -> Result<Either<Page<TellMePage>, Redirect>, Failure> {
    let found = course(&mut desk.ctx.store.read().await?, &slug).await?;
    Ok(match found {
        Ok(course) => {
            let mut form = FormState::default();
            form.fill(Field::Reach, Reach::default().as_str());
            Either::Left(Page::ok(page(desk, course, form).await?))
        }
        Err(kept) => Either::Right(Redirect::to(paths::public::tell_me(&kept))),
    })
}

#[post("/courses/<slug>/tell-me", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
    slug: CourseSlug,
    fields: Fields,
) -> Result<Either<Page<SentPage>, Page<TellMePage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let course = course(&mut conn, &slug).await?.map_err(|_| Failure::NotFound)?;
    let known = catalogue::alliances(&mut conn).await?;
    drop(conn);
    let mut form = FormState::sent(&fields);
    let name = form.line::<120>(Field::Name, "your name");
    let email = form.email(Field::Email, "your email address");
    let place = form.optional_line::<120>(Field::Place, "your postcode or town");
    let alliance = match form.value(Field::Alliance).trim() {
        "" => None,
        typed => {
            let one = known.into_iter().find(|one| one.slug.as_str() == typed);
            let words = |()| "Choose an alliance from the list".to_owned();
            form.take(Field::Alliance, one.ok_or(()), words).map(|one| one.slug)
        }
    };
    let reach = match form.value(Field::Reach) {
        "" => Some(Reach::default()),
        _ => form.choice(Field::Reach, "Choose how far you would go"),
    };
    if alliance.is_none() && place.is_none() && reach != Some(Reach::Anywhere) && form.is_valid() {
        form.fault(Field::Place, "Enter a postcode or town, choose an alliance, or say anywhere");
    }
    let (Some(name), Some(email), Some(reach), true) = (name, email, reach, form.is_valid()) else {
        return Ok(Either::Right(Page::unprocessable(page(desk, course, form).await?)));
    };
    let wish = Wish { course: course.clone(), alliance, place, reach, name, email: email.clone() };
    ask_to_be_told(&desk.ctx, wish).await?;
    let chrome = desk.chrome(Area::Find);
    Ok(Either::Left(Page::ok(SentPage { chrome, course, email: email.to_string() })))
}

pub fn routes() -> Vec<Route> {
    routes![ask, send]
}
