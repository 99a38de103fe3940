## The Mini App's first words in English: what may be needed before anything is fetched on demand. The rest is in screens.ftl.
## Keys are the same in every language; a test compares them.

app-name = Sovpalo

loading = One moment…
retry = Try again

## Swiping
like = Like
skip = Skip
super-like = Super-like
super-like-none = Super-like: given already in this round
undo = Take back
details = Details
card-position = { $done } of { $of }
card-label = { $title }. Swipe right to like, left to skip, up to super-like.
stamp-like = LIKE
stamp-skip = SKIP
member-progress = { $state ->
    [done] { $name }: done
    [away] { $name }: { $swiped } of { $of }, away
    [offline] { $name }: { $swiped } of { $of }, offline
   *[here] { $name }: { $swiped } of { $of }
}
everyone = How everybody is doing

## Details
minutes = { $count } min
hours = { $hours } h { $minutes } min
hours-only = { $hours } h
kind-series = Series

## Menu
room-menu = Room menu

## My own settings
forgotten-title = Erased
forgotten-lead = We no longer know anything about you. Thank you for the evenings. If you miss us, just open any invitation.

## Preview, endings, trouble
ended-close = Close
outside-title = Sovpalo lives in Telegram
outside-lead = Open it there: no account, no installation. Everybody swipes, and what all of you like is what you watch.
outside-open = Open in Telegram
broken-title = Something went wrong
broken-lead = The server answered in a way we did not expect. Please try again.
fault-lead = A mistake of ours. Nothing that you did is lost: load the page again.
unreachable-title = No connection
unreachable-lead = We keep trying. Nothing that you did is lost.
offline-banner = No connection. What you do is kept and sent later.
slow-banner = This network lets no live connection through. The room goes on, a little slower.

## Before the app has begun: a browser that is too old, files that do not come
refused-wrong_phase = The room has already moved on, so that did not count.
refused-not_host = Only the host can do that.
refused-room_full = The room is full.
refused-room_worn_out = So much has happened in this room that it takes nothing new. Make a new one for the next evening.
refused-not_a_member = You are not in this room.
refused-invalid = That is not possible right now.
refused-too_many = A little too fast. Wait a moment and try again.
refused-unavailable = The server is busy. Try again in a moment.
refused-unknown = That did not work. Try again.
refused-offline = That needs a connection.
refused-swipe = Could not count your answer for “{ $title }”.
refused-undo = “{ $title }” can no longer be taken back.
refused-pick = Could not add “{ $title }”.

## Genres and countries
genre-action = action
genre-adventure = adventure
genre-animation = animation
genre-biography = biography
genre-comedy = comedy
genre-crime = crime
genre-documentary = documentary
genre-drama = drama
genre-family = family
genre-fantasy = fantasy
genre-history = history
genre-horror = horror
genre-music = music
genre-musical = musical
genre-mystery = mystery
genre-romance = romance
genre-sci-fi = sci-fi
genre-short = short film
genre-sport = sport
genre-thriller = thriller
genre-war = war
genre-western = western
genre-noir = noir
