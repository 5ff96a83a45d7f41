//! `turnout receive-reply`: one message from a mail server's pipe.

use std::io::Read;

use crate::{actions::calendars::take_reply::take_mail, cli::setup::Setup, mail::inbound::LARGEST};

/// What tells a mail server to keep the message and try again (sysexits.h, EX_TEMPFAIL).
const TRY_AGAIN: i32 = 75;

/// Takes the message. Ends well whatever it is, so that nobody gets a bounce for what they wrote;
/// only when it could not be looked at is the mail server told to try again.
pub(super) async fn run() -> anyhow::Result<()> {
    let mut raw = Vec::new();
    // One octet more than is read tells that it is too large.
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX) + 1;
    if let Err(error) = std::io::stdin().take(most).read_to_end(&mut raw) {
        eprintln!("the message could not be read: {error}");
        std::process::exit(TRY_AGAIN);
    }
    let taken = async {
        let setup = Setup::open().await?;
        let outcome = take_mail(&setup.ctx, &raw).await;
        setup.ctx.store.close().await;
        anyhow::Ok(outcome?)
    };
    match taken.await {
        Ok(Some(outcome)) => println!("{outcome}"),
        Ok(None) => println!("taken before"),
        Err(error) => {
            eprintln!("{error:#}");
            std::process::exit(TRY_AGAIN);
        }
    }
    Ok(())
}
