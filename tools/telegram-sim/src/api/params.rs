//! The parameters of one call, after the table has brought them to their types.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::world::StoredFile;

/// What came with a call.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub(super) values: Map<String, Value>,
    pub(super) files: HashMap<String, StoredFile>,
}

impl Params {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_i64()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A text that is there and not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|text| !text.is_empty())
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(crate) fn list(&self, name: &str) -> Option<&Vec<Value>> {
        self.get(name)?.as_array()
    }

    pub(crate) fn file(&self, name: &str) -> Option<&StoredFile> {
        self.files.get(name)
    }

    /// For the log: values as they came, files as their sizes.
    pub(crate) fn logged(&self) -> Value {
        let mut shown = self.values.clone();
        for (name, file) in &self.files {
            shown.insert(name.clone(), json!({"file": file.mime, "bytes": file.bytes.len()}));
        }
        Value::Object(shown)
    }
}
