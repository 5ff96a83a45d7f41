//! The form of a path.

use super::Who;
use crate::{
    domain::{
        alliance::Alliance,
        course::Course,
        edit::{Drawn, Listed},
        id::{AllianceSlug, CourseSlug, PathSlug},
        path::{Hours, Path, PathCourse, PathRules, typed_hours},
        text::{Line, Paragraph},
    },
    web::forms::{FieldFault, Fields, FormField, FormState, WholeForm, form_fields},
};

form_fields! {
    /// What stands on it, but for the courses.
    pub enum Field {
        Name = "name",
        About = "about",
        Alliance = "alliance",
        Training = "training",
        Action = "action",
        Courses = "courses",
        InOrder = "in_order",
        Repeats = "repeats",
        Actions = "actions",
        QuietMonths = "quiet_months",
        Archived = "archived",
    }
}

/// What is said of one course.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Whether it counts and is required.
    pub counts: String,
    /// At which place it stands, where it is required.
    pub order: String,
    /// What is wrong with the one or the other.
    pub counts_fault: Option<String>,
    pub order_fault: Option<String>,
}

/// The form, with what is said of each course.
#[derive(Debug, Default)]
pub struct PathForm {
    pub state: FormState<Field>,
    courses: Vec<(CourseSlug, Choice)>,
}

impl PathForm {
    /// What is said of a course.
    pub fn choice(&self, slug: &CourseSlug) -> Choice {
        let known = self.courses.iter().find(|(one, _)| one == slug);
        known.map(|(_, choice)| choice.clone()).unwrap_or_default()
    }

    fn choose(&mut self, slug: &CourseSlug, choice: Choice) {
        self.courses.retain(|(one, _)| one != slug);
        self.courses.push((slug.clone(), choice));
    }

    pub fn is_valid(&self) -> bool {
        self.faults().is_empty()
    }

    /// Every fault in page order, for the summary.
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        for field in Field::FIELDS {
            if let Some(message) = self.state.error(field) {
                let (field, message) = (field.id().into_owned(), message.to_owned());
                faults.push(FieldFault { field, message });
            }
            if *field == Field::Courses {
                faults.extend(self.courses.iter().flat_map(|(slug, one)| {
                    let counts = one.counts_fault.clone().map(|fault| (course_field(slug), fault));
                    let order = one.order_fault.clone().map(|fault| (order_field(slug), fault));
                    let told = counts.into_iter().chain(order);
                    told.map(|(field, message)| FieldFault { field, message })
                }));
            }
        }
        faults
    }
}

/// The field that says of a course whether it counts and is required.
pub fn course_field(slug: &CourseSlug) -> String {
    format!("course-{slug}")
}

/// The field that says at which place a required course stands.
pub fn order_field(slug: &CourseSlug) -> String {
    format!("order-{slug}")
}

fn tick(is: bool) -> &'static str {
    if is { "1" } else { "" }
}

/// An empty form, with fifty and fifty.
pub fn empty(attempt: String) -> PathForm {
    let mut form = PathForm::default();
    form.state.fill(Field::Training, "50");
    form.state.fill(Field::Action, "50");
    form.state.fill(Field::QuietMonths, "6");
    form.state.attempt_as(attempt);
    form
}

/// The form of a path that is there.
pub fn filled(listed: &Listed<Path>) -> PathForm {
    let (path, mut form) = (&listed.record, PathForm::default());
    let state = &mut form.state;
    state.fill(Field::Name, &path.name);
    state.fill(Field::About, path.about.as_deref().unwrap_or_default());
    state.fill(Field::Alliance, path.alliance.as_ref().map_or("", AllianceSlug::as_str));
    state.fill(Field::Training, path.rules.training.to_string());
    state.fill(Field::Action, path.rules.action.to_string());
    state.fill(Field::QuietMonths, path.quiet_months.to_string());
    state.fill(Field::Actions, path.rules.actions.join("\n"));
    state.fill(Field::InOrder, tick(path.rules.in_order));
    state.fill(Field::Repeats, tick(path.rules.repeats));
    state.fill(Field::Archived, tick(listed.is_archived));
    state.draw_from(Drawn::of(listed).to_string());
    for (at, course) in (1..).zip(&path.rules.courses) {
        let counts = if course.is_required { "required" } else { "counts" }.to_owned();
        let choice = Choice { counts, order: i32::to_string(&at), ..Choice::default() };
        form.choose(&course.slug, choice);
    }
    form
}

/// What was sent; what was not stays as it is known, but for boxes: an empty one is not sent.
fn sent(fields: &Fields, known: Option<&Path>) -> PathForm {
    let mut form = match known {
        Some(path) => filled(&Listed { record: path.clone(), is_archived: false }),
        None => PathForm::default(),
    };
    let sent = FormState::sent(fields);
    for field in Field::FIELDS {
        let is_box = matches!(field, Field::InOrder | Field::Repeats | Field::Archived);
        if fields.was_sent(&field.name()) || is_box {
            form.state.fill(*field, sent.value(field));
        }
    }
    form.state.draw_from(sent.drawn());
    form.state.attempt_as(sent.attempt());
    form
}

/// Reads a path; what must be put right stands in the form. What was not sent stays as it is known.
pub fn read(
    fields: &Fields,
    who: &Who,
    known: Option<&Path>,
    (courses, alliances): (&[Course], &[Alliance]),
) -> (PathForm, Option<Path>) {
    let mut form = sent(fields, known);
    let chosen = read_courses(fields, &mut form, courses);
    let is_right = form.is_valid();
    let state = &mut form.state;
    let name = state.line::<120>(Field::Name, "a name");
    let about = Paragraph::parse_optional(state.value(Field::About));
    let words = "Use ordinary letters and signs, up to 1,000 of them";
    let about = state.take(Field::About, about, |_| words.to_owned());
    let alliance = alliance(state, who, (known, alliances));
    let (training, action) = (hours(state, Field::Training), hours(state, Field::Action));
    let words = "Enter a whole number of months from 1 to 60";
    let months = state.count(Field::QuietMonths, 1..=60, words);
    let actions = actions(state);
    let rules = PathRules {
        training: training.unwrap_or_default(),
        action: action.unwrap_or_default(),
        courses: chosen,
        in_order: state.ticked(Field::InOrder),
        repeats: state.ticked(Field::Repeats),
        actions,
    };
    state.ticked(Field::Archived);
    if is_right && state.is_valid() && rules.training.0 == 0 && rules.action.0 == 0 {
        state.fault(Field::Training, "Enter hours of training, of action, or of both");
    }
    if is_right && state.is_valid() && rules.courses.is_empty() && rules.training.0 > 0 {
        state.fault(Field::Courses, "Choose at least one course that counts");
    }
    let path = || -> Option<Path> {
        let name = name?.to_string();
        let slug = known.map_or_else(|| PathSlug::from_name(&name, 1), |path| path.slug.clone());
        Some(Path {
            slug,
            name,
            about: about?.map(|text| text.as_str().to_owned()),
            alliance: alliance?,
            quiet_months: months?,
            rules,
        })
    };
    let path = path().filter(|_| form.is_valid());
    (form, path)
}

/// Whose path it is; all alliances' only where an administrator says so.
fn alliance(
    form: &mut FormState<Field>,
    who: &Who,
    (known, alliances): (Option<&Path>, &[Alliance]),
) -> Option<Option<AllianceSlug>> {
    let hers: Vec<_> = alliances.iter().filter(|one| who.reaches(&one.slug)).collect();
    let typed = form.value(Field::Alliance).to_owned();
    if let Some(one) = hers.iter().find(|one| one.slug.as_str() == typed) {
        return Some(Some(one.slug.clone()));
    }
    match (typed.as_str(), hers.as_slice()) {
        ("", _) if who.reaches_everything() => return Some(None),
        ("", [only]) if known.is_none() => return Some(Some(only.slug.clone())),
        _ => form.fault(Field::Alliance, "Choose one of your alliances"),
    }
    None
}

fn hours(form: &mut FormState<Field>, field: Field) -> Option<Hours> {
    let minutes = typed_hours(form.value(field), 0);
    if minutes.is_err() {
        form.fault(field, "Enter hours, such as 50 or 12.5, up to 1,000");
    }
    minutes.ok().map(Hours)
}

/// The courses that count: those that were put in an order first, by their number, then the others as listed.
fn read_courses(fields: &Fields, form: &mut PathForm, courses: &[Course]) -> Vec<PathCourse> {
    let mut chosen: Vec<(u32, PathCourse)> = Vec::new();
    for course in courses {
        let mut choice = form.choice(&course.slug);
        let (counts, order) = (course_field(&course.slug), order_field(&course.slug));
        if fields.was_sent(&counts) {
            choice.counts = fields.get(&counts).to_owned();
        }
        if fields.was_sent(&order) {
            choice.order = fields.get(&order).to_owned();
        }
        let at = match choice.order.trim() {
            "" => Some(u32::MAX),
            typed => typed.parse().ok().filter(|at| (1..=999).contains(at)),
        };
        let is_required = match choice.counts.as_str() {
            "" => Some(None),
            "counts" | "1" => Some(Some(false)),
            "required" => Some(Some(true)),
            _ => None,
        };
        match (at, is_required) {
            (None, _) => {
                choice.order_fault = Some(format!("Enter a whole number for {}", course.title));
            }
            (_, None) => {
                choice.counts_fault = Some(format!("Choose whether {} counts", course.title));
            }
            (Some(_), Some(None)) => {}
            (Some(at), Some(Some(is_required))) => {
                let (slug, title) = (course.slug.clone(), course.title.clone());
                chosen.push((at, PathCourse { slug, title, is_required }));
            }
        }
        form.choose(&course.slug, choice);
    }
    chosen.sort_by_key(|(at, _)| *at);
    chosen.into_iter().map(|(_, course)| course).collect()
}

/// The kinds of action that count, one a line.
fn actions(form: &mut FormState<Field>) -> Vec<String> {
    let typed = form.value(Field::Actions).to_owned();
    let lines = typed.split(['\n', ';']).map(Line::<60>::parse_optional);
    match lines.collect::<Result<Vec<_>, _>>() {
        Ok(lines) => lines.into_iter().flatten().map(|line| line.to_string()).collect(),
        Err(_) => {
            form.fault(Field::Actions, "Use ordinary letters and signs, up to 60 in each line");
            Vec::new()
        }
    }
}
