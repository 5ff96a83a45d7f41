//! `turnout serve`.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use rocket::{Build, Rocket};

use super::{demo, logging, setup::Setup, supervisor};
use crate::{
    actions::{notice, work_done::WorkDone},
    config::{Config, Switch},
    jobs,
    mail::{Transport, imap::ReplyMailbox},
    store::Patience,
    web::{
        self, Desk, DeskParts,
        metrics::{Access, Metrics},
    },
};

pub(super) async fn run() -> anyhow::Result<()> {
    if let Some(demo) = demo::nearby()? {
        return launch(Setup::open_with(demo.settings).await?, Some(demo.mail)).await;
    }
    let figment = Config::figment();
    // In a debug build, whoever asks for the profile of a release means what it insists on.
    if !cfg!(debug_assertions) || figment.profile() == Config::RELEASE {
        Config::read(&figment)?.refuse_unsafe(&figment)?;
    }
    let setup = Setup::open_with(figment).await?;
    println!("Turnout is at {}", setup.ctx.letterhead.base_url);
    if setup.limits_count_apart() {
        println!("Each node counts floods for itself: of two, a network may try twice as often.");
    }
    launch(setup, None).await
}

/// How long the connections to the database may take to close.
const CLOSING: Duration = Duration::from_secs(1);

/// How long whoever serves visitors waits for PostgreSQL.
fn patience(config: &Config) -> Patience {
    Patience {
        connection: Duration::from_secs(config.database_connection_seconds),
        lock: Duration::from_secs(config.database_lock_seconds),
        statement: Duration::from_secs(config.database_statement_seconds),
        idle: Duration::from_secs(config.database_idle_seconds),
    }
}

/// Serves until told to stop; the letters on their way are finished.
pub(super) async fn launch(mut setup: Setup, demo_mailbox: Option<PathBuf>) -> anyhow::Result<()> {
    logging::panics();
    let transport = Transport::from_url(&setup.config.mail, setup.config.mail_connections);
    let transport = Arc::new(transport.context("TURNOUT_MAIL")?);
    let replies = reply_mailbox(&setup.config)?;
    let access: Access = setup.config.metrics.parse().context("TURNOUT_METRICS")?;
    let url = &setup.config.database_url;
    let store = setup.ctx.store.clone().serving(url, patience(&setup.config)).await;
    setup.ctx.store = store.context("TURNOUT_DATABASE_URL")?;
    let limits = (setup.config.rate_limits == Switch::On).then(Arc::default);
    let desk = Desk::new(DeskParts {
        ctx: setup.ctx.clone(),
        office: setup.office(),
        demo_mailbox,
        limits,
        answers: Arc::default(),
    });
    let done = Arc::new(WorkDone::default());
    let mut rocket: Rocket<Build> =
        web::rocket(setup.figment.clone(), desk).attach(supervisor::fairing());
    if let Some(metrics) = Metrics::new(access, Arc::clone(&done)) {
        rocket = rocket.attach(metrics);
    }
    let rocket = rocket.ignite().await.map_err(|error| anyhow::anyhow!("{error}"))?;
    if let Err(error) = notice::look_anew(&setup.ctx).await {
        log::warn!("what was noticed before could not be forgotten: {error}");
    }
    let work = jobs::run(setup.ctx.clone(), transport, replies, done, rocket.shutdown());
    let work = tokio::spawn(work);
    let shutdown = rocket.shutdown();
    let served = rocket.launch().await;
    shutdown.notify();
    work.await.context("background work")?;
    // A database that stands still is not waited for.
    if tokio::time::timeout(CLOSING, setup.ctx.store.close()).await.is_err() {
        log::warn!("the database did not close in {CLOSING:?}");
    }
    served.map(|_| ()).map_err(|error| anyhow::anyhow!("{error}"))
}

fn reply_mailbox(config: &Config) -> anyhow::Result<Option<ReplyMailbox>> {
    if config.reply_mailbox.is_empty() {
        return Ok(None);
    }
    let mailbox = ReplyMailbox::parse(&config.reply_mailbox, &config.reply_mailbox_password);
    let mailbox = mailbox.context("TURNOUT_REPLY_MAILBOX")?;
    if config.reply_mailbox_ca.is_empty() {
        return Ok(Some(mailbox));
    }
    let pem = std::fs::read(&config.reply_mailbox_ca).context("TURNOUT_REPLY_MAILBOX_CA")?;
    mailbox.trusting(&pem).context("TURNOUT_REPLY_MAILBOX_CA").map(Some)
}
