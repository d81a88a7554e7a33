//! Packages that try to take more than their share, and packages of noise: always a report, never a panic, never for long.

mod support;

use std::{
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use lyceum_package::{
    Code, FileTree, MemoryTree, NameIndex, ReadError, Report, limits, read_manifest, read_package,
};
use proptest::{prelude::*, sample::Index, test_runner::RngSeed};
use support::{
    build::{SCO, course, scorm, scorm12, scorm2004},
    codes,
};

const ITEM: &str = "<item identifier='I' identifierref='R'><title>L</title></item>";

#[test]
fn as_many_items_as_are_accepted_and_one_more() {
    let items = |count: usize| {
        (0..count).map(|n| format!("<item identifier='I{n}' identifierref='R' parameters='?{n}'><title>Lesson {n}</title></item>")).collect::<String>()
    };
    let report = scorm(&scorm12(&items(limits::MAX_ITEMS), SCO));
    assert_eq!(
        (course(&report).item_count(), course(&report).launchable, codes(&report)),
        (limits::MAX_ITEMS, true, vec![])
    );
    for count in [limits::MAX_ITEMS + 1, 100_000] {
        let report = scorm(&scorm12(&items(count), SCO));
        assert_eq!((report.course.is_none(), codes(&report)), (true, vec![Code::TooManyItems]));
        assert!(report.diagnostics[0].message.contains("Divide it"), "{:?}", report.diagnostics);
    }
}

#[test]
fn as_deep_as_is_accepted_and_one_deeper() {
    let nested = |depth: usize| {
        let open: String = (0..depth).map(|n| format!("<item identifier='I{n}'><title>T</title>")).collect();
        format!("{open}{ITEM}{}", "</item>".repeat(depth))
    };
    let report = scorm(&scorm12(&nested(limits::MAX_ITEM_DEPTH - 1), SCO));
    assert_eq!((course(&report).item_count(), codes(&report)), (limits::MAX_ITEM_DEPTH, vec![]));
    let report = scorm(&scorm12(&nested(limits::MAX_ITEM_DEPTH), SCO));
    assert_eq!((report.course.is_none(), codes(&report)), (true, vec![Code::NestingTooDeep]));
    let report = scorm(&scorm12(&nested(100_000), SCO));
    assert_eq!((report.course.is_none(), codes(&report)), (true, vec![Code::ManifestHostile]));
}

/// Manifests that include one another: small files, huge trees.
fn including(levels: usize, per_level: usize, title: &str, sequencing: &str) -> String {
    let items = |target: &str| {
        (0..per_level).map(|n| format!("<item identifier='I{n}' identifierref='{target}'><title>{title}</title>{sequencing}</item>")).collect::<String>()
    };
    let organization = |content: &str| {
        format!(
            "<organizations><organization identifier='O'><title>C</title>{content}</organization></organizations>"
        )
    };
    let subs: String = (0..levels)
        .map(|level| {
            let target = if level + 1 == levels { "R".to_owned() } else { format!("S{}", level + 1) };
            format!("<manifest identifier='S{level}'>{}</manifest>", organization(&items(&target)))
        })
        .collect();
    format!(
        "<manifest identifier='M' xmlns:adlcp='adlcp_v1p3' xmlns:imsss='imsss'><metadata><schemaversion>2004 4th Edition</schemaversion></metadata>{}<resources>{}</resources>{subs}</manifest>",
        organization(&items("S0")),
        SCO.replace("scormtype", "scormType")
    )
}

#[test]
fn inclusions_cannot_multiply_without_end() {
    let report = scorm(&including(20, 10, "T", ""));
    assert_eq!(
        (report.course.is_none(), codes(&report)),
        (true, vec![Code::TooManyItems, Code::IdentifierDuplicate])
    );
    let long = "x".repeat(100_000);
    let report = scorm(&including(3, 10, &long, ""));
    assert!(report.course.is_none() && codes(&report).contains(&Code::ManifestHostile));
    let rules = "<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule/></imsss:sequencingRules></imsss:sequencing>";
    let report = scorm(&including(2, 3, "T", rules));
    assert_eq!(course(&report).item_count(), 3 + 9 + 27);
    let many: String =
        (0..=limits::MAX_SUBMANIFESTS).map(|n| format!("<manifest identifier='S{n}'/>")).collect();
    let report = scorm(&scorm12(ITEM, SCO).replace("</manifest>", &format!("{many}</manifest>")));
    assert!(codes(&report).contains(&Code::TooManySubmanifests));
}

#[test]
fn shared_definitions_cannot_multiply_without_end() {
    let objectives: String = (0..2_000).map(|n| format!("<imsss:objective objectiveID='o{n}'/>")).collect();
    let collection = format!(
        "<imsss:sequencingCollection><imsss:sequencing ID='S'><imsss:objectives><imsss:primaryObjective/>{objectives}</imsss:objectives></imsss:sequencing></imsss:sequencingCollection>"
    );
    let item = |n: usize| {
        format!(
            "<item identifier='I{n}' identifierref='R'><title>L</title><imsss:sequencing IDRef='S'/></item>"
        )
    };
    let few: String = (0..10).map(item).collect();
    assert_eq!(course(&scorm(&scorm2004("2004 4th Edition", &few, &collection))).item_count(), 10);
    let many: String = (0..10_000).map(item).collect();
    let report = scorm(&scorm2004("2004 4th Edition", &many, &collection));
    assert_eq!((report.course.is_none(), codes(&report)), (true, vec![Code::ManifestHostile]));
}

#[test]
fn endless_addresses_are_ignored() {
    let base = "a/".repeat(limits::MAX_HREF_BYTES);
    let resource =
        format!("<resource identifier='R' adlcp:scormtype='sco' xml:base='{base}' href='index.html'/>");
    let report = scorm(&scorm12(ITEM, &resource));
    assert_eq!(codes(&report), [Code::ValueInvalid]);
    assert!(report.is_launchable());
}

#[test]
fn equal_mistakes_are_counted_instead_of_repeated() {
    let item = |n: usize| format!("<item identifier='I{n}' identifierref='R{n}'><title>L</title></item>");
    let items: String = (0..1_000).map(item).collect();
    let report = scorm(&scorm12(&items, SCO));
    let missing: Vec<_> = report.diagnostics.iter().filter(|one| one.code == Code::ResourceMissing).collect();
    assert_eq!(missing.len(), limits::MAX_DIAGNOSTICS_PER_CODE + 1);
    assert!(missing.last().unwrap().message.starts_with("980 more"), "{:?}", missing.last());
    let longest = report.diagnostics.iter().map(|one| one.message.len()).max().unwrap();
    let long = scorm(&scorm12(
        &format!("<item identifier='{}' identifierref='X'><title>L</title></item>", "i".repeat(100_000)),
        SCO,
    ));
    assert!(long.diagnostics.iter().all(|one| one.message.len() < longest + 2 * limits::MAX_QUOTED_CHARS));
}

#[test]
fn aicc_tables_have_bounds_too() {
    let units: String = (0..=limits::MAX_ITEMS).map(|n| format!("A{n},a.html\n")).collect();
    let table = format!("system_id,file_name\n{units}");
    let blocks: String = (0..100).map(|n| format!("B{n},B{}\n", n + 1)).collect();
    let deep = format!("block,member\nROOT,B0\n{blocks}");
    let one = "system_id,file_name\nA1,a.html".to_owned();
    for (au, cst) in [(&table, "block,member\n".to_owned()), (&one, deep)] {
        let tree = MemoryTree::new([
            ("c.crs", "[Course]"),
            ("c.au", au.as_str()),
            ("c.des", ""),
            ("c.cst", cst.as_str()),
        ]);
        let report = read_package(&tree);
        assert_eq!((report.course.is_none(), codes(&report)), (true, vec![Code::TooManyItems]));
    }
}

/// A package whose files cannot be read.
struct Broken {
    index: NameIndex,
    error: ReadError,
    reads: AtomicUsize,
}

impl FileTree for Broken {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(std::iter::once("imsmanifest.xml"))
    }
    fn find(&self, path: &str) -> Option<&str> {
        self.index.find(path)
    }
    fn read(&self, _: &str, _: u64) -> Result<Vec<u8>, ReadError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Err(self.error.clone())
    }
    fn size(&self, _: &str) -> Option<u64> {
        Some(1)
    }
}

#[test]
fn files_that_cannot_be_read_are_told() {
    for (error, code) in [
        (ReadError::Damaged("bad checksum".into()), Code::ManifestUnreadable),
        (ReadError::NotFound, Code::ManifestUnreadable),
        (ReadError::TooLarge { limit: limits::MAX_MANIFEST_BYTES }, Code::ManifestTooLarge),
    ] {
        let tree = Broken { index: NameIndex::new(["imsmanifest.xml"]), error, reads: AtomicUsize::new(0) };
        let report = read_package(&tree);
        assert_eq!(codes(&report), [code]);
        assert_eq!(tree.reads.load(Ordering::Relaxed), 1);
        assert_eq!(report.diagnostics[0].place.as_deref(), Some("imsmanifest.xml"));
    }
}

#[test]
fn something_that_is_no_package_gets_a_report_as_well() {
    let report = Report::unreadable("The file is no zip archive.");
    assert_eq!(
        (report.standard, report.is_launchable(), codes(&report)),
        (None, false, vec![Code::PackageUnreadable])
    );
    assert_eq!(codes(&read_package(&MemoryTree::default())), [Code::NoManifest]);
}

// Noise

/// What must hold for every report about every package.
fn check_report(tree: &dyn FileTree, report: &Report) -> Result<(), TestCaseError> {
    prop_assert_eq!(report.is_launchable(), report.summary().launchable);
    prop_assert!(report.is_launchable() || !report.diagnostics.is_empty());
    let json = serde_json::to_string(report).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let back: Report = serde_json::from_str(&json).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&back, report);
    for diagnostic in &report.diagnostics {
        prop_assert_eq!(diagnostic.severity, diagnostic.code.severity());
    }
    let Some(course) = &report.course else { return Ok(()) };
    prop_assert!(!course.title.is_empty());
    prop_assert!(course.organizations.is_empty() || course.organization().is_some());
    for organization in &course.organizations {
        let mut seen = HashSet::new();
        for (index, item) in organization.items.iter().enumerate() {
            prop_assert!(!item.identifier.is_empty() && seen.insert(&item.identifier));
            prop_assert!(!item.title.is_empty());
            let parent = item.parent.map(|parent| parent as usize);
            prop_assert!(parent.is_none_or(|parent| parent < index));
            prop_assert_eq!(item.depth, parent.map_or(0, |parent| organization.items[parent].depth + 1));
            prop_assert!(item.resource.is_none_or(|resource| (resource as usize) < course.resources.len()));
            if let Some(file) = item.launch.as_ref().and_then(|launch| launch.file.as_deref()) {
                prop_assert!(tree.size(file).is_some(), "{}", file);
            }
        }
    }
    Ok(())
}

/// One manifest of each kind that uses as much of its standard as fits on a page.
fn samples() -> Vec<(&'static str, String)> {
    let item = "<item identifier='I' identifierref='R' parameters='?a&amp;b#c' isvisible='false'><title><![CDATA[T]]></title>
        <adlcp:timeLimitAction>exit,message</adlcp:timeLimitAction><adlcp:completionThreshold completedByMeasure='true' minProgressMeasure='0.5'/>
        <adlcp:data><adlcp:map targetID='d'/></adlcp:data><imsss:sequencing IDRef='S'><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions>
        <imsss:ruleCondition condition='objectiveMeasureLessThan' measureThreshold='0.25' operator='not' referencedObjective='o'/></imsss:ruleConditions><imsss:ruleAction action='skip'/></imsss:preConditionRule></imsss:sequencingRules>
        <imsss:objectives><imsss:primaryObjective objectiveID='p'><imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure><imsss:mapInfo targetObjectiveID='g'/></imsss:primaryObjective></imsss:objectives></imsss:sequencing>
        <adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>exit</adlnav:hideLMSUI></adlnav:navigationInterface></adlnav:presentation>
        <item identifier='J' identifierref='N'><title>J</title></item></item>";
    let after = "<imsss:sequencingCollection><imsss:sequencing ID='S'><imsss:limitConditions attemptLimit='1' attemptAbsoluteDurationLimit='PT1H'/></imsss:sequencing></imsss:sequencingCollection>
        <manifest identifier='N' xml:base='sub/'><organizations><organization identifier='P'><title>P</title><item identifier='K' identifierref='R'><title>K</title></item></organization></organizations></manifest>";
    let old = "<item identifier='I' identifierref='R'><title>L</title><adlcp:prerequisites type='aicc_script'>2*{I,\"x\"} &amp; ~(I|I)</adlcp:prerequisites><adlcp:masteryscore>80</adlcp:masteryscore><adlcp:maxtimeallowed>00:10:00</adlcp:maxtimeallowed></item>";
    vec![
        ("imsmanifest.xml", scorm2004("2004 4th Edition", item, after)),
        ("imsmanifest.xml", scorm12(old, SCO).replace("<manifest", "<!DOCTYPE manifest [<!ENTITY e \"&#65;\">]>\n<!-- c -->\n<manifest").replace("Course", "&e;")),
        ("CSF.xml", "<content><block id='B'><identification><title>T</title></identification><sco id='S'><launch><location>index.html</location><parameterString>x</parameterString></launch></sco></block></content>".into()),
        ("tincan.xml", "<tincan><activities><activity id='http://x/y' type='course'><name lang='de'>N</name><launch>index.html</launch></activity></activities></tincan>".into()),
        ("cmi5.xml", "<courseStructure xmlns='u'><course id='http://x/c'><title><langstring lang='de'>T</langstring></title><description><langstring>D</langstring></description></course><block id='http://x/b'><title><langstring>T</langstring></title><description><langstring>D</langstring></description><au id='http://x/a' moveOn='Passed' masteryScore='0.5'><title><langstring>T</langstring></title><description><langstring>D</langstring></description><url>index.html?x=1</url></au></block></courseStructure>".into()),
        ("c.crs", "[Course]\nCourse_Title=T\n[Course_Description]\nD".into()),
        ("c.au", "system_id,file_name,mastery_score\n\"A1\",\"index.html\",80\nA2,x.html,".into()),
        ("c.cst", "block,member,member\nROOT,B1\nB1,A1,J1".into()),
        ("c.pre", "structure_element,prerequisite\nA1,A2|B1".into()),
    ]
}

/// A change of a text at some place.
#[derive(Debug, Clone)]
enum Change {
    Delete(Index, usize),
    Insert(Index, &'static str),
    Replace(Index, u8),
    Repeat(Index, usize),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    const PIECES: [&str; 16] = [
        "<",
        ">",
        "&",
        "\"",
        "'",
        "]]>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<item",
        "</item>",
        "\0",
        "é",
        "=",
        "<x:y>",
        "&#x0;",
    ];
    prop_oneof![
        (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Change::Delete(at, length)),
        (any::<Index>(), proptest::sample::select(&PIECES[..]))
            .prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (any::<Index>(), 1_usize..200).prop_map(|(at, length)| Change::Repeat(at, length)),
        any::<Index>().prop_map(Change::Cut),
    ]
}

fn changed(text: &str, changes: &[Change]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match change {
            Change::Delete(at, count) => {
                let start = at.index(length);
                bytes.drain(start..length.min(start + count));
            }
            Change::Insert(at, piece) => {
                let start = at.index(length);
                bytes.splice(start..start, piece.bytes());
            }
            Change::Replace(at, byte) => bytes[at.index(length)] = *byte,
            Change::Repeat(at, count) => {
                let start = at.index(length);
                let piece = bytes[start..length.min(start + count)].to_vec();
                bytes.splice(start..start, piece);
            }
            Change::Cut(at) => bytes.truncate(at.index(length)),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_manifests_never_break_anything(changes in prop::collection::vec(change(), 1..12), which in any::<Index>()) {
        let mut files: Vec<(String, Vec<u8>)> =
            samples().into_iter().skip(1).map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
        let all = samples();
        let (name, text) = &all[which.index(all.len())];
        files.retain(|(other, _)| other != name && (other.starts_with("c.") == name.starts_with("c.")) && name.starts_with("c."));
        files.push(((*name).to_owned(), changed(text, &changes)));
        files.push(("index.html".to_owned(), b"<meta name=\"generator\" content=\"x\">".to_vec()));
        files.push(("sub/index.html".to_owned(), Vec::new()));
        let tree = MemoryTree::new(files.clone());
        check_report(&tree, &read_package(&tree))?;
        let bare = read_manifest(name, &changed(text, &changes));
        check_report(&MemoryTree::default(), &bare)?;
    }

    #[test]
    fn noise_never_breaks_anything(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        name in prop::sample::select(vec!["imsmanifest.xml", "CSF.xml", "cmi5.xml", "tincan.xml", "c.crs", "c.au", "c.cst", "a/b/imsmanifest.xml", "x.xml"]),
    ) {
        let tree = MemoryTree::new([(name, bytes.clone()), ("index.html", bytes.clone())]);
        check_report(&tree, &read_package(&tree))?;
        check_report(&MemoryTree::default(), &read_manifest(name, &bytes))?;
    }

    #[test]
    fn markup_noise_never_breaks_anything(pieces in prop::collection::vec(prop::sample::select(vec![
        "<manifest>", "</manifest>", "<organizations>", "<organization identifier='O'>", "</organization>", "<item identifier='I' identifierref='R'>", "</item>",
        "<title>", "</title>", "<resources>", "<resource identifier='R' href='index.html'/>", "<imsss:sequencing>", "<adlseq:objectives>", "&", "&amp;", "&nbsp;",
        "<!--", "--", "-->", "<![CDATA[", "]]>", "<?xml ?>", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "]>", " ", "\n", "'", "\"", "=", "x", "ü", "<", ">", "<tincan>", "<content>", "<courseStructure>",
    ]), 0..60)) {
        let text = pieces.concat();
        for name in ["imsmanifest.xml", "tincan.xml", "cmi5.xml", "CSF.xml"] {
            let tree = MemoryTree::new([(name, text.as_str()), ("index.html", "")]);
            check_report(&tree, &read_package(&tree))?;
        }
    }

    #[test]
    fn names_are_found_whatever_they_are(names in prop::collection::vec("[a-zA-Zäß%20 ./\\\\]{1,20}", 1..20), path in "[a-zA-Zäß%20 ./\\\\]{0,20}") {
        let index = NameIndex::new(names.iter().map(String::as_str));
        if let Some(found) = index.find(&path) {
            prop_assert!(names.iter().any(|name| name == found));
        }
        for name in &names {
            prop_assert!(index.find(name).is_some(), "{}", name);
        }
    }
}
