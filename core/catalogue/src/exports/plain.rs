//! A list as people write it: one film in each line, numbers and bullets in front, years behind, addresses between.

use sovpalo_domain::title::without_bullet;

use super::{
    collected::Lines,
    meant::Named,
    reason::{NoList, Reason},
};

/// What no text has in it: NUL and the other signs of a file for programs.
fn is_of_programs(byte: u8) -> bool {
    matches!(byte, 0..=8 | 14..=26 | 28..=31)
}

/// Reads the lines of a text.
pub(super) fn read(text: &[u8], lines: &mut Lines<'_, '_>) -> Result<(), NoList> {
    if text.iter().any(|byte| is_of_programs(*byte)) {
        return Err(NoList::NotText);
    }
    let text = str::from_utf8(text).map_err(|_| NoList::NotText)?;
    let mut number: u64 = 0;
    let mut any = false;
    let unbroken = text.replace("\r\n", "\n");
    for line in unbroken.split(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}']) {
        number += 1;
        // Rulers and empty lines between others name nothing.
        if !without_bullet(line).contains(char::is_alphanumeric) {
            continue;
        }
        any = true;
        let named = if line.len() > LONGEST { Err(Reason::TooLong) } else { Ok(Named::in_line(line)) };
        if !lines.add(number, named, None) {
            break;
        }
    }
    if any { Ok(()) } else { Err(NoList::Empty) }
}

/// A longer line is no title, whatever it says. Addresses are the longest there is.
const LONGEST: usize = 2_000;
