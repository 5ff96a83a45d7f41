//! The turnout of a season, on a page and as files.

use std::collections::HashSet;

use askama::Template;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeZone};
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    domain::{
        pledge::{Turnout, TurnoutLine},
        session::Publication,
        wording,
    },
    store::{catalogue, institutions, pledges, sessions},
    web::{
        Desk,
        asked::{self, Unusable},
        download::Download,
        failure::Failure,
        forms::{FormState, form_fields},
        guard::{Granted, WatchSessions},
        office::turnout::season::{By, Season},
        page::{Area, Chrome, Page},
        paging::{self, Pager},
        paths::{self, Href},
        plot,
        spreadsheet::{to_csv, to_xlsx},
        words::zone_of,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, csv, xlsx]
}

type Who = Granted<WatchSessions>;

form_fields! {
    /// From which day to which, and only what is called so.
    enum Field {
        From = "from",
        To = "to",
        Words = "q",
    }
}

#[derive(Template)]
#[template(path = "office/turnout/show.html")]
struct TurnoutPage {
    chrome: Chrome,
    /// From which day to which; what is wrong with them.
    form: FormState<Field>,
    by: By,
    lines: Vec<TurnoutLine>,
    total: Turnout,
    sessions: usize,
    /// The longest bar of all pages.
    most: u32,
    words: String,
    pager: Pager,
}

impl TurnoutPage {
    fn head(&self) -> &'static str {
        By::ALL.iter().find(|one| one.0 == self.by).map_or("", |one| one.2)
    }

    /// The same days elsewhere, or added up otherwise.
    fn same_days(&self, href: Href, by: &str) -> Href {
        let (from, to) = (self.form.value(Field::From), self.form.value(Field::To));
        let href = href.with("from", from).with("to", to).with("by", by);
        if self.words.is_empty() { href } else { href.with("q", &self.words) }
    }

    fn csv_href(&self) -> Href {
        self.same_days(paths::office::turnout_csv(), self.by_word())
    }

    fn xlsx_href(&self) -> Href {
        self.same_days(paths::office::turnout_xlsx(), self.by_word())
    }

    fn by_word(&self) -> &'static str {
        By::ALL.iter().find(|one| one.0 == self.by).map_or("", |one| one.1)
    }

    fn choices(&self) -> Vec<(Href, &'static str, bool)> {
        let choice = |one: &(By, &'static str, &'static str)| {
            (self.same_days(paths::office::turnout(), one.1), one.2, one.0 == self.by)
        };
        By::ALL.iter().map(choice).collect()
    }

    fn about(&self) -> String {
        wording::count(self.sessions, "session", "sessions")
    }
}

/// Which season, and by what.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    from: Option<&'r str>,
    to: Option<&'r str>,
    by: Option<&'r str>,
    q: Option<&'r str>,
    page: Option<&'r str>,
}

/// The longest bar of a table.
fn most(lines: &[TurnoutLine]) -> u32 {
    let all = lines.iter().map(|line| line.turnout);
    all.map(|one| one.pledged.max(one.named).max(one.attended)).max().unwrap_or(0)
}

impl Asked<'_> {
    fn by(&self) -> Result<By, Unusable> {
        let words = By::ALL.map(|one| one.1);
        let known = asked::is("by", self.by, &words)?;
        Ok(known.map_or(By::default(), |at| By::ALL[at].0))
    }
}

/// The season a day is in, from 1 September to 31 August.
fn season_of(day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let year = if day.month() >= 9 { day.year() } else { day.year() - 1 };
    Some((NaiveDate::from_ymd_opt(year, 9, 1)?, NaiveDate::from_ymd_opt(year + 1, 8, 31)?))
}

/// The days asked for; what is wrong with them stands in the form, and the season is shown.
fn days(desk: &Desk, asked: &Asked<'_>) -> (FormState<Field>, NaiveDate, NaiveDate) {
    let today = desk.ctx.now().date_naive();
    let season = season_of(today).unwrap_or((today, today));
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
    let (from, to) = (day(Field::From, asked.from, season.0), day(Field::To, asked.to, season.1));
    if to < from {
        form.fault(Field::To, "The last day must not be before the first");
    }
    form.fill(Field::From, from.to_string());
    form.fill(Field::To, to.to_string());
    (form, from, to)
}

async fn season(
    desk: &Desk,
    who: &Who,
    asked: &Asked<'_>,
) -> Result<(FormState<Field>, Season), Failure> {
    let (form, from, to) = days(desk, asked);
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let zone = zone_of(&who.member, &alliances);
    let at = |day: NaiveDate| {
        let midnight = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
        midnight.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |at| at.to_utc())
    };
    let window = (at(from), at(to.succ_opt().unwrap_or(to)));
    let mut sessions = sessions::ending_after(&mut conn, window.0).await?;
    sessions.retain(|one| {
        let starts = one.starts_at().is_some_and(|at| (window.0..window.1).contains(&at));
        starts && one.publication != Publication::Draft && who.reaches(&one.alliance.slug)
    });
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut cells = pledges::cells(&mut conn, window, within).await?;
    let known: HashSet<_> = sessions.iter().map(|one| &one.code).collect();
    cells.retain(|cell| known.contains(&cell.session));
    let institutions = institutions::all(&mut conn).await?;
    Ok((form, Season { cells, sessions, institutions, alliances }))
}

/// The season, for a file: it has no room to say what is wrong with the days asked for.
fn whole((form, season): (FormState<Field>, Season)) -> Result<Season, Failure> {
    for (name, field) in [("from", Field::From), ("to", Field::To)] {
        if let Some(fault) = form.error(field) {
            return Err(Unusable::new(name, form.value(field), fault).into());
        }
    }
    Ok(season)
}

#[get("/office/turnout?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    asked: Asked<'_>,
) -> Result<Page<TurnoutPage>, Failure> {
    let (by, words) = (asked.by()?, asked::words("q", asked.q)?);
    let number = paging::asked(asked.page)?;
    let (mut form, season) = season(desk, &who, &asked).await?;
    form.fill(Field::Words, words);
    let is_valid = form.is_valid();
    let season = season.narrowed(by, words);
    let lines = season.lines(by);
    let word = By::ALL.iter().find(|one| one.0 == by).map_or("", |one| one.1);
    let narrowed = [
        ("from", form.value(Field::From)),
        ("to", form.value(Field::To)),
        ("by", word),
        ("q", words),
    ];
    let page = TurnoutPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        pager: Pager::of(number, paging::total(&lines), paths::office::turnout(), &narrowed)?,
        form,
        by,
        most: most(&lines),
        lines: paging::part(lines, number),
        total: season.total(),
        sessions: season.sessions.len(),
        words: words.to_owned(),
    };
    Ok(if is_valid { Page::ok(page) } else { Page::unprocessable(page) })
}

#[get("/office/turnout.csv?<asked..>")]
async fn csv(desk: &State<Desk>, who: Who, asked: Asked<'_>) -> Result<Download, Failure> {
    let by = asked.by()?;
    let words = asked::words("q", asked.q)?;
    let season = whole(season(desk, &who, &asked).await?)?.narrowed(by, words);
    Download::csv("turnout", to_csv(&season.table(by)))
}

#[get("/office/turnout.xlsx?<asked..>")]
async fn xlsx(desk: &State<Desk>, who: Who, asked: Asked<'_>) -> Result<Download, Failure> {
    let (by, words) = (asked.by()?, asked::words("q", asked.q)?);
    let season = whole(season(desk, &who, &asked).await?)?.narrowed(by, words);
    Download::xlsx("season", to_xlsx(&season.tables()))
}
