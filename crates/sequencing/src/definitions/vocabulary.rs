//! One macro for the closed token sets of the XML binding.

/// Defines an enum whose variants are the tokens of a vocabulary: the same spelling is read from manifests
/// (`from_token`), shown to people (`token`) and written by serde.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $token:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $token)] $variant, )+
        }

        impl $name {
            /// Every member, in the order of the standard's table.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The token of the XML binding.
            #[must_use]
            pub const fn token(self) -> &'static str {
                match self { $( Self::$variant => $token, )+ }
            }

            /// The member with this token. The match ignores ASCII case, because authoring tools do; `None` for
            /// a word that is not in the vocabulary.
            #[must_use]
            pub fn from_token(token: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.token().eq_ignore_ascii_case(token))
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.token())
            }
        }
    };
}

pub(crate) use vocabulary;
