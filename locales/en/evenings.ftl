# A room's history: its evenings, what matched, and how it was.

evenings-title = Evenings and matches
evenings-none = Nothing has matched here yet
evenings-none-lead = What you find together is kept here, evening by evening.
evenings-today = Today
evenings-yesterday = Yesterday
evenings-more = Show more
evenings-unmatched = Nothing matched
evenings-cards = { $count ->
    [one] { $count } card
   *[other] { $count } cards
}
evenings-watched = Watched together
evenings-how = How was it?
evenings-face-love = Loved it
evenings-face-good = Good
evenings-face-fine = So-so
evenings-face-bad = Not good
evenings-face-asleep = Fell asleep
evenings-said = { $name }: { $face }
evenings-never = Never deal it here again
evenings-never-note = From the next round on. Anybody here may change it, and nobody learns who did.
evenings-never-title = Never dealt here
evenings-again = Deal again
evenings-again-title = Deal { $title } again
evenings-never-count = { $count ->
    [one] One title is never dealt here
   *[other] { $count } titles are never dealt here
}
