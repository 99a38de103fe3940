## The Mini App's words in English for the screens that are fetched on demand. The first words are in ui.ftl.

back-home = To my rooms
cancel = Cancel
close = Close
done = Done
more = More

## Home
home-title = What shall we watch?
home-lead = Gather a room, swipe together, and stop scrolling.
new-room = New room
my-rooms = My rooms
no-rooms = No rooms yet
no-rooms-lead = Start one and send the link to whoever is on the sofa with you.
join-by-code = Join with a code
join-code-label = Room code, 8 characters
join-code-bad = A code has 8 letters and digits
join = Join
matches-count = { $count ->
    [0] no matches
    [one] { $count } match
   *[other] { $count } matches
}
titles-count = { $count ->
    [one] { $count } title
   *[other] { $count } titles
}
unread-count = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
phase-lobby = Gathering
phase-swiping = Swiping
phase-finished = Finished
today = today
yesterday = yesterday
with-people = With { $names }
people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}

## New room
new-room-title = New room
room-name = Name
room-name-placeholder = Movie night
rule = What counts as a match
rule-unanimous = Everybody likes it
rule-majority = More than half like it
rule-at-least = { $count ->
    [one] At least { $count } like
   *[other] At least { $count } likes
}
rule-veto = One veto each a round
goal = When we stop
goal-whole-deck = When the deck is through
goal-first-match = At the first match
goal-matches = { $count ->
    [one] After { $count } match
   *[other] After { $count } matches
}
goal-timed = { $count ->
    [one] After { $count } minute
   *[other] After { $count } minutes
}
goal-minutes = Minutes
picks-each = Picks for each person
picks-each-note = Everybody adds a few titles; what several people add comes first.
deck = Deck
deck-none = None
deck-note = Fills up the pile when there are few picks.
create-room = Create room
fewer = Fewer
another = One more

## Lobby
invite = Invite
invite-lead = Send the link to the chat: one tap, and they are in.
share = Share in Telegram
share-text = Let’s choose what to watch: { $room }
copy-link = Copy link
copied = Link copied
copy-by-hand = Copy it by hand
copy-by-hand-lead = Telegram would not let us copy here. The link is selected: press and hold it, then choose Copy.
qr-code = QR code
qr-lead = Point a camera at it to join the room
room-code-is = Code { $code }
who-is-here = Who is here
you = you
host = host
online = online
offline = offline
away = away
is-ready = ready
is-picking = choosing
picks-progress = { $count } of { $of }
my-picks = My picks
my-picks-lead = Add what you would gladly watch tonight.
search-placeholder = Title of a film or a series
search-label = Search for titles
search-empty = Nothing found for “{ $query }”
search-failed = The search did not answer. Check the network.
search-link-unknown = { $site ->
    [none] That is a link. Type the title’s name, and it will be found.
   *[other] That is a link to { $site }. This title is not known here yet: type its name.
}
search-near = Close, but not quite it
search-incomplete = Only titles from here for now: the larger catalogue isn’t answering.
add-text = Add “{ $text }” as it is
add-title = Add { $title }
added = Added
remove-title = Remove { $title }
picks-full = { $count ->
    [one] You have added your { $count } title. Remove it to add another.
   *[other] You have added all { $count } titles. Remove one to add another.
}
list-title = Titles from your list
list-lead = { $count ->
    [0] There is no title in it.
    [one] One title was found. Check it and add it.
   *[other] { $count } titles were found. Leave out what should not be there.
}
list-as-typed = as you wrote it
list-mine = already yours
list-too-long = too long: a title has at most 100 characters
list-no-room = { $count ->
    [one] does not fit: each adds one title
   *[other] does not fit: each adds { $count } titles
}
list-unread = { $count ->
    [one] One more line was not read: 200 at once is the limit.
   *[other] { $count } more lines were not read: 200 at once is the limit.
}
list-leave-out = Leave out { $title }
list-add = { $count ->
    [0] Nothing to add
    [one] Add one title
   *[other] Add { $count } titles
}
list-failed = The list could not be read. Check the network.
filter-all = All
filter-film = Films
filter-series = Series
filter-short = Under 100 min
filter-new = Since 2010
filter-old = Before 1990
choose-deck = Choose a deck
choose-deck-lead = A pile of titles to start from.
deck-take = Take this deck
deck-drop = Without a deck
deck-ready-made = Ready-made
deck-by-filter = By filter
deck-anything = Everything
deck-surprise = Surprise us
deck-play-with = { $count ->
    [one] Play with { $count } title
   *[other] Play with { $count } titles
}
deck-nothing-fits = Nothing fits
deck-nothing-note = Take a filter away: no title here has all of this.
deck-uncounted = How many fit cannot be counted right now.
deck-tiny = { $count ->
    [one] { $count } title: that is over quickly.
   *[other] { $count } titles: that is over quickly.
}
deck-more = Add more
deck-what = What
deck-years = From
deck-runtime = How long
deck-rating = Rating
deck-countries = Countries
deck-family = for the family
deck-decade = { $text }s
deck-since = since { $text }
deck-before = before { $text }
deck-up-to = up to { $text }
deck-rating-from = { $rating } and better
ready = I’m ready
not-ready = Not ready yet
start = Start swiping
start-alone = Start alone
start-waiting = { $count ->
    [one] { $count } person is still choosing
   *[other] { $count } people are still choosing
}
start-needs-titles = Add a title or take a deck
waiting-host = { $name } starts when everybody is ready
settings = Room settings
save = Save

## Swiping
time-left = { $time } left
time-left-minute = One minute left.
time-left-ten = Ten seconds left.
time-up = Time’s up
extend = More time
extend-by = { $count ->
    [one] +{ $count } minute
   *[other] +{ $count } minutes
}
extend-most = There can be 20 minutes left at most.
liked-toast = You liked it: { $title }
signalled-super-like = { $count ->
    [2] A super-like: with two of you it counts as a like, and shows once it’s a match.
   *[other] A super-like: everyone else will see this film sooner. Nobody is told it was you, unless it’s a match.
}
signalled-veto = { $count ->
    [2] A veto: this film is leaving both your cards. With two of you, they will know it was you.
   *[other] A veto: this film is leaving everyone’s cards. Nobody is told it was you.
}
veto = Veto: take it out for everyone
veto-note = { $count ->
    [2] One a round. It cannot match any more, and leaves both your cards. With two of you, they will know it was you.
   *[other] One a round. It cannot match any more, and leaves everyone’s cards. Nobody is told it was you.
}
veto-none = Your veto of this round is given.
veto-allowed = Vetoes
veto-allowed-note = Once a round, each of you may take one title out for everyone.
secret-swipes = Others see that you swiped, never what you chose, until it’s a match or the results are in.

## Details
rating = Rating { $rating }
kind-film = Film
kind-text = Idea
original-name = Original title
year = Year
runtime = Running time
genres = Genres
countries = Countries
no-overview = Nobody has written about this one yet. Trust whoever added it.
directors = { $count ->
    [one] Director
   *[other] Directors
}
cast = Cast
trailer = Watch the trailer
where-to-watch = Where to watch
offer-stream = With a subscription
offer-free = Free
offer-rent = To rent
offer-buy = To buy
details-incomplete = There may be more to know: the larger catalogue isn’t answering.
source-tmdb = This product uses the TMDB API but is not endorsed or certified by TMDB.
source-justwatch = Where to watch: data by JustWatch.

## Match
match-word = It’s a match!
match-share = Tell the chat
match-story = In a story
match-lead = { $count ->
    [1] You said yes.
    [2] You both said yes.
   *[other] All { $count } of you said yes.
}
match-super-likes = Super-liked by { $name }
match-lead-majority = Enough of you said yes.
match-announce = It’s a match: { $title }
match-continue = Keep swiping
match-results = See the results
match-watch = Watch it together
match-to-cinema = On to the cinema
match-trailer = Trailer
match-trailer-query = { $name } trailer
match-where = Where to watch
match-calendar = To the calendar
match-calendar-entry = Watch “{ $title }” together

## Results
results-title = What we chose
results-none = No match this time
results-none-lead = Here is what came closest.
results-matches = Matches
results-ranking = Closest to a match
results-top = { $count ->
    [one] What came closest
   *[other] Top { $count }
}
results-rest = And also
results-empty = Nobody liked anything. It happens: try another deck.
likes-count = { $count ->
    [one] { $count } like
   *[other] { $count } likes
}
final-round = Final round
final-round-lead = { $count ->
    [one] Only { $count } title is left
   *[other] Between the top { $count }
}
another-round = Another round
another-round-lead = Same people, new picks
host-decides = { $name } can start another round

## Together
evenings = Evenings and matches
standing-done = done
standing-away = away
standing-here = here
standing-offline = offline
nudge = 👋 Nudge
nudge-note = { $name } is told that you are waiting: here, or by the bot where they allow it. Once in a round.
nudged-already = Somebody has nudged { $name } in this round already.
toast-joined = { $others ->
    [0] { $name } joined
   *[other] { $name } and { $others } more joined
}
toast-left = { $others ->
    [0] { $name } left
   *[other] { $name } and { $others } more left
}
toast-nudged = 👋 { $name } is waiting for you

## Menu
fullscreen = Full screen
fullscreen-leave = Leave full screen
fullscreen-refused = Telegram cannot do this here.
watch-together = Watch something together
finish-round = Finish the round
finish-confirm = Finish for everybody?
finish-confirm-lead = The results will be counted from what has been swiped so far.
remove-member = Remove { $name }
remove-confirm = Remove { $name } from the room?
remove-confirm-lead = They will not be able to come back by the link.
remove = Remove
removed-people = Removed
let-in = Let in again
let-in-member = Let { $name } in again
leave = Leave the room
leave-confirm = Leave the room?
leave-confirm-lead = Your likes stop counting. You can come back by the link.
leave-yes = Leave
finish-yes = Finish

## My own settings
account = My settings
language = Language
messages = Match messages
messages-note = The bot tells you of every match in your rooms.
region = Where I watch
region-none = Not chosen
region-note = Where a film can be watched is shown for this country.
messages-declined = Telegram did not allow it, so messages stay off.
messages-silent = Telegram did not answer, so messages stay off. Try once more, or write to the bot.
films = My films
achievements = Achievements
devices = Where you are signed in
erase = Erase my data
erase-note = Your name, your rooms, picks and swipes.
erase-confirm = Erase everything about you?
erase-confirm-lead = You leave all your rooms, and your picks and swipes are gone. This cannot be undone.
erase-yes = Erase

## Preview, endings, trouble
ended-other-title = Your session has ended
ended-other-lead = One tap, and Telegram signs you in again.
ended-init_data_expired-title = This window is from yesterday
ended-init_data_expired-lead = Telegram has kept it open for more than a day. One tap opens a fresh one.
ended-init_data_spent-title = You have signed out
ended-init_data_spent-lead = You signed out in this window, or erased your data. To come back, open a new one.
ended-init_data_invalid-title = Telegram did not sign this window
ended-init_data_invalid-lead = So we cannot know who you are. One tap opens it the right way.
ended-clock_differs-title = The clocks disagree
ended-clock_differs-lead = Our server’s clock is behind Telegram’s. It is not your phone’s fault: tell whoever runs this Sovpalo that the clock needs to be set, and try again later.
ended-no-link = Open Sovpalo again by a button or a link in a chat.
ended-reopen = Open again
pause-title = Just a moment
pause-lead =
    { $count ->
        [one] This page was opened very often. It goes on by itself in { $count } second.
       *[other] This page was opened very often. It goes on by itself in { $count } seconds.
    }
reconnecting = Connecting…
preview-invites = { $name } invites you
preview-invites-nobody = You’re invited
preview-join = Join the room
not-found-title = No such room
not-found-lead = The link may be old, or a character in the code may be wrong.
removed-title = You are no longer in this room
removed-lead = The host removed you. There are other evenings.

## Genres and countries
country-SU = USSR
country-CS = Czechoslovakia
country-YU = Yugoslavia
country-DD = East Germany

## Who gets in, and who may do what
access = Who gets in
access-listed = Anyone can find this room
access-listed-note = It is among the rooms to find, with its name, what is on, and who is in it.
access-unlisted-note = Only people with the link or the code can come in.
access-password = Password
access-password-placeholder = For example, popcorn
access-password-new = A new password
access-password-note = Newcomers have to know it. Whoever is in stays in.
access-capacity = How many people fit
access-control = Who controls what is on
access-control-everyone = Everyone
access-control-moderators = The host and moderators
access-control-host = Only the host
role-host = Host
role-moderator = Moderator
role-participant = Participant
role-moderator-note = Moderators can control what is on when not everyone may.
hand-over = Make host
hand-over-confirm = Hand the room to { $name }?
hand-over-confirm-lead = They decide from then on. You become a moderator.
hand-over-yes = Hand over
refused-not_allowed = Your role in this room does not allow that.
refused-room_not_found = This room is not there any more.
refused-wrong_password = That is not the password.
preview-password = Password
preview-full = The room is full right now. Somebody may leave.
preview-try = Try to join
report = Report this room
report-lead = Whoever runs Sovpalo will look at it. The room does not learn who reported it.
report-spam = Spam or advertising
report-rude = Insults or threats
report-forbidden = Something illegal or not for everyone
report-other = Something else
report-thanks = Thank you. We will look at it.

## Rooms to find
find-title = Rooms to find
find-lead = Open evenings that you can join right now.
find-search = Name or film
find-none = No open rooms right now
find-none-lead = Make one, and let anyone find it: room menu → Who gets in.
find-no-hit = Nothing like that
find-no-hit-lead = Try another name or film.
find-more = Show more
find-something = something
find-watching = Watching “{ $title }”
find-about-to-watch = “{ $title }” is about to start
find-locked = Needs a password
find-people = { $count } of { $capacity } people

## Without a card
waiting-title = You’re through
waiting-lead = { $count ->
    [0] One moment: counting.
    [one] Waiting for one more person.
   *[other] Waiting for { $count } people.
}
saved-title = Your swipes are saved
saved-lead = They will be sent as soon as the network is back, and the next cards will come.
loading-cards = Dealing the next cards…
nudge-member = Nudge { $name }
