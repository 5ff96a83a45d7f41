//! What people thought over time: by month, course, trainer or alliance.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeZone};
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    domain::{
        feedback_question::{FEWEST, Trend},
        finding::sort_key,
        session::Session,
    },
    store::{catalogue, feedback_questions, sessions},
    web::{
        Desk,
        asked::{self, Unusable},
        download::Download,
        failure::Failure,
        forms::{FormState, form_fields},
        guard::{Granted, WatchSessions},
        page::{Area, Chrome, Page},
        paths::{self, Href},
        spreadsheet::{Cell, Table, to_csv},
        words::zone_of,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, csv]
}

type Who = Granted<WatchSessions>;

form_fields! {
    enum Field {
        From = "from",
        To = "to",
    }
}

/// By what the answers are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Month,
    Course,
    Trainer,
    Alliance,
}

const ALL: [(By, &str, &str); 4] = [
    (By::Month, "month", "Month"),
    (By::Course, "course", "Course"),
    (By::Trainer, "trainer", "Trainer"),
    (By::Alliance, "alliance", "Alliance"),
];

/// One line of the table.
struct Line {
    name: String,
    trend: Trend,
}

#[derive(Template)]
#[template(path = "office/feedback/over_time.html")]
struct OverTimePage {
    chrome: Chrome,
    form: FormState<Field>,
    by: usize,
    lines: Vec<Line>,
}

impl OverTimePage {
    fn head(&self) -> &'static str {
        ALL[self.by].2
    }

    fn ways(&self) -> Vec<(Href, &'static str, bool)> {
        let way = |(at, one): (usize, &(By, &str, &'static str))| {
            (self.days(paths::feedback::over_time(), at), one.2, at == self.by)
        };
        ALL.iter().enumerate().map(way).collect()
    }

    fn days(&self, href: Href, by: usize) -> Href {
        let days = [("from", self.form.value(Field::From)), ("to", self.form.value(Field::To))];
        days.into_iter().fold(href.with("by", ALL[by].1), |href, (name, day)| href.with(name, day))
    }

    fn file(&self) -> Href {
        self.days(paths::feedback::over_time_csv(), self.by)
    }

    fn fewest(&self) -> usize {
        FEWEST
    }
}

#[derive(Debug, FromForm)]
struct Asked<'r> {
    by: Option<&'r str>,
    from: Option<&'r str>,
    to: Option<&'r str>,
}

impl Asked<'_> {
    fn by(&self) -> Result<usize, Unusable> {
        Ok(asked::is("by", self.by, &ALL.map(|one| one.1))?.unwrap_or(0))
    }

    /// The days that are asked for: the last year, where none are. What is wrong stands in the form.
    fn days(&self, today: NaiveDate) -> (FormState<Field>, NaiveDate, NaiveDate) {
        let mut form = FormState::default();
        let mut day = |field: Field, typed: Option<&str>, usual: NaiveDate| {
            let typed = typed.unwrap_or_default().trim();
            match typed.parse::<NaiveDate>() {
                _ if typed.is_empty() => usual,
                Ok(day) if (2000..=2100).contains(&day.year()) => day,
                _ => {
                    form.fault(field, "Enter a date, such as 2026-09-01");
                    usual
                }
            }
        };
        let year = today.checked_sub_days(chrono::Days::new(365)).unwrap_or(today);
        let (from, to) = (day(Field::From, self.from, year), day(Field::To, self.to, today));
        if to < from {
            form.fault(Field::To, "The last day must not be before the first");
        }
        form.fill(Field::From, from.to_string());
        form.fill(Field::To, to.to_string());
        (form, from, to)
    }
}

/// What a session is added up under: several, where several led it.
fn keys(by: By, session: &Session) -> Vec<(Vec<u8>, String)> {
    let named = |name: &str| (sort_key(name), name.to_owned());
    match by {
        By::Month => {
            let day = session.sittings.first().map(|day| day.starts.date());
            let month = |day: NaiveDate| {
                // Latest first.
                let order = format!("{:05}", 99_999 - (day.year() * 12 + day.month0() as i32));
                (order.into_bytes(), day.format("%B %Y").to_string())
            };
            day.map(month).into_iter().collect()
        }
        By::Course => vec![named(&session.course.title)],
        By::Alliance => vec![named(&session.alliance.name)],
        By::Trainer => session.trainers.iter().map(|one| named(&one.name)).collect(),
    }
}

async fn lines(
    desk: &Desk,
    who: &Who,
    by: By,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Line>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let at = |day: NaiveDate| {
        let midnight = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
        midnight.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |at| at.to_utc())
    };
    let window = (at(from), at(to.succ_opt().unwrap_or(to)));
    let given = feedback_questions::given(&mut conn, window).await?;
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let all = sessions::ending_after(&mut conn, window.0).await?;
    let known: HashMap<_, _> = all.iter().map(|one| (&one.code, one)).collect();
    let mut by_code: HashMap<_, Vec<_>> = HashMap::new();
    for one in &given {
        by_code.entry(&one.session).or_default().push(one);
    }
    let mut sums: BTreeMap<(Vec<u8>, String), Trend> = BTreeMap::new();
    for (code, answers) in by_code {
        let Some(session) = known.get(code).filter(|one| who.reaches(&one.alliance.slug)) else {
            continue;
        };
        for key in keys(by, session) {
            let trend = sums.entry(key).or_default();
            trend.sessions += 1;
            answers.iter().for_each(|one| trend.add(one.useful, one.would_recommend, one.people));
        }
    }
    Ok(sums.into_iter().map(|((_, name), trend)| Line { name, trend }).collect())
}

#[get("/office/feedback?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    asked: Asked<'_>,
) -> Result<Page<OverTimePage>, Failure> {
    let by = asked.by()?;
    let (form, from, to) = asked.days(desk.ctx.now().date_naive());
    let lines = lines(desk, &who, ALL[by].0, (from, to)).await?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    let is_valid = form.is_valid();
    let page = OverTimePage { chrome, form, by, lines };
    Ok(if is_valid { Page::ok(page) } else { Page::unprocessable(page) })
}

#[get("/office/feedback.csv?<asked..>")]
async fn csv(desk: &State<Desk>, who: Who, asked: Asked<'_>) -> Result<Download, Failure> {
    let by = asked.by()?;
    let (form, from, to) = asked.days(desk.ctx.now().date_naive());
    if let Some(fault) = form.faults().first() {
        let is_first = form.error(Field::From).is_some();
        let (name, field) = if is_first { ("from", Field::From) } else { ("to", Field::To) };
        return Err(Unusable::new(name, form.value(field), fault.message.clone()).into());
    }
    let number = |count: usize| Cell::Number(i64::try_from(count).unwrap_or(0));
    let row = |line: Line| {
        let Line { name, trend } = line;
        let percent = trend.percent().map(|percent| percent.to_string());
        vec![
            name.as_str().into(),
            number(trend.sessions),
            number(trend.answers),
            trend.mean().unwrap_or_default().as_str().into(),
            percent.unwrap_or_default().as_str().into(),
        ]
    };
    let rows = lines(desk, &who, ALL[by].0, (from, to)).await?.into_iter().map(row).collect();
    let heads = [ALL[by].2, "Sessions", "Answers", "How useful, of 5", "Would tell a friend, %"];
    let heads = heads.map(str::to_owned).to_vec();
    Download::csv("feedback", to_csv(&Table { name: "Feedback", heads, rows }))
}
