# The words of a room's talk.

talk-title = Talk
talk-open = Open the talk
talk-peek-empty = Say something?
talk-peek-unread = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
talk-messages = Messages
talk-online = { $count ->
    [0] only you are here
    [one] { $count } person online
   *[other] { $count } people online
}
talk-offline = No connection. It will be sent as soon as there is one.
talk-loading = Loading messages…
talk-failed = The messages did not load
talk-failed-lead = The connection seems to be gone. Whatever you write is kept.
talk-again = Try again
talk-empty = All quiet so far
talk-empty-lead = Be the first to say something: everyone in the room will see it.
talk-starter-hi = Hi everyone 👋
talk-starter-mood = What are we in the mood for?
talk-starter-popcorn = Popcorn is on me 🍿
talk-someone = Someone
talk-you = You
talk-preview = { $name }: { $text }
talk-preview-deleted = { $name }: message deleted

talk-today = Today
talk-yesterday = Yesterday
talk-unread-line = New messages
talk-deleted = Message deleted
talk-edited = edited
talk-waiting = Waiting to be sent
talk-sent = Sent
talk-read = Read
talk-read-by = Read by { $names }
talk-read-more = Read more
talk-quote-unknown = Message
talk-quote-go = In reply to { $name }: { $text }
talk-label = { $name }, { $time }. { $text }
talk-newest = To the newest messages
talk-newest-count = { $count ->
    [one] To the newest, { $count } new message
   *[other] To the newest, { $count } new messages
}
talk-typing-one = { $name } is typing
talk-typing-two = { $name } and { $other } are typing
talk-typing-many = { $count ->
    [one] { $count } person is typing
   *[other] { $count } people are typing
}

talk-actions = Message actions
talk-react = React with { $emoji }
talk-reaction = { $emoji } { $count }: { $names }
talk-reply = Reply
talk-copy = Copy
talk-copied = Copied
talk-copy-failed = Telegram does not allow copying here
talk-edit = Edit
talk-delete = Delete
talk-delete-ask = Delete for everyone?
talk-send-again = Send again
talk-not-sent = Not sent
talk-not-sent-why = Not sent: { $why }

talk-write = Message
talk-send = Send
talk-save-edit = Save
talk-replying = Reply to { $name }
talk-replying-you = Reply to yourself
talk-editing = Editing
talk-cancel-reply = Do not reply
talk-cancel-edit = Do not edit
talk-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
talk-over = { $count ->
    [one] { $count } character too many
   *[other] { $count } characters too many
}

talk-joined = { $name } joined
talk-left-room = { $name } left
talk-removed = The host removed { $name }
talk-started = Here we go! Swiping
talk-matched = It’s a match: “{ $title }”
talk-matched-untitled = It’s a match!
talk-finished = The round is over
talk-restarted = Getting ready for another round
talk-host = The host is now { $name }

talk-why-too_many = too fast, wait a moment
talk-why-invalid = it cannot be written like this
talk-why-not_a_member = you are no longer in the room
talk-why-message_not_found = that message is gone
talk-why-not_allowed = it is too late for that
talk-why-unavailable = the server is busy
talk-why-unknown = something went wrong
talk-edit-refused = Not edited: { $why }
talk-delete-refused = Not deleted: { $why }
talk-react-refused = The reaction did not arrive: { $why }
talk-jump-failed = That message cannot be reached right now
