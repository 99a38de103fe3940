//! Whether a secret is strong enough not to be guessed.

/// How many bytes `WEBHOOK_SECRET` has at the least; a shorter one is refused at the start.
pub(crate) const LEAST_WEBHOOK_SECRET: usize = 16;
/// How many bytes `JWT_SECRET` has at the least; a shorter one is refused at the start.
pub(crate) const LEAST_JWT_SECRET: usize = 32;
/// How many bytes `TURN_SECRET` has at the least; a shorter one is refused at the start.
pub(crate) const LEAST_TURN_SECRET: usize = 32;

/// Whether a secret of at least so many bytes is one that nobody guesses. The error says what is wrong, after the name of the setting.
pub(crate) fn strong(secret: &str, least: usize) -> Result<(), String> {
    const REMEDY: &str = "make one with `openssl rand -hex 32`";
    if secret.len() < least {
        return Err(format!("is shorter than {least} characters: {REMEDY}"));
    }
    if repeats(secret) || surprises(secret) < least * 3 / 8 {
        return Err(format!("could be guessed, since it repeats itself: {REMEDY}"));
    }
    Ok(())
}

/// Whether it is one piece said twice or more often.
fn repeats(secret: &str) -> bool {
    let secret = secret.to_ascii_lowercase();
    let bytes = secret.as_bytes();
    (1..=bytes.len() / 2).any(|period| bytes[period..] == bytes[..bytes.len() - period])
}

/// How many letters do not follow from those before: they neither repeat or continue the last one (`aaa`, `abc`, `321`), nor end
/// three that were there already. Of 32 random hexadecimal digits about 25 do not.
fn surprises(secret: &str) -> usize {
    let secret = secret.to_ascii_lowercase();
    let bytes = secret.as_bytes();
    let follows = |at: usize| {
        let near = at > 0 && bytes[at].abs_diff(bytes[at - 1]) <= 1;
        let copied = at > 2 && bytes[..at].windows(3).any(|three| three == &bytes[at - 2..=at]);
        near || copied
    };
    (0..bytes.len()).filter(|at| !follows(*at)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_repeats_itself_is_no_secret() {
        for guessable in [
            "a".repeat(64),
            "ab".repeat(32),
            "password".repeat(8),
            "Change-Me!".repeat(4),
            "0123456789".repeat(5),
            "abcdefghijklmnopqrstuvwxyz0123456789".into(),
            "zyxwvutsrqponmlkjihgfedcba9876543210".into(),
            "aaaabbbbccccddddeeeeffffgggghhhhiiii".into(),
            "aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaA".into(),
        ] {
            let why = strong(&guessable, LEAST_JWT_SECRET).expect_err(&guessable);
            assert!(!why.contains(&guessable[..6]), "{why}");
        }
        assert!(strong("7Jk2_qLw9-ZxV4b", LEAST_WEBHOOK_SECRET).unwrap_err().contains("shorter than 16"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_a_generator_makes_is_a_secret(hex in "[0-9a-f]{64}", short in "[A-Za-z0-9_-]{32}", webhook in "[A-Za-z0-9]{20}") {
            prop_assert!(strong(&hex, LEAST_JWT_SECRET).is_ok(), "{}", hex);
            prop_assert!(strong(&short, LEAST_JWT_SECRET).is_ok(), "{}", short);
            prop_assert!(strong(&webhook, LEAST_WEBHOOK_SECRET).is_ok(), "{}", webhook);
        }
    }
}
