//! Name badges, ten to a sheet of A4.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    actions::door::read_roster::read_roster,
    domain::{id::SessionCode, roster::Roster, session::Session, wording},
    web::{
        Desk,
        failure::Failure,
        guard::SignedIn,
        page::{Chrome, Page},
        paths,
    },
};

/// Badges to print and cut: names big, institutions small. Whose name is to follow has none.
#[derive(Template)]
#[template(path = "trainer/badges.html")]
struct BadgesPage {
    chrome: Chrome,
    session: Session,
    roster: Roster,
}

/// How small a text must be set to fit on a badge whole: by how wide it is, where a letter of Chinese,
/// Japanese or Korean is as wide as two others.
fn size(text: &str) -> &'static str {
    let wide = |letter: char| matches!(letter, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{1F300}'..='\u{3FFFF}');
    let width: usize = text.chars().map(|letter| if wide(letter) { 2 } else { 1 }).sum();
    match width {
        0..=24 => "l",
        25..=48 => "m",
        49..=90 => "s",
        _ => "xs",
    }
}

impl BadgesPage {
    /// Those with a name.
    fn named(&self) -> Vec<(&str, &str)> {
        let named = self.roster.lines.iter().filter(|line| line.place.attendee.is_some());
        named.map(|line| (line.name(), line.institution.as_deref().unwrap_or_default())).collect()
    }

    fn people(&self) -> String {
        wording::count(self.named().len(), "badge", "badges")
    }
}

#[get("/trainer/sessions/<code>/badges")]
async fn badges(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
) -> Result<Page<BadgesPage>, Failure> {
    let (session, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    Ok(Page::ok(BadgesPage { chrome: desk.staff_chrome(&who.member), session, roster }))
}

pub fn routes() -> Vec<Route> {
    routes![badges]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::page::Area;
    use crate::web::samples::*;

    #[test]
    fn a_badge_is_set_as_small_as_its_name_is_long() {
        let long = "Wilhelmina-Alexandrovna Featherstonehaugh-Cholmondeley-Marjoribanks";
        for (name, expected) in [
            ("Ruth Okafor", "l"),
            ("Oluwaseun Adebayo-Featherstonehaugh", "m"),
            (long, "s"),
            (&"N".repeat(120), "xs"),
            ("\u{674e}\u{4f1f}", "l"),
            (&"\u{674e}".repeat(40), "s"),
        ] {
            assert_eq!(size(name), expected, "{name}");
        }
        let mut team = registration();
        if let Some(attendee) = &mut team.places[0].attendee {
            attendee.name = crate::domain::text::Name::parse(long).unwrap();
        }
        let page = BadgesPage {
            chrome: chrome(Area::Trainer),
            session: session(),
            roster: Roster::of(vec![team]),
        };
        contains_all(&rendered("badges", &page), &["badge__name badge--s", long]);
    }
}
