//! The kitchen's sheet: how many eat what, what could harm them first, and no names.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    actions::{door::read_roster::read_roster, stay::house::house},
    domain::{
        id::SessionCode,
        roster::{FoodCount, Roster},
        session::Session,
        wording,
    },
    web::{
        Desk,
        failure::Failure,
        guard::SignedIn,
        page::{Chrome, Page},
        paths,
        trainer::rooms::sleepers,
    },
};

pub fn routes() -> Vec<Route> {
    routes![kitchen]
}

/// What a kitchen must know.
#[derive(Template)]
#[template(path = "trainer/kitchen.html")]
struct KitchenPage {
    chrome: Chrome,
    session: Session,
    roster: Roster,
    counts: Vec<FoodCount>,
    /// How many sleep there on each night, where people stay.
    nights: Vec<String>,
}

impl KitchenPage {
    /// `38 people`.
    fn people(&self) -> String {
        wording::count(self.roster.lines.len(), "person", "people")
    }

    /// What could make somebody ill.
    fn allergies(&self) -> Vec<&FoodCount> {
        self.counts.iter().filter(|one| one.is_allergy).collect()
    }

    /// The same by institution: there are no tables to tell it by.
    fn by_institution(&self) -> Vec<(Option<String>, Vec<FoodCount>)> {
        self.roster.allergies_by_institution()
    }

    /// Everything else that was asked for.
    fn others(&self) -> Vec<&FoodCount> {
        self.counts.iter().filter(|one| !one.is_allergy).collect()
    }

    /// What was answered to questions that the kitchen sees, counted.
    fn answers(&self) -> Vec<(String, Vec<(String, usize)>)> {
        self.roster.kitchen_counts()
    }

    /// How many said nothing about food.
    fn without(&self) -> usize {
        let said: usize = self.counts.iter().map(|one| one.people).sum();
        self.roster.lines.len().saturating_sub(said)
    }
}

#[get("/trainer/sessions/<code>/kitchen")]
async fn kitchen(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
) -> Result<Page<KitchenPage>, Failure> {
    let (session, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    let chrome = desk.staff_chrome(&who.member);
    let counts = roster.food_counts();
    let nights = if session.nights().is_empty() {
        Vec::new()
    } else {
        let house = house(&mut desk.ctx.store.read().await?, &session).await?;
        sleepers(&session, &house)
    };
    Ok(Page::ok(KitchenPage { chrome, session, roster, counts, nights }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{page::Area, samples::*};

    #[test]
    fn a_kitchen_reads_counts_and_no_names() {
        let roster = Roster::of(vec![registration()]);
        let counts = roster.food_counts();
        let chrome = chrome(Area::Trainer);
        let nights = Vec::new();
        let page = KitchenPage { chrome, session: session(), roster, counts, nights };
        let html = rendered("kitchen", &page);
        contains_all(&html, &["Halal", "Kitchen sheet", "data-print"]);
        assert!(!html.contains("Leila") && !html.contains("Okafor"), "{html}");
    }
}
