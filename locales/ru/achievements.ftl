# Чьи-то числа и достижения.

stats-watched = просмотра
stats-minutes = { $minutes } мин
stats-hours = { $hours } ч
stats-films = { $count ->
    [one] фильм вместе
    [few] фильма вместе
   *[many] фильмов вместе
}
stats-matches = { $count ->
    [one] совпадение
    [few] совпадения
   *[many] совпадений
}
stats-swipes = { $count ->
    [one] свайп
    [few] свайпа
   *[many] свайпов
}
stats-rooms = { $count ->
    [one] комната
    [few] комнаты
   *[many] комнат
}
stats-messages = { $count ->
    [one] сообщение
    [few] сообщения
   *[many] сообщений
}
stats-away = Числа не пришли.
stats-again = Попробовать ещё раз

achievement-first_match = Совпало!
achievement-first_match-how = Найдите первый фильм, который нравится всем
achievement-one_mind = На одной волне
achievement-one_mind-how = 10 совпадений
achievement-mind_reader = Чтение мыслей
achievement-mind_reader-how = 50 совпадений
achievement-full_house = Полный зал
achievement-full_house-how = Один фильм понравился пятерым или больше
achievement-connoisseur = Знаток
achievement-connoisseur-how = Свайпните 200 карточек
achievement-end_credits = До самых титров
achievement-end_credits-how = Досмотрите фильм вместе
achievement-double_feature = Двойной сеанс
achievement-double_feature-how = Два фильма в одной комнате
achievement-film_club = Киноклуб
achievement-film_club-how = 10 фильмов вместе
achievement-day_and_night = День и ночь
achievement-day_and_night-how = 24 часа просмотра
achievement-host = Душа компании
achievement-host-how = Создайте 5 комнат
achievement-welcome_guest = Желанный гость
achievement-welcome_guest-how = Загляните в 5 чужих комнат
achievement-storyteller = Рассказчик
achievement-storyteller-how = Напишите 100 сообщений
