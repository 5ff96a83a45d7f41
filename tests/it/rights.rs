//! Every staff route, asked for by everybody: what opens is what the table says.

mod asked;
mod files;
mod help;
mod paths;
mod said;
mod stays;

use About::{Everything, Session as OfSession, Something};
use Permission as P;
use asked::{asked, opens, somebody};
use rocket::{
    http::{Method, Status},
    local::asynchronous::Client,
};
use turnout::{
    domain::{
        alliance::Alliance,
        permission::{Permission, allows, allows_everywhere, allows_somewhere},
        session::{Session, Trainer},
        staff::{Role, StaffMember},
    },
    store::{catalogue, staff},
};

use crate::support::TestTurnout;

on_both_databases!(every_staff_route_opens_to_whom_the_table_says);

/// What a route is about.
#[derive(Debug, Clone, Copy)]
enum About {
    /// The session in its address, or what belongs to the same alliance.
    Session,
    /// Whatever somebody may see of it.
    Something,
    /// Everything there is.
    Everything,
}

/// Every staff route, the right it needs, and on what.
const ROUTES: &[(Method, &str, P, About)] = &[
    (Method::Get, "/trainer", P::ReadRoster, Something),
    (Method::Get, "/trainer/sessions/<code>/roster", P::ReadRoster, OfSession),
    (Method::Get, "/trainer/sessions/<code>/badges", P::ReadRoster, OfSession),
    (Method::Get, "/trainer/sessions/<code>/kitchen", P::ReadRoster, OfSession),
    (Method::Get, "/trainer/sessions/<code>/certificates.pdf", P::ReadRoster, OfSession),
    (Method::Get, "/office/sessions/<code>/feedback", P::WatchSessions, OfSession),
    (Method::Get, "/trainer/sessions/<code>/check-in", P::CheckIn, OfSession),
    (Method::Get, "/trainer/sessions/<code>/check-in/<number>", P::CheckIn, OfSession),
    (Method::Post, "/trainer/sessions/<code>/check-in/<number>", P::CheckIn, OfSession),
    (Method::Get, "/trainer/sessions/<code>/check-in/<number>/close", P::CheckIn, OfSession),
    (Method::Post, "/trainer/sessions/<code>/check-in/<number>/close", P::CheckIn, OfSession),
    (Method::Post, "/trainer/sessions/<code>/check-in/<number>/sync", P::CheckIn, OfSession),
    (Method::Post, "/trainer/sessions/<code>/helpers", P::CheckIn, OfSession),
    (Method::Post, "/trainer/sessions/<code>/helpers/<id>/end", P::CheckIn, OfSession),
    (Method::Get, "/trainer/door-worker.js", P::CheckIn, Something),
    (Method::Get, "/trainer/calendar", P::ReadRoster, Something),
    (Method::Post, "/trainer/calendar", P::ReadRoster, Something),
    (Method::Post, "/trainer/calendar/stop", P::ReadRoster, Something),
    (Method::Get, "/office", P::WatchSessions, Something),
    (Method::Get, "/office/things/<id>", P::WatchSessions, Something),
    (Method::Post, "/office/things/<id>", P::WatchSessions, Something),
    (Method::Get, "/office/supports", P::PlanSessions, Something),
    (Method::Get, "/office/sessions/<code>/supports", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/supports", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/supports/<id>", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/supports/<id>", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/go-ahead", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/reserves", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/reserves", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/evenings", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/evenings", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/could-come", P::ManageBookings, OfSession),
    (Method::Get, "/office/waiting-for-a-date", P::PlanSessions, Something),
    (Method::Get, "/office/nominations", P::ManageBookings, Something),
    (Method::Get, "/office/nominations/<id>", P::ManageBookings, Something),
    (Method::Post, "/office/nominations/<id>", P::ManageBookings, Something),
    (Method::Get, "/office/new-nomination", P::ManageBookings, Something),
    (Method::Post, "/office/new-nomination", P::ManageBookings, Something),
    (Method::Get, "/office/sessions/<code>/invited", P::ManageBookings, OfSession),
    (Method::Post, "/office/sessions/<code>/invited", P::ManageBookings, OfSession),
    (Method::Get, "/office/sessions/<code>/invited/<id>", P::ManageBookings, OfSession),
    (Method::Post, "/office/sessions/<code>/invited/<id>", P::ManageBookings, OfSession),
    (Method::Get, "/office/sessions/<code>/invite", P::ManageBookings, OfSession),
    (Method::Post, "/office/sessions/<code>/invite", P::ManageBookings, OfSession),
    (Method::Get, "/office/more", P::WatchSessions, Something),
    (Method::Get, "/office/sessions", P::WatchSessions, Something),
    (Method::Get, "/office/sessions/<code>", P::WatchSessions, OfSession),
    (Method::Get, "/office/new-session", P::PlanSessions, Something),
    (Method::Post, "/office/new-session", P::PlanSessions, Something),
    (Method::Get, "/office/sessions/<code>/edit", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/edit", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/publish", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/publish", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/discard", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/discard", P::PlanSessions, OfSession),
    (Method::Post, "/office/drafts", P::PlanSessions, Something),
    (Method::Get, "/office/sessions/<code>/repeat", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/repeat", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/places", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/places", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/times", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/times", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/days", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/days", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/remove-day", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/remove-day", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/venue", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/venue", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/cancel", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/cancel", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/decline", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/decline", P::PlanSessions, OfSession),
    (Method::Get, "/office/requests", P::DecideRequests, Something),
    (Method::Get, "/office/sessions/<code>/requests", P::DecideRequests, OfSession),
    (Method::Post, "/office/sessions/<code>/requests", P::DecideRequests, OfSession),
    (Method::Post, "/office/sessions/<code>/requests/many", P::DecideRequests, OfSession),
    (Method::Get, "/office/sessions/<code>/message", P::MessagePeople, OfSession),
    (Method::Post, "/office/sessions/<code>/message", P::MessagePeople, OfSession),
    (Method::Get, "/office/sessions/<code>/messages/<id>", P::MessagePeople, OfSession),
    (Method::Get, "/office/turnout", P::WatchSessions, Something),
    (Method::Get, "/office/sessions/<code>/pledges", P::ManageBookings, OfSession),
    (Method::Post, "/office/sessions/<code>/pledges", P::ManageBookings, OfSession),
    (Method::Get, "/office/sessions/<code>/pledges/chase", P::ManageBookings, OfSession),
    (Method::Post, "/office/sessions/<code>/pledges/chase", P::ManageBookings, OfSession),
    (Method::Get, "/office/sessions/<code>/bookings", P::ManageBookings, OfSession),
    (Method::Get, "/office/sessions/<code>/book", P::ManageBookings, OfSession),
    (Method::Post, "/office/sessions/<code>/book", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/resend", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/places/<number>", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/places/<number>", P::ManageBookings, OfSession),
    (
        Method::Get,
        "/office/bookings/<reference>/places/<number>/needs",
        P::ManageBookings,
        OfSession,
    ),
    (
        Method::Post,
        "/office/bookings/<reference>/places/<number>/needs",
        P::ManageBookings,
        OfSession,
    ),
    (
        Method::Get,
        "/office/bookings/<reference>/places/<number>/split",
        P::ManageBookings,
        OfSession,
    ),
    (
        Method::Post,
        "/office/bookings/<reference>/places/<number>/split",
        P::ManageBookings,
        OfSession,
    ),
    (Method::Get, "/office/bookings/<reference>/add", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/add", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/addresses/<number>", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/addresses/<number>", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/notes", P::ManageBookings, OfSession),
    (Method::Get, "/office/notes/<id>/take-back", P::ManageBookings, Something),
    (Method::Post, "/office/notes/<id>/take-back", P::ManageBookings, Something),
    (Method::Post, "/office/notes/<id>/done", P::ManageBookings, Something),
    (Method::Get, "/office/bookings/<reference>/cancel", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/cancel", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/leader", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/leader", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/links", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/links", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/links/end", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/move", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/move", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/confirm", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/confirm", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/move-up", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/move-up", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/withdraw-offer", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/withdraw-offer", P::ManageBookings, OfSession),
    (Method::Get, "/office/sessions/<code>/waiting-list", P::ManageBookings, OfSession),
    (Method::Get, "/office/letters", P::ReadLetters, Something),
    (Method::Get, "/office/letters/retry-all", P::ReadLetters, Something),
    (Method::Post, "/office/letters/retry-all", P::ReadLetters, Something),
    (Method::Get, "/office/letters/<id>", P::ReadLetters, Something),
    (Method::Get, "/office/letters/to-come/<id>", P::ReadLetters, Something),
    (Method::Post, "/office/letters/<id>/retry", P::ReadLetters, Something),
    (Method::Get, "/office/replies", P::ReadLetters, Everything),
    (Method::Get, "/office/replies/<id>", P::ReadLetters, Everything),
    (Method::Post, "/office/replies/<id>/done", P::ReadLetters, Everything),
    (Method::Get, "/office/audit", P::ReadAudit, Something),
    (Method::Get, "/office/season", P::WatchSessions, Something),
    (Method::Get, "/office/sessions/<code>/days/<number>/place", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/days/<number>/place", P::PlanSessions, OfSession),
    (Method::Get, "/office/season/calendar", P::WatchSessions, Something),
    (Method::Post, "/office/season/calendar", P::WatchSessions, Something),
    (Method::Post, "/office/season/calendar/stop", P::WatchSessions, Something),
    (Method::Get, "/office/venues", P::PlanSessions, Something),
    (Method::Get, "/office/venues/new", P::PlanSessions, Something),
    (Method::Post, "/office/venues/new", P::PlanSessions, Something),
    (Method::Get, "/office/venues/<id>", P::PlanSessions, OfSession),
    (Method::Post, "/office/venues/<id>", P::PlanSessions, OfSession),
    (Method::Post, "/office/venues/<id>/adopt", P::PlanSessions, OfSession),
    (Method::Get, "/office/bookings", P::ManageBookings, Something),
    (Method::Get, "/office/people", P::ManagePeople, Something),
    (Method::Get, "/office/people/<id>", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>", P::ManagePeople, OfSession),
    (Method::Get, "/office/people/<id>/data", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/data", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/erase", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/notes", P::ManagePeople, OfSession),
    (Method::Post, "/office/institutions/<code>/notes", P::ManageInstitutions, OfSession),
    (Method::Post, "/office/people/<id>/contacts", P::ManagePeople, OfSession),
    (Method::Get, "/office/people/questions", P::ManagePeople, Something),
    (Method::Post, "/office/people/questions", P::ManagePeople, Something),
    (Method::Get, "/office/people/<id>/merge", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/merge", P::ManagePeople, OfSession),
    (Method::Get, "/office/people/<id>/unmerge", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/unmerge", P::ManagePeople, OfSession),
    (Method::Get, "/office/institutions", P::ManageInstitutions, Something),
    (Method::Get, "/office/new-institution", P::ManageInstitutions, Something),
    (Method::Post, "/office/new-institution", P::ManageInstitutions, Something),
    (Method::Get, "/office/institutions/<code>", P::ManageInstitutions, OfSession),
    (Method::Post, "/office/institutions/<code>", P::ManageInstitutions, OfSession),
    (Method::Get, "/office/institutions/<code>/merge", P::ManageInstitutions, OfSession),
    (Method::Post, "/office/institutions/<code>/merge", P::ManageInstitutions, OfSession),
    (Method::Get, "/office/typed-institutions", P::ManageInstitutions, Something),
    (Method::Get, "/office/typed-institutions/which", P::ManageInstitutions, Something),
    (Method::Post, "/office/typed-institutions/which", P::ManageInstitutions, Something),
    (Method::Get, "/office/courses", P::ManageCourses, Everything),
    (Method::Get, "/office/new-course", P::ManageCourses, Everything),
    (Method::Post, "/office/new-course", P::ManageCourses, Everything),
    (Method::Get, "/office/courses/<slug>", P::ManageCourses, Everything),
    (Method::Post, "/office/courses/<slug>", P::ManageCourses, Everything),
    (Method::Get, "/office/alliances", P::ManageAlliances, Everything),
    (Method::Get, "/office/new-alliance", P::ManageAlliances, Everything),
    (Method::Post, "/office/new-alliance", P::ManageAlliances, Everything),
    (Method::Get, "/office/alliances/<slug>", P::ManageAlliances, Everything),
    (Method::Post, "/office/alliances/<slug>", P::ManageAlliances, Everything),
    (Method::Get, "/office/courses/<slug>/questions", P::ManageCourses, Everything),
    (Method::Post, "/office/courses/<slug>/questions", P::ManageCourses, Everything),
    (Method::Get, "/office/courses/<slug>/questions/<question>", P::ManageCourses, Everything),
    (Method::Post, "/office/courses/<slug>/questions/<question>", P::ManageCourses, Everything),
    (Method::Get, "/office/courses/<slug>/merge", P::ManageCourses, Everything),
    (Method::Post, "/office/courses/<slug>/merge", P::ManageCourses, Everything),
    (Method::Get, "/office/alliances/<slug>/merge", P::ManageAlliances, Everything),
    (Method::Post, "/office/alliances/<slug>/merge", P::ManageAlliances, Everything),
    (Method::Get, "/office/accounts", P::ManageAccounts, Everything),
    (Method::Get, "/office/new-account", P::ManageAccounts, Everything),
    (Method::Post, "/office/new-account", P::ManageAccounts, Everything),
    (Method::Get, "/office/accounts/<login>", P::ManageAccounts, Everything),
    (Method::Post, "/office/accounts/<login>", P::ManageAccounts, Everything),
    (Method::Post, "/office/accounts/<login>/sign-out", P::ManageAccounts, Everything),
    (Method::Get, "/office/accounts/<login>/passkeys", P::ManageAccounts, Everything),
    (Method::Post, "/office/accounts/<login>/passkeys", P::ManageAccounts, Everything),
    (Method::Get, "/office/accounts/<login>/disable", P::ManageAccounts, Everything),
    (Method::Post, "/office/accounts/<login>/disable", P::ManageAccounts, Everything),
    (Method::Post, "/office/accounts/<login>/enable", P::ManageAccounts, Everything),
];

/// All of them.
fn routes() -> impl Iterator<Item = &'static (Method, &'static str, P, About)> {
    let more = said::ROUTES.iter().chain(files::ROUTES).chain(paths::ROUTES).chain(stays::ROUTES);
    let more = more.chain(help::ROUTES);
    ROUTES.iter().chain(more)
}

/// One's own account: everybody's who is signed in, and nobody else's.
const OWN: &[(Method, &str)] = &[
    (Method::Get, "/account"),
    (Method::Post, "/account/letters"),
    (Method::Get, "/account/about"),
    (Method::Post, "/account/about"),
    (Method::Get, "/account/passkeys"),
    (Method::Post, "/account/passkeys"),
    (Method::Post, "/account/passkeys/start"),
    (Method::Get, "/account/passkeys/<id>"),
    (Method::Post, "/account/passkeys/<id>"),
    (Method::Get, "/account/passkeys/<id>/remove"),
    (Method::Post, "/account/passkeys/<id>/remove"),
    (Method::Get, "/account/sign-out-everywhere"),
];

/// The last thing one does there.
const LEAVE: &str = "/account/sign-out-everywhere";

fn may(member: &StaffMember, permission: P, about: About, session: &Session) -> bool {
    match about {
        OfSession => allows(member, permission, session),
        Something => allows_somewhere(member, permission),
        Everything => allows_everywhere(member, permission),
    }
}

async fn staff_routes_are_all_listed(browser: &Client) {
    for route in browser.rocket().routes() {
        let path = route.uri.path();
        let is_staff = path.starts_with("/office") || path.starts_with("/trainer");
        let is_it =
            |(method, uri, ..): &(Method, &str, P, About)| *method == route.method && *uri == path;
        let listed = routes().any(is_it);
        assert_eq!(listed, is_staff, "{} {path} is not in the list of this test", route.method);
        let is_last = route.method == Method::Post && path == LEAVE;
        let listed = is_last || OWN.contains(&(route.method, path));
        let is_own = path.starts_with("/account");
        assert_eq!(listed, is_own, "{} {path} is not in the list of this test", route.method);
    }
}

/// Whoever is signed in has an account of her own; once she signs out everywhere, it is closed.
async fn ones_own_account_opens(browser: &Client, known: (&str, &str)) {
    for (method, uri) in OWN {
        let status = asked(browser, *method, uri, known).dispatch().await.status();
        // There is no such passkey.
        let shown = if uri.contains("<id>") { Status::NotFound } else { Status::Ok };
        let is_refused = *method == Method::Post && status == Status::UnprocessableEntity;
        // A box that is not ticked is an answer as well, and so is a line that is left empty.
        let has_answer = ["/account/letters", "/account/about"].contains(uri);
        let is_saved = has_answer && status == Status::SeeOther;
        assert!(status == shown || is_refused || is_saved, "{method} {uri}: {status}");
    }
    for (method, uri) in [(Method::Post, LEAVE), (Method::Get, "/account")] {
        let answer = asked(browser, method, uri, known).dispatch().await;
        assert_eq!(answer.headers().get_one("Location"), Some("/sign-in"), "{method} {uri}");
    }
}

const PATH_OF_OXFORD: &str = "insert into paths (slug, name, alliance, quiet_months, made_at)
    values ('first', 'First', 'oxford', 6, '2027-01-01T00:00:00+00:00')";

async fn every_staff_route_opens_to_whom_the_table_says(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let leeds = Alliance {
        slug: "leeds".parse().expect("a slug"),
        name: "Leeds".to_owned(),
        time_zone: chrono_tz::Europe::London,
        contact_email: "leeds@example.org".parse().expect("an address"),
        words: Default::default(),
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let people = [
        turnout.account("leads-it", Role::Trainer, &["leeds"]).await,
        turnout.account("leads-another", Role::Trainer, &["oxford"]).await,
        turnout.account("organises-it", Role::Organiser, &["oxford"]).await,
        turnout.account("organises-another", Role::Organiser, &["leeds"]).await,
        turnout.account("office", Role::Administrator, &[]).await,
    ];
    turnout.account("somebody", Role::Trainer, &[]).await;
    let lead = |index: usize| Trainer { login: people[index].clone(), name: "Lead".to_owned() };
    let code = turnout.plan("S1", "first", 10, |session| session.trainers = vec![lead(0)]).await;
    turnout.plan("S2", "first", 10, |session| session.trainers = vec![lead(1)]).await;
    turnout.write("insert into venues (id, name, alliance) values ('V001', 'A', 'oxford')").await;
    turnout.write(PATH_OF_OXFORD).await;
    let session = turnout.session(&code).await;
    asked::questions(&turnout).await;
    let (reference, person) = somebody(&turnout, &code).await;
    let known = (reference.as_str(), person.as_str());

    let nobody = turnout.browser().await;
    staff_routes_are_all_listed(&nobody).await;
    let staff = routes().map(|(method, uri, ..)| (method, uri));
    for (method, uri) in staff.chain(OWN.iter().map(|(method, uri)| (method, uri))) {
        let answer = asked(&nobody, *method, uri, known).dispatch().await;
        assert_eq!(answer.status(), Status::SeeOther, "{method} {uri} by nobody");
        assert_eq!(answer.headers().get_one("Location"), Some("/sign-in"), "{method} {uri}");
    }
    for login in &people {
        let member = {
            let mut conn = turnout.ctx.store.read().await.expect("a connection");
            staff::find(&mut conn, login).await.expect("a read").expect("an account")
        };
        let browser = turnout.signed_in(login).await;
        let (mut opened, mut closed) = (0, 0);
        for (method, uri, permission, about) in routes() {
            let status = asked(&browser, *method, uri, known).dispatch().await.status();
            if may(&member, *permission, *about, &session) {
                opened += 1;
                assert!(opens(uri, status), "{method} {uri} by {login}: {status}");
            } else {
                closed += 1;
                assert_eq!(status, Status::Forbidden, "{method} {uri} by {login}");
            }
        }
        ones_own_account_opens(&browser, known).await;
        assert!(opened > 0 && (closed > 0 || member.role == Role::Administrator), "{login}");
    }
}
