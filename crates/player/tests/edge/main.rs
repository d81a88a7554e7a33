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
