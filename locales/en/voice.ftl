# The words of a room's voice chat.

voice-title = Voice chat
voice-people = Who is in the voice chat
voice-join = Talk by voice
voice-join-others = { $count ->
    [one] Join the voice chat: { $count } person is talking
   *[other] Join the voice chat: { $count } people are talking
}
voice-leave = Leave the voice chat
voice-speak = Speak
voice-mute = Mute yourself
voice-hint = You are listening. Tap the microphone to speak, or hold it while you do.
voice-alone = You are the first one here. Tap the microphone to speak, or hold it while you do.
voice-hear = Tap to hear the others
voice-unreachable = { $more ->
    [0] Can’t reach { $name } directly. Still trying; another network may help.
    [one] Can’t reach { $name } and { $more } more directly. Still trying; another network may help.
   *[other] Can’t reach { $name } and { $more } more directly. Still trying; another network may help.
}
voice-person-connecting = { $name }, connecting
voice-person-unreachable = { $name }, can’t be reached
voice-denied-ios = No microphone, but you hear everyone. To allow it: Settings → Telegram → Microphone, then tap again.
voice-denied-android = No microphone, but you hear everyone. To allow it, tap again; if nobody asks, look in the phone’s settings: Apps → Telegram → Permissions.
voice-denied-desktop = No microphone, but you hear everyone. Telegram Desktop remembers that answer: sign out of it and in again to be asked anew, or join from your phone.
voice-denied-other = No microphone, but you hear everyone. To allow it, use the sign beside the browser’s address bar, then tap again.
voice-missing = No microphone was found. You hear everyone all the same.
voice-full = Eight people are talking already. Try again when somebody leaves.
voice-elsewhere = You went on talking on another device
voice-unsupported = This Telegram has no voice for apps. Your phone’s has.
voice-needs-socket = Voice needs a better connection than this one
