//! Institutions that are there twice: merging two, and saying which one a typed name means.

use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::merge_institutions::{
        MergeInstitutionsError, merge_institutions, recognise_institution,
    },
    domain::{
        id::InstitutionCode,
        institution::{Institution, TypedInstitution, may_be_one},
        text::Name,
        wording,
    },
    store::{Conn, Window, institution_merges, institutions},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        guard::{Granted, ManageInstitutions, SameOrigin},
        office::institution_merges::{
            InstitutionMergePage, TypedInstitutionPage, TypedInstitutionsPage, which,
        },
        page::{Area, Page},
        paging::{self, Pager},
        routes::office::{Asked, institutions::found},
    },
};

type Who = Granted<ManageInstitutions>;

/// The institution that was chosen, or words to find it by.
#[derive(Debug, FromForm)]
struct Other<'r> {
    name: Option<&'r str>,
    with: Option<&'r str>,
    q: Option<&'r str>,
}

/// Institutions somebody may change that are called like `name`, or else hold `words`.
async fn candidates(
    conn: &mut Conn,
    who: &Who,
    name: &str,
    words: &str,
) -> Result<Vec<Institution>, Failure> {
    if words.is_empty() {
        let mut all = institutions::all(conn).await?;
        all.retain(|one| who.reaches(&one.alliance) && may_be_one(&one.name, name));
        return Ok(all);
    }
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let window = Window { offset: 0, limit: 20 };
    let found = institutions::search(conn, words, within, window).await?.items;
    Ok(found.into_iter().map(|(one, _)| one).collect())
}

#[get("/office/institutions/<code>/merge?<other..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    code: InstitutionCode,
    other: Other<'_>,
) -> Result<Page<InstitutionMergePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let kept = found(&mut conn, &who, &code).await?;
    let gone = match other.with.and_then(|with| with.parse().ok()) {
        Some(with) if with != kept.code => {
            let gone = found(&mut conn, &who, &with).await?;
            let hanging = institution_merges::hanging(&mut conn, &gone.code).await?;
            (gone.code != kept.code).then_some((gone, hanging))
        }
        _ => None,
    };
    let words = other.q.unwrap_or_default().trim().to_owned();
    let mut found = candidates(&mut conn, &who, &kept.name, &words).await?;
    found.retain(|one| one.code != kept.code);
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(InstitutionMergePage { chrome, kept, gone, words, found }))
}

#[post("/office/institutions/<code>/merge", data = "<fields>")]
async fn merge(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: InstitutionCode,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    found(&mut conn, &who, &code).await?;
    let again = Redirect::to(format!("/office/institutions/{code}/merge"));
    let Ok(with) = fields.get("with").parse() else { return Ok(again) };
    found(&mut conn, &who, &with).await?;
    drop(conn);
    match merge_institutions(&desk.ctx, &who.actor(), &code, &with).await {
        Ok(()) => Ok(Redirect::to(format!("/office/institutions/{code}?done=merged"))),
        Err(MergeInstitutionsError::NotTwo) => Ok(again),
        Err(MergeInstitutionsError::Store(error)) => Err(error.into()),
    }
}

#[get("/office/typed-institutions?<asked..>")]
async fn typed(
    desk: &State<Desk>,
    who: Who,
    asked: Asked<'_>,
) -> Result<Page<TypedInstitutionsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let page = paging::asked(asked.page);
    let found = institution_merges::typed(&mut conn, within, paging::window(page)).await?;
    let notice = asked.done.and_then(|done| {
        let bookings = wording::count(done.parse().ok()?, "booking counts", "bookings count");
        Some(format!("{bookings} for that institution now."))
    });
    Ok(Page::ok(TypedInstitutionsPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice,
        names: found.items,
        pager: Pager::of(page, found.total, "/office/typed-institutions", &[]),
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
        return Ok(Err(Redirect::to("/office/typed-institutions")));
    }
    let meant = match other.with.and_then(|with| with.parse().ok()) {
        Some(with) => Some(found(&mut conn, &who, &with).await?),
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
    let Ok(with) = fields.get("with").parse() else { return Ok(Redirect::to(which(name))) };
    let meant = found(&mut desk.ctx.store.read().await?, &who, &with).await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let bookings =
        recognise_institution(&desk.ctx, &who.actor(), within, name, &meant.code).await?;
    Ok(Redirect::to(format!("/office/typed-institutions?done={bookings}")))
}

pub fn routes() -> Vec<Route> {
    routes![ask, merge, typed, ask_which, recognise]
}
