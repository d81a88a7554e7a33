//! SCORM 1.2: structure, run-time elements, addresses, and manifests that are not quite right.

mod support;

use lyceum_package::{
    Code, FileTree, MemoryTree, ReadError, ScormType, Severity, Standard, read_manifest, read_package,
};
use support::{
    FolderTree,
    build::{SCO, course, first, scorm, scorm12},
    codes, read,
};

#[test]
fn a_plain_course_is_read_without_a_word() {
    let report = scorm(&scorm12("<item identifier='I' identifierref='R'><title>Lesson</title></item>", SCO));
    let course = course(&report);
    assert_eq!(report.diagnostics, []);
    assert_eq!(
        (course.standard, course.launchable, course.item_count(), course.sco_count()),
        (Standard::Scorm12, true, 1, 1)
    );
    assert_eq!((course.title.as_str(), course.identifier.as_deref()), ("Course", Some("M")));
    let item = first(&report);
    assert_eq!((item.identifier.as_str(), item.title.as_str(), item.visible), ("I", "Lesson", true));
    assert_eq!(item.scorm_type, Some(ScormType::Sco));
    let launch = item.launch.as_ref().unwrap();
    assert_eq!(
        (launch.href.as_str(), launch.file.as_deref(), launch.external),
        ("index.html", Some("index.html"), false)
    );
}

#[test]
fn items_keep_order_parents_and_depth() {
    let items = "<item identifier='A'><title>A</title>
        <item identifier='A1' identifierref='R'><title>A1</title></item>
        <item identifier='A2' isvisible='false'><title>A2</title><item identifier='A21' identifierref='R'><title>A21</title></item></item>
      </item><item identifier='B' identifierref='R'><title>B</title></item>";
    let report = scorm(&scorm12(items, SCO));
    let organization = course(&report).organization().unwrap();
    let shape: Vec<_> = organization
        .items
        .iter()
        .map(|item| (item.identifier.as_str(), item.parent, item.depth, item.visible))
        .collect();
    let expected = [
        ("A", None, 0, true),
        ("A1", Some(0), 1, true),
        ("A2", Some(0), 1, false),
        ("A21", Some(2), 2, true),
        ("B", None, 0, true),
    ];
    assert_eq!(shape, expected);
    let children =
        |parent| organization.children(parent).map(|(_, item)| item.identifier.clone()).collect::<Vec<_>>();
    assert_eq!(
        (children(None), children(Some(0))),
        (vec!["A".into(), "B".into()], vec!["A1".into(), "A2".into()])
    );
}

#[test]
fn run_time_elements_are_kept_as_written() {
    let items = "<item identifier='I' identifierref='R'><title>Lesson</title>
        <adlcp:prerequisites type='aicc_script'>J</adlcp:prerequisites>
        <adlcp:maxtimeallowed>00:45:00.5</adlcp:maxtimeallowed><adlcp:timelimitaction>Exit, No Message</adlcp:timelimitaction>
        <adlcp:datafromlms><![CDATA[ a=<1>&b ]]></adlcp:datafromlms><adlcp:masteryscore> 80.5 </adlcp:masteryscore></item>
      <item identifier='J' identifierref='R'><title>J</title></item>";
    let report = scorm(&scorm12(items, SCO));
    let item = first(&report);
    assert_eq!(item.prerequisites.as_deref(), Some("J"));
    assert_eq!(item.max_time_allowed.as_deref(), Some("00:45:00.5"));
    assert_eq!(item.time_limit_action.as_deref(), Some("exit,no message"));
    assert_eq!(item.data_from_lms.as_deref(), Some("a=<1>&b"));
    assert_eq!(item.mastery_score.as_deref(), Some("80.5"));
    assert_eq!(codes(&report), [Code::LaunchRepeated]);
}

/// Element content, what is kept of it, and the finding.
#[test]
fn doubtful_run_time_elements_are_told() {
    let item = |content: &str| {
        scorm(&scorm12(
            &format!("<item identifier='I' identifierref='R'><title>x</title>{content}</item>"),
            SCO,
        ))
    };
    for (score, kept) in [("80%", Some("80")), ("eighty", None), ("101", None), ("-1", None), ("1e2", None)] {
        let report = item(&format!("<adlcp:masteryscore>{score}</adlcp:masteryscore>"));
        assert_eq!(first(&report).mastery_score.as_deref(), kept, "{score}");
        assert_eq!(codes(&report), [Code::ValueInvalid], "{score}");
    }
    for time in ["45 minutes", "PT45M", "1:00:00", "00:45", "00:45:00.123"] {
        let report = item(&format!("<adlcp:maxtimeallowed>{time}</adlcp:maxtimeallowed>"));
        assert_eq!(first(&report).max_time_allowed.as_deref(), Some(time));
        assert_eq!(codes(&report), [Code::ValueInvalid], "{time}");
    }
    let report = item("<adlcp:timelimitaction>stop</adlcp:timelimitaction>");
    assert_eq!(
        (first(&report).time_limit_action.as_deref(), codes(&report)),
        (None, vec![Code::VocabularyUnknown])
    );
}

#[test]
fn prerequisites_are_checked() {
    for (script, kept, found) in [
        ("I", "I", vec![]),
        ("I &amp; ~I", "I & ~I", vec![]),
        ("I AND NOT I", "I & ~ I", vec![Code::PrerequisiteInvalid]),
        ("I plus I", "I plus I", vec![Code::PrerequisiteInvalid]),
        ("X | I", "X | I", vec![Code::PrerequisiteUnknown]),
    ] {
        let items = format!(
            "<item identifier='I' identifierref='R'><title>x</title><adlcp:prerequisites>{script}</adlcp:prerequisites></item>"
        );
        let report = scorm(&scorm12(&items, SCO));
        assert_eq!(first(&report).prerequisites.as_deref(), Some(kept));
        assert_eq!(codes(&report), found, "{script}");
    }
}

/// xml:base of manifest, resources and resource, href, parameters; address and file that come out.
#[test]
fn addresses_are_joined_from_all_their_parts() {
    let files =
        ["index.html", "a/index.html", "a/b/c/index.html", "a/b/my page ä.html", "q?x.html", "c#1.html"];
    for (bases, href, parameters, address, file) in [
        (["", "", ""], "index.html", "", "index.html", "index.html"),
        (["a/", "", ""], "index.html", "?x=1", "a/index.html?x=1", "a/index.html"),
        (["a/", "b/", "c/"], "index.html", "#top", "a/b/c/index.html#top", "a/b/c/index.html"),
        (
            ["a/", "b/", ""],
            "my%20page%20%C3%A4.html",
            "x",
            "a/b/my%20page%20%C3%A4.html?x",
            "a/b/my page ä.html",
        ),
        (["a/", "b/", ""], "my page ä.html", "", "a/b/my page ä.html", "a/b/my page ä.html"),
        (["", "", "a/"], "../index.html?y", "&amp;x=1", "a/../index.html?y&x=1", "index.html"),
        (["", "", ""], "a\\index.html", "", "a\\index.html", "a/index.html"),
        (["", "", ""], "/a/index.html", "", "/a/index.html", "a/index.html"),
        (["./", "", ""], "index.html", "", "./index.html", "index.html"),
        (["", "", ""], "q?x.html", "", "q%3Fx.html", "q?x.html"),
        (["", "", ""], "c#1.html", "?y", "c%231.html?y", "c#1.html"),
    ] {
        let base = |base: &str| if base.is_empty() { String::new() } else { format!(" xml:base='{base}'") };
        let manifest = format!(
            "<manifest identifier='M'{}><metadata><schemaversion>1.2</schemaversion></metadata><organizations><organization identifier='O'><title>C</title>
             <item identifier='I' identifierref='R' parameters='{parameters}'><title>L</title></item></organization></organizations>
             <resources{}><resource identifier='R' scormtype='sco' href='{href}'{}/></resources></manifest>",
            base(bases[0]), base(bases[1]), base(bases[2])
        );
        let tree = MemoryTree::new(
            files.iter().map(|name| (*name, "")).chain([("imsmanifest.xml", manifest.as_str())]),
        );
        let report = read_package(&tree);
        let launch = first(&report).launch.clone().unwrap();
        assert_eq!(
            (launch.href.as_str(), launch.file.as_deref()),
            (address, Some(file)),
            "{bases:?} {href} {parameters}"
        );
    }
}

#[test]
fn a_base_without_a_slash_is_understood_as_a_folder() {
    let resource = "<resource identifier='R' adlcp:scormtype='sco' xml:base='content' href='a.html'><file href='a.html'/><file href='b.js'/></resource>";
    let manifest = scorm12("<item identifier='I' identifierref='R'><title>L</title></item>", resource);
    let report =
        read(&[("imsmanifest.xml", manifest.as_str()), ("content/a.html", ""), ("content/b.js", "")]);
    assert_eq!(first(&report).launch.as_ref().unwrap().file.as_deref(), Some("content/a.html"));
    assert_eq!(codes(&report), [Code::BaseWithoutSlash]);
}

#[test]
fn differences_in_case_are_tolerated_and_told() {
    let resource = "<resource identifier='R' adlcp:scormtype='sco' href='Index.HTML'><file href='SCRIPT.js'/></resource>";
    let manifest = scorm12("<item identifier='I' identifierref='R'><title>L</title></item>", resource);
    let report = read(&[("imsmanifest.xml", manifest.as_str()), ("index.html", ""), ("script.js", "")]);
    assert!(course(&report).launchable);
    assert_eq!(codes(&report), [Code::FileCaseDiffers]);
    assert_eq!(report.diagnostics.len(), 2);
}

#[test]
fn addresses_outside_of_the_package() {
    for (href, playable, code) in [
        ("https://example.com/lesson", true, Code::LaunchExternal),
        ("//example.com/lesson", true, Code::LaunchExternal),
        ("javascript:alert(1)", false, Code::LaunchUrlUnsafe),
        ("data:text/html,x", false, Code::LaunchUrlUnsafe),
        ("file:///etc/passwd", false, Code::LaunchUrlUnsafe),
    ] {
        let resource = format!("<resource identifier='R' adlcp:scormtype='sco' href='{href}'/>");
        let report =
            scorm(&scorm12("<item identifier='I' identifierref='R'><title>L</title></item>", &resource));
        let launch = first(&report).launch.clone().unwrap();
        assert_eq!(
            (launch.external, launch.href.as_str(), course(&report).launchable),
            (playable, href, playable),
            "{href}"
        );
        assert!(codes(&report).contains(&code), "{href}");
    }
}

/// Organization or resources, items that are left, playable, findings.
#[test]
fn incomplete_structures_are_understood_as_far_as_possible() {
    let item = "<item identifier='I' identifierref='R'><title>L</title></item>";
    for (items, resources, count, launchable, found) in [
        (
            "<item identifier='I' identifierref='X'><title>L</title></item>",
            SCO,
            1,
            false,
            vec![Code::NothingToLaunch, Code::ResourceMissing],
        ),
        (
            item,
            "<resource identifier='R' adlcp:scormtype='sco'/>",
            1,
            false,
            vec![Code::NothingToLaunch, Code::ResourceWithoutHref],
        ),
        (
            item,
            "<resource identifier='R' adlcp:scormtype='sco' href='gone.html'/>",
            1,
            false,
            vec![Code::NothingToLaunch, Code::LaunchFileMissing],
        ),
        (item, "<resource identifier='R' href='index.html'/>", 1, true, vec![Code::ScormTypeMissing]),
        (
            item,
            "<resource identifier='R' adlcp:scormtype='scorm' href='index.html'/>",
            1,
            true,
            vec![Code::ScormTypeMissing, Code::VocabularyUnknown],
        ),
        ("<item identifier='I' identifierref='R'/>", SCO, 1, true, vec![Code::TitleMissing]),
        ("<item identifierref='R'><title>L</title></item>", SCO, 1, true, vec![Code::IdentifierMissing]),
        ("<item identifier='I' identifierref=' R '><title>L</title></item>", SCO, 1, true, vec![]),
        (
            "<item identifier='I' identifierref='r'><title>L</title></item>",
            SCO,
            1,
            false,
            vec![Code::NothingToLaunch, Code::ResourceMissing],
        ),
        (
            "",
            SCO,
            0,
            true,
            vec![Code::SeveralOrganizations, Code::OrganizationMissing, Code::OrganizationEmpty],
        ),
        (
            item,
            "<resource identifier='R' adlcp:scormtype='sco' href='index.html'/><resource identifier='R' href='x'/>",
            1,
            true,
            vec![Code::ResourceDuplicate],
        ),
        (
            item,
            "<resource identifier='R' adlcp:scormtype='sco' href='index.html'><dependency identifierref='D'/></resource>",
            1,
            true,
            vec![Code::DependencyMissing],
        ),
        (
            item,
            "<resource identifier='R' adlcp:scormtype='sco' href='index.html'><file href='index.html'/><file href='gone.js'/></resource>",
            1,
            true,
            vec![Code::FileMissing],
        ),
        (
            "<item identifier='G'><title>G</title></item><item identifier='I' identifierref='R'><title>L</title></item>",
            SCO,
            2,
            true,
            vec![Code::ItemEmpty],
        ),
        (
            "<item identifier='I' identifierref='R'><title>L</title><item identifier='J' identifierref='R' parameters='?2'><title>M</title></item></item>",
            SCO,
            2,
            true,
            vec![Code::ItemWithContentAndChildren],
        ),
    ] {
        let report = scorm(&scorm12(items, resources));
        let course = course(&report);
        let mut expected = found.clone();
        expected.sort_unstable();
        assert_eq!(codes(&report), expected, "{items} {resources}");
        assert_eq!((course.item_count(), course.launchable), (count, launchable), "{items} {resources}");
        assert!(course.items().all(|item| !item.title.is_empty() && !item.identifier.is_empty()));
    }
}

#[test]
fn equal_identifiers_are_kept_apart() {
    let item = "<item identifier='I' identifierref='R'><title>L</title></item>";
    let report = scorm(&scorm12(&item.repeat(3), SCO));
    let ids: Vec<_> = course(&report).items().map(|item| item.identifier.as_str()).collect();
    assert_eq!(ids, ["I", "I~2", "I~3"]);
    assert!(codes(&report).contains(&Code::IdentifierDuplicate));
}

#[test]
fn without_an_organization_the_scos_are_offered() {
    let resources = "<resource identifier='A' adlcp:scormtype='asset' href='a.html'/>
        <resource identifier='S' adlcp:scormtype='sco' href='s.html'/><resource identifier='G' adlcp:scormtype='sco' href='gone.html'/>";
    for organizations in ["<organizations/>", ""] {
        let manifest = format!(
            "<manifest identifier='M' xmlns:adlcp='adlcp_rootv1p2'>{organizations}<resources>{resources}</resources></manifest>"
        );
        let report = read(&[("imsmanifest.xml", manifest.as_str()), ("a.html", ""), ("s.html", "")]);
        let course = course(&report);
        assert_eq!((course.item_count(), course.launchable), (0, true));
        assert_eq!(first(&report).launch.as_ref().unwrap().href, "s.html");
        assert!(!course.organization().unwrap().declared);
        assert!(codes(&report).contains(&Code::OrganizationMissing));
    }
    let empty = "<manifest identifier='M'><organizations/><resources/></manifest>";
    let report = read(&[("imsmanifest.xml", empty)]);
    assert!(!report.is_launchable() && codes(&report).contains(&Code::NothingToLaunch));
    assert_eq!(report.summary().title.as_deref(), Some("M"));
}

/// `default`, identifiers of the organizations, which one is played, findings besides that there are several.
#[test]
fn the_default_organization_is_found_or_replaced() {
    for (default, ids, played, found) in [
        ("default='B'", ["A", "B"], 1, vec![]),
        ("default=' B '", ["A", "B"], 1, vec![]),
        ("default='X'", ["A", "B"], 0, vec![Code::DefaultOrganizationWrong]),
        ("", ["A", "B"], 0, vec![Code::DefaultOrganizationWrong]),
        ("default='E'", ["A", "E"], 0, vec![Code::DefaultOrganizationWrong, Code::OrganizationEmpty]),
    ] {
        let organization = |id: &str| {
            let items =
                if id == "E" { "" } else { "<item identifier='I' identifierref='R'><title>L</title></item>" };
            format!("<organization identifier='{id}'><title>{id}</title>{items}</organization>")
        };
        let manifest = format!(
            "<manifest identifier='M' xmlns:adlcp='adlcp_rootv1p2'><metadata><schemaversion>1.2</schemaversion></metadata>
             <organizations {default}>{}{}</organizations><resources>{SCO}</resources></manifest>",
            organization(ids[0]),
            organization(ids[1])
        );
        let report = scorm(&manifest);
        let course = course(&report);
        assert_eq!(course.default_organization, played, "{default}");
        assert_eq!(course.title, ids[played]);
        let mut expected = found.clone();
        expected.push(Code::SeveralOrganizations);
        expected.sort_unstable();
        assert_eq!(codes(&report), expected, "{default}");
    }
}

/// Manifests inside of the manifest: items, their launches.
#[test]
fn submanifests_take_the_place_of_the_item_that_refers_to_them() {
    let manifest = |main: &str, sub_items: &str| {
        format!(
            "<manifest identifier='M' xmlns:adlcp='adlcp_rootv1p2' xml:base='top/'><metadata><schemaversion>1.2</schemaversion></metadata>
             <organizations default='O'><organization identifier='O'><title>C</title>{main}</organization></organizations>
             <resources><resource identifier='R' adlcp:scormtype='sco' href='r.html'/></resources>
             <manifest identifier='S' xml:base='sub/'><organizations default='SO'><organization identifier='SX'><title>no</title></organization>
               <organization identifier='SO'><title>yes</title>{sub_items}</organization></organizations>
               <resources xml:base='res/'><resource identifier='R' adlcp:scormtype='sco' href='s.html'/></resources></manifest></manifest>"
        )
    };
    let files = |text: &str| {
        let tree =
            MemoryTree::new([("imsmanifest.xml", text), ("top/r.html", ""), ("top/sub/res/s.html", "")]);
        read_package(&tree)
    };
    let main = "<item identifier='A' identifierref='S'><title>A</title></item><item identifier='B' identifierref='R'><title>B</title></item>";
    let report = files(&manifest(main, "<item identifier='C' identifierref='R'><title>C</title></item>"));
    let items: Vec<_> = course(&report)
        .items()
        .map(|item| {
            (item.identifier.as_str(), item.parent, item.launch.as_ref().map(|launch| launch.href.as_str()))
        })
        .collect();
    assert_eq!(
        items,
        [("A", None, None), ("C", Some(0), Some("top/sub/res/s.html")), ("B", None, Some("top/r.html"))]
    );
    assert_eq!(report.errors().count(), 0);

    let report = files(&manifest(main, "<item identifier='C' identifierref='S'><title>C</title></item>"));
    assert_eq!(course(&report).item_count(), 3);
    assert!(codes(&report).contains(&Code::SubmanifestCycle));
}

/// What decides about the edition, and what is said about it.
#[test]
fn editions_are_told_by_version_then_names_then_use() {
    use Standard::{Scorm12, Scorm2004Fourth, Scorm2004Second, Scorm2004Third};
    let names12 = "xmlns='http://www.imsproject.org/xsd/imscp_rootv1p1p2'";
    let names2004 =
        "xmlns='http://www.imsglobal.org/xsd/imscp_v1p1' xmlns:adlcp='http://www.adlnet.org/xsd/adlcp_v1p3'";
    for (version, names, used, standard, found) in [
        ("1.2", names12, "", Scorm12, vec![]),
        ("ADL SCORM 1.2", names12, "", Scorm12, vec![]),
        ("CAM 1.3", names2004, "", Scorm2004Second, vec![]),
        ("1.3", names2004, "", Scorm2004Second, vec![]),
        ("2004 3rd Edition", names2004, "", Scorm2004Third, vec![]),
        ("2004 4TH EDITION", names2004, "", Scorm2004Fourth, vec![]),
        ("", names12, "", Scorm12, vec![Code::EditionGuessed]),
        ("", names2004, "", Scorm2004Second, vec![Code::EditionGuessed]),
        ("", names2004, "<data><map targetID='t'/></data>", Scorm2004Fourth, vec![Code::EditionGuessed]),
        ("", "", "", Scorm12, vec![Code::EditionGuessed]),
        ("", "", "<masteryscore>1</masteryscore>", Scorm12, vec![Code::EditionGuessed]),
        ("", "", "<sequencing/>", Scorm2004Second, vec![Code::EditionGuessed]),
        (
            "",
            "xmlns:xsi='i' xsi:schemaLocation='u imsss_v1p0.xsd'",
            "",
            Scorm2004Second,
            vec![Code::EditionGuessed],
        ),
        ("1.0", names12, "", Scorm12, vec![Code::EditionUnknown]),
        ("latest", names2004, "", Scorm2004Second, vec![Code::EditionUnknown]),
        ("1.2", names2004, "", Scorm12, vec![Code::EditionConflict]),
        ("2004 3rd Edition", names12, "", Scorm2004Third, vec![Code::EditionConflict]),
        (
            "2004 3rd Edition",
            names2004,
            "<completionThreshold minProgressMeasure='0.5'/>",
            Scorm2004Third,
            vec![Code::NewerEditionElement],
        ),
    ] {
        let manifest = format!(
            "<manifest identifier='M' {names}><metadata><schemaversion>{version}</schemaversion></metadata><organizations><organization identifier='O'>
             <title>C</title><item identifier='I' identifierref='R'><title>L</title>{used}</item></organization></organizations>
             <resources><resource identifier='R' SCORMTYPE='sco' href='index.html'/></resources></manifest>"
        );
        let report = scorm(&manifest);
        assert_eq!(course(&report).standard, standard, "{version} {names} {used}");
        assert_eq!(codes(&report), found, "{version} {names} {used}");
    }
}

#[test]
fn other_packages_of_ims_are_no_scorm() {
    for schema in ["IMS Common Cartridge", "QTIv2.1 Package"] {
        let manifest =
            format!("<manifest identifier='M'><metadata><schema>{schema}</schema></metadata></manifest>");
        let report = read(&[("imsmanifest.xml", manifest.as_str())]);
        assert_eq!((report.course.is_none(), codes(&report)), (true, vec![Code::ManifestNotRecognised]));
    }
    let report = read(&[("imsmanifest.xml", "<html/>")]);
    assert_eq!(codes(&report), [Code::ManifestNotRecognised]);
}

#[test]
fn malformed_manifests_name_standard_and_place() {
    let manifest = scorm12("<item identifier='I'>", SCO);
    let report = scorm(&manifest);
    assert_eq!((report.standard, report.course.is_none()), (Some(Standard::Scorm12), true));
    let error = report.errors().next().unwrap();
    assert_eq!((error.code, error.severity), (Code::ManifestMalformed, Severity::Error));
    assert!(error.place.as_deref().unwrap().starts_with("imsmanifest.xml:4:"), "{:?}", error.place);
    assert!(error.message.contains("</item>"), "{}", error.message);
    let broken = manifest.replace("1.2", "2004 4th Edition");
    assert_eq!(scorm(&broken).standard, Some(Standard::Scorm2004Fourth));
}

#[test]
fn manifests_in_every_encoding_have_the_same_title() {
    let item = "<item identifier='I' identifierref='R'><title>Übung für alle</title></item>";
    let manifest = scorm12(item, SCO);
    let latin: Vec<u8> = manifest
        .replace("UTF-8", "ISO-8859-1")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let unlabelled: Vec<u8> = manifest.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf16: Vec<u8> = manifest.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&[0xFF, 0xFE][..], &utf16].concat();
    for (bytes, found) in [
        (manifest.clone().into_bytes(), vec![]),
        (latin, vec![]),
        (unlabelled, vec![Code::EncodingDoubtful]),
        (utf16, vec![]),
        (marked, vec![]),
        (format!("\u{feff}{manifest}").into_bytes(), vec![]),
        (format!("\n \n{manifest}").into_bytes(), vec![]),
        (manifest.replace("UTF-8", "UTF-16").into_bytes(), vec![Code::EncodingDoubtful]),
    ] {
        let report = read_package(&MemoryTree::new([("imsmanifest.xml", bytes), ("index.html", vec![])]));
        assert_eq!(first(&report).title, "Übung für alle");
        assert_eq!(codes(&report), found);
    }
}

#[test]
fn slightly_malformed_manifests_play_with_a_warning() {
    let item = "<item identifier='I' identifierref='R' parameters='?a=1&b=2'><title>Q&A</title></item>";
    let report = scorm(&scorm12(item, SCO));
    assert_eq!(first(&report).title, "Q&A");
    assert_eq!(first(&report).launch.as_ref().unwrap().href, "index.html?a=1&b=2");
    assert_eq!(codes(&report), [Code::XmlRepaired]);
    let undeclared = scorm12(item, SCO)
        .replace(" xmlns:adlcp=\"http://www.adlnet.org/xsd/adlcp_rootv1p2\"", "")
        .replace('&', "+");
    let report = scorm(&undeclared);
    assert_eq!((course(&report).sco_count(), codes(&report)), (1, vec![Code::XmlRepaired]));
}

#[test]
fn metadata_is_read_inline_and_from_its_file() {
    let lom = "<lom><general><title><langstring xml:lang='x-none'>LOM title</langstring></title><language>de</language>
        <description><langstring xml:lang='en-US'>About  it</langstring></description><keyword><langstring>golf</langstring></keyword></general>
        <lifecycle><version><langstring>2</langstring></version></lifecycle>
        <educational><typicallearningtime><datetime>01:30:00</datetime></typicallearningtime></educational></lom>";
    let with = |inner: &str| {
        scorm12("<item identifier='I' identifierref='R'><title>L</title></item>", SCO)
            .replace("</schemaversion>", &format!("</schemaversion>{inner}"))
            .replace("<title>Course</title>", "")
    };
    let inline = read(&[("imsmanifest.xml", with(lom).as_str()), ("index.html", "")]);
    let external = with("<adlcp:location>meta.xml</adlcp:location>");
    let external = read(&[("imsmanifest.xml", external.as_str()), ("index.html", ""), ("meta.xml", lom)]);
    for report in [inline, external] {
        let course = course(&report);
        assert_eq!(course.title, "LOM title");
        assert_eq!(course.organization().unwrap().title, "LOM title");
        assert_eq!(course.languages, ["de", "en-US"]);
        assert_eq!(course.metadata.description.as_deref(), Some("About it"));
        assert_eq!(
            (course.metadata.duration.as_deref(), course.metadata.version.as_deref()),
            (Some("01:30:00"), Some("2"))
        );
        assert_eq!(course.metadata.keywords, ["golf"]);
    }
}

#[test]
fn a_bare_manifest_can_be_checked_but_not_played() {
    let manifest = scorm12("<item identifier='I' identifierref='R'><title>L</title></item>", SCO);
    let report = read_manifest("somewhere/renamed.xml", manifest.as_bytes());
    assert_eq!((report.standard, report.is_launchable()), (Some(Standard::Scorm12), false));
    assert_eq!(codes(&report), [Code::BareManifest]);
    assert_eq!(report.summary().launch.as_deref(), Some("index.html"));
    let report = read_manifest("page.xml", b"<html/>");
    assert_eq!((report.standard, codes(&report)), (None, vec![Code::NoManifest]));
}

#[test]
fn a_course_in_a_folder_plays_from_there() {
    let manifest = scorm12("<item identifier='I' identifierref='R'><title>L</title></item>", SCO);
    let report = read(&[
        ("My Course/imsmanifest.xml", manifest.as_str()),
        ("My Course/index.html", ""),
        ("__MACOSX/._imsmanifest.xml", "x"),
    ]);
    assert_eq!(course(&report).root, "My Course/");
    let launch = first(&report).launch.clone().unwrap();
    assert_eq!((launch.href.as_str(), launch.file.as_deref()), ("index.html", Some("My Course/index.html")));
    assert_eq!(codes(&report), [Code::ManifestInFolder]);
}

#[test]
fn of_two_standards_scorm_comes_first_if_it_can_be_played() {
    let good = scorm12("<item identifier='I' identifierref='R'><title>L</title></item>", SCO);
    let bad = scorm12("<item identifier='I' identifierref='X'><title>L</title></item>", SCO);
    let tincan = "<tincan xmlns='http://projecttincan.com/tincan.xsd'><activities><activity id='http://x/y' type='course'><name>N</name><launch>x.html</launch></activity></activities></tincan>";
    for (manifest, standard, also, found) in [
        (good.as_str(), Standard::Scorm12, Standard::Xapi, vec![Code::SeveralStandards]),
        (
            bad.as_str(),
            Standard::Xapi,
            Standard::Scorm12,
            vec![Code::SeveralStandards, Code::OtherManifestUnusable],
        ),
        (
            "<manifest",
            Standard::Xapi,
            Standard::Scorm12,
            vec![Code::SeveralStandards, Code::OtherManifestUnusable],
        ),
    ] {
        let report = read(&[
            ("imsmanifest.xml", manifest),
            ("index.html", ""),
            ("tincan.xml", tincan),
            ("x.html", ""),
        ]);
        assert_eq!((report.standard, report.also.clone()), (Some(standard), vec![also]));
        assert_eq!(course(&report).also, [also]);
        assert!(report.is_launchable());
        assert_eq!(codes(&report), found);
    }
}

#[test]
fn a_folder_is_read_like_a_package() {
    let manifest = scorm12("<item identifier='I' identifierref='R'><title>L</title></item>", SCO);
    let files = [("imsmanifest.xml", manifest.as_str()), ("index.html", "x"), ("sub/a b.js", "y")];
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let tree = FolderTree::open(folder.path());
    assert_eq!(read_package(&tree), read(&files));
    assert_eq!(tree.find("SUB/a%20b.js"), Some("sub/a b.js"));
    assert_eq!((tree.size("sub/a b.js"), tree.size("gone")), (Some(1), None));
    assert_eq!(tree.read("index.html", 0), Err(ReadError::TooLarge { limit: 0 }));
}
