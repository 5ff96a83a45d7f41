use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::mail::samples;

/// What a test server does once a message is announced.
#[derive(Clone, Copy)]
enum Host {
    Takes,
    Answers(&'static str),
    Closes,
    FallsSilent,
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
    let mut in_data = false;
    while let Some(line) = lines.next_line().await? {
        heard.lock().unwrap().push(line.clone());
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "." => "250 2.0.0 kept",
            _ if in_data => continue,
            "EHLO" => "250 test",
            "RCPT" => match host {
                Host::Takes => "250 ok",
                Host::Answers(answer) => answer,
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
    let smtp = Smtp::with_timeout(&url, Duration::from_millis(500)).unwrap();
    smtp.deliver(&samples::message(&samples::letter())).await
}

#[tokio::test]
async fn a_message_reaches_the_server_whole_and_the_connection_is_kept() {
    let (url, heard) = start(Host::Takes).await;
    let smtp = Smtp::from_url(&url).unwrap();
    let message = samples::message(&samples::letter());
    assert_eq!(smtp.deliver(&message).await, Ok(()));
    // The library puts the connection back in a task of its own.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(smtp.deliver(&message).await, Ok(()));
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.iter().filter(|line| line.starts_with("EHLO")).count(), 1);
    assert!(heard.contains(&"RCPT TO:<jose@example.org>".to_owned()), "{heard:?}");
    assert!(heard[1].starts_with("MAIL FROM:<trainings@turnout.example.org>"), "{heard:?}");
    let start = heard.iter().position(|line| line == "DATA").unwrap() + 1;
    let end = heard.iter().position(|line| line == ".").unwrap();
    let sent = String::from_utf8(message.formatted()).unwrap();
    assert_eq!(heard[start..end].join("\r\n").trim_end(), sent.trim_end());
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
    let said = "the mail server answered 530 5.7.0";
    assert_eq!(delivered(Host::Answers(sign_in)).await, temporary(said));
}

#[tokio::test]
async fn a_server_that_hangs_up_falls_silent_or_is_not_there_may_come_back() {
    let closed = delivered(Host::Closes).await;
    assert!(matches!(closed, Err(DeliveryError::Temporary(_))), "{closed:?}");
    let silent = delivered(Host::FallsSilent).await;
    let said = "the mail server took too long".to_owned();
    assert_eq!(silent, Err(DeliveryError::Temporary(said)));
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let smtp = Smtp::from_url(&format!("smtp://127.0.0.1:{port}")).unwrap();
    let absent = smtp.deliver(&samples::message(&samples::letter())).await;
    assert!(matches!(absent, Err(DeliveryError::Temporary(_))), "{absent:?}");
}

#[tokio::test]
async fn an_interrupted_connection_is_not_used_for_the_next_letter() {
    let (url, heard) = start(Host::FallsSilent).await;
    let smtp = Smtp::with_timeout(&url, Duration::from_millis(300)).unwrap();
    let message = samples::message(&samples::letter());
    for _ in 0..2 {
        assert!(smtp.deliver(&message).await.is_err());
    }
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.iter().filter(|line| line.starts_with("EHLO")).count(), 2, "{heard:?}");
    assert!(!heard.iter().any(|line| line.starts_with("NOOP")), "{heard:?}");
}

#[test]
fn a_pool_may_outlive_the_runtime_it_was_made_in() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let smtp = runtime.block_on(async {
        let (url, _) = start(Host::Takes).await;
        let smtp = Smtp::from_url(&url).unwrap();
        assert_eq!(smtp.deliver(&samples::message(&samples::letter())).await, Ok(()));
        smtp
    });
    drop(runtime);
    drop(smtp);
}
