### What the bot says. Markup is Telegram's HTML; every name is escaped before it gets here.

## The bot's page in Telegram (the first is at most 512 characters, the second at most 120).

bot-about =
    Decide together what to watch.

    Write /new in your chat, everybody adds a few films and swipes on their own phone. The moment all of you like the same one, it's a match: I post it in the chat.

    Or write /watch and a link, and all of you watch it at the same moment.

    Nothing to install, no account.
bot-about-short = Decide together what to watch: everybody swipes, and what all of you like you watch in step.

## The command lists

bot-command-new = Start a movie night
bot-command-watch = Watch something together: add a link
bot-command-matches = What you matched lately
bot-command-help = How it works

## Buttons

bot-button-app = Open Sovpalo
bot-button-join = Join
bot-button-swipe = Swipe
bot-button-results = Open results
bot-button-room = Open the room
bot-button-new = New room
bot-button-watch = ▶️ Watch together
bot-button-watch-link = ▶️ Watch a link together
bot-button-cinema = ▶️ Open the cinema
bot-button-mute = 🔕 Mute this room
bot-button-unmute = 🔔 Unmute this room
bot-button-add-to-group = Add me to a group

## Greetings and help

bot-start =
    Hi, { $name }! 🍿

    I help people who cannot agree on a film. Everybody swipes on their own phone, and the moment all of you like the same title, <b>it's a match</b>.

    Write /new in a group where I am, or begin right here. And /watch with a link lets all of you watch it at the same moment.
bot-help =
    <b>How it works</b>

    1. Write /new in your group, or /new and a name: <code>/new Friday night</code>.
    2. Everybody taps the card, adds a few films and swipes: like or skip.
    3. What all of you like is a match. I post it in the chat.

    <b>Watch together</b>: write /watch and a link, or answer a message that has one. YouTube, Twitch, an mp4 or an HLS stream play in step on every phone. /watch alone opens the cinema.

    /matches shows what you matched lately.
    In any other chat type <code>@{ $bot }</code> to start a room or to share one of yours, or <code>@{ $bot }</code> and a link to watch it there.
bot-hello-group =
    Hi! 🍿 I help you decide together what to watch.

    Write /new, and I post a card: everybody taps it, adds a few films and swipes. What all of you like is tonight's film.

    If you know already what to watch: /watch and its link.
bot-anonymous = You write here anonymously, so I do not know whose room it would be. Write it as yourself, or start the room in the app and share its link here.

## Rooms

bot-too-many-rooms =
    { $minutes ->
        [one] That is a lot of rooms for one hour. Please try again in a minute.
       *[other] That is a lot of rooms for one hour. Please try again in { $minutes } minutes.
    }
bot-late = I was away when you wrote, and that is a while ago. If you still want a movie night, just write /new or /watch again.
bot-unavailable = Something is wrong on my side. Please try again in a minute.
bot-card-is-here = The card of this room is up there ↑

## /watch

bot-watch-on = 🍿 { $film } waits in the cinema.
bot-watch-next = 🍿 { $film } comes next.
bot-watch-nothing = Open the cinema and paste the link of what you want to watch. Or write /watch and the link.
bot-watch-refused =
    { $why ->
        [no_address] I see no link there. Copy the link of what you want to watch, and write it after /watch. Without a link /watch opens the cinema.
        [too_long] That link is too long for me. Maybe the site has a shorter one to share.
        [not_https] That link does not begin with https://, and phones show nothing else.
        [private_host] That address is not on the public internet: the others' phones could not reach it.
        [has_password] There is a password in that link, and everybody in the room would get it. Please send one without.
        [no_film] That is the site itself. Open one video there and copy its link.
        [own] That is this app itself. Send the link of a film instead.
       *[other] No player here can show that kind of stream.
    }

## The card

bot-card-hint = Tap the button, add what you would watch, then everybody swipes. Or watch a link together right away.
bot-card-swipe-hint = Tap the button, add what you would watch, then everybody swipes.
bot-card-playing = ▶️ Watching { $film }
bot-card-paused = ⏸ Paused: { $film }
bot-card-watch-hint = Tap the button: it plays for everybody at the same moment.
bot-card-nobody-here = 👥 Nobody is here right now.
bot-card-round = Round { $round }
bot-card-people = 👥 { $names }
bot-card-more-people =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }
bot-card-nobody = Everybody has left.
bot-card-picks =
    { $count ->
        [0] 🎬 Nothing is picked yet
        [one] 🎬 { $count } title picked
       *[other] 🎬 { $count } titles picked
    }
bot-card-swiping =
    { $count ->
        [one] 🔥 Swiping, { $count } card
       *[other] 🔥 Swiping, { $count } cards
    }
bot-card-lasts =
    { $count ->
        [one] ⏳ This round takes { $count } minute
       *[other] ⏳ This round takes { $count } minutes
    }
bot-card-progress = { $name }: { $swiped } of { $count }
bot-card-progress-done = { $name }: done ✓
bot-card-progress-all =
    { $done ->
        [0] Nobody has swiped everything yet
        [one] { $done } of { $people } has swiped everything
       *[other] { $done } of { $people } have swiped everything
    }
bot-card-finished = 🏁 The round is over
bot-card-matches = 💚 <b>It's a match!</b>
bot-card-earlier-matches =
    { $count ->
        [one] and one more in earlier rounds
       *[other] and { $count } more in earlier rounds
    }
bot-card-more-matches =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }
bot-card-no-match = No match this time.
bot-card-nearest = Closest: { $titles }

## Invitations

bot-invite = <b>{ $host }</b> invites you to <b>{ $room }</b>
bot-invite-nobody = You are invited to <b>{ $room }</b>
bot-invite-member = You are in <b>{ $room }</b>
bot-invite-people =
    { $count ->
        [one] { $count } person is in
       *[other] { $count } people are in
    }
bot-invite-lobby = Tap the button to join.
bot-invite-swiping = They are swiping already, and there is room for you.
bot-invite-watching = They are watching together, and there is room for you.
bot-invite-finished = This round is over, the results are inside.
bot-invite-password = Newcomers need its password: open it and type it in.
bot-invite-full = It is full right now. Somebody may leave.
bot-invite-unknown = There is no room with this code. Maybe a letter got lost on the way: ask for the link again, or start a room of your own with /new.

## Matches

bot-match = 🎉 <b>It's a match!</b>
bot-match-in-room = 🎉 <b>It's a match</b> in { $room }
bot-match-several =
    { $count ->
        [one] 🎉 <b>{ $count } match!</b>
       *[other] 🎉 <b>{ $count } matches!</b>
    }
bot-matches-in-room =
    { $count ->
        [one] 🎉 <b>{ $count } match</b> in { $room }
       *[other] 🎉 <b>{ $count } matches</b> in { $room }
    }
bot-match-more = … and { $count } more
bot-match-last-today = This is my last message for today. Everything else is in the app.
bot-nudge =
    { $count ->
        [one] 👋 { $name } is waiting for you in { $room }: one card to swipe
       *[other] 👋 { $name } is waiting for you in { $room }: { $count } cards to swipe
    }
bot-achievements =
    { $count ->
        [one] 🏅 <b>A new achievement</b>
       *[other] 🏅 <b>{ $count } new achievements</b>
    }
bot-achievements-where = All of them are in your profile in the app, and so is the switch for messages.
bot-muted = I won't write to you about this room any more.
bot-unmuted = I'll write to you about matches in this room again.
bot-mute-stranger = This button is not for you: you were never in this room.
bot-match-runtime-hours = { $hours } h { $minutes } min
bot-match-runtime-whole-hours = { $hours } h
bot-match-runtime-minutes = { $minutes } min
bot-genre =
    { $genre ->
        [action] action
        [adventure] adventure
        [animation] animation
        [biography] biography
        [comedy] comedy
        [crime] crime
        [documentary] documentary
        [drama] drama
        [family] family
        [fantasy] fantasy
        [history] history
        [horror] horror
        [music] music
        [musical] musical
        [mystery] mystery
        [romance] romance
        [sci-fi] sci-fi
        [short] short film
        [sport] sport
        [thriller] thriller
        [war] war
        [western] western
        [noir] noir
       *[other] { $genre }
    }
bot-matches = <b>Your latest matches</b>
bot-matches-chat = <b>The latest matches of this chat</b>
bot-matches-line = 💚 { $title } <i>· { $room }</i>
bot-matches-none = No matches yet. Write /new and find the first one together.

## Inline mode

bot-inline-new = New room
bot-inline-new-named = New room “{ $name }”
bot-inline-new-about = Sends a card: everybody taps it and swipes
bot-inline-new-text = Let's decide what to watch: tap the button.
bot-inline-film = Watch together: { $film }
bot-inline-film-about = Sends a card: everybody taps it and watches at the same moment
bot-inline-room-playing =
    { $count ->
        [one] ▶️ Watching { $film }, { $count } person
       *[other] ▶️ Watching { $film }, { $count } people
    }
bot-inline-room-paused =
    { $count ->
        [one] ⏸ Paused: { $film }, { $count } person
       *[other] ⏸ Paused: { $film }, { $count } people
    }
bot-inline-room-lobby =
    { $count ->
        [one] Gathering, { $count } person
       *[other] Gathering, { $count } people
    }
bot-inline-room-swiping =
    { $count ->
        [one] Swiping, { $count } person
       *[other] Swiping, { $count } people
    }
