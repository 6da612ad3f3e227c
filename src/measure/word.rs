//! A key of a map in a document that is one of a few words. In: a type with `ALL` and `name`. Out: it is written and sorted as
//! its word, so that documents stay as they are for people and `jq`, and found by its word as well.

/// Writes, reads, sorts and shows a type by the word of each of its values.
macro_rules! word {
    ($Type:ident) => {
        impl std::borrow::Borrow<str> for $Type {
            fn borrow(&self) -> &str {
                self.name()
            }
        }

        impl Ord for $Type {
            fn cmp(&self, other: &$Type) -> std::cmp::Ordering {
                self.name().cmp(other.name())
            }
        }

        impl PartialOrd for $Type {
            fn partial_cmp(&self, other: &$Type) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl std::fmt::Display for $Type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        #[cfg(feature = "schema")]
        $crate::text::schema!($Type, stringify!($Type), |_generator| {
            let words: Vec<&str> = $Type::ALL.iter().map(|it| it.name()).collect();
            schemars::json_schema!({ "type": "string", "enum": words })
        });

        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$Type, D::Error> {
                let word = String::deserialize(deserializer)?;
                let found = $Type::ALL.into_iter().find(|it| it.name() == word);
                found.ok_or_else(|| serde::de::Error::custom(concat!("no such ", stringify!($Type))))
            }
        }
    };
}
pub(crate) use word;
