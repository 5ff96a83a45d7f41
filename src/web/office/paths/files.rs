//! Who is on a path, as the list is narrowed, as files.

use rocket::{Route, State, get, routes};

use super::{
    Who, path_for,
    show::Asked,
    walkers::{Line, lines},
};
use crate::{
    actions::people::export_list::{Exported, list_exported},
    domain::id::PathSlug,
    store::catalogue,
    web::{
        Desk,
        download::Download,
        failure::Failure,
        spreadsheet::{Cell, Table, to_csv, to_xlsx},
        words::zone_of,
    },
};

pub fn routes() -> Vec<Route> {
    routes![csv, xlsx]
}

const HEADS: [&str; 9] = [
    "Name",
    "Email",
    "Institution",
    "On it since",
    "Version",
    "Hours of training",
    "Hours of action",
    "Last seen",
    "Where she stands",
];

fn row(line: &Line) -> Vec<Cell> {
    let walker = &line.walker;
    vec![
        walker.name.as_str().into(),
        walker.email.as_ref().map_or("", |email| email.as_str()).into(),
        line.institution().into(),
        walker.on.since.to_string().into(),
        walker.on.version.to_string().into(),
        line.training().into(),
        line.action().into(),
        line.standing.last.to_string().into(),
        line.state().into(),
    ]
}

/// The list; that it was taken is written down.
async fn taken(
    desk: &Desk,
    who: &Who,
    slug: &PathSlug,
    asked: Asked<'_>,
) -> Result<Table, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = path_for(&mut conn, who, slug).await?;
    let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let today = desk.ctx.now().with_timezone(&zone).date_naive();
    let all = lines(&mut conn, who, &found, today).await?;
    drop(conn);
    let rows: Vec<_> = asked.narrow(&all)?.iter().map(row).collect();
    list_exported(&desk.ctx, &who.actor(), Exported::OnPath, rows.len()).await?;
    Ok(Table { name: "Path", heads: HEADS.map(str::to_owned).to_vec(), rows })
}

#[get("/office/paths/<slug>/people.csv?<asked..>")]
async fn csv(
    desk: &State<Desk>,
    who: Who,
    slug: PathSlug,
    asked: Asked<'_>,
) -> Result<Download, Failure> {
    Download::csv("path", to_csv(&taken(desk, &who, &slug, asked).await?))
}

#[get("/office/paths/<slug>/people.xlsx?<asked..>")]
async fn xlsx(
    desk: &State<Desk>,
    who: Who,
    slug: PathSlug,
    asked: Asked<'_>,
) -> Result<Download, Failure> {
    Download::xlsx("path", to_xlsx(&[taken(desk, &who, &slug, asked).await?]))
}
