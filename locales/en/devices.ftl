# The list of places where somebody is signed in.

device-iphone = iPhone
device-ipad = iPad
device-android = Android phone
device-android-tablet = Android tablet
device-windows = Windows computer
device-mac = Mac
device-linux = Linux computer
device-chromebook = Chromebook
device-other = Another device
device-this = This device
device-just-now = just now
devices-elsewhere = Elsewhere
devices-only-here = You are signed in only here.
devices-out = Sign out
devices-out-of = Sign out: { $device }
devices-out-all = Sign out everywhere else
devices-out-all-note = Lost a phone, or used somebody else’s? End it from here. To come back there, open the app in Telegram.
devices-out-confirm = Sign out everywhere else?
devices-out-confirm-lead = Sovpalo closes on all your other devices. Your rooms and swipes stay.
devices-out-done = You are signed in only here now.
devices-failed = The list did not come.
devices-again = Try again
