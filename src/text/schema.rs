//! What a type is in a JSON Schema that is written as text or as an object by hand. In: the type, its name and its schema. Out: the
//! implementation that a derived one would be.

/// Says what a type is in a schema: `schema!(Zone, "Zone", |generator| json_schema!({ "type": "string" }))`.
macro_rules! schema {
    ($Type:ty, $name:expr, $of:expr) => {
        impl schemars::JsonSchema for $Type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let of: fn(&mut schemars::SchemaGenerator) -> schemars::Schema = $of;
                of(generator)
            }
        }
    };
}
pub(crate) use schema;
