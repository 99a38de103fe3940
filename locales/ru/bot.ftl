### Что говорит бот. Разметка — HTML Телеграма; имена экранируются до того, как попадут сюда.

## Страница бота в Телеграме (первое — до 512 символов, второе — до 120).

bot-about =
    Решите вместе, что смотреть.

    Напишите /new в своём чате: каждый добавит несколько фильмов и будет свайпать на своём телефоне. Как только один и тот же понравится всем — совпало! Я напишу об этом в чат.

    Ничего не нужно устанавливать, аккаунт не нужен.
bot-about-short = Решите вместе, что смотреть: все свайпают, и то, что понравилось каждому, — фильм на вечер.

## Списки команд

bot-command-new = Начать киновечер
bot-command-matches = Последние совпадения
bot-command-help = Как это работает

## Кнопки

bot-button-app = Открыть Совпало
bot-button-join = Присоединиться
bot-button-swipe = Свайпать
bot-button-results = Открыть итоги
bot-button-room = Открыть комнату
bot-button-new = Новая комната
bot-button-add-to-group = Добавить меня в группу

## Приветствия и помощь

bot-start =
    Привет, { $name }! 🍿

    Я помогаю тем, кто никак не выберет фильм. Каждый свайпает на своём телефоне, и как только одно и то же понравится всем — <b>совпало!</b>

    Напишите /new в группе, где я есть, или начните прямо здесь.
bot-help =
    <b>Как это работает</b>

    1. Напишите в группе /new — можно с названием: <code>/new Пятница</code>.
    2. Каждый нажимает на карточку, добавляет несколько фильмов и свайпает: нравится или нет.
    3. Что понравилось всем — совпало. Я напишу об этом в чат.

    /matches покажет последние совпадения.
    В любом другом чате наберите <code>@{ $bot }</code>, чтобы начать комнату или поделиться своей.
bot-hello-group =
    Привет! 🍿 Я помогу решить вместе, что смотреть.

    Напишите /new, и я пришлю карточку: каждый нажимает на неё, добавляет несколько фильмов и свайпает. Что понравилось всем — то и смотрим.
bot-anonymous = Вы пишете здесь анонимно, и я не знаю, чья это будет комната. Напишите /new от своего имени или создайте комнату в приложении и пришлите сюда ссылку.

## Комнаты

bot-too-many-rooms =
    { $minutes ->
        [one] Слишком много комнат за один час. Попробуйте ещё раз через { $minutes } минуту.
        [few] Слишком много комнат за один час. Попробуйте ещё раз через { $minutes } минуты.
       *[many] Слишком много комнат за один час. Попробуйте ещё раз через { $minutes } минут.
    }
bot-late = Когда вы писали /new, меня не было на связи, и с тех пор прошло время. Если киновечер ещё в силе, просто напишите /new снова.
bot-unavailable = У меня что-то сломалось. Попробуйте, пожалуйста, через минуту.
bot-card-is-here = Карточка этой комнаты — вот здесь ↑

## Карточка

bot-card-hint = Нажмите на кнопку, добавьте то, что посмотрели бы, а потом все вместе свайпаем.
bot-card-round = Раунд { $round }
bot-card-people = 👥 { $names }
bot-card-more-people = и ещё { $count }
bot-card-nobody = Все вышли.
bot-card-picks =
    { $count ->
        [0] 🎬 Пока ничего не выбрано
        [one] 🎬 Выбран { $count } фильм
        [few] 🎬 Выбрано { $count } фильма
       *[many] 🎬 Выбрано { $count } фильмов
    }
bot-card-swiping =
    { $count ->
        [one] 🔥 Свайпаем, { $count } карточка
        [few] 🔥 Свайпаем, { $count } карточки
       *[many] 🔥 Свайпаем, { $count } карточек
    }
bot-card-progress = { $name }: { $swiped } из { $count }
bot-card-progress-done = { $name }: всё ✓
bot-card-progress-all =
    { $done ->
        [0] Никто ещё не просмотрел всё
        [one] { $done } из { $people } уже просмотрел всё
       *[many] { $done } из { $people } уже просмотрели всё
    }
bot-card-finished = 🏁 Раунд окончен
bot-card-matches = 💚 <b>Совпало!</b>
bot-card-earlier-matches =
    { $count ->
        [one] и ещё { $count } совпадение в прошлых раундах
        [few] и ещё { $count } совпадения в прошлых раундах
       *[many] и ещё { $count } совпадений в прошлых раундах
    }
bot-card-more-matches =
    { $count ->
        [one] и ещё { $count } совпадение
        [few] и ещё { $count } совпадения
       *[many] и ещё { $count } совпадений
    }
bot-card-no-match = В этот раз не совпало.
bot-card-nearest = Ближе всего: { $titles }

## Приглашения

bot-invite = <b>{ $host }</b> зовёт вас в комнату <b>{ $room }</b>
bot-invite-member = Вы уже в комнате <b>{ $room }</b>
bot-invite-people =
    { $count ->
        [one] Внутри { $count } человек
        [few] Внутри { $count } человека
       *[many] Внутри { $count } человек
    }
bot-invite-lobby = Нажмите на кнопку, чтобы присоединиться.
bot-invite-swiping = Там уже свайпают, место есть и для вас.
bot-invite-finished = Раунд окончен, итоги внутри.
bot-invite-unknown = Комнаты с таким кодом нет. Возможно, по дороге потерялась буква: попросите ссылку ещё раз или начните свою комнату командой /new.

## Совпадения

bot-match = 🎉 <b>Совпало!</b>
bot-match-in-room = 🎉 <b>Совпало!</b> Комната { $room }
bot-match-several =
    { $count ->
        [one] 🎉 <b>{ $count } совпадение!</b>
        [few] 🎉 <b>{ $count } совпадения!</b>
       *[many] 🎉 <b>{ $count } совпадений!</b>
    }
bot-matches-in-room =
    { $count ->
        [one] 🎉 <b>{ $count } совпадение</b> · { $room }
        [few] 🎉 <b>{ $count } совпадения</b> · { $room }
       *[many] 🎉 <b>{ $count } совпадений</b> · { $room }
    }
bot-match-more = … и ещё { $count }
bot-button-mute = 🔕 Не писать об этой комнате
bot-button-unmute = 🔔 Снова писать об этой комнате
bot-muted = Больше не пишу об этой комнате.
bot-unmuted = Снова расскажу о совпадениях в этой комнате.
bot-match-runtime-hours = { $hours } ч { $minutes } мин
bot-match-runtime-whole-hours = { $hours } ч
bot-match-runtime-minutes = { $minutes } мин
bot-genre =
    { $genre ->
        [action] боевик
        [adventure] приключения
        [animation] мультфильм
        [biography] биография
        [comedy] комедия
        [crime] криминал
        [documentary] документальный
        [drama] драма
        [family] семейный
        [fantasy] фэнтези
        [history] история
        [horror] ужасы
        [music] музыка
        [musical] мюзикл
        [mystery] детектив
        [romance] мелодрама
        [sci-fi] фантастика
        [short] короткометражка
        [sport] спорт
        [thriller] триллер
        [war] военный
        [western] вестерн
        [noir] нуар
       *[other] { $genre }
    }
bot-matches = <b>Ваши последние совпадения</b>
bot-matches-chat = <b>Последние совпадения этого чата</b>
bot-matches-line = 💚 { $title } <i>· { $room }</i>
bot-matches-none = Совпадений пока нет. Напишите /new и найдите первое вместе.

## Инлайн-режим

bot-inline-new = Новая комната
bot-inline-new-named = Новая комната «{ $name }»
bot-inline-new-about = Пришлёт карточку: все нажимают и свайпают
bot-inline-new-text = Давайте решим, что смотреть: нажмите на кнопку.
bot-inline-room-lobby =
    { $count ->
        [one] Собираемся, { $count } человек
        [few] Собираемся, { $count } человека
       *[many] Собираемся, { $count } человек
    }
bot-inline-room-swiping =
    { $count ->
        [one] Свайпаем, { $count } человек
        [few] Свайпаем, { $count } человека
       *[many] Свайпаем, { $count } человек
    }
