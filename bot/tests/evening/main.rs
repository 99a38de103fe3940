//! The bot before a simulated Telegram, over real stores.

mod cards;
mod commands;
mod garbage;
mod inline;
mod matches;
#[cfg(test)]
mod stage;
mod telegram_away;
