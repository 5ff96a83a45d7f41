//! Two administrators who closed each other's accounts in the same moment left none: under read
//! committed each counted the other as still there.

use turnout::{
    actions::staff::{
        add_account::AccountError, change_account::change_account, disable_account::disable_account,
    },
    domain::{audit::Actor, id::StaffLogin, staff::Role},
    store::staff,
};

use crate::{
    accounts::{add, details},
    support::TestTurnout,
};

on_both_databases!(two_administrators_who_close_each_other_leave_one);

async fn two_administrators_who_close_each_other_leave_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for round in 0..20 {
        let one = add(&turnout, &format!("One {round}"), Role::Administrator).await;
        let other = add(&turnout, &format!("Other {round}"), Role::Administrator).await;
        let close = |who: &StaffLogin, by: &StaffLogin| {
            let (ctx, who, actor) = (turnout.ctx.clone(), who.clone(), Actor::Staff(by.clone()));
            tokio::spawn(async move { disable_account(&ctx, &actor, &who).await })
        };
        let step_down = || {
            let (ctx, who, actor) = (turnout.ctx.clone(), other.clone(), Actor::Staff(one.clone()));
            let trainer = details(&format!("Other {round}"), Role::Trainer);
            tokio::spawn(async move { change_account(&ctx, &actor, &who, trainer, None).await })
        };
        let closed =
            [close(&one, &other), if round % 2 == 0 { close(&other, &one) } else { step_down() }];
        let mut refused = 0;
        for task in closed {
            match task.await.expect("an answer") {
                Ok(()) => {}
                Err(AccountError::LastAdministrator) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(refused, 1, "round {round}");
        let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
        assert_eq!(staff::lock_administrators(&mut tx).await.expect("a count"), 1);
        // The next two begin alone.
        for login in [&one, &other] {
            staff::set_disabled(&mut tx, login, Some(turnout.ctx.now())).await.expect("closed");
        }
        tx.commit().await.expect("a commit");
    }
}
