# What a room is called when nobody named it; the server and the bot say it.
room-usual-name = Movie night
