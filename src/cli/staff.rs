//! `turnout staff …`: accounts from the command line, the first administrator among them.

use anyhow::{Context, bail};
use clap::Subcommand;

use crate::{
    actions::staff::{
        add_account::{AccountDetails, open_account},
        disable_account::disable_account,
        sign_in::print_sign_in_link,
    },
    cli::setup::Setup,
    domain::{audit::Actor, id::StaffLogin, staff::Role, text::Name},
    store::{Window, catalogue, passkeys, staff},
};

/// Accounts on one line each; more than any organisation has.
const ALL: Window = Window { offset: 0, limit: 100_000 };

#[derive(Debug, Subcommand)]
pub(super) enum StaffCommand {
    /// Add an account.
    Add {
        /// Full name.
        #[arg(long)]
        name: String,
        /// Where sign-in links go.
        #[arg(long)]
        email: String,
        /// admin, organiser or trainer.
        #[arg(long)]
        role: String,
        /// The slug of an alliance they belong to; repeat it for several.
        #[arg(long = "alliance")]
        alliances: Vec<String>,
    },
    /// List all accounts, with how many passkeys each has.
    List,
    /// Close an account and sign it out everywhere.
    Disable {
        /// The account's login, as `turnout staff list` shows it.
        login: String,
    },
    /// Print a link that signs this address in once, within fifteen minutes.
    SignInLink {
        /// The account's address.
        email: String,
    },
}

pub(super) async fn run(command: StaffCommand) -> anyhow::Result<()> {
    let setup = Setup::open().await?;
    let done = match command {
        StaffCommand::Add { name, email, role, alliances } => {
            add(&setup, &name, &email, &role, &alliances).await
        }
        StaffCommand::List => list(&setup).await,
        StaffCommand::Disable { login } => {
            let login: StaffLogin = login.parse()?;
            disable_account(&setup.ctx, &Actor::CommandLine, &login).await?;
            println!("{login} is closed and signed out everywhere.");
            Ok(())
        }
        StaffCommand::SignInLink { email } => {
            match print_sign_in_link(&setup.ctx, &email.parse()?).await? {
                Some(link) => println!("{link}"),
                None => bail!("nobody has a staff account with this address"),
            }
            Ok(())
        }
    };
    setup.ctx.store.close().await;
    done
}

async fn add(
    setup: &Setup,
    name: &str,
    email: &str,
    role: &str,
    alliances: &[String],
) -> anyhow::Result<()> {
    let known = catalogue::alliances(&mut setup.ctx.store.read().await?).await?;
    let chosen = alliances.iter().map(|slug| {
        let found = known.iter().find(|alliance| alliance.slug.as_str() == slug);
        found.map(|alliance| alliance.slug.clone()).with_context(|| format!("no alliance {slug}"))
    });
    let details = AccountDetails {
        name: Name::parse(name).context("--name")?,
        email: email.parse().context("--email")?,
        role: role.parse::<Role>().context("--role")?,
        alliances: chosen.collect::<Result<_, _>>()?,
    };
    let login = open_account(&setup.ctx, &Actor::CommandLine, details, None).await?;
    println!("Added {login}. Sign in at {}/sign-in", setup.ctx.letterhead.base_url);
    Ok(())
}

async fn list(setup: &Setup) -> anyhow::Result<()> {
    let mut conn = setup.ctx.store.read().await?;
    for account in staff::search(&mut conn, "", ALL).await?.items {
        let member = account.member;
        let keys = passkeys::of(&mut conn, &member.login).await?.len();
        let state = if account.disabled_at.is_some() { "closed" } else { "open" };
        let alliances: Vec<_> = member.alliances.iter().map(ToString::to_string).collect();
        let alliances = alliances.join(",");
        println!(
            "{}\t{}\t{}\t{}\t{state}\t{alliances}\t{keys}",
            member.login, member.role, member.email, member.name
        );
    }
    Ok(())
}
