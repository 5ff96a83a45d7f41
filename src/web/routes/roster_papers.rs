//! The roster as files and papers: spreadsheets, badges, certificates. Reading any is reading it
//! (P1).

use rocket::{Route, State, get, routes};

use crate::{
    actions::door::read_roster::read_roster,
    domain::id::SessionCode,
    store::door,
    web::{
        Desk,
        certificate::{Attended, Certificate, pdf},
        download::Download,
        failure::Failure,
        guard::SignedIn,
        page::Page,
        spreadsheet::{to_csv, to_xlsx},
        trainer::{badges::BadgesPage, roster_tables::tables},
    },
};

#[get("/trainer/sessions/<code>/roster.csv")]
async fn csv(desk: &State<Desk>, who: SignedIn, code: SessionCode) -> Result<Download, Failure> {
    let (_, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    let [people, _] = tables(&roster);
    Download::csv(&format!("roster-{code}"), to_csv(&people))
}

#[get("/trainer/sessions/<code>/roster.xlsx")]
async fn xlsx(desk: &State<Desk>, who: SignedIn, code: SessionCode) -> Result<Download, Failure> {
    let (_, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    Download::xlsx(&format!("roster-{code}"), to_xlsx(&tables(&roster)))
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

/// Everybody's who attended enough, a page each, by name. Whose name the font cannot write gets
/// hers with room for it by hand.
#[get("/trainer/sessions/<code>/certificates.pdf")]
async fn certificates(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
) -> Result<Download, Failure> {
    let (session, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    if session.ends_at().is_none_or(|end| end > desk.ctx.now()) {
        return Err(Failure::NotFound);
    }
    let counts = door::attended_sittings(&mut desk.ctx.store.read().await?, &code).await?;
    let mut certificates = Vec::new();
    for line in &roster.lines {
        let days = counts.get(&line.place.id).and_then(|days| usize::try_from(*days).ok());
        let attended = Attended::of(&session, days.unwrap_or(0));
        if !attended.is_enough() || line.place.attendee.is_none() {
            continue;
        }
        let mut certificate = Certificate::of(&session, line.name(), attended);
        if !pdf::can_write(&certificate) {
            certificate.name = "................................................".to_owned();
        }
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        return Err(Failure::NotFound);
    }
    Download::pdf(&format!("certificates-{code}"), pdf::render(&certificates))
}

pub fn routes() -> Vec<Route> {
    routes![csv, xlsx, badges, certificates]
}
