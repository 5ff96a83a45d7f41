//! Saying which institution a name means that a leader typed.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::merge_institutions::recognise_institution,
    domain::{
        institution::{Institution, TypedInstitution},
        text::Name,
        wording,
    },
    store::institution_merges,
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{Granted, ManageInstitutions, SameOrigin},
        office::{
            addressed::institution_for,
            institutions::candidates::{AN_INSTITUTION, Other, candidates, count},
            query::PageQuery,
        },
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![typed, ask_which, recognise]
}

type Who = Granted<ManageInstitutions>;

/// Names that leaders typed, since they did not find theirs on the list.
#[derive(Template)]
#[template(path = "office/institutions/typed.html")]
struct TypedInstitutionsPage {
    chrome: Chrome,
    notice: Option<String>,
    names: Listing<TypedInstitution>,
}

impl TypedInstitutionsPage {
    fn bookings(&self, typed: &TypedInstitution) -> String {
        count(typed.bookings, "booking", "bookings")
    }

    fn href(&self, typed: &TypedInstitution) -> Href {
        paths::office::recognise_name(&typed.name)
    }
}

/// Which institution a typed name means: those it may be, and then one to look at.
#[derive(Template)]
#[template(path = "office/institutions/recognise.html")]
struct TypedInstitutionPage {
    chrome: Chrome,
    typed: TypedInstitution,
    /// The one that was chosen; `None` while it is looked for.
    meant: Option<Institution>,
    words: String,
    /// Which were found, or may be meant.
    found: Vec<Institution>,
}

impl TypedInstitutionPage {
    fn bookings(&self) -> String {
        count(self.typed.bookings, "booking", "bookings")
    }

    fn href(&self, meant: &Institution) -> Href {
        paths::office::recognise_name_as(&self.typed.name, &meant.code)
    }
}

#[get("/office/typed-institutions?<asked..>")]
async fn typed(
    desk: &State<Desk>,
    who: Who,
    asked: PageQuery<'_>,
) -> Result<Page<TypedInstitutionsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let page = paging::asked(asked.page)?;
    let found = institution_merges::typed(&mut conn, within, paging::window(page)).await?;
    let notice = asked.done.and_then(|done| {
        let bookings = wording::count(done.parse().ok()?, "booking counts", "bookings count");
        Some(format!("{bookings} for that institution now."))
    });
    Ok(Page::ok(TypedInstitutionsPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice,
        names: Listing::found(found, page, paths::office::typed_institutions(), &[])?,
    }))
}

#[get("/office/typed-institutions/which?<other..>")]
async fn ask_which(
    desk: &State<Desk>,
    who: Who,
    other: Other<'_>,
) -> Result<Result<Page<TypedInstitutionPage>, Redirect>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let name = other.name.and_then(|name| Name::parse(name).ok());
    let name = name.map_or_else(String::new, |name| name.to_string());
    let bookings = institution_merges::bookings_typed(&mut conn, within, &name).await?;
    if bookings == 0 {
        return Ok(Err(Redirect::to(paths::office::typed_institutions())));
    }
    let meant = match asked::one("with", other.with, AN_INSTITUTION)? {
        Some(with) => Some(institution_for(&mut conn, &who, &with).await?),
        None => None,
    };
    let words = other.q.unwrap_or_default().trim().to_owned();
    let found = candidates(&mut conn, &who, &name, &words).await?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    let typed = TypedInstitution { name, bookings };
    Ok(Ok(Page::ok(TypedInstitutionPage { chrome, typed, meant, words, found })))
}

#[post("/office/typed-institutions/which", data = "<fields>")]
async fn recognise(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let name = fields.get("name");
    let Some(with) = asked::one("with", Some(fields.get("with")), AN_INSTITUTION)? else {
        return Ok(Redirect::to(paths::office::recognise_name(name)));
    };
    let meant = institution_for(&mut desk.ctx.store.read().await?, &who, &with).await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let bookings =
        recognise_institution(&desk.ctx, &who.actor(), within, name, &meant.code).await?;
    Ok(Redirect::to(paths::office::typed_institutions().done(bookings)))
}
