//! A server that is killed in the middle of its work, as a process of its own, beside another one on the same data folder.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use lyceum_app::{App, RegistrationId};
use lyceum_testkit::scorm12;

use super::TestApp;

const FOLDER: &str = "LYCEUM_TEST_FOLDER";
const SERVER: &str = "LYCEUM_TEST_SERVER";
const LEARNER: &str = "LYCEUM_TEST_REGISTRATION";

/// The process that will be killed: commits as fast as it can and says what was acknowledged.
async fn commit_until_killed(folder: &str, registration: &str) {
    let id: RegistrationId = registration.parse().unwrap();
    // Each process its own randomness, or they would make the same ids.
    let seed = u64::from_be_bytes(id.as_bytes()[8..].try_into().unwrap());
    let on = TestApp::at(folder.as_ref(), std::env::var(SERVER).ok(), seed);
    let mut tab = on.tab(id).await;
    tab.start();
    let mut out = std::io::stdout();
    for n in 0_u64.. {
        on.clock.advance(1_000);
        tab.set("cmi.core.lesson_location", &n.to_string());
        let answer = tab.send(&on.app).await;
        // Beside the test harness's own words on the same line.
        writeln!(out, "\nacknowledged {n} {}", answer.durable_to).unwrap();
    }
}

async fn stored(app: &App, id: RegistrationId) -> (u64, u64) {
    let report = app.registration_report(TestApp::TENANT, id).await.unwrap();
    let attempt = &report.attempts[0];
    let location = attempt.activities[0].cmi["cmi.core.lesson_location"].parse().unwrap();
    (location, attempt.sessions[0].entries)
}

#[tokio::test]
async fn nothing_acknowledged_is_missing_after_a_kill() {
    if let (Ok(folder), Ok(registration)) = (std::env::var(FOLDER), std::env::var(LEARNER)) {
        return commit_until_killed(&folder, &registration).await;
    }
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let here = on.register(course, "here").await;
    let mut tab = on.tab(here).await;
    tab.start();
    for learner in ["first", "second", "third"] {
        let id = on.register(course, learner).await;
        let here_in_tests = module_path!().split_once("::").unwrap().1;
        let name = format!("{here_in_tests}::nothing_acknowledged_is_missing_after_a_kill");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &name, "--nocapture"])
            .envs(on.server().map(|url| (SERVER, url)))
            .env(FOLDER, on.folder())
            .env(LEARNER, id.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut last = (0, 0);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for line in lines {
            let line = line.unwrap();
            let Some(said) = line.strip_prefix("acknowledged ") else { continue };
            let (n, durable_to) = said.split_once(' ').unwrap();
            last = (n.parse().unwrap(), durable_to.parse().unwrap());
            // Two processes write at the same time. What the other one said before it died is still read afterwards, and may
            // be much: it is faster than its reader.
            if last.0 <= 25 {
                on.clock.advance(1_000);
                tab.set("cmi.core.lesson_location", &format!("{learner} {n}"));
                tab.send(&on.app).await;
            }
            if last.0 == 25 {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(last.0 >= 25, "it was killed at work, not before");
        let (location, entries) = stored(&on.app, id).await;
        assert!(location >= last.0 && entries >= last.1, "{location} {entries} {last:?}");
    }
    let after = on.again(2);
    let report = after.app.registration_report(TestApp::TENANT, here).await.unwrap();
    assert_eq!(report.attempts[0].state_hash, tab.hash());
    tab.set("cmi.core.lesson_location", "after");
    assert_eq!(tab.send(&after.app).await.state_hash, Some(tab.hash()));
}
