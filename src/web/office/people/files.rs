//! The people we know, as the list is narrowed, as files.

use rocket::{Route, State, get, routes};

use crate::{
    actions::people::export_list::{Exported, list_exported},
    domain::person::Person,
    store::{Window, institutions, people},
    web::{
        Desk, asked,
        download::Download,
        failure::Failure,
        guard::{Granted, ManagePeople},
        office::query::PageQuery,
        spreadsheet::{Cell, Table, to_csv, to_xlsx},
    },
};

pub fn routes() -> Vec<Route> {
    routes![csv, xlsx]
}

type Who = Granted<ManagePeople>;

/// More than any organisation knows; a sheet has room for a million.
const EVERYBODY: Window = Window { offset: 0, limit: 500_000 };

const HEADS: [&str; 5] = ["Name", "Email", "Phone", "Institution", "Archived"];

fn row(person: &Person, institution: &str) -> Vec<Cell> {
    vec![
        person.name.as_str().into(),
        person.email.as_ref().map_or("", |email| email.as_str()).into(),
        person.phone.as_ref().map_or("", |phone| phone.as_str()).into(),
        institution.into(),
        if person.archived_at.is_some() { "Yes" } else { "" }.into(),
    ]
}

/// The list; that it was taken is written down.
async fn taken(desk: &Desk, who: &Who, asked: &PageQuery<'_>) -> Result<Table, Failure> {
    let words = asked::words("q", asked.q)?;
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let found = people::search(&mut conn, words, within, EVERYBODY).await?;
    let names = institutions::all(&mut conn).await?.into_iter().map(|one| (one.code, one.name));
    let names: std::collections::HashMap<_, _> = names.collect();
    drop(conn);
    let line = |person: &Person| {
        let name = person.institution.as_ref().and_then(|code| names.get(code));
        row(person, name.map_or("", String::as_str))
    };
    let rows: Vec<_> = found.items.iter().map(line).collect();
    list_exported(&desk.ctx, &who.actor(), Exported::People, rows.len()).await?;
    Ok(Table { name: "People", heads: HEADS.map(str::to_owned).to_vec(), rows })
}

#[get("/office/people.csv?<asked..>")]
async fn csv(desk: &State<Desk>, who: Who, asked: PageQuery<'_>) -> Result<Download, Failure> {
    Download::csv("people", to_csv(&taken(desk, &who, &asked).await?))
}

#[get("/office/people.xlsx?<asked..>")]
async fn xlsx(desk: &State<Desk>, who: Who, asked: PageQuery<'_>) -> Result<Download, Failure> {
    Download::xlsx("people", to_xlsx(&[taken(desk, &who, &asked).await?]))
}
