## Before the app has begun: a browser that is too old, files that do not come
startup-old = This browser is too old for Sovpalo
startup-old-android = Update “Android System WebView” and Chrome in Google Play, then open Sovpalo again. Or open it in Telegram on a computer.
startup-old-ios = Sovpalo needs iOS 15 or newer: Settings, General, Software Update. Or open it in Telegram on a computer.
startup-old-desktop = Update Telegram or your browser, then open Sovpalo again. Or open it in Telegram on a phone.
startup-failed = Sovpalo did not load
startup-failed-lead = The network may be slow, or we have just put up a new version.
startup-reload = Load again
