//! The form of a path.

use super::Who;
use crate::{
    domain::{
        alliance::Alliance,
        course::Course,
        edit::{Drawn, Listed},
        id::{AllianceSlug, PathSlug},
        path::{Hours, Path, PathCourse, PathRules, typed_hours},
        text::{Line, Name, Paragraph},
    },
    web::{
        fields::Fields,
        form::FormState,
        forms::{ATTEMPT, edited::DRAWN, text::complaint},
    },
};

/// What stands on it, but for the courses.
const FIELDS: [&str; 9] = [
    "name",
    "about",
    "alliance",
    "training",
    "action",
    "quiet_months",
    "actions",
    "in_order",
    "repeats",
];

/// The field that says of a course whether it counts and is required.
pub fn course_field(course: &Course) -> String {
    format!("course-{}", course.slug)
}

/// The field that says at which place a required course stands.
pub fn order_field(course: &Course) -> String {
    format!("order-{}", course.slug)
}

fn tick(is: bool) -> &'static str {
    if is { "1" } else { "" }
}

/// An empty form, with fifty and fifty.
pub fn empty(attempt: String) -> FormState {
    let mut form = FormState::default();
    form.keep("training", "50");
    form.keep("action", "50");
    form.keep("quiet_months", "6");
    form.keep(ATTEMPT, attempt);
    form
}

/// The form of a path that is there.
pub fn filled(listed: &Listed<Path>) -> FormState {
    let (path, mut form) = (&listed.record, FormState::default());
    form.keep("name", &path.name);
    form.keep("about", path.about.as_deref().unwrap_or_default());
    form.keep("alliance", path.alliance.as_ref().map_or("", AllianceSlug::as_str));
    form.keep("training", path.rules.training.to_string());
    form.keep("action", path.rules.action.to_string());
    form.keep("quiet_months", path.quiet_months.to_string());
    form.keep("actions", path.rules.actions.join("\n"));
    form.keep("in_order", tick(path.rules.in_order));
    form.keep("repeats", tick(path.rules.repeats));
    form.keep("archived", tick(listed.is_archived));
    for (at, course) in (1..).zip(&path.rules.courses) {
        let counts = if course.is_required { "required" } else { "counts" };
        form.keep(&format!("course-{}", course.slug), counts);
        form.keep(&format!("order-{}", course.slug), i32::to_string(&at));
    }
    form.keep(DRAWN, Drawn::of(listed).to_string());
    form
}

/// Reads a path; what must be put right stands in the form. What was not sent stays as it is known.
pub fn read(
    fields: &Fields,
    who: &Who,
    known: Option<&Path>,
    (courses, alliances): (&[Course], &[Alliance]),
) -> (FormState, Option<Path>) {
    let mut form = match known {
        Some(path) => filled(&Listed { record: path.clone(), is_archived: false }),
        None => FormState::default(),
    };
    for field in FIELDS {
        let is_box = matches!(field, "in_order" | "repeats");
        if fields.was_sent(field) || is_box || known.is_none() {
            form.keep(field, fields.get(field));
        }
    }
    form.keep("archived", fields.get("archived"));
    for field in [DRAWN, ATTEMPT] {
        form.keep(field, fields.get(field));
    }
    let name = Name::parse(form.value("name"));
    if let Err(fault) = name {
        form.fault("name", complaint(fault, "a name"));
    }
    let about = Paragraph::parse_optional(form.value("about"));
    if about.is_err() {
        form.fault("about", "Use ordinary letters and signs, up to 1,000 of them");
    }
    let alliance = alliance(&mut form, who, (known, alliances));
    let (training, action) = (hours(&mut form, "training"), hours(&mut form, "action"));
    let months = form.value("quiet_months").trim().parse().ok();
    let months = months.filter(|months| (1..=60).contains(months));
    if months.is_none() {
        form.fault("quiet_months", "Enter a whole number of months from 1 to 60");
    }
    let chosen = read_courses(fields, &mut form, courses);
    let actions = actions(&mut form);
    let rules = PathRules {
        training: training.unwrap_or_default(),
        action: action.unwrap_or_default(),
        courses: chosen,
        in_order: form.ticked("in_order"),
        repeats: form.ticked("repeats"),
        actions,
    };
    form.ticked("archived");
    if form.is_valid() && rules.training.0 == 0 && rules.action.0 == 0 {
        form.fault("training", "Enter hours of training, of action, or of both");
    }
    if form.is_valid() && rules.courses.is_empty() && rules.training.0 > 0 {
        form.fault("courses", "Choose at least one course that counts");
    }
    let path = || -> Option<Path> {
        let name = name.ok()?.to_string();
        let slug = known.map_or_else(|| PathSlug::from_name(&name, 1), |path| path.slug.clone());
        Some(Path {
            slug,
            name,
            about: about.ok()?.map(|text| text.as_str().to_owned()),
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
    form: &mut FormState,
    who: &Who,
    (known, alliances): (Option<&Path>, &[Alliance]),
) -> Option<Option<AllianceSlug>> {
    let hers: Vec<_> = alliances.iter().filter(|one| who.reaches(&one.slug)).collect();
    let typed = form.value("alliance").to_owned();
    if let Some(one) = hers.iter().find(|one| one.slug.as_str() == typed) {
        return Some(Some(one.slug.clone()));
    }
    match (typed.as_str(), hers.as_slice()) {
        ("", _) if who.reaches_everything() => return Some(None),
        ("", [only]) if known.is_none() => return Some(Some(only.slug.clone())),
        _ => form.fault("alliance", "Choose one of your alliances"),
    }
    None
}

fn hours(form: &mut FormState, field: &str) -> Option<Hours> {
    let minutes = typed_hours(form.value(field), 0);
    if minutes.is_err() {
        form.fault(field, "Enter hours, such as 50 or 12.5, up to 1,000");
    }
    minutes.ok().map(Hours)
}

/// The courses that count: those that were put in an order first, by their number, then the others as listed.
fn read_courses(fields: &Fields, form: &mut FormState, courses: &[Course]) -> Vec<PathCourse> {
    let mut chosen: Vec<(u32, PathCourse)> = Vec::new();
    for course in courses {
        let (counts, order) = (course_field(course), order_field(course));
        for field in [&counts, &order] {
            if fields.was_sent(field) {
                form.keep(field, fields.get(field));
            }
        }
        let at = match form.value(&order).trim() {
            "" => u32::MAX,
            typed => match typed.parse().ok().filter(|at| (1..=999).contains(at)) {
                Some(at) => at,
                None => {
                    form.fault(&order, format!("Enter a whole number for {}", course.title));
                    continue;
                }
            },
        };
        let is_required = match form.value(&counts) {
            "" => continue,
            "counts" | "1" => false,
            "required" => true,
            _ => {
                form.fault(&counts, format!("Choose whether {} counts", course.title));
                continue;
            }
        };
        let (slug, title) = (course.slug.clone(), course.title.clone());
        chosen.push((at, PathCourse { slug, title, is_required }));
    }
    chosen.sort_by_key(|(at, _)| *at);
    chosen.into_iter().map(|(_, course)| course).collect()
}

/// The kinds of action that count, one a line.
fn actions(form: &mut FormState) -> Vec<String> {
    let typed = form.value("actions").to_owned();
    let lines = typed.split(['\n', ';']).map(Line::<60>::parse_optional);
    match lines.collect::<Result<Vec<_>, _>>() {
        Ok(lines) => lines.into_iter().flatten().map(|line| line.to_string()).collect(),
        Err(_) => {
            form.fault("actions", "Use ordinary letters and signs, up to 60 in each line");
            Vec::new()
        }
    }
}
