# My films: what I want to watch, have watched and hide, lists from elsewhere, and what a room leaves out.

marks = My mark
mark-wanted = Want to watch
mark-watched = Watched
mark-hidden = Hide

films-wanted = Want to watch
films-watched = Watched
films-hidden = Hidden
films-none-wanted = Nothing here yet. Tap “Want to watch” on any film.
films-none-watched = Nothing here yet. Tap “Watched” on any film you have seen.
films-none-hidden = Nothing here. Films you hide can be left out of a room’s deck.
films-take-out = Take out { $title }
films-taken-out = Taken out
films-undo = Undo
films-undo-of = Put back { $title }
films-more = Show more
films-failed = The list did not load.
films-again = Try again
films-import = Import a list

match-save = Save
match-saved = Saved

import-lead = An export from Letterboxd, IMDb or Kinorium (ZIP or CSV), or any list with a film on each line.
import-file = Choose a file
import-reading = Reading…
import-paste = Or paste a list here
import-read = Read the list
import-too-large = The file is larger than 2 MB.
import-no-list = This is not a list we can read. Choose a CSV or ZIP export, or paste the titles.
import-recognised = { $count ->
    [0] No film recognised
    [one] { $count } film recognised
   *[other] { $count } films recognised
}
import-typed = { $count ->
    [one] { $count } not in our catalogue
   *[other] { $count } not in our catalogue
}
import-rejected = { $count ->
    [one] { $count } line skipped
   *[other] { $count } lines skipped
}
import-as-exported = { $count ->
    [one] Add { $count } film as exported
   *[other] Add { $count } films as exported
}
import-as-exported-note = { $wanted } to watch, { $watched } watched
import-wanted = { $count ->
    [one] Add { $count } film to “Want to watch”
   *[other] Add { $count } films to “Want to watch”
}
import-watched = { $count ->
    [one] Mark { $count } film as watched
   *[other] Mark { $count } films as watched
}
import-pick = { $count ->
    [0] There is no place for more picks
    [one] Add { $count } film to my picks
   *[other] Add { $count } films to my picks
}
import-done = { $count ->
    [one] { $count } film added
   *[other] { $count } films added
}
import-picked = { $count ->
    [one] { $count } film is among your picks
   *[other] { $count } films are among your picks
}
import-again = Choose another list
import-recognised-title = Recognised
import-typed-title = Not in our catalogue
import-typed-note = They can be picked in a room by their names, but not kept in your lists.
import-typed-room = They are picked by their names.
import-rejected-title = Skipped
import-more = { $count ->
    [one] And { $count } more
   *[other] And { $count } more
}
import-line = Line { $line }
import-why-no-name = It has no title.
import-why-too-long = The title is longer than 100 characters.
import-why-not-text = It is not UTF-8 text.
import-why-no-film = It is neither a film nor a series.
import-why-repeated = It is in the list already.
import-why-too-many = From here on nothing was read: a list has at most 5,000 lines.

from-wanted = From my “Want to watch”
from-wanted-pick = Pick { $title }

leave-out = Leave out what somebody has seen
leave-out-on = Films that somebody here has watched or hidden are left out of the deck. Nobody learns who. Picks stay.
leave-out-off = Films that somebody here has watched or hidden may be in the deck.
