# Somebody's numbers and achievements.

stats-watched = watched
stats-minutes = { $minutes } min
stats-hours = { $hours } h
stats-films = { $count ->
    [one] film seen together
   *[other] films seen together
}
stats-matches = { $count ->
    [one] match
   *[other] matches
}
stats-swipes = { $count ->
    [one] swipe
   *[other] swipes
}
stats-rooms = { $count ->
    [one] room
   *[other] rooms
}
stats-messages = { $count ->
    [one] message
   *[other] messages
}
stats-away = Your numbers did not come.
stats-again = Try again

achievement-first_match = It’s a match!
achievement-first_match-how = Find the first film that everybody likes
achievement-one_mind = Of one mind
achievement-one_mind-how = 10 matches
achievement-mind_reader = Mind reader
achievement-mind_reader-how = 50 matches
achievement-full_house = Full house
achievement-full_house-how = Five or more like the same film
achievement-connoisseur = Connoisseur
achievement-connoisseur-how = Swipe 200 cards
achievement-end_credits = To the end credits
achievement-end_credits-how = See a whole film together
achievement-double_feature = Double feature
achievement-double_feature-how = Two films in one room
achievement-film_club = Film club
achievement-film_club-how = 10 films seen together
achievement-day_and_night = A day and a night
achievement-day_and_night-how = 24 hours of watching
achievement-host = Good host
achievement-host-how = Make 5 rooms
achievement-welcome_guest = Welcome guest
achievement-welcome_guest-how = Come into 5 rooms of others
achievement-storyteller = Storyteller
achievement-storyteller-how = Write 100 messages
