# История комнаты: вечера, совпадения и как это было.

evenings-title = Вечера и совпадения
evenings-none = Здесь пока ничего не совпало
evenings-none-lead = Всё, что вы найдёте вместе, останется здесь, вечер за вечером.
evenings-today = Сегодня
evenings-yesterday = Вчера
evenings-more = Показать ещё
evenings-unmatched = Ничего не совпало
evenings-cards = { $count ->
    [one] { $count } карточка
    [few] { $count } карточки
   *[other] { $count } карточек
}
evenings-watched = Посмотрели вместе
evenings-how = Как вам?
evenings-face-love = В восторге
evenings-face-good = Хорошо
evenings-face-fine = Так себе
evenings-face-bad = Не понравилось
evenings-face-asleep = Сон сморил
evenings-said = { $name }: { $face }
evenings-never = Больше здесь не предлагать
evenings-never-note = Начиная со следующего раунда. Изменить это может каждый, а кто изменил, не узнает никто.
evenings-never-title = Здесь не предлагаются
evenings-again = Вернуть
evenings-again-title = Снова предлагать: { $title }
evenings-never-count = { $count ->
    [one] { $count } название здесь больше не предлагается
    [few] { $count } названия здесь больше не предлагаются
   *[other] { $count } названий здесь больше не предлагаются
}
