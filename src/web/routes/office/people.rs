//! The people we know: find, change, merge.

use rocket::{Either, FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::people::know_people::{MergeError, keep_person, merge_people},
    domain::{
        alliance::Alliance,
        contact::{ContactFault, EmailAddress, PhoneNumber},
        id::PersonId,
        institution::Institution,
        person::Person,
    },
    store::{Conn, Window, catalogue, institutions, people, sessions},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{Granted, ManagePeople, SameOrigin},
        office::people::{MergePage, PeoplePage, PersonPage, Took},
        page::{Area, Page},
        paging::{self, Pager},
        routes::{booking_form::line, office::Asked},
    },
};

type Who = Granted<ManagePeople>;

/// Somebody whom an organiser may see.
async fn found(conn: &mut Conn, who: &Who, id: PersonId) -> Result<Person, Failure> {
    let person = people::find(conn, id).await?;
    let may = who.reaches_everything() || people::is_within(conn, id, &who.member.login).await?;
    // Whether there is anybody is not told to whoever may not see her.
    if may { person.ok_or(Failure::NotFound) } else { Err(Failure::Forbidden) }
}

#[get("/office/people?<asked..>")]
async fn list(desk: &State<Desk>, who: Who, asked: Asked<'_>) -> Result<Page<PeoplePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let page = paging::asked(asked.page);
    let found = people::search(&mut conn, asked.words(), within, paging::window(page)).await?;
    let listed = institutions::all(&mut conn).await?;
    let people = found.items.into_iter().map(|person| {
        let institution = listed.iter().find(|one| Some(&one.code) == person.institution.as_ref());
        let name = institution.map_or_else(String::new, |one| one.name.clone());
        (person, name)
    });
    Ok(Page::ok(PeoplePage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        words: asked.words().to_owned(),
        people: people.collect(),
        pager: Pager::of(page, found.total, "/office/people", &[("q", asked.words())]),
    }))
}

/// Institutions by alliance.
fn groups(alliances: Vec<Alliance>, listed: &[Institution]) -> Vec<(String, Vec<Institution>)> {
    let of = |alliance: Alliance| {
        let members = listed.iter().filter(|one| one.alliance == alliance.slug).cloned();
        (alliance.name, members.collect())
    };
    alliances.into_iter().map(of).collect()
}

async fn page(
    desk: &Desk,
    who: &Who,
    person: Person,
    form: FormState,
    notice: Option<String>,
) -> Result<PersonPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut took = Vec::new();
    for seat in people::seats(&mut conn, person.id).await? {
        let session = sessions::find(&mut conn, &seat.session).await?;
        took.extend(session.map(|session| Took { session, seat }));
    }
    let mut alike = people::alike(&mut conn, &person).await?;
    if !who.reaches_everything() {
        let mut seen = Vec::new();
        for other in alike {
            if people::is_within(&mut conn, other.id, &who.member.login).await? {
                seen.push(other);
            }
        }
        alike = seen;
    }
    let alliances = catalogue::alliances(&mut conn).await?;
    let listed = institutions::all(&mut conn).await?;
    Ok(PersonPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice,
        led: people::led(&mut conn, person.id).await?,
        person,
        took,
        alike,
        groups: groups(alliances, &listed),
        form,
    })
}

#[get("/office/people/<id>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
    asked: Asked<'_>,
) -> Result<Either<Page<PersonPage>, Redirect>, Failure> {
    let person = found(&mut desk.ctx.store.read().await?, &who, id).await?;
    if let Some(kept) = person.merged_into {
        return Ok(Either::Right(Redirect::to(format!("/office/people/{kept}"))));
    }
    let mut form = FormState::default();
    form.keep("name", person.name.as_str());
    form.keep("email", person.email.as_ref().map_or("", EmailAddress::as_str));
    form.keep("phone", person.phone.as_ref().map_or("", PhoneNumber::as_str));
    form.keep("institution", person.institution.as_ref().map_or("", |code| code.as_str()));
    form.keep("archived", if person.archived_at.is_some() { "1" } else { "" });
    let notice = asked.done.and_then(|done| match done {
        "saved" => Some("Saved.".to_owned()),
        "merged" => Some("They are one person now.".to_owned()),
        _ => None,
    });
    Ok(Either::Left(Page::ok(page(desk, &who, person, form, notice).await?)))
}

/// What was typed, read into the person; else what is wrong stands in `form`.
fn typed(mut person: Person, fields: &Fields, form: &mut FormState) -> Option<Person> {
    for field in ["name", "email", "phone", "institution", "archived"] {
        form.keep(field, fields.get(field));
    }
    let name = line::<120>(fields.get("name"), "name", "a name", form);
    person.email = match fields.get("email").parse() {
        Ok(email) => Some(email),
        Err(ContactFault::Empty) => None,
        Err(_) => {
            form.fault("email", "Check the email address. It should look like name@example.org");
            None
        }
    };
    person.phone = match fields.get("phone").parse() {
        Ok(phone) => Some(phone),
        Err(ContactFault::Empty) => None,
        Err(_) => {
            form.fault("phone", "Check the telephone number, such as 07700 900117");
            None
        }
    };
    person.institution = fields.get("institution").parse().ok();
    person.name = name?;
    form.is_valid().then_some(person)
}

#[post("/office/people/<id>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Either<Redirect, Page<PersonPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let person = found(&mut conn, &who, id).await?;
    let mut form = FormState::default();
    let Some(mut new) = typed(person.clone(), &fields, &mut form) else {
        drop(conn);
        let page = page(desk, &who, person, form, None).await?;
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    if let Some(code) = &new.institution
        && institutions::find(&mut conn, code).await?.is_none()
    {
        new.institution = person.institution;
    }
    drop(conn);
    new.archived_at =
        fields.is("archived", "1").then(|| person.archived_at.unwrap_or(desk.ctx.now()));
    keep_person(&desk.ctx, &who.actor(), &new).await?;
    Ok(Either::Left(Redirect::to(format!("/office/people/{id}?done=saved"))))
}

/// Whom to merge with, or words to find her by.
#[derive(Debug, FromForm)]
struct Other<'r> {
    with: Option<&'r str>,
    q: Option<&'r str>,
}

#[get("/office/people/<id>/merge?<other..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
    other: Other<'_>,
) -> Result<Page<MergePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let kept = found(&mut conn, &who, id).await?;
    let gone = match other.with.and_then(|with| with.parse().ok()).filter(|with| *with != id) {
        None => None,
        Some(with) => {
            let gone = found(&mut conn, &who, with).await?;
            let places = people::seats(&mut conn, with).await?.len();
            let led = people::led(&mut conn, with).await?;
            Some((gone, places, led))
        }
    };
    let words = other.q.unwrap_or_default().trim().to_owned();
    let found = if words.is_empty() {
        people::alike(&mut conn, &kept).await?
    } else {
        let within = (!who.reaches_everything()).then_some(&who.member.login);
        let window = Window { offset: 0, limit: 20 };
        let mut found = people::search(&mut conn, &words, within, window).await?.items;
        found.retain(|one| one.id != id);
        found
    };
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(MergePage { chrome, kept, gone, words, found }))
}

#[post("/office/people/<id>/merge", data = "<fields>")]
async fn merge(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    found(&mut conn, &who, id).await?;
    let Ok(with) = fields.get("with").parse::<PersonId>() else {
        return Ok(Redirect::to(format!("/office/people/{id}/merge")));
    };
    found(&mut conn, &who, with).await?;
    drop(conn);
    match merge_people(&desk.ctx, &who.actor(), id, with).await {
        Ok(()) => Ok(Redirect::to(format!("/office/people/{id}?done=merged"))),
        Err(MergeError::NotTwo) => Ok(Redirect::to(format!("/office/people/{id}/merge"))),
        Err(MergeError::Store(error)) => Err(error.into()),
    }
}

pub fn routes() -> Vec<Route> {
    routes![list, show, save, ask, merge]
}
