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
        forms::{Fields, FormState, WholeForm, edited, form_fields},
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

form_fields! {
    enum Field {
        Title = "title",
        Summary = "summary",
        ForWhom = "for_whom",
        Outcomes = "outcomes",
        Campaign = "campaign",
        Hours = "hours",
        Capacity = "capacity",
        Guardian = "guardian",
        Before = "before",
        Archived = "archived",
    }
}

/// What is typed, and the courses that are ticked to come before it.
type Typed = (FormState<Field>, Vec<CourseSlug>);

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
    form: FormState<Field>,
    /// The courses that are ticked to come before it.
    ticked: Vec<CourseSlug>,
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
    fn is_ticked(&self, course: &Course) -> bool {
        self.ticked.contains(&course.slug)
    }
}

async fn course_page(
    desk: &Desk,
    who: &Granted<ManageCourses>,
    conn: &mut Conn,
    known: Option<&Course>,
    (form, ticked): Typed,
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
        ticked,
        others,
    })
}

async fn course(conn: &mut Conn, slug: &CourseSlug) -> Result<Course, Failure> {
    let all = catalogue::courses(conn).await?;
    all.into_iter().find(|course| course.slug == *slug).ok_or(Failure::NotFound)
}

/// What a course says of itself; a field that was not sent says what is known.
fn read_words(fields: &Fields, form: &mut FormState<Field>, known: Option<&Course>) -> CourseWords {
    let mut words = known.map(|course| course.words.clone()).unwrap_or_default();
    if fields.was_sent_for(Field::ForWhom) {
        match Paragraph::parse_optional(fields.of(Field::ForWhom)) {
            Ok(text) => words.for_whom = text.map(|text| text.as_str().to_owned()),
            Err(_) => {
                form.fault(Field::ForWhom, "Use ordinary letters and signs, up to 1,000 of them");
            }
        }
    }
    if fields.was_sent_for(Field::Outcomes) {
        let lines = fields.of(Field::Outcomes).split(['\n', ';']).map(Line::<200>::parse_optional);
        match lines.collect::<Result<Vec<_>, _>>() {
            Ok(lines) => {
                words.outcomes = lines.into_iter().flatten().map(|line| line.to_string()).collect();
            }
            Err(_) => {
                form.fault(
                    Field::Outcomes,
                    "Use ordinary letters and signs, up to 200 in each line",
                );
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
) -> (Typed, Option<Course>) {
    let mut form = FormState::sent(fields);
    let sent = fields.all_of(Field::Before);
    let before = all
        .iter()
        .filter(|other| other.slug != slug && sent.iter().any(|sent| sent == other.slug.as_str()));
    let prerequisites: Vec<_> = before
        .map(|one| Prerequisite { slug: one.slug.clone(), title: one.title.clone() })
        .collect();
    let ticked = prerequisites.iter().map(|one| one.slug.clone()).collect();
    if prerequisites.len() < sent.len() {
        form.fault(Field::Before, "Choose from the courses there are");
    }
    let needs_guardian = form.ticked(Field::Guardian);
    form.ticked(Field::Archived);
    let title = Name::parse(fields.of(Field::Title));
    if title.is_err() {
        form.fault(Field::Title, "Enter a title, up to 120 letters");
    }
    let summary = Paragraph::parse_optional(fields.of(Field::Summary));
    if summary.is_err() {
        form.fault(Field::Summary, "Use ordinary letters and signs, up to 1,000 of them");
    }
    let campaign = Line::<60>::parse_optional(fields.of(Field::Campaign));
    if campaign.is_err() {
        form.fault(Field::Campaign, "Use ordinary letters and signs, up to 60 of them");
    }
    let hours = fields.of(Field::Hours).trim().parse::<f64>().ok();
    let hours = hours.filter(|hours| (0.0..=1000.0).contains(hours));
    if hours.is_none() {
        form.fault(Field::Hours, "Enter the learning hours, such as 2 or 12.5");
    }
    let words = "Enter a whole number from 1 to 100,000";
    let capacity = form.count(Field::Capacity, 1..=100_000, words);
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
    ((form, ticked), course)
}

#[get("/office/new-course")]
async fn new_course(
    desk: &State<Desk>,
    who: Granted<ManageCourses>,
) -> Result<Page<CoursePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut form = FormState::default();
    form.attempt_as(desk.attempt());
    Ok(Page::ok(course_page(desk, &who, &mut conn, None, (form, vec![])).await?))
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
    let slug = CourseSlug::from_title(fields.of(Field::Title), 1);
    let (mut typed, course) = read_course(&fields, slug, &all, None);
    let Some(course) = course else {
        let page = course_page(desk, &who, &mut conn, None, typed).await?;
        return Ok(Err(Page::unprocessable(page)));
    };
    drop(conn);
    let say = |words| typed.0.fault(Field::Title, words);
    let alike = courses_alike(desk, &fields, say, (&course.title, None)).await?;
    if !alike.is_empty() {
        let mut conn = desk.ctx.store.read().await?;
        let page = course_page(desk, &who, &mut conn, None, typed).await?;
        return Ok(Err(Page::conflict(CoursePage { alike, ..page })));
    }
    add(&desk.ctx, &who.actor(), &course, fields.attempt().as_ref()).await?;
    Ok(Ok(Redirect::to(paths::office::courses().done("saved"))))
}

/// The form of a course that is there.
fn filled(listed: &Listed<Course>) -> Typed {
    let (course, mut form) = (&listed.record, FormState::default());
    form.fill(Field::Title, &course.title);
    form.fill(Field::Summary, &course.summary);
    form.fill(Field::Campaign, &course.campaign);
    form.fill(Field::ForWhom, course.words.for_whom.as_deref().unwrap_or_default());
    form.fill(Field::Outcomes, course.words.outcomes.join("\n"));
    form.fill(Field::Hours, (f64::from(course.learning_minutes) / 60.0).to_string());
    form.fill(Field::Capacity, course.default_capacity.to_string());
    form.fill(Field::Guardian, if course.needs_guardian { "1" } else { "" });
    form.fill(Field::Archived, if listed.is_archived { "1" } else { "" });
    form.draw_from(Drawn::of(listed).to_string());
    (form, course.prerequisites.iter().map(|one| one.slug.clone()).collect())
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
    let (mut typed, course) = read_course(&fields, slug, &all, Some(&known));
    let Some(course) = course else {
        let page = course_page(desk, &who, &mut conn, Some(&known), typed).await?;
        return Ok(Err(Page::unprocessable(page)));
    };
    drop(conn);
    let title = (course.title.as_str(), Some(&known));
    let say = |words| typed.0.fault(Field::Title, words);
    let alike = courses_alike(desk, &fields, say, title).await?;
    if !alike.is_empty() {
        let mut conn = desk.ctx.store.read().await?;
        let page = course_page(desk, &who, &mut conn, Some(&known), typed).await?;
        return Ok(Err(Page::conflict(CoursePage { alike, ..page })));
    }
    let sent = Listed { record: course, is_archived: fields.has(Field::Archived, "1") };
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    match change_course(&desk.ctx, &actor, &sent, drawn.as_ref()).await {
        Ok(0) => Ok(Ok(Redirect::to(paths::office::courses().done("saved")))),
        Ok(people) => {
            Ok(Ok(Redirect::to(paths::office::courses().done(format_args!("saved-{people}")))))
        }
        Err(EditError::NoSuch) => Err(Failure::NotFound),
        Err(EditError::Store(error)) => Err(error.into()),
        Err(EditError::Conflicts(conflicts)) => {
            let (mut typed, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
            let reader = (&actor, zone);
            let field = |key: &str| Field::sent_as(key).unwrap_or(Field::Title);
            edited::tell_of(&mut conn, &mut typed.0, &conflicts, reader, field).await?;
            let page = course_page(desk, &who, &mut conn, Some(&known), typed).await?;
            Ok(Err(Page::conflict(page)))
        }
    }
}
