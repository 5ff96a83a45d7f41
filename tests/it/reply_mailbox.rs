//! The reply mailbox on a real IMAP server: Dovecot, on a port of this machine, in the clear and by
//! TLS. Replies are put into the mailbox as a mail server would; on the round trip a real SMTP server
//! does it, which took our invite to a calendar that answers.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use turnout::{
    actions::{
        booking::book_places::book_places, calendars::take_reply::take_mail,
        letters::deliver_letters::deliver_due,
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together},
    mail::{
        Transport,
        imap::{ReplyMailbox, Taking},
    },
    store::{received::Outcome, replies},
};

use crate::{
    calendars::readers::reader,
    support::{TestTurnout, plan::request},
};

on_both_databases!(
    what_arrives_in_the_mailbox_is_taken_once_and_marked_as_read,
    an_answer_comes_back_by_smtp_and_tls,
);

/// A mail server with one mailbox. Dropped, it is stopped.
struct Dovecot {
    folder: tempfile::TempDir,
    mail: Maildir,
    server: Child,
    port: u16,
    port_tls: u16,
    /// The authority that vouches for it, in PEM.
    authority: String,
}

/// What happens after so many messages were taken.
type Then = Arc<dyn Fn(usize) + Send + Sync>;

/// The user Debian keeps for whoever is nobody.
const NOBODY: u32 = 65534;

impl Dovecot {
    /// Starts one; `None`, said aloud, where there is none or it may not be started.
    fn start() -> Option<Self> {
        let program = Path::new("/usr/sbin/dovecot");
        let folder = tempfile::tempdir().expect("a folder");
        let owned = std::os::unix::fs::chown(folder.path(), Some(NOBODY), Some(NOBODY));
        if !program.is_file() || owned.is_err() {
            eprintln!("SKIPPED Dovecot: it is not installed, or may not be started by this user");
            return None;
        }
        let (port, port_tls) = (free_port(), free_port());
        let at = folder.path().display();
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]);
        let certified = certified.expect("a certificate");
        let authority = certified.cert.pem();
        fs::write(folder.path().join("cert.pem"), &authority).expect("a file");
        let key = certified.signing_key.serialize_pem();
        fs::write(folder.path().join("key.pem"), key).expect("a file");
        let config = format!(
            "protocols = imap\nlisten = 127.0.0.1\nssl = yes\n\
             ssl_cert = <{at}/cert.pem\nssl_key = <{at}/key.pem\ndisable_plaintext_auth = no\n\
             base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\n\
             mail_location = maildir:{at}/mail\nfirst_valid_uid = 1\n\
             default_internal_user = dovecot\ndefault_login_user = dovenull\n\
             passdb {{\n driver = static\n args = password=secret\n}}\n\
             userdb {{\n driver = static\n args = uid={NOBODY} gid={NOBODY} home={at}\n}}\n\
             service imap-login {{\n inet_listener imap {{\n  port = {port}\n }}\n\
             inet_listener imaps {{\n  port = {port_tls}\n  ssl = yes\n }}\n}}\n"
        );
        fs::write(folder.path().join("dovecot.conf"), config).expect("a file");
        for part in ["mail", "mail/cur", "mail/new", "mail/tmp"] {
            let path = folder.path().join(part);
            fs::create_dir(&path).expect("a folder");
            std::os::unix::fs::chown(&path, Some(NOBODY), Some(NOBODY)).expect("an owner");
        }
        let server = Command::new(program)
            .arg("-F")
            .arg("-c")
            .arg(folder.path().join("dovecot.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("dovecot starts");
        let mail = Maildir(folder.path().join("mail"));
        let dovecot = Self { folder, mail, server, port, port_tls, authority };
        let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(std::time::Instant::now() < end, "{}", dovecot.log());
            std::thread::yield_now();
        }
        Some(dovecot)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    free.local_addr().expect("an address").port()
}

/// Its one mailbox, as a mail server's delivery sees it.
#[derive(Clone)]
struct Maildir(PathBuf);

impl Maildir {
    /// Delivers a message as a mail server does: written aside, then moved into place.
    fn deliver(&self, name: &str, raw: &[u8]) {
        let aside = self.0.join("tmp").join(name);
        fs::write(&aside, raw).expect("a file");
        std::os::unix::fs::chown(&aside, Some(NOBODY), Some(NOBODY)).expect("an owner");
        fs::rename(aside, self.0.join("new").join(name)).expect("a move");
    }

    /// How many messages are marked as read.
    fn read(&self) -> usize {
        let files = fs::read_dir(self.0.join("cur")).expect("a folder");
        let names = files.map(|file| file.expect("a file").file_name().into_string());
        names.filter(|name| name.as_ref().is_ok_and(|name| name.ends_with('S'))).count()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Asked to stop, it stops its own processes too; killed, it would leave them.
        let id = self.server.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = self.server.wait();
    }
}

async fn what_arrives_in_the_mailbox_is_taken_once_and_marked_as_read(turnout: TestTurnout) {
    let Some(dovecot) = tokio::task::block_in_place(Dovecot::start) else { return };
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 5, |_| {}).await;
    let asked = request(&session, "Ben Low", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let letters = turnout.letters().await;
    let ics = letters.iter().find_map(|letter| letter.calendar.clone()).expect("an invite");
    let ics = String::from_utf8(ics).expect("text");
    let uid = ics.lines().find_map(|line| line.strip_prefix("UID:")).expect("a UID");
    let declined = include_str!("replies/thunderbird.eml").replace("{uid}", uid);
    let large = [b"From: a@b.org\r\n\r\n".to_vec(), vec![b'x'; 1 << 20]].concat();
    dovecot.mail.deliver("1.large", &large);
    dovecot.mail.deliver("2.reply", declined.replace('\n', "\r\n").as_bytes());

    let url = format!("imap://ben@127.0.0.1:{}", dovecot.port);
    let mailbox = ReplyMailbox::parse(&url, "secret").expect("a mailbox");
    let watched = async |most: usize, then: Then| {
        let outcomes = Arc::new(Mutex::new(Vec::new()));
        let (ctx, noted) = (turnout.ctx.clone(), Arc::clone(&outcomes));
        let take = move |raw: Vec<u8>| -> Taking {
            let (ctx, noted, then) = (ctx.clone(), Arc::clone(&noted), Arc::clone(&then));
            Box::pin(async move {
                let outcome = take_mail(&ctx, &raw).await.map_err(|error| error.to_string())?;
                let mut noted = noted.lock().expect("nobody panicked");
                noted.push(outcome);
                then(noted.len());
                if noted.len() == most { Err("enough".to_owned()) } else { Ok(()) }
            })
        };
        let patience = std::time::Duration::from_secs(60);
        let ended = tokio::time::timeout(patience, mailbox.watch(&take)).await;
        let outcomes = outcomes.lock().expect("nobody panicked").clone();
        let ended = ended.unwrap_or_else(|_| panic!("{outcomes:?}\n{}", dovecot.log()));
        let is_enough = ended.is_err_and(|error| error.to_string().ends_with("enough"));
        assert!(is_enough, "{}", dovecot.log());
        outcomes
    };
    // The third arrives while the server is being waited for.
    let boxed = dovecot.mail.clone();
    let third = move |taken: usize| {
        if taken == 2 {
            let raw = b"From: a@b.org\r\nSubject: Parking?\r\n\r\nWhere?\r\n";
            boxed.deliver("3.question", raw);
        }
    };
    let expected = [Outcome::Refused, Outcome::Taken, Outcome::ForTheOffice].map(Some);
    assert_eq!(watched(3, Arc::new(third)).await, expected);
    assert_eq!(dovecot.mail.read(), 2, "what was not taken to the end stays unread");
    assert_eq!(watched(1, Arc::new(|_| {})).await, [None], "found again, and not taken twice");
}

/// An SMTP server that delivers to the folder of each recipient. Dropped, it is stopped.
struct Post {
    program: PathBuf,
    server: Child,
    port: u16,
}

impl Post {
    /// Starts one; `None`, said aloud, where it is not ready. What is for us goes to `ours`.
    fn start(folder: &Path, ours: &Maildir) -> Option<Self> {
        let program = reader("post")?;
        let port = free_port();
        let server = Command::new(&program)
            .args(["serve", &port.to_string()])
            .args([folder, &ours.0])
            .spawn()
            .expect("the post starts");
        let post = Self { program, server, port };
        let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(std::time::Instant::now() < end, "the post does not answer");
            std::thread::yield_now();
        }
        Some(post)
    }

    /// Has somebody's calendar answer the invite in their folder.
    fn answer(&self, folder: &Path, who: &str, answer: &str) {
        let port = self.port.to_string();
        let done = Command::new(&self.program)
            .args(["answer", &port])
            .arg(folder.join(who))
            .arg(answer)
            .output()
            .expect("the calendar runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        // Its wrapper replaced itself by it, so that this is its own process.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

async fn an_answer_comes_back_by_smtp_and_tls(turnout: TestTurnout) {
    let Some(dovecot) = tokio::task::block_in_place(Dovecot::start) else { return };
    let inboxes = tempfile::tempdir().expect("a folder");
    let started = || Post::start(inboxes.path(), &dovecot.mail);
    let Some(post) = tokio::task::block_in_place(started) else { return };
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 5, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&session, "Ben Low", 1, Together));
    let booked = booked.await.expect("a booking").registration;
    let smtp = format!("smtp://127.0.0.1:{}", post.port);
    let transport = Transport::from_url(&smtp, 1).expect("a transport");
    deliver_due(&turnout.ctx, Arc::new(transport)).await.expect("a delivery");
    post.answer(inboxes.path(), "ben.low", "DECLINED");

    let url = format!("imaps://ben@localhost:{}", dovecot.port_tls);
    let mailbox = ReplyMailbox::parse(&url, "secret").expect("a mailbox");
    let stranger: Box<dyn Fn(Vec<u8>) -> Taking + Send + Sync> =
        Box::new(|_| Box::pin(async { Err("not to be reached".to_owned()) }));
    let refused = mailbox.watch(&*stranger).await.expect_err("nobody vouches for it");
    assert!(refused.to_string().starts_with("no connection"), "{refused}");
    let mailbox = mailbox.trusting(dovecot.authority.as_bytes()).expect("an authority");
    let taken = Arc::new(Mutex::new(Vec::new()));
    let (ctx, noted) = (turnout.ctx.clone(), Arc::clone(&taken));
    let take = move |raw: Vec<u8>| -> Taking {
        let (ctx, noted) = (ctx.clone(), Arc::clone(&noted));
        Box::pin(async move {
            let outcome = take_mail(&ctx, &raw).await.map_err(|error| error.to_string())?;
            noted.lock().expect("nobody panicked").push(outcome);
            Err("enough".to_owned())
        })
    };
    let patience = std::time::Duration::from_secs(60);
    let ended = tokio::time::timeout(patience, mailbox.watch(&take)).await;
    assert!(ended.is_ok_and(|end| end.is_err()), "{}", dovecot.log());
    assert_eq!(*taken.lock().expect("nobody panicked"), [Some(Outcome::Taken)]);
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let release = replies::release_at(&mut conn, booked.places[0].id).await.expect("a read");
    assert!(release.is_some(), "the place goes to somebody else in half an hour");
}
