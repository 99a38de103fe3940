# Мои фильмы: что хочу посмотреть, что видел и что скрыл, списки из других мест и то, что комната пропускает.

marks = Моя отметка
mark-wanted = Хочу посмотреть
mark-watched = Смотрел(а)
mark-hidden = Скрыть

films-wanted = Хочу посмотреть
films-watched = Просмотрено
films-hidden = Скрыто
films-none-wanted = Пока пусто. Нажмите «Хочу посмотреть» у любого фильма.
films-none-watched = Пока пусто. Нажмите «Смотрел(а)» у фильма, который видели.
films-none-hidden = Здесь пусто. Скрытые фильмы можно не брать в колоду комнаты.
films-take-out = Убрать: { $title }
films-taken-out = Убрано
films-undo = Вернуть
films-undo-of = Вернуть: { $title }
films-more = Показать ещё
films-failed = Список не загрузился.
films-again = Ещё раз
films-import = Загрузить список

match-save = Сохранить
match-saved = Сохранено

import-lead = Выгрузка из Letterboxd, IMDb или Кинориума (ZIP или CSV) либо любой список: по фильму в строке.
import-file = Выбрать файл
import-reading = Читаем…
import-paste = Или вставьте список сюда
import-read = Прочитать список
import-too-large = Файл больше 2 МБ.
import-no-list = Этот файл не похож на список. Выберите выгрузку CSV или ZIP либо вставьте названия.
import-recognised = { $count ->
    [0] Фильмы не узнаны
    [one] Узнан { $count } фильм
    [few] Узнано { $count } фильма
   *[many] Узнано { $count } фильмов
}
import-typed = { $count ->
    [one] { $count } нет в каталоге
    [few] { $count } нет в каталоге
   *[many] { $count } нет в каталоге
}
import-rejected = { $count ->
    [one] Пропущена { $count } строка
    [few] Пропущены { $count } строки
   *[many] Пропущено { $count } строк
}
import-as-exported = { $count ->
    [one] Добавить { $count } фильм, как в выгрузке
    [few] Добавить { $count } фильма, как в выгрузке
   *[many] Добавить { $count } фильмов, как в выгрузке
}
import-as-exported-note = хочу посмотреть: { $wanted }, просмотрено: { $watched }
import-wanted = { $count ->
    [one] Добавить { $count } фильм в «Хочу посмотреть»
    [few] Добавить { $count } фильма в «Хочу посмотреть»
   *[many] Добавить { $count } фильмов в «Хочу посмотреть»
}
import-watched = { $count ->
    [one] Отметить { $count } фильм просмотренным
    [few] Отметить { $count } фильма просмотренными
   *[many] Отметить { $count } фильмов просмотренными
}
import-pick = { $count ->
    [0] Больше выбрать нельзя
    [one] Добавить { $count } фильм в мой выбор
    [few] Добавить { $count } фильма в мой выбор
   *[many] Добавить { $count } фильмов в мой выбор
}
import-done = { $count ->
    [one] Добавлен { $count } фильм
    [few] Добавлено { $count } фильма
   *[many] Добавлено { $count } фильмов
}
import-picked = { $count ->
    [one] В вашем выборе ещё { $count } фильм
    [few] В вашем выборе ещё { $count } фильма
   *[many] В вашем выборе ещё { $count } фильмов
}
import-again = Выбрать другой список
import-recognised-title = Узнаны
import-typed-title = Нет в каталоге
import-typed-note = Их можно выбрать в комнате по названию, но нельзя хранить в ваших списках.
import-typed-room = Они добавляются по названию.
import-rejected-title = Пропущены
import-more = { $count ->
    [one] И ещё { $count }
    [few] И ещё { $count }
   *[many] И ещё { $count }
}
import-line = Строка { $line }
import-why-no-name = В ней нет названия.
import-why-too-long = Название длиннее 100 знаков.
import-why-not-text = Это не текст в UTF-8.
import-why-no-film = Это не фильм и не сериал.
import-why-repeated = Это уже есть в списке.
import-why-too-many = Дальше ничего не прочитано: в списке не больше 5000 строк.

from-wanted = Из моего «Хочу посмотреть»
from-wanted-pick = Выбрать: { $title }

leave-out = Пропускать то, что кто-то видел
leave-out-on = Фильмы, которые кто-то здесь видел или скрыл, не попадут в колоду. Кто именно, не узнает никто. Выбранное остаётся.
leave-out-off = В колоде могут быть фильмы, которые кто-то здесь видел или скрыл.
