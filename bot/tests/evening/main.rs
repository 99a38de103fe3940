//! The bot before a simulated Telegram, over real stores.

#[cfg(test)]
mod cards;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod garbage;
#[cfg(test)]
mod inline;
#[cfg(test)]
mod matches;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod telegram_away;
#[cfg(test)]
mod two_bots;
#[cfg(test)]
mod webhook;
