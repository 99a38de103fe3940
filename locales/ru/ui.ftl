## Первые слова мини-приложения по-русски: всё, что может понадобиться, пока остальное не загружено. Прочее — в screens.ftl.
## Ключи те же, что в других языках: за этим следит тест.

app-name = Совпало

loading = Секунду…
retry = Попробовать снова

## Свайпы
like = Нравится
skip = Мимо
super-like = Суперлайк
super-like-none = Суперлайк: в этом раунде уже отдан
undo = Вернуть
details = Подробнее
card-position = { $done } из { $of }
card-label = { $title }. Вправо — нравится, влево — мимо, вверх — суперлайк.
stamp-like = ДА
stamp-skip = МИМО
member-progress = { $state ->
    [done] { $name }: все карточки позади
    [away] { $name }: { $swiped } из { $of }, нет на месте
    [offline] { $name }: { $swiped } из { $of }, не в сети
   *[here] { $name }: { $swiped } из { $of }
}
everyone = Как дела у остальных

## Подробности
minutes = { $count } мин
hours = { $hours } ч { $minutes } мин
hours-only = { $hours } ч
kind-series = Сериал

## Меню
room-menu = Меню комнаты

## Мои настройки
forgotten-title = Всё удалено
forgotten-lead = Мы больше ничего о вас не знаем. Спасибо за вечера. Соскучитесь — откройте любое приглашение.

## Приглашение, концовки, неполадки
ended-close = Закрыть
outside-title = Совпало живёт в Telegram
outside-lead = Откройте его там: без регистрации и установки. Все свайпают, и смотрите то, что понравилось каждому.
outside-open = Открыть в Telegram
broken-title = Что-то пошло не так
broken-lead = Сервер ответил не так, как мы ждали. Попробуйте ещё раз.
fault-lead = Это наша ошибка. Всё, что вы сделали, сохранено: откройте страницу заново.
unreachable-title = Нет соединения
unreachable-lead = Продолжаем пробовать. Всё, что вы сделали, сохранено.
offline-banner = Нет сети. Всё сохраним и отправим позже.
slow-banner = Эта сеть не пропускает живое соединение. Комната работает, просто чуть медленнее.

## Пока приложение не началось: браузер слишком старый, файлы не приходят
refused-wrong_phase = Комната уже пошла дальше, поэтому это не засчитано.
refused-not_host = Это может только ведущий.
refused-room_full = В комнате нет мест.
refused-room_worn_out = В этой комнате уже столько всего было, что нового она не примет. Создайте новую для следующего вечера.
refused-not_a_member = Вы не в этой комнате.
refused-invalid = Сейчас так нельзя.
refused-too_many = Слишком быстро. Подождите немного и попробуйте снова.
refused-unavailable = Сервер занят. Попробуйте через минуту.
refused-unknown = Не получилось. Попробуйте снова.
refused-offline = Для этого нужна сеть.
refused-swipe = Не удалось засчитать ответ про «{ $title }».
refused-undo = «{ $title }» уже не вернуть.
refused-pick = Не удалось добавить «{ $title }».

## Жанры и страны
genre-action = боевик
genre-adventure = приключения
genre-animation = анимация
genre-biography = биография
genre-comedy = комедия
genre-crime = криминал
genre-documentary = документальный
genre-drama = драма
genre-family = семейный
genre-fantasy = фэнтези
genre-history = история
genre-horror = ужасы
genre-music = музыка
genre-musical = мюзикл
genre-mystery = детектив
genre-romance = мелодрама
genre-sci-fi = фантастика
genre-short = короткий метр
genre-sport = спорт
genre-thriller = триллер
genre-war = военный
genre-western = вестерн
genre-noir = нуар
