// Telegram's own words on the pages, in the person's language.

const ru = {
  "Message": "Сообщение",
  "START": "СТАРТ",
  "Menu": "Меню",
  "Chats": "Чаты",
  "Close": "Закрыть",
  "Back": "Назад",
  "Cancel": "Отмена",
  "OK": "ОК",
  "Open": "Открыть",
  "Open link": "Открыть ссылку",
  "Allow": "Разрешить",
  "Allow {0} to message you?": "Разрешить {0} писать вам?",
  "Changes that you made may not be saved.": "Изменения могут не сохраниться.",
  "Close anyway": "Всё равно закрыть",
  "Share to…": "Поделиться…",
  "Choose a chat": "Выберите чат",
  "Add the bot to…": "Добавить бота в…",
  "New story": "Новая история",
  "Post": "Опубликовать",
  "Sent": "Отправлено",
  "Copied": "Скопировано",
  "Settings": "Настройки",
  "Reload page": "Обновить страницу",
  "Light theme": "Светлая тема",
  "Dark theme": "Тёмная тема",
  "Airplane mode": "Режим полёта",
  "Stall network": "Сеть замирает",
  "Restore network": "Вернуть сеть",
  "mini app": "мини-приложение",
  "bot": "бот",
  "edited": "изменено",
  "typing…": "печатает…",
  "No messages yet": "Сообщений пока нет",
  "Press START to talk to the bot.": "Нажмите СТАРТ, чтобы начать.",
  "Write {0} to begin.": "Напишите {0}, чтобы начать.",
  "Photo": "Фото",
  "{0} joined the group": "{0} теперь в группе",
  "{0} added {1}": "{0} добавил(а) {1}",
  "{0} left the group": "{0} больше не в группе",
  "{0} pinned a message": "{0} закрепил(а) сообщение",
  "The group became a supergroup": "Группа стала супергруппой",
  "Topic “{0}” was created": "Создана тема «{0}»",
  "{0} allowed {1} to send messages": "{0} разрешил(а) {1} писать",
};

const members = {
  ru: { one: "участник", few: "участника", many: "участников", other: "участника" },
  en: { one: "member", other: "members" },
};

/** The words of one language. */
export function words(language) {
  const russian = language === "ru";
  const say = (text, ...values) =>
    (russian ? ru[text] ?? text : text).replace(/\{(\d)\}/g, (_, index) => values[Number(index)]);
  const plural = new Intl.PluralRules(russian ? "ru" : "en");
  say.members = (count) => `${count} ${members[russian ? "ru" : "en"][plural.select(count)]}`;
  return say;
}
