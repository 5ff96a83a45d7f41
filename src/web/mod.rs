//! Pages and the API: parse, call one action, render or redirect.
//!
//! [`rocket()`] is the map: every area with its routes, on one page.

#![expect(missing_docs, reason = "a page is read beside its template; names say the rest")]

pub mod access_log;
mod account;
pub mod api;
mod asked;
mod asking;
pub mod assets;
mod attendee;
mod booking;
mod caught;
pub mod certificate;
pub mod download;
pub mod failure;
mod forms;
pub mod guard;
mod handed_out;
pub mod headers;
mod health;
mod help_asked;
mod helper;
mod ics;
mod interest;
mod invited;
pub mod kept;
mod leader;
mod leads;
pub mod limits;
mod mailbox;
pub mod metrics;
mod my_data;
mod my_path;
mod next;
mod office;
pub mod own_data;
pub mod page;
pub mod paging;
mod param;
mod path_form;
mod path_reason;
mod path_view;
pub mod paths;
pub mod plot;
mod private_calendar;
pub mod problem_kind;
mod proxy;
mod public;
pub mod qr;
pub mod read_sheet;
mod refusal;
#[cfg(test)]
mod samples;
mod sign_in;
pub mod spreadsheet;
mod stay_form;
mod stop;
mod trainer;
mod who_comes;
mod words;

use std::ops::Deref;

use rocket::{Build, Rocket, Route, figment::Figment, shield::Shield};

use crate::{
    actions::{ActionContext, letters::spare_strangers::note_reader},
    domain::{
        permission::{Permission, allows_somewhere},
        staff::StaffMember,
    },
    proven::Proven,
    store::{
        StoreError,
        links::{self, LinkTarget},
    },
    token::Token,
};
use page::{Area, Chrome, Office, Viewer};

/// What every handler works with.
pub struct Desk(Proven<DeskParts>);

/// What lies on the desk.
pub struct DeskParts {
    /// For the verbs.
    pub ctx: ActionContext,
    /// How people reach the office.
    pub office: Office,
    /// Where the folder transport puts letters, in the demo whose mailbox anybody may open.
    pub demo_mailbox: Option<std::path::PathBuf>,
    /// How often one address may book or ask for links; `None` for load tests.
    pub limits: Option<std::sync::Arc<limits::Limits>>,
    /// Public answers, kept rendered.
    pub answers: std::sync::Arc<kept::KeptAnswers>,
}

impl Deref for Desk {
    type Target = DeskParts;

    fn deref(&self) -> &DeskParts {
        &self.0
    }
}

impl Desk {
    /// A desk for every handler.
    pub fn new(parts: DeskParts) -> Self {
        Self(Proven::new(parts))
    }

    /// What a link opens, if it opens anything; whoever opens one that came by letter reads what is
    /// sent there.
    pub async fn link(&self, token: &Token) -> Result<Option<LinkTarget>, StoreError> {
        let mut conn = self.ctx.store.read().await?;
        let target = links::find(&mut conn, token.hash(), self.ctx.now()).await?;
        drop(conn);
        if target.is_some() {
            note_reader(&self.ctx, token).await?;
        }
        Ok(target)
    }

    /// The token of a new attempt to make something (V3), for the hidden field of its form.
    pub fn attempt(&self) -> String {
        Token::generate(&*self.ctx.random).secret().to_owned()
    }

    /// The frame of a page that anybody may see.
    pub fn chrome(&self, area: Area) -> Chrome {
        Chrome {
            office: self.office.clone(),
            area,
            viewer: None,
            private: false,
            demo: self.demo_mailbox.is_some(),
        }
    }

    /// The frame of a page behind a private link.
    pub fn private_chrome(&self, area: Area) -> Chrome {
        Chrome { private: true, ..self.chrome(area) }
    }

    /// The frame of a trainer's page.
    pub fn staff_chrome(&self, member: &StaffMember) -> Chrome {
        self.signed_in_chrome(Area::Trainer, member)
    }

    /// The frame of a page for somebody signed in.
    pub fn signed_in_chrome(&self, area: Area, member: &StaffMember) -> Chrome {
        let has_office = allows_somewhere(member, Permission::WatchSessions);
        let viewer = Some(Viewer { name: member.name.clone(), has_office });
        Chrome { viewer, ..self.private_chrome(area) }
    }
}

/// The server with all its routes, ready to launch.
pub fn rocket(figment: Figment, desk: Desk) -> Rocket<Build> {
    rocket::custom(figment)
        .manage(desk)
        .manage(health::Looks::default())
        // Ours say more than Rocket's own shield, which would look at each answer in vain.
        .attach(Shield::new())
        .attach(headers::SafeHeaders)
        .attach(access_log::AccessLog::default())
        .attach(proxy::ProxyWatch::default())
        .mount("/", routes())
        .register("/", public::error::catchers())
        .mount("/api/v1", api::routes())
        .register("/api", api::catchers())
}

/// Every route of the pages, area by area.
fn routes() -> Vec<Route> {
    [
        public::routes(),
        booking::routes(),
        leader::routes(),
        attendee::routes(),
        private_calendar::routes(),
        my_data::routes(),
        my_path::routes(),
        stop::routes(),
        invited::routes(),
        interest::routes(),
        sign_in::routes(),
        account::routes(),
        trainer::routes(),
        helper::routes(),
        office::routes(),
        mailbox::routes(),
        health::routes(),
        assets::routes(),
    ]
    .concat()
}
