// The desk: the group's chat at the left, everybody's phone beside it.

import { ChatView } from "./chatview.js";
import { avatar, el, icon } from "./dom.js";
import { Phone } from "./phone.js";
import * as world from "./store.js";

await world.start();

const phones = new Map();
let speaker = world.store.world.users[0].id;
let view = null;

const speakers = el("div", { class: "speakers", role: "radiogroup", "aria-label": "Write as" });
const tabs = el("nav", { class: "tabs", "aria-label": "Groups" });
const panel = el("div", { class: "panel" });
const shelf = el("div", { class: "shelf" });
const toasts = el("div", { class: "toasts", role: "status" });
document.getElementById("desk").append(
  el("aside", { class: "left" }, tabs, panel, el("div", { class: "as" }, el("span", {}, "Write as"), speakers), toasts),
  shelf,
);

function toast(text) {
  const node = el("div", { class: "toast" }, text);
  toasts.replaceChildren(node);
  node.addEventListener("animationend", () => node.remove());
}

/** What a tap at the desk leads to happens on the phone of whoever taps. */
function outcome(result, viewer, from) {
  if (result.kind === "callback" && !result.answer.url) {
    if (result.answer.text) toast(result.answer.text);
    return undefined;
  }
  if (result.kind === "switch_inline" && result.here) {
    from.write(`@${world.store.world.bot.username} ${result.query}`);
    return undefined;
  }
  const phone = phones.get(viewer);
  return phone?.outcome(result, phone.view);
}

function show(id) {
  view?.remove();
  view = new ChatView({ chat: id, viewer: () => speaker, outcome, toast });
  panel.replaceChildren(view.element);
  view.toEnd();
  renderTabs();
}

function renderTabs() {
  const groups = world.store.world.chats.filter((chat) => chat.type !== "private" && !chat.migrated_to);
  tabs.hidden = groups.length < 2;
  tabs.replaceChildren(...groups.map((chat) => el("button", {
    type: "button", "aria-pressed": String(chat.id === view?.id), onclick: () => show(chat.id),
  }, chat.title)));
}

function renderSpeakers() {
  const members = world.chat(view.id)?.members ?? [];
  if (!members.includes(speaker) && members.length > 0) [speaker] = members;
  speakers.replaceChildren(...members.map((id) => {
    const person = world.user(id);
    return el("button", {
      type: "button", role: "radio", "aria-checked": String(id === speaker),
      onclick: () => { speaker = id; renderSpeakers(); view.render(); },
    }, avatar(id, world.fullName(person), 26), person.first_name);
  }));
}

function renderPhones() {
  for (const person of world.store.world.users) {
    if (phones.has(person.id)) continue;
    const phone = new Phone(person.id);
    const group = world.chatsOf(person.id).find((chat) => chat.type !== "private");
    if (group) phone.showChat(group.id);
    phones.set(person.id, phone);
    phone.caption = el("div", { class: "caption" });
    shelf.append(el("div", { class: "slot" }, el("div", { class: "stand" }, phone.element), phone.caption));
  }
  phones.forEach((phone) => caption(phone));
  fit();
}

function caption(phone) {
  const person = world.user(phone.user);
  const { network, dark } = phone.state;
  const button = (label, name, pressed, act) => el("button", {
    class: "tool", type: "button", title: label, "aria-label": label, "aria-pressed": String(pressed), onclick: act,
  }, icon(name));
  const net = (mode) => () => world.post(`/phones/${phone.user}/network`, { mode: network === mode ? "up" : mode });
  phone.caption.replaceChildren(
    el("a", { class: "name", href: `/phone/${phone.user}`, target: "_blank", title: "Open this phone alone" }, world.fullName(person)),
    el("span", { class: "tools" },
      el("button", {
        class: "tool code", type: "button", title: "Language, for the next time the app opens",
        onclick: () => world.patch(`/users/${phone.user}`, { language_code: person.language_code === "ru" ? "en" : "ru" }),
      }, person.language_code ?? "en"),
      button(dark ? "Light theme" : "Dark theme", dark ? "sun" : "moon", dark, () => phone.setDark(!dark)),
      button("Airplane mode: connections are reset", "plane", network === "drop", net("drop")),
      button("Stall: bytes stop, nothing is closed", "pause", network === "stall", net("stall"))));
}

/** The desk follows the browser's light or dark. */
const darkness = matchMedia("(prefers-color-scheme: dark)");
function paint() {
  panel.dataset.theme = darkness.matches ? "dark" : "light";
  for (const [name, colour] of Object.entries(world.store.world.themes[panel.dataset.theme])) {
    panel.style.setProperty(`--${name.replaceAll("_", "-")}`, colour);
  }
}

/** As large as three phones can be side by side. */
function fit() {
  const shown = Math.max(1, Math.min(3, phones.size));
  const wide = (shelf.clientWidth - 28 * (shown + 1)) / (shown * 414);
  const high = (shelf.clientHeight - 104) / 868;
  document.documentElement.style.setProperty("--scale", String(Math.max(0.45, Math.min(1, wide, high))));
}

world.subscribe((changed) => {
  if (changed !== null) return;
  renderTabs();
  renderSpeakers();
  renderPhones();
});
darkness.addEventListener("change", paint);
new ResizeObserver(fit).observe(shelf);

paint();
const first = world.store.world.chats.find((chat) => chat.type !== "private");
if (first) {
  show(first.id);
  renderSpeakers();
}
renderPhones();
