// What Telegram puts over a phone: dialogs, menus, and the list of chats to choose from.

import { avatar, el, icon } from "./dom.js";
import { chatsOf, store, titleOf } from "./store.js";

function layer(phone, content, dismiss) {
  const node = el("div", { class: "layer", onclick: (event) => { if (event.target === node) dismiss(); } }, content);
  phone.toasts.replaceChildren();
  phone.glass.append(node);
  return () => node.remove();
}

const names = { ok: "OK", close: "Close", cancel: "Cancel" };

/** A dialog; resolves to the id of the pressed button, or null when it was dismissed. */
export function dialog(phone, { title, message, buttons = [] }) {
  return new Promise((resolve) => {
    const done = (id) => { close(); resolve(id); };
    const shown = buttons.length > 0 ? buttons : [{ id: "", type: "close" }];
    const close = layer(phone, el("div", { class: "dialog", role: "alertdialog", "aria-label": title || message },
      title ? el("h2", {}, title) : null,
      el("p", {}, message),
      el("div", { class: "choices" }, shown.map((button) =>
        el("button", {
          type: "button", class: button.type === "destructive" ? "destructive" : "", onclick: () => done(button.id ?? ""),
        }, button.text || phone.words(names[button.type] ?? "OK"))))), () => done(null));
  });
}

/** A small menu at the top right. */
export function menu(phone, items) {
  const close = layer(phone, el("div", { class: "dropdown", role: "menu" }, items.map((item) =>
    el("button", {
      type: "button", role: "menuitem", onclick: () => { close(); item.act(); },
    }, icon(item.icon), item.text))), () => close());
}

/** Lets the person choose a chat; resolves to its id or null. */
export function chooser(phone, title, fits = () => true) {
  return new Promise((resolve) => {
    const done = (id) => { close(); resolve(id); };
    const chats = chatsOf(phone.user).filter(fits);
    const close = layer(phone, el("div", { class: "chooser", role: "dialog", "aria-label": title },
      el("h2", {}, title),
      chats.map((found) => {
        const name = titleOf(found);
        return el("button", { class: "row", type: "button", onclick: () => done(found.id) },
          avatar(found.type === "private" ? store.world.bot.id : found.id, name, 44), el("b", {}, name));
      })), () => done(null));
  });
}
