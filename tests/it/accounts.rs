//! Staff accounts: what they say, who may look after them, and how they end.

use chrono::Duration;
use turnout::{
    actions::staff::{
        add_account::{AccountDetails, AccountError, add_account},
        change_account::change_account,
        disable_account::{disable_account, enable_account},
        sign_in::{print_sign_in_link, sign_in, sign_out_everywhere, who_is_signed_in},
    },
    domain::{audit::Actor, id::StaffLogin, staff::Role},
    store::{
        Window,
        audit_search::{self, AuditFilter},
        staff,
    },
    token::Token,
};

use crate::support::{TestTurnout, plan::name};

on_both_databases!(
    a_closed_account_is_signed_out_everywhere_at_once,
    the_last_administrator_stays,
    an_account_is_found_and_its_address_is_its_own,
);

pub fn details(who: &str, role: Role) -> AccountDetails {
    let address = format!("{}@example.org", who.to_lowercase().replace(' ', "."));
    let alliances = vec!["oxford".parse().expect("a slug")];
    AccountDetails { name: name(who), email: address.parse().expect("an address"), role, alliances }
}

pub async fn add(turnout: &TestTurnout, who: &str, role: Role) -> StaffLogin {
    add_account(&turnout.ctx, &Actor::CommandLine, details(who, role), None)
        .await
        .expect("an account")
}

async fn signed_in(turnout: &TestTurnout, email: &str) -> Token {
    let address = email.parse().expect("an address");
    let link = print_sign_in_link(&turnout.ctx, &address).await.expect("a link");
    let link = link.expect("an account");
    let token = link.rsplit('/').next().and_then(|text| text.parse().ok()).expect("a token");
    let lasts = Duration::hours(1);
    sign_in(&turnout.ctx, &token, lasts).await.expect("a sign-in").expect("a token")
}

async fn a_closed_account_is_signed_out_everywhere_at_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ctx = &turnout.ctx;
    let ruth = add(&turnout, "Ruth Okafor", Role::Organiser).await;
    let (phone, desk) = (
        signed_in(&turnout, "ruth.okafor@example.org").await,
        signed_in(&turnout, "ruth.okafor@example.org").await,
    );
    let who = who_is_signed_in(ctx, &phone).await.expect("an answer").expect("somebody");
    assert_eq!((who.login.as_str(), who.role), ("ruth.okafor", Role::Organiser));
    turnout.clock.advance(Duration::seconds(1));
    assert_eq!(sign_out_everywhere(ctx, &Actor::CommandLine, &ruth).await.expect("out"), 2);
    assert!(who_is_signed_in(ctx, &desk).await.expect("an answer").is_none());

    let again = signed_in(&turnout, "ruth.okafor@example.org").await;
    turnout.clock.advance(Duration::seconds(1));
    disable_account(ctx, &Actor::CommandLine, &ruth).await.expect("closed");
    assert!(who_is_signed_in(ctx, &again).await.expect("an answer").is_none());
    let email = "ruth.okafor@example.org".parse().expect("an address");
    assert!(print_sign_in_link(ctx, &email).await.expect("an answer").is_none());
    turnout.clock.advance(Duration::seconds(1));
    enable_account(ctx, &Actor::CommandLine, &ruth).await.expect("opened");
    assert!(who_is_signed_in(ctx, &again).await.expect("an answer").is_none());
    assert!(print_sign_in_link(ctx, &email).await.expect("an answer").is_some());

    let mut conn = ctx.store.read().await.expect("a connection");
    let filter = AuditFilter {
        actor: Some(Actor::CommandLine),
        ..AuditFilter::until(turnout.ctx.now() + Duration::days(1))
    };
    let window = Window { offset: 0, limit: 3 };
    let log = audit_search::search(&mut conn, &filter, window).await.expect("events");
    let words: Vec<_> = log.items.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(words, ["account-enabled", "account-disabled", "signed-out-everywhere"]);
    assert_eq!(log.total, 4);
}

async fn the_last_administrator_stays(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, actor) = (&turnout.ctx, Actor::CommandLine);
    let only = add(&turnout, "National Office", Role::Administrator).await;
    let refused = disable_account(ctx, &actor, &only).await;
    assert!(matches!(refused, Err(AccountError::LastAdministrator)));
    let down = details("National Office", Role::Trainer);
    let refused = change_account(ctx, &actor, &only, down.clone(), None).await;
    assert!(matches!(refused, Err(AccountError::LastAdministrator)));
    let second = add(&turnout, "Second Office", Role::Administrator).await;
    change_account(ctx, &actor, &only, down, None).await.expect("a change");
    let refused = disable_account(ctx, &actor, &second).await;
    assert!(matches!(refused, Err(AccountError::LastAdministrator)));
}

async fn an_account_is_found_and_its_address_is_its_own(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, actor) = (&turnout.ctx, Actor::CommandLine);
    let ruth = add(&turnout, "Ruth Okafor", Role::Organiser).await;
    let amina = add(&turnout, "Amina_Yusuf", Role::Trainer).await;
    let same = add_account(ctx, &actor, details("Ruth Okafor", Role::Trainer), None).await;
    assert!(matches!(same, Err(AccountError::AddressTaken)));
    let taken =
        change_account(ctx, &actor, &amina, details("Ruth Okafor", Role::Trainer), None).await;
    assert!(matches!(taken, Err(AccountError::AddressTaken)));
    let nowhere = AccountDetails { alliances: vec![], ..details("Kemi", Role::Organiser) };
    let refused = add_account(ctx, &actor, nowhere, None).await;
    assert!(matches!(refused, Err(AccountError::NoAlliance)));

    let other = AccountDetails {
        email: "ruth.okafor@elsewhere.example".parse().expect("an address"),
        ..details("Ruth Okafor", Role::Trainer)
    };
    let second = add_account(ctx, &actor, other, None).await.expect("an account");
    assert_eq!(second.as_str(), "ruth.okafor-2");

    let mut conn = ctx.store.read().await.expect("a connection");
    for (words, logins) in [
        ("OKAFOR", vec![&ruth, &second]),
        ("a_y", vec![&amina]),
        ("%", vec![]),
        ("", vec![&amina, &ruth, &second]),
    ] {
        let window = Window { offset: 0, limit: 10 };
        let found = staff::search(&mut conn, words, window).await.expect("accounts");
        let found: Vec<_> = found.items.iter().map(|account| &account.member.login).collect();
        assert_eq!(found, logins, "{words}");
    }
}
