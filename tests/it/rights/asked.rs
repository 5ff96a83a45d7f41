//! A request for a staff route, and how it is answered by what opens.

use rocket::{
    http::{ContentType, Method, Status},
    local::asynchronous::{Client, LocalRequest},
};
use turnout::{
    actions::{booking::book_places::book_places, people::know_people::know_people},
    domain::{audit::Actor, id::SessionCode, occupancy::TeamPolicy},
    store::{Window, people},
};

use crate::support::{TestTurnout, plan::request};

pub fn path(uri: &str, (reference, person): (&str, &str)) -> String {
    uri.replace("<reference>", reference)
        .replace("courses/<slug>/questions/<question>", "courses/first/questions/Q0001")
        .replace("<question>", "Q0002")
        .replace("institutions/<code>", "institutions/I0001")
        .replace("paths/<slug>", "paths/first")
        .replace("<record>", "01890a5d-ac96-774b-bcce-b302099a8057")
        .replace("courses/<slug>", "courses/first")
        .replace("alliances/<slug>", "alliances/oxford")
        .replace("<alliance>", "oxford")
        .replace("<letter>", "invite")
        .replace("<code>", "S1")
        .replace("<login>", "somebody")
        .replace("<number>", "1")
        .replace("venues/<id>", "venues/V001")
        .replace("people/<id>", &format!("people/{person}"))
        .replace("<id>", "01890a5d-ac96-774b-bcce-b302099a8057")
}

/// A request without anything typed; what takes JSON gets an empty object.
pub fn asked<'c>(
    browser: &'c Client,
    method: Method,
    uri: &str,
    known: (&str, &str),
) -> LocalRequest<'c> {
    let request = browser.req(method, path(uri, known));
    if uri.ends_with("/sync") { request.header(ContentType::JSON).body("{}") } else { request }
}

/// A question of the course, and one of the session.
pub async fn questions(turnout: &TestTurnout) {
    for statement in [
        "insert into questions (code, course, position, asked) values ('Q0001', 'first', 1, 'person')",
        "insert into questions (code, session, position, asked) values ('Q0002', 'S1', 1, 'person')",
        "insert into question_revisions (question, number, kind, wording, at)
         values ('Q0001', 1, 'text', 'Why?', '2027-01-01T00:00:00Z')",
        "insert into question_revisions (question, number, kind, wording, at)
         values ('Q0002', 1, 'text', 'Why?', '2027-01-01T00:00:00Z')",
    ] {
        turnout.write(statement).await;
    }
}

/// Somebody who booked a session: the booking's reference, and who she is.
pub async fn somebody(turnout: &TestTurnout, code: &SessionCode) -> (String, String) {
    let asked_for = request(code, "Ada Obi", 1, TeamPolicy::Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked_for).await.expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 1 };
    let found = people::search(&mut conn, "", None, window).await.expect("people");
    (booked.registration.reference.to_string(), found.items[0].id.to_string())
}

/// Whether this is how a page answers whoever may see it and typed nothing.
pub fn opens(uri: &str, status: Status) -> bool {
    // There is no such message, and somebody was erased by a page before; who may not read any is not told
    // even that.
    let missing = [
        "certificates.pdf",
        "/people/<id>",
        "/notes/<id>",
        "/import/<id>",
        "/sheets/<id>",
        "/helpers/<id>",
        // No booking was named.
        "/requests/scores",
        "/invited/<id>",
        "/nominations/<id>",
        "/handouts/<id>",
        "/help/<id>",
        "/questions/<id>/end",
        // Nobody stays overnight.
        "/places/<number>/stay",
        "/rooms",
    ];
    let may_be_missing = uri.ends_with("s/<id>") || missing.iter().any(|one| uri.contains(one));
    // It is published, its places were given up, and its links ended by a page before.
    let may_be_late = [
        "/needs",
        "/stay",
        "/split",
        "/add",
        "/discard",
        "/places/<number>",
        "/bookings/<reference>/questions",
        "/links",
        "/links/end",
        "/erase",
        "/unmerge",
        "/off",
        "/newer",
        "/certificate",
        "/slip",
    ]
    .iter()
    .any(|end| uri.ends_with(end));
    [Status::Ok, Status::SeeOther, Status::UnprocessableEntity].contains(&status)
        || (status == Status::NotFound && may_be_missing)
        || (status == Status::Conflict && may_be_late)
}
