//! `lyceum check`.

use crate::run::{code, err, json, out, run, sample};

#[test]
fn a_good_course_is_described() {
    for (name, standard, title) in [
        ("pot-of-tea", "SCORM_12", "A Good Pot of Tea"),
        ("night-sky", "SCORM_2004_4TH_EDITION", "Reading the Night Sky"),
    ] {
        let checked = run(&["check", &sample(name), "--json"]);
        assert_eq!(code(&checked), 0, "{}", err(&checked));
        let report = json(&checked);
        assert_eq!(
            (report["standard"].as_str(), report["launchable"].as_bool()),
            (Some(standard), Some(true)),
            "{report}"
        );
        assert!(report["title"] == title, "{report}");
        for field in ["also", "authoring_tool", "items", "launch", "diagnostics"] {
            assert!(report.get(field).is_some(), "{field} is missing in {report}");
        }
        assert_eq!(
            report["diagnostics"].as_array().map(Vec::len),
            Some(0),
            "our own samples are without fault: {report}"
        );
    }
    let text = out(&run(&["check", &sample("pot-of-tea")]));
    assert!(text.contains("SCORM 1.2") && text.contains("can be played"), "{text}");
}

#[test]
fn a_manifest_alone_is_read_too() {
    let manifest = format!("{}/imsmanifest.xml", sample("pot-of-tea"));
    let report = json(&run(&["check", &manifest, "--json"]));
    assert_eq!(report["standard"], "SCORM_12");
    assert_eq!(report["items"], 1);
}

#[test]
fn what_cannot_be_played_is_exit_code_1_and_wrong_usage_2() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let (text, empty) = (file("notes.zip", b"no zip"), file("empty.zip", b""));
    for path in [&text, &empty] {
        let checked = run(&["check", path, "--json"]);
        assert_eq!(code(&checked), 1);
        let report = json(&checked);
        assert!(report["standard"].is_null() && report["launchable"] == false, "{report}");
        assert_eq!(report["diagnostics"][0]["severity"], "error", "{report}");
        assert!(out(&run(&["check", path])).contains("cannot be played"));
    }
    let nowhere = folder.path().join("nowhere.zip").to_string_lossy().into_owned();
    for args in
        [vec!["check", nowhere.as_str()], vec!["check"], vec!["check", "a", "b"], vec!["nonsense"], vec![]]
    {
        let wrong = run(&args);
        assert_eq!(code(&wrong), 2, "{args:?}");
        assert!(!err(&wrong).is_empty() && out(&wrong).is_empty(), "{args:?}");
    }
}
