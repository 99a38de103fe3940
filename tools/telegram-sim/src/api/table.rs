//! Every method of the Bot API with its parameters: unknown methods, missing parameters and wrong
//! types are refused before a method is looked at.
//!
//! Telegram takes numbers and JSON as text in any body; so does this.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Value, json};

use super::{params::Params, refusal::Refusal};

struct Parameter {
    name: &'static str,
    kind: char,
    required: bool,
}

/// One method.
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    parameters: Vec<Parameter>,
}

static METHODS: LazyLock<HashMap<String, Spec>> = LazyLock::new(|| {
    include_str!("methods.table")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next()?;
            let parameters = words
                .filter_map(|word| {
                    let (name, kind) = word.split_once(':')?;
                    let required = kind.ends_with('!');
                    Some(Parameter { name, kind: kind.chars().next()?, required })
                })
                .collect();
            Some((name.to_ascii_lowercase(), Spec { name, parameters }))
        })
        .collect()
});

/// A method by name; the case of letters does not matter to Telegram.
pub(crate) fn find(method: &str) -> Option<&'static Spec> {
    METHODS.get(&method.to_ascii_lowercase())
}

impl Spec {
    /// Names that this method does not know.
    pub(crate) fn unknown(&self, params: &Params) -> Vec<String> {
        params
            .values
            .keys()
            .filter(|name| !self.parameters.iter().any(|known| known.name == name.as_str()))
            .cloned()
            .collect()
    }

    /// Brings every parameter to its type, or refuses.
    pub(crate) fn check(&self, params: &mut Params) -> Result<(), Refusal> {
        for parameter in &self.parameters {
            let name = parameter.name;
            let given = params.values.get(name).filter(|value| !value.is_null());
            match given {
                Some(value) => {
                    let typed = typed(parameter.kind, value).ok_or_else(|| wrong(parameter))?;
                    params.values.insert(name.to_owned(), typed);
                }
                None => {
                    params.values.remove(name);
                }
            }
            let empty = match params.values.get(name) {
                None => !params.files.contains_key(name),
                Some(Value::String(text)) => text.is_empty() && !may_be_empty(self.name, name),
                Some(_) => false,
            };
            if parameter.required && empty {
                return Err(missing(name));
            }
        }
        Ok(())
    }
}

/// Removing a webhook is setting an empty one.
fn may_be_empty(method: &str, parameter: &str) -> bool {
    (method, parameter) == ("setWebhook", "url")
}

fn missing(name: &str) -> Refusal {
    match name {
        "chat_id" => Refusal::bad("chat_id is empty"),
        "text" => Refusal::bad("message text is empty"),
        "message_id" => Refusal::bad("message identifier is not specified"),
        "photo" => Refusal::bad("there is no photo in the request"),
        other => Refusal::bad(format!("parameter \"{other}\" is required")),
    }
}

fn wrong(parameter: &Parameter) -> Refusal {
    let name = parameter.name;
    match parameter.kind {
        'i' => Refusal::bad(format!("parameter \"{name}\" must be an Integer")),
        'f' => Refusal::bad(format!("parameter \"{name}\" must be a Float number")),
        'b' => Refusal::bad(format!("parameter \"{name}\" must be a Boolean")),
        'a' => Refusal::bad(format!("can't parse {name} JSON object: expected an Array")),
        'o' => Refusal::bad(format!("can't parse {name} JSON object: expected an Object")),
        'k' => Refusal::bad(format!("parameter \"{name}\" must be an Integer or a String")),
        _ => Refusal::bad(format!("parameter \"{name}\" must be a String")),
    }
}

/// The value as its declared type; none: it cannot be that.
fn typed(kind: char, value: &Value) -> Option<Value> {
    let text = value.as_str();
    match kind {
        'i' => match text {
            Some(text) => text.trim().parse::<i64>().ok().map(Value::from),
            None => value.as_i64().map(Value::from),
        },
        'f' => match text {
            Some(text) => text.trim().parse::<f64>().ok().map(|number| json!(number)),
            None => value.is_number().then(|| value.clone()),
        },
        'b' => match text.map(str::to_ascii_lowercase).as_deref() {
            Some("true" | "1" | "yes") => Some(json!(true)),
            Some("false" | "0" | "no" | "") => Some(json!(false)),
            Some(_) => None,
            None => value.as_bool().map(Value::from),
        },
        's' | 'F' => match value {
            Value::String(_) => Some(value.clone()),
            Value::Number(number) => Some(json!(number.to_string())),
            _ => None,
        },
        'k' => match text {
            Some(text) => Some(text.trim().parse::<i64>().map_or_else(|_| value.clone(), Value::from)),
            None => value.as_i64().map(Value::from),
        },
        'a' => structured(value).filter(Value::is_array),
        _ => structured(value).filter(Value::is_object),
    }
}

fn structured(value: &Value) -> Option<Value> {
    match value.as_str() {
        Some(text) => serde_json::from_str(text).ok(),
        None => Some(value.clone()),
    }
}
