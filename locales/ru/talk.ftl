# Слова разговора в комнате.

talk-title = Разговор
talk-open = Открыть разговор
talk-peek-empty = Поговорим?
talk-peek-unread = { $count ->
    [one] { $count } новое сообщение
    [few] { $count } новых сообщения
   *[many] { $count } новых сообщений
}
talk-messages = Сообщения
talk-online = { $count ->
    [0] вы здесь одни
    [one] { $count } человек в сети
    [few] { $count } человека в сети
   *[many] { $count } человек в сети
}
talk-offline = Нет сети. Отправим, как только появится.
talk-loading = Загружаем сообщения…
talk-failed = Сообщения не загрузились
talk-failed-lead = Похоже, сеть пропала. Всё, что вы напишете, сохранится.
talk-again = Попробовать снова
talk-empty = Здесь пока тихо
talk-empty-lead = Скажите что-нибудь первым: увидят все, кто в комнате.
talk-starter-hi = Всем привет 👋
talk-starter-mood = Какое у всех настроение?
talk-starter-popcorn = С меня попкорн 🍿
talk-someone = Кто-то
talk-you = Вы
talk-preview = { $name }: { $text }
talk-preview-deleted = { $name }: сообщение удалено

talk-today = Сегодня
talk-yesterday = Вчера
talk-unread-line = Новые сообщения
talk-deleted = Сообщение удалено
talk-edited = изм.
talk-waiting = Ждёт отправки
talk-sent = Отправлено
talk-read = Прочитано
talk-read-by = Прочитали: { $names }
talk-read-more = Читать дальше
talk-quote-unknown = Сообщение
talk-quote-go = Ответ на сообщение. { $name }: { $text }
talk-label = { $name }, { $time }. { $text }
talk-newest = К последним сообщениям
talk-newest-count = { $count ->
    [one] К последним, { $count } новое
   *[other] К последним, новых: { $count }
}
talk-typing-one = { $name } печатает
talk-typing-two = { $name } и { $other } печатают
talk-typing-many = { $count ->
    [one] Печатает { $count } человек
    [few] Печатают { $count } человека
   *[many] Печатают { $count } человек
}

talk-actions = Действия с сообщением
talk-react = Реакция { $emoji }
talk-reaction = { $emoji } { $count }: { $names }
talk-reply = Ответить
talk-copy = Скопировать
talk-copied = Скопировано
talk-copy-failed = Telegram не даёт скопировать
talk-edit = Изменить
talk-delete = Удалить
talk-delete-ask = Удалить у всех?
talk-send-again = Отправить ещё раз
talk-not-sent = Не отправлено
talk-not-sent-why = Не отправлено: { $why }

talk-write = Сообщение
talk-send = Отправить
talk-save-edit = Сохранить
talk-replying = Ответ · { $name }
talk-replying-you = Ответ на ваше сообщение
talk-editing = Изменение сообщения
talk-cancel-reply = Не отвечать
talk-cancel-edit = Не изменять
talk-left = { $count ->
    [one] Остался { $count } знак
    [few] Осталось { $count } знака
   *[many] Осталось { $count } знаков
}
talk-over = { $count ->
    [one] Лишний { $count } знак
    [few] Лишние { $count } знака
   *[many] Лишних знаков: { $count }
}

talk-joined = { $name } теперь здесь
talk-left-room = { $name } больше не в комнате
talk-removed = Ведущий удалил из комнаты: { $name }
talk-started = Начали! Свайпаем
talk-matched = Совпало: «{ $title }»
talk-matched-untitled = Совпало!
talk-finished = Раунд окончен
talk-restarted = Собираемся на новый раунд
talk-host = Ведущий теперь — { $name }

talk-why-too_many = слишком быстро, подождите немного
talk-why-invalid = так написать нельзя
talk-why-not_a_member = вы больше не в комнате
talk-why-message_not_found = этого сообщения уже нет
talk-why-not_allowed = так уже нельзя
talk-why-unavailable = сервер занят
talk-why-unknown = не получилось
talk-edit-refused = Не изменилось: { $why }
talk-delete-refused = Не удалилось: { $why }
talk-react-refused = Реакция не дошла: { $why }
talk-jump-failed = До этого сообщения сейчас не добраться
