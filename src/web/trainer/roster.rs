//! The roster of a session: needs on screen for trainers, names and signature boxes on paper.

use std::collections::HashMap;

use askama::Template;
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    actions::door::read_roster::read_roster,
    domain::{
        attendance::Presence,
        attendee::Guardian,
        id::{InstitutionCode, PersonId, PlaceId, SessionCode},
        permission::{Permission, allows},
        question::Reader,
        roster::{Came, Roster, RosterLine},
        session::{Publication, Session},
        sitting::Sitting,
        wording,
    },
    store::{
        door, person_records,
        undelivered::{self, Undelivered},
    },
    web::{
        Desk, asked,
        certificate::is_ready,
        failure::Failure,
        guard::SignedIn,
        page::{Chrome, Page},
        paths::{self, Href},
        trainer::{
            helpers::{Helpers, helpers},
            late::late_words,
        },
    },
};

/// Blank lines for people who turn up without a booking.
const WALK_IN_LINES: u32 = 4;

/// Everybody who is coming, as a page and as a sign-in sheet.
#[derive(Template)]
#[template(path = "trainer/roster.html")]
struct RosterPage {
    chrome: Chrome,
    session: Session,
    roster: Roster,
    /// Those of them that are shown, in the order they are shown in.
    shown: Roster,
    /// Whether certificates are ready.
    has_certificates: bool,
    /// What reached us after a day was closed, in words.
    late: Vec<String>,
    /// Blank lines on paper; see [`WALK_IN_LINES`].
    walk_in_lines: u32,
    /// What the list is narrowed to and ordered by.
    view: View,
    /// Addresses at which letters do not arrive.
    lost: Vec<Undelivered>,
    /// Whether whoever looks may look after bookings, and write to people.
    can_manage: bool,
    /// Links for helpers at the door.
    helpers: Helpers,
    notice: Option<&'static str>,
    /// Whom we know on which place.
    people: HashMap<PlaceId, PersonId>,
}

impl RosterPage {
    /// `24 people coming from 9 institutions`.
    pub fn counts(&self) -> String {
        let people = wording::count(self.roster.lines.len(), "person", "people");
        match self.roster.institutions() {
            0 => format!("{people} coming"),
            count => {
                let senders = wording::count(count, "institution", "institutions");
                format!("{people} coming from {senders}")
            }
        }
    }

    /// How many are shown of how many.
    pub fn shown_words(&self) -> String {
        format!("{} of {} people shown.", self.shown.lines.len(), self.roster.lines.len())
    }

    /// When, on one line.
    pub fn when(&self) -> String {
        format!("{}, {}", wording::days(&self.session), wording::hours(&self.session))
    }

    /// The top line of every printed page.
    pub fn running_head(&self) -> String {
        let Session { course, alliance, .. } = &self.session;
        format!("{}, {}, {}", course.title, alliance.name, wording::days(&self.session))
    }

    /// What stands under the title on paper.
    pub fn paper_note(&self) -> String {
        let names: Vec<&str> =
            self.session.trainers.iter().map(|trainer| trainer.name.as_str()).collect();
        let who = match names.len() {
            0 => String::new(),
            1 => format!("Trainer: {}. ", names[0]),
            _ => format!("Trainers: {}. ", wording::list(&names)),
        };
        let booked = wording::count(self.roster.lines.len(), "person", "people");
        let days = if self.session.sittings.len() > 1 { " on each day" } else { "" };
        format!("{who}{booked} booked. Sign next to your name{days}.")
    }

    /// How many columns the printed table has: number, name, institution, one for each day.
    pub fn print_columns(&self) -> usize {
        3 + self.session.sittings.len()
    }

    /// The numbers of the blank lines.
    pub fn walk_ins(&self) -> std::ops::RangeInclusive<u32> {
        let booked = u32::try_from(self.roster.lines.len()).unwrap_or(u32::MAX);
        booked.saturating_add(1)..=booked.saturating_add(self.walk_in_lines)
    }

    /// Whether anybody gave a need, or is under 18.
    pub fn has_needs(&self) -> bool {
        self.roster.lines.iter().any(|line| line.has_need() || self.guardian(line).is_some())
    }

    /// Access needs with whose they are.
    pub fn access(&self) -> Vec<NamedNeed<'_>> {
        self.named(RosterLine::support)
    }

    /// Food that could harm somebody, with whom.
    pub fn dangers(&self) -> Vec<NamedNeed<'_>> {
        self.named(RosterLine::allergy)
    }

    fn named<'a>(&'a self, need: impl Fn(&'a RosterLine) -> Option<&'a str>) -> Vec<NamedNeed<'a>> {
        let lines = self.roster.lines.iter();
        lines.filter_map(|line| Some(NamedNeed { need: need(line)?, name: line.name() })).collect()
    }

    /// People who come with a guardian's name.
    pub fn under_18(&self) -> Vec<&str> {
        let lines = self.roster.lines.iter();
        lines.filter(|line| self.guardian(line).is_some()).map(RosterLine::name).collect()
    }

    /// The other food, counted and without names: `6 halal, 3 vegetarian`.
    pub fn food(&self) -> String {
        let counts = self.roster.food_counts();
        let harmless = counts.iter().filter(|one| !one.is_allergy);
        harmless
            .map(|one| format!("{} {}", one.people, lowered(&one.need)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// `Here 9.02am`, with the day where there are several.
    pub fn came(&self, line: &RosterLine) -> Vec<String> {
        let said = line.came.iter().filter_map(|came| {
            let sitting = self.session.sittings.iter().find(|day| day.number == came.day)?;
            let words = came_words(came, sitting);
            let day = wording::short_date(sitting.starts.date());
            Some(if self.session.sittings.len() > 1 { format!("{day}: {words}") } else { words })
        });
        said.collect()
    }

    /// Whether letters do not reach whoever comes.
    pub fn is_lost(&self, line: &RosterLine) -> bool {
        let of = |one: &&Undelivered| one.reference.to_string() == line.reference;
        self.lost.iter().filter(of).any(|one| one.places.contains(&line.place.number))
    }

    /// Whose record a line leads to, for whoever may see it.
    fn person(&self, line: &RosterLine) -> Option<&PersonId> {
        self.people.get(&line.place.id).filter(|_| self.can_manage)
    }

    fn institution<'l>(&self, line: &'l RosterLine) -> Option<&'l InstitutionCode> {
        line.institution_code.as_ref().filter(|_| self.can_manage)
    }

    /// Where an address is put right.
    fn mends(&self, one: &Undelivered) -> Href {
        paths::records::booking_address(&one.reference, &one.number())
    }

    /// Where another institution begins, in that order.
    pub fn begins(&self, at: &usize) -> Option<&str> {
        let line = self.shown.lines.get(*at).filter(|_| self.view.by_institution)?;
        let before = at.checked_sub(1).and_then(|at| self.shown.lines.get(at));
        let is_new = before.is_none_or(|before| before.institution != line.institution);
        is_new.then(|| line.institution.as_deref().unwrap_or("On their own, or not listed"))
    }

    /// The spreadsheets, in the order that is shown.
    pub fn files(&self) -> [Href; 2] {
        let code = &self.session.code;
        match self.view.by_institution {
            true => [
                paths::trainer::roster_xlsx_by_institution(code),
                paths::trainer::roster_csv_by_institution(code),
            ],
            false => [paths::trainer::roster_xlsx(code), paths::trainer::roster_csv(code)],
        }
    }

    /// The adult responsible for somebody under 18.
    pub fn guardian<'a>(&self, line: &'a RosterLine) -> Option<&'a Guardian> {
        line.place.attendee.as_ref()?.guardian.as_ref()
    }

    /// Whether a row gets the heavy edge.
    pub fn stands_out(&self, line: &RosterLine) -> bool {
        line.must_plan() || self.guardian(line).is_some()
    }

    /// The class of a food need, heavier where it could harm.
    pub fn food_class(&self, line: &RosterLine) -> &'static str {
        if line.ticks().allergy { "need need--access" } else { "need" }
    }

    /// The head of a signature column: `Sat 5 Sep`.
    pub fn sign_head(&self, sitting: &Sitting) -> String {
        wording::short_date(sitting.starts.date())
    }

    fn reader(&self) -> Reader {
        if self.can_manage { Reader::Office } else { Reader::Trainer }
    }

    /// A telephone number for `tel:` links.
    pub fn tel(&self, phone: &str) -> String {
        phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

/// How the roster is shown on screen; paper and spreadsheets hold all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct View {
    /// Words to find.
    pub words: String,
    /// Whether it is ordered by institution, not by name.
    pub by_institution: bool,
    /// Whether only people with needs are shown.
    pub needs_only: bool,
}

impl View {
    /// Whether it shows less than everybody.
    pub fn is_narrowed(&self) -> bool {
        !self.words.is_empty() || self.needs_only
    }
}

/// What the door noted: `Here 9.02am`, `Here`, `Not there`.
pub(super) fn came_words(came: &Came, sitting: &Sitting) -> String {
    let seen = came.seen_at.map(|at| at.with_timezone(&sitting.zone).time());
    match (came.presence, seen) {
        (Presence::Attended, Some(at)) => format!("Here {}", wording::time(at)),
        (Presence::Attended, None) => "Here".to_owned(),
        _ => "Not there".to_owned(),
    }
}

/// A need with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NamedNeed<'a> {
    /// The need in the attendee's words.
    pub need: &'a str,
    /// Whose it is.
    pub name: &'a str,
}

/// `Halal` inside a sentence; abbreviations such as `BSL` stay.
fn lowered(need: &str) -> String {
    let mut letters = need.chars();
    let (first, rest) = (letters.next(), letters.as_str());
    match first {
        Some(first) if !rest.starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => need.to_owned(),
    }
}

/// How the roster is to be shown.
#[derive(Debug, FromForm)]
struct Shown<'r> {
    q: Option<&'r str>,
    sort: Option<&'r str>,
    needs: Option<&'r str>,
    done: Option<&'r str>,
}

#[get("/trainer/sessions/<code>/roster?<shown..>")]
async fn roster(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
    shown: Shown<'_>,
) -> Result<Page<RosterPage>, Failure> {
    let (session, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    let view = View {
        words: shown.q.unwrap_or_default().trim().to_owned(),
        by_institution: asked::is("sort", shown.sort, &["institution", "name"])? == Some(0),
        needs_only: asked::is("needs", shown.needs, &["1"])?.is_some(),
    };
    let notice = (shown.done == Some("helper-ended")).then_some("The link has ended.");
    let mut shown = roster.clone().narrowed(&view.words);
    if view.by_institution {
        shown = shown.by_institution();
    }
    if view.needs_only {
        shown = shown.to_plan_for();
    }
    let mut conn = desk.ctx.store.read().await?;
    let late = door::late(&mut conn, &code).await?;
    let lost = undelivered::of_session(&mut conn, &code).await?;
    let people = person_records::people_of_session(&mut conn, &code).await?;
    let helpers = helpers(desk, &mut conn, &session).await?;
    drop(conn);
    Ok(Page::ok(RosterPage {
        chrome: desk.staff_chrome(&who.member),
        walk_in_lines: WALK_IN_LINES,
        has_certificates: is_ready(desk, &session).await?,
        late: late.iter().map(|one| late_words(one, &session)).collect(),
        can_manage: allows(&who.member, Permission::ManageBookings, &session),
        lost,
        helpers,
        notice,
        people,
        shown,
        view,
        session,
        roster,
    }))
}

pub fn routes() -> Vec<Route> {
    routes![roster]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::page::Area;
    use crate::web::samples::*;

    #[test]
    fn the_roster_keeps_needs_off_paper() {
        let roster = Roster::of(vec![registration(), big_team()]);
        let mut page = RosterPage {
            chrome: chrome(Area::Trainer),
            session: session(),
            shown: roster.clone(),
            roster,
            walk_in_lines: WALK_IN_LINES,
            has_certificates: false,
            late: vec![],
            view: View::default(),
            lost: vec![],
            can_manage: true,
            helpers: Helpers { lines: vec![], days: vec![] },
            notice: None,
            people: HashMap::new(),
        };
        let html = rendered("roster", &page);
        contains_all(
            &html,
            &[
                "body class=\"sheet\"",
                "24 people coming from 2 institutions",
                "Nut allergy, carries an EpiPen",
                "=HYPERLINK(",
                "Under 18: Joy Clarke, 07700 900176",
                "<td class=\"num\">28</td>",
                "href=\"tel:07700900117\"",
                "Sat 12 Sep",
            ],
        );
        for cell in html.split("<td").filter(|cell| cell.contains("class=\"need")) {
            assert!(
                cell.starts_with(" role=\"cell\" class=\"private\""),
                "a need is printed: {cell}"
            );
        }
        page.session.sittings.extend(page.session.sittings.clone());
        rendered("roster-four-days", &page);
        page.roster = Roster::of(vec![without_needs()]);
        contains_all(&rendered("roster-no-needs", &page), &["Nobody has told us about any needs"]);
        page.roster = Roster::default();
        contains_all(&rendered("roster-empty", &page), &["Nobody has booked yet"]);
    }
}
