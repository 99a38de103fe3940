## Слова мини-приложения по-русски для экранов, которые загружаются позже. Первые слова — в ui.ftl.

back-home = К моим комнатам
cancel = Отмена
close = Закрыть
done = Готово
more = Ещё

## Главная
home-title = Что будем смотреть?
home-lead = Соберите комнату, свайпайте вместе и больше не листайте каталог весь вечер.
new-room = Новая комната
my-rooms = Мои комнаты
no-rooms = Комнат пока нет
no-rooms-lead = Создайте первую и отправьте ссылку тем, кто с вами на диване.
join-by-code = Войти по коду
join-code-label = Код комнаты, 8 знаков
join-code-bad = В коде 8 букв и цифр
join = Войти
matches-count = { $count ->
    [0] без совпадений
    [one] { $count } совпадение
    [few] { $count } совпадения
   *[many] { $count } совпадений
}
titles-count = { $count ->
    [one] { $count } фильм
    [few] { $count } фильма
   *[many] { $count } фильмов
}
unread-count = { $count ->
    [one] { $count } непрочитанное сообщение
    [few] { $count } непрочитанных сообщения
   *[other] { $count } непрочитанных сообщений
}
phase-lobby = Собираемся
phase-swiping = Свайпаем
phase-finished = Завершена
today = сегодня
yesterday = вчера
with-people = С вами: { $names }
people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
}

## Новая комната
new-room-title = Новая комната
room-name = Название
room-name-placeholder = Киновечер
rule = Что считать совпадением
rule-unanimous = Нравится всем
rule-majority = Нравится большинству
rule-at-least = { $count ->
    [one] Хотя бы { $count } «да»
   *[other] Хотя бы { $count } «да»
}
rule-veto = Каждому одно вето за раунд
goal = Когда остановиться
goal-whole-deck = Когда кончится колода
goal-first-match = На первом совпадении
goal-matches = { $count ->
    [one] После { $count } совпадения
   *[other] После { $count } совпадений
}
goal-timed = { $count ->
    [one] Через { $count } минуту
    [few] Через { $count } минуты
   *[many] Через { $count } минут
}
goal-minutes = Минуты
picks-each = Сколько фильмов добавляет каждый
picks-each-note = Каждый добавляет несколько названий; что добавили сразу несколько человек, идёт первым.
deck = Подборка
deck-none = Без подборки
deck-note = Дополнит колоду, если своих фильмов мало.
create-room = Создать комнату
fewer = Меньше
another = Больше

## Сбор
invite = Пригласить
invite-lead = Отправьте ссылку в чат: одно касание, и человек здесь.
share = Поделиться в Telegram
share-text = Выбираем, что посмотреть: { $room }
copy-link = Скопировать ссылку
copied = Ссылка скопирована
copy-by-hand = Скопируйте вручную
copy-by-hand-lead = Здесь Telegram не даёт копировать за вас. Ссылка уже выделена: нажмите на неё подольше и выберите «Копировать».
qr-code = QR-код
qr-lead = Наведите камеру, чтобы войти в комнату
room-code-is = Код { $code }
who-is-here = Кто здесь
you = вы
host = ведущий
online = в сети
offline = не в сети
away = отошёл
is-ready = готов
is-picking = выбирает
picks-progress = { $count } из { $of }
my-picks = Мои фильмы
my-picks-lead = Добавьте то, что с радостью посмотрели бы сегодня.
search-placeholder = Название фильма или сериала
search-label = Поиск фильмов и сериалов
search-empty = По запросу «{ $query }» ничего не нашлось
search-failed = Поиск не отвечает. Проверьте сеть.
search-link-unknown = { $site ->
    [none] Это ссылка. Введите название, и фильм найдётся.
    [Kinopoisk] Это ссылка на Кинопоиск. Такого фильма здесь пока нет: введите его название.
    [Wikipedia] Это ссылка на Википедию. Такого фильма здесь пока нет: введите его название.
   *[other] Это ссылка на { $site }. Такого фильма здесь пока нет: введите его название.
}
search-near = Похоже, но не то же самое
search-incomplete = Пока только здешние фильмы: большой каталог не отвечает.
add-text = Добавить «{ $text }» как есть
add-title = Добавить: { $title }
added = Добавлено
remove-title = Убрать: { $title }
picks-full = { $count ->
    [one] Вы добавили { $count } фильм. Чтобы добавить другой, уберите его.
    [few] Вы добавили все { $count } фильма. Чтобы добавить другой, уберите один.
   *[many] Вы добавили все { $count } фильмов. Чтобы добавить другой, уберите один.
}
list-title = Фильмы из вашего списка
list-lead = { $count ->
    [0] Названий в нём не нашлось.
    [one] Нашлось { $count } название. Лишнее можно убрать.
    [few] Нашлось { $count } названия. Лишнее можно убрать.
   *[many] Нашлось { $count } названий. Лишнее можно убрать.
}
list-as-typed = так, как вы написали
list-mine = уже у вас
list-too-long = слишком длинно: в названии не больше 100 знаков
list-no-room = { $count ->
    [one] не поместится: каждый добавляет { $count } фильм
    [few] не поместится: каждый добавляет { $count } фильма
   *[many] не поместится: каждый добавляет { $count } фильмов
}
list-unread = { $count ->
    [one] Ещё { $count } строка не прочитана: за раз не больше 200.
    [few] Ещё { $count } строки не прочитаны: за раз не больше 200.
   *[many] Ещё { $count } строк не прочитано: за раз не больше 200.
}
list-leave-out = Не добавлять: { $title }
list-add = { $count ->
    [0] Нечего добавлять
    [one] Добавить { $count } фильм
    [few] Добавить { $count } фильма
   *[many] Добавить { $count } фильмов
}
list-failed = Не удалось прочитать список. Проверьте сеть.
filter-all = Все
filter-film = Фильмы
filter-series = Сериалы
filter-short = До 100 минут
filter-new = С 2010 года
filter-old = До 1990 года
choose-deck = Выбрать подборку
choose-deck-lead = Стопка фильмов для начала.
deck-take = Взять эту подборку
deck-drop = Без подборки
deck-ready-made = Готовые
deck-by-filter = По фильтру
deck-anything = Что угодно
deck-surprise = Удивите нас
deck-play-with = { $count ->
    [one] Играть: { $count } фильм
    [few] Играть: { $count } фильма
   *[many] Играть: { $count } фильмов
}
deck-nothing-fits = Ничего не подходит
deck-nothing-note = Уберите часть условий: здесь нет фильма, которому подходит всё сразу.
deck-uncounted = Сколько подходит, сейчас не посчитать.
deck-tiny = { $count ->
    [one] { $count } фильм — это быстро кончится.
    [few] { $count } фильма — это быстро кончится.
   *[many] { $count } фильмов — это быстро кончится.
}
deck-more = Добавить
deck-what = Что
deck-years = Когда снято
deck-runtime = Длина
deck-rating = Оценка
deck-countries = Страны
deck-family = для всей семьи
deck-decade = { $text }-е
deck-since = с { $text } года
deck-before = до { $text } года
deck-up-to = до { $text }
deck-rating-from = от { $rating }
ready = Я готов(а)
not-ready = Ещё не готов(а)
start = Начать
start-alone = Начать одному
start-waiting = { $count ->
    [one] Ещё выбирает { $count } человек
    [few] Ещё выбирают { $count } человека
   *[many] Ещё выбирают { $count } человек
}
start-needs-titles = Добавьте фильм или возьмите подборку
waiting-host = { $name } начнёт, когда все будут готовы
settings = Настройки комнаты
save = Сохранить

## Свайпы
time-left = Осталось { $time }
time-left-minute = Осталась одна минута.
time-left-ten = Осталось десять секунд.
time-up = Время вышло
extend = Добавить время
extend-by = { $count ->
    [one] +{ $count } минута
    [few] +{ $count } минуты
   *[many] +{ $count } минут
}
extend-most = Впереди может быть не больше 20 минут.
liked-toast = Понравилось: { $title }
signalled-super-like = { $count ->
    [2] Суперлайк: вас двое, так что он считается за «нравится» и покажется, когда совпадёт.
   *[other] Суперлайк: остальные увидят этот фильм раньше. Что это вы, узнают, только если совпадёт.
}
signalled-veto = { $count ->
    [2] Вето: этот фильм уходит из карточек у вас обоих. Вас двое, так что понятно, чьё оно.
   *[other] Вето: этот фильм уходит из карточек у всех. Чьё оно, никому не говорим.
}
veto = Вето: убрать для всех
veto-note = { $count ->
    [2] Одно на раунд. Фильм уже не совпадёт и уйдёт из карточек у вас обоих. Вас двое, так что будет понятно, чьё оно.
   *[other] Одно на раунд. Фильм уже не совпадёт и уйдёт из карточек у всех. Чьё оно, никому не говорим.
}
veto-none = Ваше вето в этом раунде уже отдано.
veto-allowed = Вето
veto-allowed-note = Раз в раунд каждый может убрать одно название для всех.
secret-swipes = Другие видят, что вы ответили, но не что именно, — до совпадения или итогов.

## Подробности
rating = Оценка { $rating }
kind-film = Фильм
kind-text = Идея
original-name = В оригинале
year = Год
runtime = Длительность
genres = Жанры
countries = Страны
no-overview = Об этом фильме ещё никто не написал. Поверьте тому, кто его добавил.
directors = { $count ->
    [one] Режиссёр
   *[other] Режиссёры
}
cast = В ролях
trailer = Смотреть трейлер
where-to-watch = Где посмотреть
offer-stream = По подписке
offer-free = Бесплатно
offer-rent = Взять напрокат
offer-buy = Купить
details-incomplete = Возможно, известно больше: большой каталог не отвечает.
source-tmdb = Приложение использует API TMDB, но не одобрено и не сертифицировано TMDB.
source-justwatch = Где посмотреть: данные JustWatch.

## Совпадение
match-word = Совпало!
match-share = Рассказать в чате
match-story = В историю
match-lead = { $count ->
    [1] Вы сказали «да».
    [2] Вы оба сказали «да».
   *[other] Все { $count } сказали «да».
}
match-super-likes = Суперлайк: { $name }
match-lead-majority = «Да» сказали достаточно человек.
match-announce = Совпало: { $title }
match-continue = Свайпать дальше
match-results = К результатам
match-watch = Смотреть вместе
match-to-cinema = В кинозал
match-trailer = Трейлер
match-trailer-query = { $name } трейлер
match-where = Где посмотреть
match-calendar = В календарь
match-calendar-entry = Смотрим вместе: «{ $title }»

## Результаты
results-title = Что мы выбрали
results-none = В этот раз не совпало
results-none-lead = Вот что было ближе всего.
results-matches = Совпадения
results-ranking = Ближе всего к совпадению
results-top = { $count ->
    [one] Что было ближе всего
   *[other] Топ-{ $count }
}
results-rest = И ещё
results-empty = Никому ничего не понравилось. Бывает: попробуйте другую подборку.
likes-count = { $count ->
    [one] { $count } «да»
   *[other] { $count } «да»
}
final-round = Финальный раунд
final-round-lead = { $count ->
    [one] Остался { $count } фильм
    [few] Между { $count } лучшими
   *[many] Между { $count } лучшими
}
another-round = Ещё раунд
another-round-lead = Те же люди, новые фильмы
host-decides = { $name } может начать ещё раунд

## Вместе
evenings = Вечера и совпадения
standing-done = все карточки позади
standing-away = нет на месте
standing-here = здесь
standing-offline = не в сети
nudge = 👋 Поторопить
nudge-note = { $name } увидит, что вы ждёте: здесь или от бота, если это разрешено. Один раз за раунд.
nudged-already = { $name }: напоминание в этом раунде уже было.
toast-joined = { $others ->
    [0] { $name } теперь с вами
   *[other] { $name } и ещё { $others } теперь с вами
}
toast-left = { $others ->
    [0] { $name } больше не в комнате
   *[other] { $name } и ещё { $others } больше не в комнате
}
toast-nudged = 👋 { $name } ждёт вас

## Меню
fullscreen = На весь экран
fullscreen-leave = Выйти из полного экрана
fullscreen-refused = Здесь Telegram этого не умеет.
watch-together = Посмотреть вместе
finish-round = Завершить раунд
finish-confirm = Завершить для всех?
finish-confirm-lead = Посчитаем результаты по тем ответам, что уже есть.
remove-member = Удалить: { $name }
remove-confirm = Удалить из комнаты: { $name }?
remove-confirm-lead = По ссылке этот человек больше не вернётся.
remove = Удалить
removed-people = Удалённые
let-in = Пустить снова
let-in-member = Пустить снова: { $name }
leave = Покинуть комнату
leave-confirm = Покинуть комнату?
leave-confirm-lead = Ваши «да» перестанут учитываться. Вернуться можно по ссылке.
leave-yes = Покинуть
finish-yes = Завершить

## Мои настройки
account = Мои настройки
language = Язык
messages = Сообщать о совпадениях
messages-note = Бот напишет вам о каждом совпадении в ваших комнатах.
region = Где я смотрю
region-none = Не выбрано
region-note = Где посмотреть фильм, показывается для этой страны.
messages-declined = Telegram этого не разрешил, сообщения остались выключены.
messages-silent = Telegram не ответил, поэтому сообщения пока выключены. Попробуйте ещё раз или напишите боту.
films = Мои фильмы
achievements = Достижения
devices = Где выполнен вход
erase = Удалить мои данные
erase-note = Имя, комнаты, ваши фильмы и свайпы.
erase-confirm = Удалить всё о вас?
erase-confirm-lead = Вы покинете все комнаты, ваши фильмы и свайпы исчезнут. Вернуть их нельзя.
erase-yes = Удалить

## Приглашение, концовки, неполадки
ended-other-title = Сеанс завершён
ended-other-lead = Одно нажатие — и Telegram снова вас впустит.
ended-init_data_expired-title = Это окно со вчерашнего дня
ended-init_data_expired-lead = Telegram держал его открытым больше суток. Одно нажатие откроет свежее.
ended-init_data_spent-title = Вы вышли
ended-init_data_spent-lead = В этом окне вы вышли или удалили свои данные. Чтобы вернуться, откройте новое.
ended-init_data_invalid-title = Telegram не подписал это окно
ended-init_data_invalid-lead = Поэтому мы не можем узнать, кто вы. Одно нажатие откроет его как надо.
ended-clock_differs-title = Часы расходятся
ended-clock_differs-lead = Часы нашего сервера отстают от часов Telegram. Ваш телефон ни при чём: скажите тому, кто запустил это Совпало, что часы пора подвести, и попробуйте позже.
ended-no-link = Откройте Совпало снова кнопкой или ссылкой в чате.
ended-reopen = Открыть заново
pause-title = Одну минутку
pause-lead =
    { $count ->
        [one] Эту страницу открывали очень часто. Она продолжит сама через { $count } секунду.
        [few] Эту страницу открывали очень часто. Она продолжит сама через { $count } секунды.
       *[many] Эту страницу открывали очень часто. Она продолжит сама через { $count } секунд.
    }
reconnecting = Соединяемся…
preview-invites = { $name } зовёт вас
preview-invites-nobody = Вас зовут
preview-join = Войти в комнату
not-found-title = Такой комнаты нет
not-found-lead = Возможно, ссылка устарела или в коде ошибка.
removed-title = Вы больше не в этой комнате
removed-lead = Ведущий удалил вас. Будут и другие вечера.

## Жанры и страны
country-SU = СССР
country-CS = Чехословакия
country-YU = Югославия
country-DD = ГДР

## Кто может войти и кто что может
access = Кто может войти
access-listed = Комнату может найти кто угодно
access-listed-note = Она есть среди открытых комнат: видны название, что идёт и кто внутри.
access-unlisted-note = Войти можно только по ссылке или коду.
access-password = Пароль
access-password-placeholder = Например, попкорн
access-password-new = Новый пароль
access-password-note = Его спросят у новых гостей. Кто уже внутри, тот остаётся.
access-capacity = Сколько человек поместится
access-control = Кто управляет просмотром
access-control-everyone = Все
access-control-moderators = Ведущий и модераторы
access-control-host = Только ведущий
role-host = Ведущий
role-moderator = Модератор
role-participant = Участник
role-moderator-note = Модераторы управляют просмотром, когда это можно не всем.
hand-over = Сделать ведущим
hand-over-confirm = Сделать ведущим: { $name }?
hand-over-confirm-lead = Дальше решает новый ведущий, а вы станете модератором.
hand-over-yes = Передать
refused-not_allowed = Ваша роль в комнате этого не позволяет.
refused-room_not_found = Этой комнаты больше нет.
refused-wrong_password = Это не тот пароль.
preview-password = Пароль
preview-full = Сейчас комната заполнена. Возможно, кто-то выйдет.
preview-try = Попробовать войти
report = Пожаловаться на комнату
report-lead = Жалобу увидят те, кто запустил это Совпало. В комнате не узнают, кто пожаловался.
report-spam = Спам или реклама
report-rude = Оскорбления или угрозы
report-forbidden = Что-то незаконное или не для всех
report-other = Другое
report-thanks = Спасибо. Мы посмотрим.

## Открытые комнаты
find-title = Открытые комнаты
find-lead = Вечера, к которым можно присоединиться прямо сейчас.
find-search = Название или фильм
find-none = Сейчас открытых комнат нет
find-none-lead = Создайте свою и разрешите её находить: меню комнаты → «Кто может войти».
find-no-hit = Ничего похожего
find-no-hit-lead = Попробуйте другое название или фильм.
find-more = Показать ещё
find-something = что-то
find-watching = Смотрят «{ $title }»
find-about-to-watch = Скоро начнут «{ $title }»
find-locked = Нужен пароль
find-people = { $count } из { $capacity } человек

## Когда карточек нет
waiting-title = Вы дошли до конца
waiting-lead = { $count ->
    [0] Секунду, считаем.
    [one] Ждём ещё { $count } человека.
   *[other] Ждём ещё { $count } человек.
}
saved-title = Ваши ответы сохранены
saved-lead = Отправим их, как только появится сеть, и сдадим следующие карточки.
loading-cards = Сдаём следующие карточки…
nudge-member = Поторопить: { $name }
