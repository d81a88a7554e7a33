//! The routes of the content origin, as whole exchanges: `*.txt` hold requests and the complete answers, word for word.
//!
//! An exchange is a request, a line `--`, and the answer; a line `==` ends it. `{name}` stands for a value of the world
//! (`world.rs`), in requests and answers alike; `…` in an answer for any text, `@json` and its like for headers that stand
//! everywhere (`transcript.rs`). Lines that begin with `!` change the
//! world before the request, lines with `#` are for readers.

mod transcript;
mod world;

use transcript::{Exchange, read};
use world::World;

#[tokio::test]
async fn every_exchange_is_as_written() {
    let files = [
        ("launch.txt", include_str!("launch.txt")),
        ("page.txt", include_str!("page.txt")),
        ("sessions.txt", include_str!("sessions.txt")),
        ("commits.txt", include_str!("commits.txt")),
        ("bodies.txt", include_str!("bodies.txt")),
        ("deflated.txt", include_str!("deflated.txt")),
        ("trouble.txt", include_str!("trouble.txt")),
        ("files.txt", include_str!("files.txt")),
        ("hosts.txt", include_str!("hosts.txt")),
    ];
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, text) in files {
        let mut world = World::new().await;
        for exchange in read(text) {
            count += 1;
            if let Some(difference) = differs(&mut world, &exchange).await {
                wrong.push(format!("{name}:{}: {}\n{difference}", exchange.line, exchange.request_line()));
            }
        }
    }
    assert!(count >= 60, "the files were read");
    assert!(wrong.is_empty(), "{} of {count} exchanges differ\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// What is wrong with the answer; `None` when it is as written.
async fn differs(world: &mut World, exchange: &Exchange) -> Option<String> {
    for change in &exchange.changes {
        world.change(change).await;
    }
    let got = world.exchange(exchange).await;
    let expected = transcript::expanded(&exchange.answer);
    (!transcript::matches(&got, &expected)).then(|| format!("expected:\n{expected}\n\ngot:\n{got}"))
}

/// The address is the only secret of a page; a copy of the page is worth nothing.
#[tokio::test]
async fn the_page_holds_no_token() {
    let world = World::new().await;
    let request = "GET /play/{token}/\n--\n200";
    let page = world.exchange(&read(request).remove(0)).await;
    assert!(page.contains("{registration}"), "this is the page: {page}");
    assert!(!page.contains("{token}") && !page.contains("{key}"), "{page}");
}

/// Wherever a deflated commit is cut off, it is taken as a whole or not at all.
#[tokio::test]
async fn no_part_of_a_deflated_commit_is_taken() {
    let world = World::new().await;
    let text = r#"{"session":"{session}","from_seq":1,"entries":[{"seq":1,"at":1767225600000,"call":"navigate","value":"start","result":"a"}]}"#;
    let sent = async |keep: usize| {
        let head = format!("POST /play/{{token}}/commits?z=1\nx-test-deflate: yes\nx-test-keep: {keep}");
        world.exchange(&read(&format!("{head}\n\n{text}\n--\n200")).remove(0)).await
    };
    let mut taken = Vec::new();
    for keep in 0..170 {
        let answer = sent(keep).await;
        match answer.get(..3) {
            Some("200") => {
                assert!(answer.contains(r#""durable_to":1,"missing":[]"#), "{keep}: {answer}");
                taken.push(keep);
            }
            Some("400") => assert!(taken.is_empty(), "{keep} is refused, {taken:?} are taken: {answer}"),
            _ => panic!("{keep}: {answer}"),
        }
    }
    let first = taken.first().copied().expect("the whole of it is taken");
    assert!((50..170).contains(&first), "{first}");
}
