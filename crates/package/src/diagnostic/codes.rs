use serde::{Deserialize, Serialize};

use super::Severity;

macro_rules! codes {
    ( $( $(#[doc = $doc:literal])+ $name:ident = $code:literal, $severity:ident; )+ ) => {
        /// What a finding is about. The texts are stable: programs may rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $( $(#[doc = $doc])+ #[serde(rename = $code)] $name, )+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )+ ];

            /// The text of the code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $code, )+ }
            }

            /// How bad it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $( Self::$name => Severity::$severity, )+ }
            }

            /// What the code stands for, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $( Self::$name => concat!($($doc),+).trim_ascii(), )+ }
            }
        }
    };
}

codes! {
    // Finding the manifest.
    /// The package itself cannot be opened.
    PackageUnreadable = "package-unreadable", Error;
    /// An entry of the package was refused: its name or kind is dangerous, or it is encrypted.
    EntryRefused = "entry-refused", Warning;
    /// An entry of the package is damaged.
    EntryDamaged = "entry-damaged", Warning;
    /// There is no manifest of any known standard.
    NoManifest = "no-manifest", Error;
    /// Several folders have a manifest each: these are several courses.
    SeveralManifests = "several-manifests", Error;
    /// The manifest cannot be read from the package.
    ManifestUnreadable = "manifest-unreadable", Error;
    /// The manifest is larger than is accepted.
    ManifestTooLarge = "manifest-too-large", Error;
    /// The manifest has no content.
    ManifestEmpty = "manifest-empty", Error;
    /// The manifest is not well-formed.
    ManifestMalformed = "manifest-malformed", Error;
    /// The manifest exceeds bounds as only an attack does.
    ManifestHostile = "manifest-hostile", Error;
    /// The file is XML, but not a manifest of this standard.
    ManifestNotRecognised = "manifest-not-recognised", Error;
    /// Only a manifest was given, without the files of the course.
    BareManifest = "bare-manifest", Warning;
    /// The manifest lies in a folder instead of the root.
    ManifestInFolder = "manifest-in-folder", Info;
    /// The package has manifests of several standards.
    SeveralStandards = "several-standards", Info;
    /// A manifest of another standard could not be used; the one that works was taken.
    OtherManifestUnusable = "other-manifest-unusable", Warning;

    // Reading XML.
    /// The encoding of the manifest had to be guessed.
    EncodingDoubtful = "encoding-doubtful", Warning;
    /// The XML was slightly malformed and was repaired.
    XmlRepaired = "xml-repaired", Warning;

    // Structure.
    /// The course has more activities than are accepted.
    TooManyItems = "too-many-items", Error;
    /// Activities are nested deeper than is accepted.
    NestingTooDeep = "nesting-too-deep", Error;
    /// Nothing in the course can be launched.
    NothingToLaunch = "nothing-to-launch", Error;
    /// The edition is not stated and was told from other signs.
    EditionGuessed = "edition-guessed", Info;
    /// The stated version is none that is known.
    EditionUnknown = "edition-unknown", Warning;
    /// The stated version and the namespaces belong to different standards.
    EditionConflict = "edition-conflict", Warning;
    /// The manifest uses elements that its edition does not have yet.
    NewerEditionElement = "newer-edition-element", Info;
    /// There is no organization; the resources are offered as they are.
    OrganizationMissing = "organization-missing", Warning;
    /// The default organization is not named or does not exist.
    DefaultOrganizationWrong = "default-organization-wrong", Warning;
    /// The course has several organizations, of which one is played.
    SeveralOrganizations = "several-organizations", Info;
    /// An organization has no items.
    OrganizationEmpty = "organization-empty", Warning;
    /// An element has no identifier.
    IdentifierMissing = "identifier-missing", Warning;
    /// Two activities have the same identifier.
    IdentifierDuplicate = "identifier-duplicate", Warning;
    /// An activity has no title.
    TitleMissing = "title-missing", Warning;
    /// An activity without content and without children.
    ItemEmpty = "item-empty", Warning;
    /// An activity with both content and children.
    ItemWithContentAndChildren = "item-with-content-and-children", Info;
    /// A manifest inside of the manifest includes itself.
    SubmanifestCycle = "submanifest-cycle", Warning;
    /// More manifests inside of the manifest than are accepted.
    TooManySubmanifests = "too-many-submanifests", Error;

    // Resources and files.
    /// An activity refers to a resource that does not exist.
    ResourceMissing = "resource-missing", Error;
    /// An activity refers to a resource that has nothing to launch.
    ResourceWithoutHref = "resource-without-href", Error;
    /// The file that an activity launches is not in the package.
    LaunchFileMissing = "launch-file-missing", Error;
    /// An activity launches an address that no browser should open.
    LaunchUrlUnsafe = "launch-url-unsafe", Error;
    /// An activity launches an address outside of the package.
    LaunchExternal = "launch-external", Warning;
    /// Two activities launch the same address with the same parameters.
    LaunchRepeated = "launch-repeated", Info;
    /// Two resources have the same identifier.
    ResourceDuplicate = "resource-duplicate", Warning;
    /// A resource depends on one that does not exist.
    DependencyMissing = "dependency-missing", Warning;
    /// It is not said whether a resource is a SCO or an asset.
    ScormTypeMissing = "scorm-type-missing", Info;
    /// A listed file is not in the package.
    FileMissing = "file-missing", Warning;
    /// A file's name differs in case from how the manifest writes it.
    FileCaseDiffers = "file-case-differs", Warning;
    /// A path only leads to its file when xml:base is understood as a folder.
    BaseWithoutSlash = "base-without-slash", Warning;
    /// A path only leads to its file when a special character in it is taken literally.
    PathUnescaped = "path-unescaped", Warning;

    // Values.
    /// A value is not of the kind that the standard asks for.
    ValueInvalid = "value-invalid", Warning;
    /// A percentage was written where a number up to 1 belongs.
    ValueIsPercent = "value-is-percent", Warning;
    /// A value is outside of the allowed range.
    ValueOutOfRange = "value-out-of-range", Warning;
    /// A word is not in the standard's vocabulary.
    VocabularyUnknown = "vocabulary-unknown", Warning;
    /// A prerequisite cannot be understood.
    PrerequisiteInvalid = "prerequisite-invalid", Warning;
    /// A prerequisite names an activity that does not exist.
    PrerequisiteUnknown = "prerequisite-unknown", Warning;

    // Sequencing.
    /// A sequencing definition refers to a collection entry that does not exist.
    SequencingReferenceMissing = "sequencing-reference-missing", Warning;
    /// A sequencing or rollup rule has no conditions or no action.
    RuleIncomplete = "rule-incomplete", Warning;
    /// A rule refers to an objective that the activity does not have.
    RuleObjectiveUnknown = "rule-objective-unknown", Warning;
    /// Two objectives of an activity have the same id.
    ObjectiveDuplicate = "objective-duplicate", Warning;
    /// An objective other than the primary one has no id.
    ObjectiveIdMissing = "objective-id-missing", Warning;
    /// An adlseq objective belongs to no imsss objective.
    ObjectiveUnmatched = "objective-unmatched", Warning;
    /// Objective maps exist without a target.
    ObjectiveMapWithoutTarget = "objective-map-without-target", Warning;
    /// An objective reads the same information from two global objectives.
    GlobalObjectiveReadConflict = "global-objective-read-conflict", Warning;
    /// Two objectives of an activity write the same information to one global objective.
    GlobalObjectiveWriteConflict = "global-objective-write-conflict", Warning;
    /// A global objective is read, but nothing in the course writes it.
    GlobalObjectiveNeverWritten = "global-objective-never-written", Info;
    /// A cluster allows neither choice nor flow: the learner cannot get in.
    ClusterUnreachable = "cluster-unreachable", Warning;
    /// An activity can never be delivered.
    ActivityNeverAvailable = "activity-never-available", Warning;
    /// A rollup rule can never apply.
    RollupRuleNeverApplies = "rollup-rule-never-applies", Warning;
    /// More children are to be selected than there are.
    SelectionTooLarge = "selection-too-large", Warning;
    /// No activity counts for the completion of the course.
    CourseNeverCompletes = "course-never-completes", Warning;
    /// A map to shared data has no target.
    SharedDataWithoutTarget = "shared-data-without-target", Warning;

    // AICC.
    /// The file with the units of an AICC course is not there.
    AiccFileMissing = "aicc-file-missing", Error;
    /// A file of an AICC course is not there; it was understood without it.
    AiccFileAbsent = "aicc-file-absent", Warning;
    /// A row or entry of an AICC file cannot be used.
    AiccEntryInvalid = "aicc-entry-invalid", Warning;
    /// An assignable unit is in no block and was put at the end.
    AiccUnitUnplaced = "aicc-unit-unplaced", Warning;
    /// The course structure names an element that is not defined, or defines one twice.
    AiccStructureInvalid = "aicc-structure-invalid", Warning;
    /// Completion requirements are kept in a file that is not interpreted.
    AiccRequirementsIgnored = "aicc-requirements-ignored", Info;

    // xAPI.
    /// An activity has no id.
    XapiActivityWithoutId = "xapi-activity-without-id", Warning;

    // cmi5.
    /// An id is not an absolute IRI.
    Cmi5IdNotIri = "cmi5-id-not-iri", Error;
    /// Two elements of a kind have the same id.
    Cmi5IdDuplicate = "cmi5-id-duplicate", Error;
    /// The address of an assignable unit is not a valid URL.
    Cmi5UrlInvalid = "cmi5-url-invalid", Error;
    /// The address of an assignable unit has a parameter that the LMS adds itself.
    Cmi5UrlReserved = "cmi5-url-reserved", Error;
    /// A relative address in a course structure without a package.
    Cmi5UrlRelative = "cmi5-url-relative", Error;
    /// The course structure does not follow its schema.
    Cmi5StructureInvalid = "cmi5-structure-invalid", Error;
    /// An attribute or element that cmi5 does not define.
    Cmi5Unknown = "cmi5-unknown", Info;
    /// A reference to an objective that the course does not define.
    Cmi5ObjectiveUnknown = "cmi5-objective-unknown", Warning;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_unique() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "{text} twice");
            assert!(
                text.split('-').all(|word| !word.is_empty()
                    && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())),
                "{text}"
            );
            assert!(code.meaning().ends_with('.'), "{text}");
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{text}\""));
        }
    }
}
