//! The value of a constant, read from its source: whole numbers, sums and products of them, and durations.

use anyhow::{Context as _, bail};

/// What a constant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Number(u64),
    /// A duration, in microseconds.
    Micros(u64),
}

/// Finds the constant in the source of its file and reads it. A constant may name others of the same file.
///
/// `Self::Name` is the variant of an enum whose quota stands in a match: `Self::Name => Quota { uses: 10, per: MINUTE }`.
pub(super) fn read(source: &str, name: &str) -> anyhow::Result<Value> {
    if name.starts_with("Self::") {
        let (_, rest) =
            source.split_once(&format!("{name} => Quota {{ uses: ")).context("there is no such quota")?;
        let (uses, _) = rest.split_once(", per: MINUTE }").context("it is not one for a minute")?;
        return sum(uses, &|_| bail!("it is not a number"));
    }
    read_within(source, name, 8)
}

fn read_within(source: &str, name: &str, deep: u8) -> anyhow::Result<Value> {
    let declared = format!("const {name}:");
    let (_, rest) = source.split_once(&declared).context("there is no such constant")?;
    let expression =
        rest.split_once(';').and_then(|(it, _)| it.split_once('=')).context("it has no value")?.1;
    let flat: String = expression.chars().filter(|it| !it.is_whitespace()).collect();
    let deep = deep.checked_sub(1).context("it names itself")?;
    value(&flat, &|name| read_within(source, name, deep))
}

type Named<'a> = &'a dyn Fn(&str) -> anyhow::Result<Value>;

fn value(flat: &str, named: Named<'_>) -> anyhow::Result<Value> {
    // Non-zero numbers and what is only unwrapped are what is in them.
    let bare = flat.strip_suffix(".unwrap()").unwrap_or(flat);
    let Some((call, inside)) = bare.strip_suffix(')').and_then(|bare| bare.split_once('(')) else {
        return sum(bare, named);
    };
    let (kind, maker) = call.rsplit_once("::").context("it is not a number or a duration")?;
    let micros = match maker {
        "from_secs" => 1_000_000,
        "from_millis" => 1_000,
        "from_micros" => 1,
        "from_mins" => 60_000_000,
        "from_hours" => 3_600_000_000,
        "new" if kind.starts_with("NonZero") => return sum(inside, named),
        _ => bail!("{call} is not known here"),
    };
    match sum(inside, named)? {
        Value::Number(number) => Ok(Value::Micros(number.checked_mul(micros).context("too long")?)),
        Value::Micros(_) => bail!("a duration of a duration"),
    }
}

fn sum(flat: &str, named: Named<'_>) -> anyhow::Result<Value> {
    let terms = flat.split('+').map(|term| product(term, named));
    let mut terms = terms.collect::<anyhow::Result<Vec<_>>>()?.into_iter();
    let first = terms.next().context("nothing")?;
    terms.try_fold(first, |sum, term| match (sum, term) {
        (Value::Number(a), Value::Number(b)) => a.checked_add(b).map(Value::Number).context("too large"),
        _ => bail!("a sum of other things than numbers"),
    })
}

fn product(flat: &str, named: Named<'_>) -> anyhow::Result<Value> {
    let mut product = None;
    for factor in flat.split('*') {
        let factor = match factor.replace('_', "").parse() {
            Ok(number) => Value::Number(number),
            Err(_) if factor.bytes().all(|it| it.is_ascii_uppercase() || it == b'_') => named(factor)?,
            Err(_) => bail!("{factor} is not a number"),
        };
        product = Some(match (product, factor) {
            (None, factor) => factor,
            (Some(Value::Number(a)), Value::Number(b)) => {
                Value::Number(a.checked_mul(b).context("too large")?)
            }
            _ => bail!("a product of other things than numbers"),
        });
    }
    product.context("nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_durations_are_read_as_the_compiler_reads_them() {
        for (written, value) in [
            ("usize = 10_000;", Value::Number(10_000)),
            ("usize = 32 * 1024;", Value::Number(32 * 1024)),
            ("NonZeroU32 = NonZeroU32::new(20).unwrap();", Value::Number(20)),
            ("Duration = Duration::from_secs(30 * 24 * 3600);", Value::Micros(30 * 86_400_000_000)),
            ("Duration = std::time::Duration::from_millis(1500);", Value::Micros(1_500_000)),
            ("usize = 2 * HALF + 1;\nconst HALF: usize = 8;", Value::Number(17)),
        ] {
            assert_eq!(read(&format!("pub const X: {written}"), "X").unwrap(), value, "{written}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error_and_never_a_wrong_number() {
        for written in
            ["usize = size_of::<u8>();", "usize = 1 - 1;", "usize = X;", "f64 = 0.5;", "usize = other(3);"]
        {
            assert!(read(&format!("const X: {written}"), "X").is_err(), "{written}");
        }
        assert!(read("const XY: usize = 1;", "X").is_err());
    }
}
