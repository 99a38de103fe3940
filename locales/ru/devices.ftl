# Список мест, где человек вошёл.

device-iphone = iPhone
device-ipad = iPad
device-android = Телефон на Android
device-android-tablet = Планшет на Android
device-windows = Компьютер с Windows
device-mac = Mac
device-linux = Компьютер с Linux
device-chromebook = Chromebook
device-other = Другое устройство
device-this = Это устройство
device-just-now = только что
devices-elsewhere = Другие устройства
devices-only-here = Вход выполнен только здесь.
devices-out = Выйти
devices-out-of = Выйти: { $device }
devices-out-all = Выйти на всех остальных
devices-out-all-note = Потеряли телефон или заходили с чужого? Завершите там вход. Чтобы вернуться, откройте приложение в Telegram ещё раз.
devices-out-confirm = Выйти на всех остальных устройствах?
devices-out-confirm-lead = Совпало закроется на всех других устройствах. Комнаты и свайпы останутся.
devices-out-done = Теперь вход выполнен только здесь.
devices-failed = Список не загрузился.
devices-again = Ещё раз
