// One phone that fills the window: a browser window of a phone's size is that phone.

import { Phone } from "./phone.js";
import * as world from "./store.js";

await world.start();
const user = Number(location.pathname.split("/").pop());
const options = new URLSearchParams(location.search);

if (world.user(user)) {
  document.title = world.fullName(world.user(user));
  const phone = new Phone(user, { framed: false, bare: options.get("bare") === "1" });
  document.getElementById("desk").replaceWith(phone.element);
  const group = world.chatsOf(user).find((chat) => chat.type !== "private");
  const chat = Number(options.get("chat")) || group?.id;
  if (chat) phone.showChat(chat);
  if (options.has("open")) await phone.follow(options.get("open"));
} else {
  document.getElementById("desk").textContent = "Nobody has that phone.";
}
