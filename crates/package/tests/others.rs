//! SCORM 1.1, AICC, xAPI and cmi5.

mod support;

use lyceum_package::{
    Cmi5Unit, Code, Details, LaunchMethod, MemoryTree, MoveOn, Report, ScormType, Standard, read_manifest,
    read_package,
};
use support::{
    build::{course, first},
    codes, read,
};

// SCORM 1.1

#[test]
fn a_course_structure_of_scorm_1_1() {
    let csf = "<?xml version='1.0'?><content><globalProperties><title>no</title></globalProperties>
        <block id='B1'><identification><title>Golf</title><description>About golf</description></identification>
          <prerequisites>S1</prerequisites>
          <sco id='S1'><identification><title>Basics</title></identification>
            <launch><location><![CDATA[a/start.html]]></location><parameterString>?x=1</parameterString><dataFromLMS>d</dataFromLMS></launch>
            <timeLimit><maxTimeAllowed>00:10:00</maxTimeAllowed><timeLimitAction>exit,message</timeLimitAction></timeLimit>
            <masteryScore>70</masteryScore></sco>
          <block id='B2'><sco id='S1'><identification><title>Twin</title></identification><launch><location>gone.html</location></launch></sco></block>
        </block></content>";
    let report = read(&[("CSF.XML", csf), ("a/start.html", "")]);
    let course = course(&report);
    assert_eq!((course.standard, course.launchable, course.sco_count()), (Standard::Scorm11, true, 2));
    assert_eq!((course.title.as_str(), course.metadata.description.as_deref()), ("Golf", Some("About golf")));
    let shape: Vec<_> = course
        .items()
        .map(|item| (item.identifier.as_str(), item.title.as_str(), item.parent, item.depth))
        .collect();
    assert_eq!(
        shape,
        [
            ("B1", "Golf", None, 0),
            ("S1", "Basics", Some(0), 1),
            ("B2", "B2", Some(0), 1),
            ("S1~2", "Twin", Some(2), 2)
        ]
    );
    let sco = course.items().nth(1).unwrap();
    let launch = sco.launch.as_ref().unwrap();
    assert_eq!(
        (launch.href.as_str(), launch.file.as_deref(), sco.scorm_type),
        ("a/start.html?x=1", Some("a/start.html"), Some(ScormType::Sco))
    );
    let texts = [&sco.mastery_score, &sco.max_time_allowed, &sco.time_limit_action, &sco.data_from_lms]
        .map(|text| text.as_deref());
    assert_eq!(texts, [Some("70"), Some("00:10:00"), Some("exit,message"), Some("d")]);
    assert_eq!(first(&report).prerequisites.as_deref(), Some("S1"));
    assert_eq!(
        codes(&report),
        [Code::IdentifierDuplicate, Code::TitleMissing, Code::LaunchFileMissing]
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_course_structure_without_anything_to_launch() {
    for csf in ["<content/>", "<content><block id='B'><sco id='S'/></block></content>"] {
        let report = read(&[("CSF.xml", csf)]);
        assert!(!report.is_launchable() && codes(&report).contains(&Code::NothingToLaunch), "{csf}");
    }
    assert_eq!(codes(&read(&[("CSF.xml", "<manifest/>")])), [Code::ManifestNotRecognised]);
}

// AICC

const CRS: &str = "[Course]\r\nCourse_Creator=Me\r\nCourse_ID=C1\r\nCourse_System=By hand\r\nCourse_Title=\"Fire, water\"\r\nVersion=3.0\r\n[Course_Behavior]\r\nMax_Normal=1\r\n[Course_Description]\r\nAbout fire\r\nand water\r\n";
const AU: &str = "\"System_ID\",\"Type\",\"Command_Line\",\"File_Name\",\"Max_Score\",\"Mastery_Score\",\"Max_Time_Allowed\",\"Time_Limit_Action\",\"System_Vendor\",\"Core_Vendor\",\"Web_Launch\",\"AU_Password\"\r\n\
    \"A1\",\"lesson\",\"\",\"fire\\start.html\",\"100\",\"80\",\"00:20:00\",\"E,N\",\"Vendor\",\"level=1\",\"mode=web\",\"secret\"\r\n\
    \"A2\",\"\",\"\",\"http://example.com/water\",\"\",\"\",\"00:00:00\",\"\",\"\",\"\",\"\",\"\"\r\n\
    \"A3\",\"\",\"\",\"last.html\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n";
const DES: &str = "\"system_id\",\"developer_id\",\"title\",\"description\"\r\n\"a1\",\"D-1\",\"Fire\",\"Hot\"\r\n\"B1\",\"\",\"Block one\",\"\"\r\n";
const CST: &str = "\"block\",\"member\",\"member\",\"member\"\r\n\"Root\",\"B1\",\"A2\"\r\n\"B1\",\"A1\",\"J9\"\r\n\"A1\",\"J1\",\"J2\"\r\n";

fn aicc(files: &[(&str, &str)]) -> Report {
    let content = [("fire/start.html", ""), ("last.html", "")];
    read_package(&MemoryTree::new(files.iter().chain(&content).copied()))
}

#[test]
fn an_aicc_course_with_blocks_objectives_and_prerequisites() {
    let pre =
        "\"structure_element\",\"prerequisite\"\r\n\"A2\",\"A1 | B1\"\r\n\"A2\",\"A3\"\r\n\"a3\",\"A1\"\r\n";
    let report = aicc(&[
        ("Course.CRS", CRS),
        ("course.au", AU),
        ("course.des", DES),
        ("course.cst", CST),
        ("course.pre", pre),
        ("course.cmp", ""),
    ]);
    let course = course(&report);
    assert_eq!(
        (course.standard, course.launchable, course.item_count(), course.sco_count()),
        (Standard::Aicc, true, 4, 3)
    );
    assert_eq!((course.title.as_str(), course.identifier.as_deref()), ("Fire, water", Some("C1")));
    assert_eq!(course.metadata.description.as_deref(), Some("About fire\nand water"));
    assert_eq!(
        (course.metadata.author.as_deref(), course.metadata.version.as_deref()),
        (Some("Me"), Some("3.0"))
    );
    let shape: Vec<_> = course
        .items()
        .map(|item| {
            (item.identifier.as_str(), item.title.as_str(), item.parent, item.prerequisites.as_deref())
        })
        .collect();
    assert_eq!(
        shape,
        [
            ("B1", "Block one", None, None),
            ("A1", "Fire", Some(0), None),
            ("A2", "water", None, Some("(A1 | B1) & (A3)")),
            ("A3", "last", None, Some("A1"))
        ]
    );
    let fire = course.items().nth(1).unwrap();
    assert_eq!(fire.launch.as_ref().unwrap().file.as_deref(), Some("fire/start.html"));
    let texts = [&fire.mastery_score, &fire.max_time_allowed, &fire.time_limit_action, &fire.data_from_lms]
        .map(|text| text.as_deref());
    assert_eq!(texts, [Some("80"), Some("00:20:00"), Some("E,N"), Some("level=1")]);
    let Details::AiccUnit(unit) = &fire.details else { panic!("{:?}", fire.details) };
    assert_eq!(
        (unit.web_launch.as_deref(), unit.au_password.as_deref(), unit.max_score.as_deref()),
        (Some("mode=web"), Some("secret"), Some("100"))
    );
    assert_eq!(
        (unit.developer_id.as_deref(), unit.description.as_deref(), unit.unit_type.as_deref()),
        (Some("D-1"), Some("Hot"), Some("lesson"))
    );
    assert_eq!(unit.objectives, ["J1", "J2"]);
    let water = course.items().nth(2).unwrap();
    assert!(water.launch.as_ref().unwrap().external && water.max_time_allowed.is_none());
    assert_eq!(codes(&report), [Code::AiccUnitUnplaced, Code::AiccRequirementsIgnored]);
}

/// Files, identifiers in order, playable, findings.
#[test]
fn incomplete_aicc_courses_are_understood_as_far_as_possible() {
    for (files, ids, launchable, found) in [
        (
            vec![("c.crs", CRS), ("c.au", AU), ("c.des", DES)],
            vec!["A1", "A2", "A3"],
            true,
            vec![Code::AiccFileAbsent],
        ),
        (
            vec![("c.crs", CRS), ("other.AU", AU), ("x.des", DES), ("y.cst", CST)],
            vec!["B1", "A1", "A2", "A3"],
            true,
            vec![Code::AiccUnitUnplaced],
        ),
        (
            vec![("c.au", AU), ("c.cst", CST)],
            vec!["B1", "A1", "A2", "A3"],
            true,
            vec![Code::AiccFileAbsent, Code::AiccUnitUnplaced],
        ),
        (vec![("c.crs", CRS)], vec![], false, vec![Code::AiccFileMissing, Code::AiccFileAbsent]),
        (
            vec![("c.crs", CRS), ("c.au", ""), ("c.des", ""), ("c.cst", "")],
            vec![],
            false,
            vec![Code::NothingToLaunch],
        ),
        (
            vec![
                ("c.crs", CRS),
                ("c.au", AU),
                ("c.des", DES),
                ("c.cst", "block,member\nROOT,A1\nA1,A2\nA2,A1\nROOT,A9"),
            ],
            vec!["A1", "A2", "A3"],
            true,
            vec![Code::AiccUnitUnplaced, Code::AiccStructureInvalid],
        ),
        (
            vec![
                ("c.crs", CRS),
                ("c.au", "system_id,file_name\nA1,last.html\n,x\na1,y"),
                ("c.des", DES),
                ("c.cst", "block,member\nROOT,A1"),
            ],
            vec!["A1"],
            true,
            vec![Code::AiccEntryInvalid],
        ),
        (
            vec![
                ("c.crs", CRS),
                ("c.au", "system_id;file_name\nA1;gone.html"),
                ("c.des", DES),
                ("c.cst", "block;member\nROOT;A1"),
            ],
            vec!["A1"],
            false,
            vec![Code::NothingToLaunch, Code::LaunchFileMissing],
        ),
    ] {
        let report = aicc(&files);
        let read: Vec<_> = report
            .course
            .iter()
            .flat_map(|course| course.items())
            .map(|item| item.identifier.as_str())
            .collect();
        assert_eq!(read, ids, "{files:?}");
        assert_eq!(
            (report.standard, report.is_launchable()),
            (Some(Standard::Aicc), launchable),
            "{files:?}"
        );
        let mut expected = found.clone();
        expected.sort_unstable();
        assert_eq!(codes(&report), expected, "{files:?}");
    }
}

// xAPI

#[test]
fn a_tincan_course() {
    let tincan = "<tincan xmlns='http://projecttincan.com/tincan.xsd'><activities>
        <activity id=' http://example.com/a ' type='http://adlnet.gov/expapi/activities/course'><name lang='de'>Kurs</name><name lang='en-US'>Course</name>
          <description lang='en-US'>About</description><launch lang='en-us'> go/index.html?x=1 </launch></activity>
        <activity id='http://example.com/a' type='module'><name>Twin</name></activity>
        <activity type='module'/></activities></tincan>";
    let report = read(&[("TinCan.xml", tincan), ("go/index.html", "")]);
    let course = course(&report);
    assert_eq!(
        (course.standard, course.launchable, course.item_count(), course.sco_count()),
        (Standard::Xapi, true, 3, 1)
    );
    assert_eq!((course.title.as_str(), course.identifier.as_deref()), ("Kurs", Some("http://example.com/a")));
    assert_eq!(
        (course.languages.clone(), course.metadata.description.as_deref()),
        (vec!["de".to_owned(), "en-US".to_owned()], Some("About"))
    );
    let ids: Vec<_> = course.items().map(|item| (item.identifier.as_str(), item.visible)).collect();
    assert_eq!(ids, [("http://example.com/a", true), ("http://example.com/a~2", false), ("activity", false)]);
    let launch = first(&report).launch.as_ref().unwrap();
    assert_eq!((launch.href.as_str(), launch.file.as_deref()), ("go/index.html?x=1", Some("go/index.html")));
    let Details::XapiActivity(activity) = &first(&report).details else { panic!() };
    assert_eq!(activity.names["en-US"], "Course");
    assert!(activity.activity_type.as_deref().unwrap().ends_with("/course"));
    assert_eq!(codes(&report), [Code::IdentifierDuplicate, Code::TitleMissing, Code::XapiActivityWithoutId]);
}

#[test]
fn a_tincan_course_elsewhere_or_nowhere() {
    let with = |launch: &str| {
        format!(
            "<tincan><activities><activity id='http://x/y'><name>N</name>{launch}</activity></activities></tincan>"
        )
    };
    for (launch, launchable, found) in [
        ("<launch>https://example.com/course</launch>", true, vec![]),
        ("<launch>gone.html</launch>", false, vec![Code::NothingToLaunch, Code::LaunchFileMissing]),
        ("<launch/>", false, vec![Code::NothingToLaunch]),
        ("", false, vec![Code::NothingToLaunch]),
    ] {
        let report = read(&[("tincan.xml", with(launch).as_str())]);
        assert_eq!((report.is_launchable(), codes(&report)), (launchable, found), "{launch}");
    }
    assert_eq!(codes(&read(&[("tincan.xml", "<course/>")])), [Code::ManifestNotRecognised]);
}

// cmi5

/// A course structure with this content after the course's own description.
fn structure(content: &str) -> String {
    format!(
        "<courseStructure xmlns='https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd'><course id='https://example.com/c'>{}</course>{content}</courseStructure>",
        about("Course")
    )
}

fn about(title: &str) -> String {
    format!(
        "<title><langstring lang='en'>{title}</langstring></title><description><langstring lang='en'>About</langstring></description>"
    )
}

fn unit(attributes: &str, url: &str) -> String {
    format!("<au {attributes}>{}<url>{url}</url></au>", about("Unit"))
}

const GOOD_ID: &str = "id='https://example.com/au'";

#[test]
fn a_cmi5_course_with_everything() {
    let content = format!(
        "<objectives><objective id='https://example.com/o'>{}</objective></objectives>
         <block id='https://example.com/b'>{}<objectives><objective idref='https://example.com/o'/></objectives>
           <au id='https://example.com/1' moveOn='CompletedAndPassed' masteryScore='0.85' launchMethod='OwnWindow' activityType='https://example.com/t'>
             <title><langstring lang='de-DE'>\n  Gestein </langstring><langstring lang='en-US'>Rock</langstring></title><description><langstring>x</langstring></description>
             <objectives><objective idref='https://example.com/o'/></objectives>
             <url>\n<![CDATA[ index.html?a=1&b=2 ]]>\n</url><launchParameters> p </launchParameters><entitlementKey>\n k \n</entitlementKey></au>
           <x:extra xmlns:x='urn:x'><x:url/></x:extra></block>
         <au id='https://example.com/2'>{}<url>https://example.com/unit</url></au>",
        about("Objective"),
        about("Block"),
        about("Second")
    );
    let report = read(&[("cmi5.xml", structure(&content).as_str()), ("index.html", "")]);
    assert_eq!(report.diagnostics, []);
    let course = course(&report);
    assert_eq!(
        (course.standard, course.launchable, course.item_count(), course.sco_count()),
        (Standard::Cmi5, true, 3, 2)
    );
    assert_eq!(
        (course.title.as_str(), course.identifier.as_deref()),
        ("Course", Some("https://example.com/c"))
    );
    assert_eq!(course.cmi5.as_ref().unwrap().objectives[0].id, "https://example.com/o");
    let items: Vec<_> =
        course.items().map(|item| (item.identifier.as_str(), item.title.as_str(), item.parent)).collect();
    assert_eq!(
        items,
        [
            ("https://example.com/b", "Block", None),
            ("https://example.com/1", "Gestein", Some(0)),
            ("https://example.com/2", "Second", None)
        ]
    );
    let item = course.items().nth(1).unwrap();
    assert_eq!(item.launch.as_ref().unwrap().href, "index.html?a=1&b=2");
    assert_eq!(item.mastery_score.as_deref(), Some("0.85"));
    let Details::Cmi5Unit(unit) = &item.details else { panic!() };
    assert_eq!((unit.move_on, unit.launch_method), (MoveOn::CompletedAndPassed, LaunchMethod::OwnWindow));
    assert_eq!(unit.mastery_score.unwrap().to_string(), "0.85");
    assert_eq!((unit.launch_parameters.as_deref(), unit.entitlement_key.as_deref()), (Some("p"), Some("k")));
    assert_eq!((unit.activity_type.as_deref(), unit.objectives.len()), (Some("https://example.com/t"), 1));
    assert_eq!((unit.titles["de-DE"].as_str(), unit.titles["en-US"].as_str()), ("Gestein", "Rock"));
    let Details::Cmi5Unit(second) = &course.items().nth(2).unwrap().details else { panic!() };
    assert_eq!(
        (second.move_on, second.launch_method, second.mastery_score),
        (MoveOn::NotApplicable, LaunchMethod::AnyWindow, None)
    );
    let json = serde_json::to_string(course).unwrap();
    assert_eq!(&serde_json::from_str::<lyceum_package::Course>(&json).unwrap(), course);
    assert!(json.contains(r#""type":"cmi5_unit""#) && json.contains(r#""move_on":"CompletedAndPassed""#));
}

/// Content of a structure with one mistake, in a package with `index.html`, and the finding.
#[test]
fn each_mistake_in_a_cmi5_course_makes_it_unplayable() {
    let good = unit(GOOD_ID, "index.html");
    let objective = |id: &str| format!("<objective id='{id}'>{}</objective>", about("O"));
    let block = |id: &str, content: &str| format!("<block id='{id}'>{}{content}</block>", about("B"));
    for (content, code) in [
        (unit("id='example.com/au'", "index.html"), Code::Cmi5IdNotIri),
        (block("b", &good), Code::Cmi5IdNotIri),
        (format!("<objectives>{}</objectives>{good}", objective("o")), Code::Cmi5IdNotIri),
        (good.repeat(2), Code::Cmi5IdDuplicate),
        (block("https://example.com/au", &good), Code::Cmi5IdDuplicate),
        (
            format!("<objectives>{}</objectives>{good}", objective("https://x/o").repeat(2)),
            Code::Cmi5IdDuplicate,
        ),
        (unit(GOOD_ID, "http://example.com index.html"), Code::Cmi5UrlInvalid),
        (unit(GOOD_ID, "javascript:alert(1)"), Code::Cmi5UrlInvalid),
        (unit(GOOD_ID, "gone.html"), Code::LaunchFileMissing),
        (unit(GOOD_ID, "index.html?endpoint=x"), Code::Cmi5UrlReserved),
        (unit(GOOD_ID, "index.html?a=1&amp;fetch=x"), Code::Cmi5UrlReserved),
        (unit(GOOD_ID, "https://example.com/?activityId"), Code::Cmi5UrlReserved),
        (unit(GOOD_ID, "https://example.com/?act%6fr=x"), Code::Cmi5UrlReserved),
        (unit(GOOD_ID, "https://example.com/?registration=1#x"), Code::Cmi5UrlReserved),
        (unit(&format!("{GOOD_ID} moveOn='completed'"), "index.html"), Code::Cmi5StructureInvalid),
        (unit(&format!("{GOOD_ID} launchMethod='Frame'"), "index.html"), Code::Cmi5StructureInvalid),
        (unit(&format!("{GOOD_ID} masteryScore='1.1'"), "index.html"), Code::Cmi5StructureInvalid),
        (unit(&format!("{GOOD_ID} masteryScore='80%'"), "index.html"), Code::Cmi5StructureInvalid),
        (unit("", "index.html"), Code::Cmi5StructureInvalid),
        (unit(GOOD_ID, " "), Code::Cmi5StructureInvalid),
        (
            format!("<au {GOOD_ID}>{}</au>{}", about("x"), unit("id='https://x/2'", "index.html")),
            Code::Cmi5StructureInvalid,
        ),
        (format!("<au {GOOD_ID}><url>index.html</url>{}</au>", about("x")), Code::Cmi5StructureInvalid),
        (
            format!("<au {GOOD_ID}><title><langstring>x</langstring></title><url>index.html</url></au>"),
            Code::Cmi5StructureInvalid,
        ),
        (
            format!(
                "<au {GOOD_ID}><title/><description><langstring>x</langstring></description><url>index.html</url></au>"
            ),
            Code::Cmi5StructureInvalid,
        ),
        (format!("{good}{}", block("https://x/b", "")), Code::Cmi5StructureInvalid),
        (format!("{good}<objectives>{}</objectives>", objective("https://x/o")), Code::Cmi5StructureInvalid),
        (format!("{good}<course id='https://x/c'/>"), Code::Cmi5StructureInvalid),
        (String::new(), Code::Cmi5StructureInvalid),
    ] {
        let report = read(&[("cmi5.xml", structure(&content).as_str()), ("index.html", "")]);
        assert!(report.errors().any(|error| error.code == code), "{content}: {:?}", report.diagnostics);
        assert!(!report.is_launchable(), "{content}");
    }
}

#[test]
fn what_cmi5_leaves_open_is_only_told() {
    for (content, code) in [
        (unit(&format!("{GOOD_ID} passIsFinal='true'"), "index.html"), Code::Cmi5Unknown),
        (
            format!(
                "<au {GOOD_ID}>{}<objectives><objective idref='https://x/o'/></objectives><url>index.html</url></au>",
                about("x")
            ),
            Code::Cmi5ObjectiveUnknown,
        ),
        (unit(GOOD_ID, "Index.html"), Code::FileCaseDiffers),
    ] {
        let report = read(&[("cmi5.xml", structure(&content).as_str()), ("index.html", "")]);
        assert_eq!(codes(&report), [code], "{content}");
        assert!(report.is_launchable(), "{content}");
    }
    let spaced = structure(&unit(GOOD_ID, "my page.html"));
    assert_eq!(codes(&read(&[("cmi5.xml", spaced.as_str()), ("my page.html", "")])), []);
}

#[test]
fn a_course_structure_alone_needs_absolute_addresses() {
    let report =
        read_manifest("any name.xml", structure(&unit(GOOD_ID, "https://example.com/unit")).as_bytes());
    assert_eq!(
        (report.standard, report.is_launchable(), codes(&report)),
        (Some(Standard::Cmi5), true, vec![])
    );
    for url in ["index.html", "path/1/index.html", "index.html?abc=def", "/index.html"] {
        let report = read_manifest("cmi5.xml", structure(&unit(GOOD_ID, url)).as_bytes());
        assert_eq!((report.is_launchable(), codes(&report)), (false, vec![Code::Cmi5UrlRelative]), "{url}");
    }
}

#[test]
fn a_unit_without_attributes_has_the_defaults_of_the_schema() {
    assert_eq!(Cmi5Unit::default().move_on, MoveOn::NotApplicable);
    assert_eq!(Cmi5Unit::default().launch_method, LaunchMethod::AnyWindow);
}
