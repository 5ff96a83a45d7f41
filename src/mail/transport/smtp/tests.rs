use std::{
    io,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::{domain::letter::Letter, mail::samples};

/// What a test server does once a reader is named.
#[derive(Clone, Copy)]
enum Host {
    Takes,
    Answers(&'static str),
    /// Refuses readers at `gone.example`.
    Refuses(&'static str),
    Closes,
    FallsSilent,
    /// Says this instead of taking a second letter on one connection, and hangs up.
    TakesOne(&'static str),
}

type Heard = Arc<Mutex<Vec<String>>>;

/// Starts a mail server of a few words and gives its URL and what it hears.
async fn start(host: Host) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let heard = Heard::default();
    let log = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let log = Arc::clone(&log);
            // A client that hangs up is not the server's concern.
            tokio::spawn(async move { converse(stream, host, &log).await });
        }
    });
    (url, heard)
}

async fn converse(stream: TcpStream, host: Host, heard: &Heard) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 test\r\n").await?;
    let (mut in_data, mut second) = (false, false);
    while let Some(line) = lines.next_line().await? {
        heard.lock().unwrap().push(line.clone());
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "." => "250 2.0.0 kept",
            _ if in_data => continue,
            "EHLO" => "250 test",
            "MAIL" if std::mem::replace(&mut second, true) => match host {
                Host::TakesOne(answer) => {
                    return write.write_all(answer.as_bytes()).await;
                }
                _ => "250 ok",
            },
            "RCPT" => match host {
                Host::Takes => "250 ok",
                Host::Answers(answer) => answer,
                Host::Refuses(answer) if line.contains("@gone.example") => answer,
                Host::Refuses(_) | Host::TakesOne(_) => "250 ok",
                Host::Closes => return Ok(()),
                Host::FallsSilent => continue,
            },
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        in_data = answer.starts_with("354") || in_data && line != ".";
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

async fn delivered(host: Host) -> Result<(), DeliveryError> {
    let (url, _) = start(host).await;
    let smtp = Smtp::with_timeout(&url, 1, Duration::from_millis(500)).unwrap();
    smtp.deliver(&samples::message(&samples::letter())).await
}

/// How often something was heard that starts like this.
fn count(heard: &Heard, start: &str) -> usize {
    heard.lock().unwrap().iter().filter(|line| line.starts_with(start)).count()
}

#[tokio::test]
async fn a_message_reaches_the_server_whole_and_the_connection_is_kept() {
    let (url, heard) = start(Host::Takes).await;
    let smtp = Smtp::from_url(&url, 1).unwrap();
    let message = samples::message(&samples::letter());
    for _ in 0..3 {
        assert_eq!(smtp.deliver(&message).await, Ok(()));
    }
    assert_eq!(count(&heard, "EHLO"), 1);
    let heard = heard.lock().unwrap().clone();
    assert!(heard.contains(&"RCPT TO:<jose@example.org>".to_owned()), "{heard:?}");
    assert!(heard[1].starts_with("MAIL FROM:<trainings@turnout.example.org>"), "{heard:?}");
    let start = heard.iter().position(|line| line == "DATA").unwrap() + 1;
    let end = heard.iter().position(|line| line == ".").unwrap();
    let sent = String::from_utf8(message.formatted()).unwrap();
    assert_eq!(heard[start..end].join("\r\n").trim_end(), sent.trim_end());
}

#[tokio::test]
async fn letters_sent_at_once_have_a_connection_each_and_unused_ones_are_closed() {
    let (url, heard) = start(Host::Takes).await;
    let smtp = Smtp::from_url(&url, 3).unwrap();
    let message = samples::message(&samples::letter());
    let three =
        tokio::join!(smtp.deliver(&message), smtp.deliver(&message), smtp.deliver(&message));
    assert_eq!(three, (Ok(()), Ok(()), Ok(())));
    assert_eq!(count(&heard, "EHLO"), 3);
    smtp.close_unused().await;
    assert_eq!(count(&heard, "QUIT"), 0, "they were used just now");
    smtp.close_resting_for(Duration::ZERO).await;
    assert_eq!(count(&heard, "QUIT"), 3);
    assert_eq!(smtp.deliver(&message).await, Ok(()));
    assert_eq!(count(&heard, "EHLO"), 4);
}

#[tokio::test]
async fn a_reader_who_is_refused_costs_neither_the_connection_nor_the_next_letter() {
    let (url, heard) = start(Host::Refuses("550 5.1.1 nobody of that name")).await;
    let smtp = Smtp::from_url(&url, 1).unwrap();
    let gone = Letter { to: "jose@gone.example".parse().unwrap(), ..samples::letter() };
    let (gone, next) = (samples::message(&gone), samples::message(&samples::letter()));
    let said = "the mail server answered 550 5.1.1".to_owned();
    assert_eq!(smtp.deliver(&gone).await, Err(DeliveryError::Permanent(said)));
    assert_eq!(smtp.deliver(&next).await, Ok(()));
    assert_eq!((count(&heard, "RSET"), count(&heard, "EHLO"), count(&heard, "DATA")), (1, 1, 1));
}

#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_is_replaced_without_a_failure() {
    let message = samples::message(&samples::letter());
    for host in [Host::TakesOne(""), Host::TakesOne("421 4.7.0 that is enough\r\n")] {
        let (url, heard) = start(host).await;
        let smtp = Smtp::from_url(&url, 1).unwrap();
        for _ in 0..3 {
            assert_eq!(smtp.deliver(&message).await, Ok(()));
        }
        assert_eq!((count(&heard, "EHLO"), count(&heard, "DATA")), (3, 3));
    }
}

#[tokio::test]
async fn what_the_server_says_decides_whether_to_try_again_and_is_not_repeated() {
    let temporary = |said: &str| Err(DeliveryError::Temporary(said.to_owned()));
    let greylisted = "451 4.7.1 <jose@example.org> greylisted";
    let said = "the mail server answered 451 4.7.1";
    assert_eq!(delivered(Host::Answers(greylisted)).await, temporary(said));
    let unknown = "550 5.1.1 <jose@example.org> unknown";
    let said = "the mail server answered 550 5.1.1".to_owned();
    assert_eq!(delivered(Host::Answers(unknown)).await, Err(DeliveryError::Permanent(said)));
    let refused = "550 jose@example.org unknown";
    let said = "the mail server answered 550".to_owned();
    assert_eq!(delivered(Host::Answers(refused)).await, Err(DeliveryError::Permanent(said)));
    let sign_in = "530 5.7.0 sign in first";
    let said = "the mail server answered 530 5.7.0".to_owned();
    assert_eq!(delivered(Host::Answers(sign_in)).await, Err(DeliveryError::Held(said)));
}

#[tokio::test]
async fn a_server_that_hangs_up_falls_silent_or_is_not_there_may_come_back() {
    let closed = delivered(Host::Closes).await;
    assert!(matches!(closed, Err(DeliveryError::Temporary(_))), "{closed:?}");
    let silent = delivered(Host::FallsSilent).await;
    let said = "the mail server took too long".to_owned();
    assert_eq!(silent, Err(DeliveryError::Temporary(said)));
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let smtp = Smtp::from_url(&format!("smtp://127.0.0.1:{port}"), 1).unwrap();
    let absent = smtp.deliver(&samples::message(&samples::letter())).await;
    assert!(matches!(absent, Err(DeliveryError::Held(_))), "{absent:?}");
}

#[tokio::test]
async fn an_interrupted_connection_is_not_used_for_the_next_letter() {
    let (url, heard) = start(Host::FallsSilent).await;
    let smtp = Smtp::with_timeout(&url, 1, Duration::from_millis(300)).unwrap();
    let message = samples::message(&samples::letter());
    for _ in 0..2 {
        assert!(smtp.deliver(&message).await.is_err());
    }
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.iter().filter(|line| line.starts_with("EHLO")).count(), 2, "{heard:?}");
    assert!(!heard.iter().any(|line| line.starts_with("NOOP")), "{heard:?}");
}

#[test]
fn connections_may_outlive_the_runtime_they_were_made_in() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let smtp = runtime.block_on(async {
        let (url, _) = start(Host::Takes).await;
        let smtp = Smtp::from_url(&url, 1).unwrap();
        assert_eq!(smtp.deliver(&samples::message(&samples::letter())).await, Ok(()));
        smtp
    });
    drop(runtime);
    drop(smtp);
}
