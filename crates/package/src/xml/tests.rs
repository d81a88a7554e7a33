use super::*;
use crate::limits;

/// Title of the root element's `t` child, and the codes that came with it.
fn titles(xml: &str) -> (Option<String>, Vec<Code>) {
    let mut diagnostics = Diagnostics::default();
    let title = read(xml.as_bytes(), "m.xml", &mut diagnostics, |xml, _| {
        xml.root.element("t").map(NodeExt::collapsed_text).unwrap_or_default()
    });
    (title, diagnostics.finish().into_iter().map(|diagnostic| diagnostic.code).collect())
}

#[test]
fn sound_files_are_read_without_a_word() {
    for xml in [
        "<m><t>Über</t></m>",
        "\u{feff}<?xml version=\"1.0\"?><m><t>Über</t></m>",
        "<?xml version='1.0' encoding='UTF-8' standalone='no' ?>\n<!-- c --><?pi x?><m><t><![CDATA[Über]]></t></m>",
        "<!DOCTYPE m><m><t>Über</t></m>",
        "<!DOCTYPE m SYSTEM \"m.dtd\"><m><t>Über</t></m>",
        "<!DOCTYPE m [<!ENTITY u \"&#220;\">]><m><t>&u;ber</t></m>",
        "<x:m xmlns:x='u'><x:T>Üb<!-- c -->er</x:T></x:m>",
        "<?XML version=\"1.0\"?><m><t> \n Über </t></m>",
    ] {
        assert_eq!(titles(xml), (Some("Über".to_owned()), vec![]), "{xml}");
    }
}

#[test]
fn slightly_malformed_files_are_repaired_with_a_warning() {
    for (xml, expected) in [
        ("\n\n  junk <m><t>a</t></m>", "a"),
        ("3 < 4 <?xml version='1.0'?><m><t>a</t></m>", "a"),
        ("<m><t>Q & A</t></m>", "Q & A"),
        ("<m><t>Q&A; &unknown; &amp; &#65; &#x42;</t></m>", "Q&A; &unknown; & A B"),
        ("<m><t>caf&eacute;&nbsp;&mdash; &#0; &yuml;</t></m>", "café — &#0; ÿ"),
        ("<m x='a&b'><t>a</t></m>", "a"),
        ("<m><t>a</t><!-- -- x --- --></m>", "a"),
        ("<m><t>a]]>b</t></m>", "a]]>b"),
        ("<m><t>a\u{b}b</t></m>", "a b"),
        ("<m><t a='1' b='2' a='3'>a</t></m>", "a"),
        ("<m><t>a</t></m>\0\0\0", "a"),
        ("<m><t>a</t></m> trailing words", "a"),
        ("<m><adlcp:x/><t adlcp:y='1'>a</t><imsss:z/></m>", "a"),
        ("<!DOCTYPE m [<!ENTITY u \"x\">]><m><t>&u; & y</t></m>", "x & y"),
    ] {
        let (title, codes) = titles(xml);
        assert_eq!(title.as_deref(), Some(expected), "{xml}");
        assert!(!codes.is_empty() && codes.iter().all(|code| *code == Code::XmlRepaired), "{xml}: {codes:?}");
    }
}

#[test]
fn malformed_files_are_errors_with_line_and_column() {
    for (xml, place) in [
        ("<m>\n <a>\n</m>", "m.xml:3:1"),
        ("<?xml version='1.0'?>\n<m>\n  <t>x</t>", "m.xml:3:11"),
        ("<m><t x=\"<\"/></m>", "m.xml:1:10"),
        ("<m><t x=1/></m>", "m.xml:1:9"),
        ("<m></m", "m.xml:1:7"),
    ] {
        let mut diagnostics = Diagnostics::default();
        assert!(read(xml.as_bytes(), "m.xml", &mut diagnostics, |_, _| ()).is_none(), "{xml}");
        let found = diagnostics.finish();
        assert_eq!(found[0].code, Code::ManifestMalformed, "{xml}");
        assert_eq!(found[0].place.as_deref(), Some(place), "{xml}: {}", found[0].message);
    }
}

#[test]
fn empty_files_say_so() {
    for xml in ["", "  ", "<?xml version='1.0'?>", "<!-- only a comment -->"] {
        assert_eq!(titles(xml), (None, vec![Code::ManifestEmpty]), "{xml:?}");
    }
}

#[test]
fn hostile_files_are_refused_quickly() {
    let laughs = {
        let mut dtd = String::from("<!DOCTYPE m [<!ENTITY l0 \"lol\">");
        for level in 1..10 {
            dtd.push_str(&format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10)));
        }
        dtd + "]><m><t>&l9;</t></m>"
    };
    let quadratic = format!(
        "<!DOCTYPE m [<!ENTITY a \"{}\">]><m><t>{}</t></m>",
        "x".repeat(100_000),
        "&a;".repeat(100_000)
    );
    let selfish = "<!DOCTYPE m [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]><m><t>&a;</t></m>".to_owned();
    let deep = "<a>".repeat(limits::MAX_XML_DEPTH + 1);
    let attributes: String = (0..=limits::MAX_ATTRIBUTES_PER_ELEMENT).map(|n| format!(" a{n}='1'")).collect();
    let prefixes: String = (0..=limits::MAX_NAMESPACE_PREFIXES).map(|n| format!(" xmlns:p{n}='u'")).collect();
    let many = format!("<m>{}</m>", "<i/>".repeat(MAX_XML_NODES as usize));
    for xml in [
        laughs,
        quadratic,
        selfish,
        deep,
        format!("<m><t{attributes}>x</t></m>"),
        format!("<m><t{prefixes}>x</t></m>"),
        many,
    ] {
        assert_eq!(titles(&xml), (None, vec![Code::ManifestHostile]), "{xml:.60}");
    }
}

#[test]
fn external_entities_are_never_fetched() {
    let xml = "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><m><t>[&x;]</t></m>";
    let (title, _) = titles(xml);
    assert!(title.is_none_or(|title| !title.contains("root:")));
}

#[test]
fn attributes_are_found_without_regard_to_case_and_prefix() {
    let xml = "<m xmlns:adlcp='u' adlcp:scormType=' sco ' empty='  '/>";
    let mut diagnostics = Diagnostics::default();
    read(xml.as_bytes(), "m.xml", &mut diagnostics, |xml, _| {
        assert_eq!(xml.root.token("scormtype").as_deref(), Some("sco"));
        assert_eq!(xml.root.attr("ScormType"), Some(" sco "));
        assert_eq!(xml.root.token("empty"), None);
        assert_eq!(xml.root.token("none"), None);
    })
    .unwrap();
}
