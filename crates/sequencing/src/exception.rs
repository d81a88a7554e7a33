//! The exception codes of the pseudo-code (SN, appendix C).

use core::fmt;

/// Defines the codes with their texts once.
macro_rules! exceptions {
    ($( $(#[$meta:meta])* $variant:ident = $code:literal, $text:literal; )+) => {
        /// Why a request led nowhere: an exception code of the pseudo-code, or one of our own ([`Self::OwnBound`],
        /// [`Self::OwnUnknownWord`]).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Exception {
            $( #[doc = $text] $(#[$meta])* $variant, )+
        }

        impl Exception {
            /// Every code.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The code as the SN book prints it, such as `SB.2.9-3`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            /// What it means, for an author.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }
        }
    };
}

exceptions! {
    Nb21_1 = "NB.2.1-1", "The course has already been started.";
    Nb21_2 = "NB.2.1-2", "The course has not been started yet.";
    Nb21_3 = "NB.2.1-3", "Nothing was suspended that could be resumed.";
    Nb21_4 = "NB.2.1-4", "The activity's parent does not allow flow, so there is no Continue.";
    Nb21_5 = "NB.2.1-5", "The activity's parent does not allow flow, or only forward, so there is no Previous.";
    Nb21_6 = "NB.2.1-6", "Nothing comes before the root of the course.";
    Nb21_7 = "NB.2.1-7", "Forward and Backward are reserved; there is no behaviour for them.";
    Nb21_8 = "NB.2.1-8", "An active activity must not be left by choosing another one (choiceExit is false).";
    Nb21_9 = "NB.2.1-9", "There is no way from the current activity to the target.";
    Nb21_10 = "NB.2.1-10", "The target's parent does not allow choice.";
    Nb21_11 = "NB.2.1-11", "The target does not exist or was not selected for this attempt.";
    Nb21_12 = "NB.2.1-12", "The current activity has already ended.";
    Nb21_13 = "NB.2.1-13", "This edition of SCORM does not know the navigation request.";
    Tb23_1 = "TB.2.3-1", "There is no current activity to end.";
    Tb23_2 = "TB.2.3-2", "The current activity has already ended.";
    Tb23_3 = "TB.2.3-3", "The root has ended; there is nothing to suspend.";
    Tb23_4 = "TB.2.3-4", "A rule says exitParent, but the root has no parent.";
    Tb23_5 = "TB.2.3-5", "There is nothing to suspend.";
    Tb23_6 = "TB.2.3-6", "There is nothing to abandon.";
    Tb23_7 = "TB.2.3-7", "Undefined termination request.";
    Sb21_1 = "SB.2.1-1", "The end of the course has been reached.";
    Sb21_2 = "SB.2.1-2", "The cluster has no available children.";
    Sb21_3 = "SB.2.1-3", "The beginning of the course has been reached.";
    Sb21_4 = "SB.2.1-4", "The cluster can only be gone through forward.";
    Sb22_1 = "SB.2.2-1", "The parent of the next activity does not allow flow.";
    Sb22_2 = "SB.2.2-2", "The next activity is disabled or over its limit.";
    Sb24_1 = "SB.2.4-1", "An activity on the way stops forward traversal.";
    Sb24_2 = "SB.2.4-2", "The way leads backward through a cluster that can only be gone through forward.";
    Sb24_3 = "SB.2.4-3", "The way would lead back from the root of the course.";
    Sb25_1 = "SB.2.5-1", "The course has already been started.";
    Sb26_1 = "SB.2.6-1", "The course has already been started.";
    Sb26_2 = "SB.2.6-2", "Nothing was suspended that could be resumed.";
    Sb27_1 = "SB.2.7-1", "The course has not been started yet.";
    Sb27_2 = "SB.2.7-2", "The activity's parent does not allow flow.";
    Sb28_1 = "SB.2.8-1", "The course has not been started yet.";
    Sb28_2 = "SB.2.8-2", "The activity's parent does not allow flow.";
    Sb29_1 = "SB.2.9-1", "There is no target to choose.";
    Sb29_2 = "SB.2.9-2", "The target does not exist or was not selected for this attempt.";
    Sb29_3 = "SB.2.9-3", "The target, or a cluster around it, is hidden from choice.";
    Sb29_4 = "SB.2.9-4", "The target's parent does not allow choice.";
    Sb29_5 = "SB.2.9-5", "There is no way from the current activity to the target.";
    Sb29_6 = "SB.2.9-6", "A cluster on the way must not be entered by choosing (preventActivation).";
    Sb29_7 = "SB.2.9-7", "An activity must not be left by choosing another one (choiceExit is false).";
    Sb29_8 = "SB.2.9-8", "Only the next and the previous activity of the cluster can be chosen (constrainChoice).";
    Sb29_9 = "SB.2.9-9", "The chosen cluster leads to no activity that could be delivered.";
    Sb210_1 = "SB.2.10-1", "The course has not been started yet.";
    Sb210_2 = "SB.2.10-2", "The activity to try again has not ended, or is suspended.";
    Sb210_3 = "SB.2.10-3", "The cluster to try again leads to no activity that could be delivered.";
    Sb211_1 = "SB.2.11-1", "The course has not been started yet.";
    Sb211_2 = "SB.2.11-2", "The current activity has not ended.";
    Sb212_1 = "SB.2.12-1", "Undefined sequencing request.";
    Sb213_1 = "SB.2.13-1", "The course has not been started yet.";
    Db11_1 = "DB.1.1-1", "A cluster cannot be delivered.";
    Db11_2 = "DB.1.1-2", "There is nothing to deliver.";
    Db11_3 = "DB.1.1-3", "The activity, or a cluster around it, is disabled or over its limit.";
    Db2_1 = "DB.2-1", "The current activity has not ended.";
    OwnBound = "X-1", "The rules of the course lead in circles; the search was given up.";
    OwnUnknownWord = "X-2", "There is no such navigation request.";
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.meaning(), self.code())
    }
}

impl core::error::Error for Exception {}

impl serde::Serialize for Exception {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Exception {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = alloc::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let known = Self::ALL.iter().copied().find(|exception| exception.code() == code);
        known.ok_or_else(|| serde::de::Error::custom("not an exception code of the SN book"))
    }
}
