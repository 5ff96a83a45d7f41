//! Adding or changing a course.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        catalogue::write_catalogue::{add_course as add, change_course},
        edit::EditError,
    },
    domain::{
        audit::AuditedRecord,
        course::{Course, Prerequisite},
        edit::{Drawn, Listed},
        id::CourseSlug,
        page_words::CourseWords,
        text::{Line, Name, Paragraph},
    },
    store::{Conn, catalogue, catalogue_merges},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        forms::{
            ATTEMPT,
            edited::{self, DRAWN},
        },
        guard::{Granted, ManageCourses, SameOrigin},
        office::{
            alike::{Alike, courses_alike},
            demand::{Waited, waited},
            edits::{self, EditLine},
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::{clock_of, zone_of},
    },
};

pub fn routes() -> Vec<Route> {
    routes![new_course, add_course, show_course, save_course]
}

#[derive(Template)]
#[template(path = "office/courses/show.html")]
struct CoursePage {
    chrome: Chrome,
    heading: String,
    action: Href,
    is_known: bool,
    /// Where it is merged with another; `None` for a new one.
    merge: Option<Href>,
    /// Where its questions stand.
    questions: Option<Href>,
    /// Where its people are given something to read; `None` for a new one.
    handouts: Option<Href>,
    /// What its people are asked afterwards.
    afterwards: Option<Href>,
    form: FormState,
    /// The courses that may come before it.
    others: Vec<Course>,
    /// What was changed about it, latest first.
    edits: Vec<EditLine>,
    /// Others that are called alike.
    alike: Alike,
    /// Who waits for a date of it.
    waited: Option<Waited>,
}

impl CoursePage {
    fn box_id(&self, course: &Course) -> String {
        format!("before-{}", course.slug)
    }
}

async fn course_page(
    desk: &Desk,
    who: &Granted<ManageCourses>,
    conn: &mut Conn,
    known: Option<&Course>,
    form: FormState,
) -> Result<CoursePage, Failure> {
    let mut others = catalogue::courses(conn).await?;
    others.retain(|other| known.is_none_or(|known| known.slug != other.slug));
    let slug = known.map(|course| &course.slug);
    let edits = match slug {
        Some(slug) => {
            let zone = clock_of(&who.member, &catalogue::alliances(conn).await?);
            edits::of(conn, AuditedRecord::Course(slug.clone()), zone).await?
        }
        None => Vec::new(),
    };
    let waited = waited(conn).await?.into_iter();
    let waited = waited.into_iter().find(|one| slug == Some(&one.course.slug));
    Ok(CoursePage {
        waited,
        alike: Alike::new(),
        edits,
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        heading: known.map_or_else(|| "New course".to_owned(), |course| course.title.clone()),
        action: slug.map_or_else(paths::office::new_course, paths::office::course),
        is_known: known.is_some(),
        merge: slug.map(paths::records::course_merge),
        questions: slug.map(paths::desk::course_questions),
        handouts: slug.map(paths::handouts::of_course),
        afterwards: slug.map(paths::feedback::of_course),
        form,
        others,
    })
}

async fn course(conn: &mut Conn, slug: &CourseSlug) -> Result<Course, Failure> {
    let all = catalogue::courses(conn).await?;
    all.into_iter().find(|course| course.slug == *slug).ok_or(Failure::NotFound)
}

/// What a course says of itself; a field that was not sent says what is known.
fn read_words(fields: &Fields, form: &mut FormState, known: Option<&Course>) -> CourseWords {
    let mut words = known.map(|course| course.words.clone()).unwrap_or_default();
    if fields.was_sent("for_whom") {
        match Paragraph::parse_optional(fields.get("for_whom")) {
            Ok(text) => words.for_whom = text.map(|text| text.as_str().to_owned()),
            Err(_) => form.fault("for_whom", "Use ordinary letters and signs, up to 1,000 of them"),
        }
    }
    if fields.was_sent("outcomes") {
        let lines = fields.get("outcomes").split(['\n', ';']).map(Line::<200>::parse_optional);
        match lines.collect::<Result<Vec<_>, _>>() {
            Ok(lines) => {
                words.outcomes = lines.into_iter().flatten().map(|line| line.to_string()).collect();
            }
            Err(_) => {
                form.fault("outcomes", "Use ordinary letters and signs, up to 200 in each line");
            }
        }
    }
    words
}

/// Reads a course; what must be put right stands in the form.
fn read_course(
    fields: &Fields,
    slug: CourseSlug,
    all: &[Course],
    known: Option<&Course>,
) -> (FormState, Option<Course>) {
    let mut form = FormState::default();
    for field in [
        "title", "summary", "campaign", "hours", "capacity", "guardian", "archived", "for_whom",
        "outcomes",
    ] {
        form.keep(field, fields.get(field));
    }
    let before = all.iter().filter(|other| {
        other.slug != slug && fields.all("before").iter().any(|sent| sent == other.slug.as_str())
    });
    let prerequisites: Vec<_> = before
        .map(|one| Prerequisite { slug: one.slug.clone(), title: one.title.clone() })
        .collect();
    for one in &prerequisites {
        form.keep(&format!("before-{}", one.slug), "1");
    }
    if prerequisites.len() < fields.all("before").len() {
        form.fault("before", "Choose from the courses there are");
    }
    let needs_guardian = form.ticked("guardian");
    form.ticked("archived");
    let title = Name::parse(fields.get("title"));
    if title.is_err() {
        form.fault("title", "Enter a title, up to 120 letters");
    }
    let summary = Paragraph::parse_optional(fields.get("summary"));
    if summary.is_err() {
        form.fault("summary", "Use ordinary letters and signs, up to 1,000 of them");
    }
    let campaign = Line::<60>::parse_optional(fields.get("campaign"));
    if campaign.is_err() {
        form.fault("campaign", "Use ordinary letters and signs, up to 60 of them");
    }
    let hours = fields.get("hours").trim().parse::<f64>().ok();
    let hours = hours.filter(|hours| (0.0..=1000.0).contains(hours));
    if hours.is_none() {
        form.fault("hours", "Enter the learning hours, such as 2 or 12.5");
    }
    let capacity = fields.get("capacity").trim().parse::<u32>().ok();
    let capacity = capacity.filter(|capacity| (1..=100_000).contains(capacity));
    if capacity.is_none() {
        form.fault("capacity", "Enter a whole number from 1 to 100,000");
    }
    let words = read_words(fields, &mut form, known);
    let course = || {
        Some(Course {
            slug,
            title: title.ok()?.to_string(),
            summary: summary.ok()?.map_or_else(String::new, |text| text.as_str().to_owned()),
            campaign: campaign.ok()?.map_or_else(String::new, |line| line.to_string()),
            learning_minutes: (hours? * 60.0).round() as u32,
            default_capacity: capacity?,
            prerequisites,
            needs_guardian,
            words,
        })
    };
    let course = course().filter(|_| form.is_valid());
    (form, course)
}

#[get("/office/new-course")]
async fn new_course(
    desk: &State<Desk>,
    who: Granted<ManageCourses>,
) -> Result<Page<CoursePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut form = FormState::default();
    form.keep(ATTEMPT, desk.attempt());
    Ok(Page::ok(course_page(desk, &who, &mut conn, None, form).await?))
}

type SavedCourse = Result<Redirect, Page<CoursePage>>;

#[post("/office/new-course", data = "<fields>")]
async fn add_course(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ManageCourses>,
    fields: Fields,
) -> Result<SavedCourse, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let all = catalogue::courses(&mut conn).await?;
    let slug = CourseSlug::from_title(fields.get("title"), 1);
    let (mut form, course) = read_course(&fields, slug, &all, None);
    form.keep(ATTEMPT, fields.get(ATTEMPT));
    let Some(course) = course else {
        let page = course_page(desk, &who, &mut conn, None, form).await?;
        return Ok(Err(Page::unprocessable(page)));
    };
    drop(conn);
    let alike =
        courses_alike(desk, &fields, |words| form.fault("title", words), (&course.title, None))
            .await?;
    if !alike.is_empty() {
        let mut conn = desk.ctx.store.read().await?;
        let page = course_page(desk, &who, &mut conn, None, form).await?;
        return Ok(Err(Page::conflict(CoursePage { alike, ..page })));
    }
    add(&desk.ctx, &who.actor(), &course, fields.attempt().as_ref()).await?;
    Ok(Ok(Redirect::to(paths::office::courses().done("saved"))))
}

/// The form of a course that is there.
fn filled(listed: &Listed<Course>) -> FormState {
    let (course, mut form) = (&listed.record, FormState::default());
    form.keep("title", &course.title);
    form.keep("summary", &course.summary);
    form.keep("campaign", &course.campaign);
    form.keep("for_whom", course.words.for_whom.as_deref().unwrap_or_default());
    form.keep("outcomes", course.words.outcomes.join("\n"));
    form.keep("hours", (f64::from(course.learning_minutes) / 60.0).to_string());
    form.keep("capacity", course.default_capacity.to_string());
    form.keep("guardian", if course.needs_guardian { "1" } else { "" });
    form.keep("archived", if listed.is_archived { "1" } else { "" });
    for one in &course.prerequisites {
        form.keep(&format!("before-{}", one.slug), "1");
    }
    form.keep(DRAWN, Drawn::of(listed).to_string());
    form
}

#[get("/office/courses/<slug>")]
async fn show_course(
    desk: &State<Desk>,
    who: Granted<ManageCourses>,
    slug: CourseSlug,
) -> Result<Either<Page<CoursePage>, Redirect>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    if let Some(kept) = catalogue_merges::successor_of_course(&mut conn, &slug).await? {
        return Ok(Either::Right(Redirect::to(paths::office::course(&kept))));
    }
    let course = course(&mut conn, &slug).await?;
    let archived = catalogue::archived_courses(&mut conn).await?.contains(&slug);
    let listed = Listed { record: course, is_archived: archived };
    let (form, course) = (filled(&listed), listed.record);
    Ok(Either::Left(Page::ok(course_page(desk, &who, &mut conn, Some(&course), form).await?)))
}

#[post("/office/courses/<slug>", data = "<fields>")]
async fn save_course(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ManageCourses>,
    slug: CourseSlug,
    fields: Fields,
) -> Result<SavedCourse, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let known = course(&mut conn, &slug).await?;
    let all = catalogue::courses(&mut conn).await?;
    let (mut form, course) = read_course(&fields, slug, &all, Some(&known));
    let Some(course) = course else {
        let page = course_page(desk, &who, &mut conn, Some(&known), form).await?;
        return Ok(Err(Page::unprocessable(page)));
    };
    drop(conn);
    let title = (course.title.as_str(), Some(&known));
    let alike = courses_alike(desk, &fields, |words| form.fault("title", words), title).await?;
    if !alike.is_empty() {
        form.keep(DRAWN, fields.get(DRAWN));
        let mut conn = desk.ctx.store.read().await?;
        let page = course_page(desk, &who, &mut conn, Some(&known), form).await?;
        return Ok(Err(Page::conflict(CoursePage { alike, ..page })));
    }
    let sent = Listed { record: course, is_archived: fields.is("archived", "1") };
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    match change_course(&desk.ctx, &actor, &sent, drawn.as_ref()).await {
        Ok(0) => Ok(Ok(Redirect::to(paths::office::courses().done("saved")))),
        Ok(people) => {
            Ok(Ok(Redirect::to(paths::office::courses().done(format_args!("saved-{people}")))))
        }
        Err(EditError::NoSuch) => Err(Failure::NotFound),
        Err(EditError::Store(error)) => Err(error.into()),
        Err(EditError::Conflicts(conflicts)) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
            let reader = (&actor, zone);
            edited::tell(&mut conn, &mut form, &conflicts, reader, str::to_owned).await?;
            let page = course_page(desk, &who, &mut conn, Some(&known), form).await?;
            Ok(Err(Page::conflict(page)))
        }
    }
}
