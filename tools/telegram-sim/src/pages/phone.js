// One phone: its chats, the Mini App over them, and what Telegram puts around both.

import { Bridge } from "./bridge.js";
import { summary } from "./bubble.js";
import { ChatView } from "./chatview.js";
import { chooser, dialog, menu } from "./dialogs.js";
import { avatar, el, icon, time } from "./dom.js";
import * as world from "./store.js";
import { words } from "./words.js";

/** A person's phone. `framed` draws a device around it, `bare` leaves only the Mini App. */
export class Phone {
  constructor(user, { framed = true, bare = false } = {}) {
    this.user = user;
    this.framed = framed;
    this.clipboard = "";
    this.statusHeight = framed ? 44 : 0;
    this.app = {};
    this.screens = el("div", { class: "screens" });
    this.overlay = el("div", { class: "overlay" });
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.clock = el("span", { class: "clock" }, "20:15");
    this.signal = el("span", { class: "signal" });
    this.glass = el("div", { class: "glass" },
      framed ? el("div", { class: "status" }, this.clock, this.signal) : null,
      this.screens, this.overlay, this.toasts);
    this.element = el("section", {
      class: `phone ${framed ? "framed" : ""} ${bare ? "bare" : ""}`,
      "data-user": user,
      "aria-label": `Phone of ${world.fullName(world.user(user))}`,
    }, this.glass);
    this.render();
    world.subscribe(() => this.render());
    this.showChats();
  }

  get words() { return words(world.user(this.user).language_code); }
  get state() { return world.phone(this.user); }
  get theme() { return world.store.world.themes[this.state.dark ? "dark" : "light"]; }

  render() {
    const { network, dark } = this.state;
    if (this.dark !== undefined && this.dark !== dark) this.app.bridge?.theme();
    if (this.dark !== dark) this.repaint(dark);
    this.element.dataset.network = network;
    this.signal.replaceChildren(icon({ up: "wifi", drop: "plane", stall: "pause" }[network]));
    if (this.chatList) this.fillChats();
  }

  repaint(dark) {
    this.dark = dark;
    this.element.dataset.theme = dark ? "dark" : "light";
    for (const [name, colour] of Object.entries(this.theme)) {
      this.element.style.setProperty(`--${name.replaceAll("_", "-")}`, colour);
    }
  }

  toast(text) {
    const node = el("div", { class: "toast" }, text);
    this.toasts.replaceChildren(node);
    node.addEventListener("animationend", () => node.remove());
  }

  // ── chats ──

  showChats() {
    this.view?.remove();
    this.view = null;
    this.rows = el("div", { class: "rows" });
    this.chatList = el("section", { class: "chats" },
      el("header", { class: "bar" }, el("span", { class: "title" }, "Telegram"), this.tools()), this.rows);
    this.screens.replaceChildren(this.chatList);
    this.fillChats();
  }

  fillChats() {
    const rows = world.chatsOf(this.user).map((found) => ({ found, last: world.messagesOf(found.id).at(-1) }))
      .sort((a, b) => (b.last?.date ?? 0) - (a.last?.date ?? 0));
    this.rows.replaceChildren(...rows.map(({ found, last }) => {
      const name = world.titleOf(found);
      const id = found.type === "private" ? world.store.world.bot.id : found.id;
      return el("button", { class: "row", type: "button", onclick: () => this.showChat(found.id) },
        avatar(id, name, 54),
        el("span", { class: "titles" }, el("b", {}, name), el("span", {}, summary(last, this.words) || this.words("No messages yet"))),
        last ? el("time", {}, time(last.date)) : null);
    }));
  }

  showChat(id) {
    if (this.view?.id === id) return this.view;
    this.view?.remove();
    this.chatList = null;
    this.view = new ChatView({
      chat: id,
      viewer: () => this.user,
      back: () => this.showChats(),
      outcome: (result, viewer, view) => this.outcome(result, view),
      toast: (text) => this.toast(text),
    });
    this.view.element.querySelector(".bar").append(this.tools());
    this.screens.replaceChildren(this.view.element);
    this.view.toEnd();
    return this.view;
  }

  /** In a framed phone the tools stand below it; alone, they hide behind one button. */
  tools() {
    if (this.framed) return "";
    return el("button", {
      class: "round tools", type: "button", "aria-label": "Phone settings",
      onclick: () => menu(this, this.toolItems()),
    }, icon("more"));
  }

  toolItems() {
    const set = (mode) => () => world.post(`/phones/${this.user}/network`, { mode });
    const { network, dark } = this.state;
    return [
      { text: this.words(dark ? "Light theme" : "Dark theme"), icon: dark ? "sun" : "moon", act: () => this.setDark(!dark) },
      network === "up" ? null : { text: this.words("Restore network"), icon: "wifi", act: set("up") },
      network === "drop" ? null : { text: this.words("Airplane mode"), icon: "plane", act: set("drop") },
      network === "stall" ? null : { text: this.words("Stall network"), icon: "pause", act: set("stall") },
    ].filter(Boolean);
  }

  setDark(dark) { return world.post(`/phones/${this.user}/theme`, { dark }); }

  /** What a tap or a link led to. */
  async outcome(result, view = this.view) {
    switch (result.kind) {
      case "mini_app": this.openApp(result.url); break;
      case "chat": this.minimise(); this.showChat(result.chat); break;
      case "link": await this.offerLink(result.url); break;
      case "share": await this.share(result.text); break;
      case "switch_inline": await this.switchInline(result.query, result.here, view); break;
      case "commands": view?.write("/"); break;
      case "copy": this.clipboard = result.text; this.toast(this.words("Copied")); break;
      case "start_group": await this.addToGroup(result.param); break;
      case "callback": await this.showAnswer(result.answer); break;
      default:
    }
  }

  async showAnswer({ text, show_alert, url }) {
    if (url) await this.follow(url);
    else if (text && show_alert) await dialog(this, { message: text, buttons: [{ id: "ok", type: "ok" }] });
    else if (text) this.toast(text);
  }

  async follow(url) {
    try {
      await this.outcome(await world.post(`/users/${this.user}/open`, { url, chat: this.view?.id }));
    } catch (error) {
      this.toast(error.message);
    }
  }

  async offerLink(url) {
    const answer = await dialog(this, {
      title: this.words("Open link"), message: url,
      buttons: [{ id: "no", type: "cancel" }, { id: "yes", type: "default", text: this.words("Open") }],
    });
    if (answer === "yes") window.open(url, "_blank", "noopener");
  }

  async share(text) {
    const chat = await chooser(this, this.words("Share to…"));
    if (chat === null) return;
    try {
      await world.post(`/chats/${chat}/messages`, { user: this.user, text });
      this.toast(this.words("Sent"));
    } catch (error) {
      this.toast(error.message);
    }
  }

  async sharePrepared(id) {
    const prepared = await world.get(`/prepared/${encodeURIComponent(id)}`).catch(() => null);
    if (prepared?.user !== this.user) return "MESSAGE_EXPIRED";
    const may = ({ type }) => (type === "private" ? prepared.to_bots : prepared.to_groups);
    const chat = await chooser(this, this.words("Share to…"), may);
    if (chat === null) return "USER_DECLINED";
    try {
      await world.post(`/prepared/${id}/send`, { user: this.user, chat });
      this.toast(this.words("Sent"));
      return null;
    } catch {
      return "MESSAGE_EXPIRED";
    }
  }

  /** A story with this in it: nothing is told of what became of it. */
  async shareStory({ media_url, text = "", widget_link }) {
    const link = widget_link === undefined ? "" : `\n${widget_link.name ?? ""} ${widget_link.url}`;
    await dialog(this, {
      title: this.words("New story"), message: `${text}\n${media_url}${link}`,
      buttons: [{ id: "no", type: "cancel" }, { id: "yes", type: "default", text: this.words("Post") }],
    });
  }

  async switchInline(query, here, view = this.view) {
    const chat = here && view ? view.id : await chooser(this, this.words("Choose a chat"));
    if (chat === null) return;
    this.minimise();
    this.showChat(chat).write(`@${world.store.world.bot.username} ${query}`);
  }

  async addToGroup(param) {
    const chat = await chooser(this, this.words("Add the bot to…"), (found) => found.type !== "private");
    if (chat === null) return;
    await world.post(`/chats/${chat}/bot`, { standing: "member", by: this.user, start: param });
    this.showChat(chat);
  }

  ask(popup) { return dialog(this, popup); }

  // ── the Mini App ──

  openApp(url) {
    this.minimise();
    const frame = el("iframe", {
      src: url, title: "Mini App", allow: "clipboard-read; clipboard-write; fullscreen; microphone; autoplay",
    });
    const left = el("button", { class: "leave", type: "button", onclick: () => this.pressLeft() }, icon("close"), el("span", {}, this.words("Close")));
    const header = el("header", { class: "app-bar" }, left,
      el("span", { class: "titles" }, el("span", { class: "title" }, world.store.world.bot.first_name), el("span", { class: "subtitle" }, this.words("mini app"))),
      el("button", { class: "round", type: "button", "aria-label": "More", onclick: () => this.appMenu() }, icon("more")));
    const main = el("button", { class: "main", type: "button", hidden: true, onclick: () => this.app.bridge.tell("main_button_pressed") });
    const secondary = el("button", { class: "secondary", type: "button", hidden: true, onclick: () => this.app.bridge.tell("secondary_button_pressed") });
    const bottom = el("footer", { class: "bottom", hidden: true }, secondary, main);
    const curtain = el("div", { class: "curtain" }, el("span", { class: "spinner" }));
    const sheet = el("div", { class: "app" }, header, el("div", { class: "stage" }, frame, curtain), bottom);
    this.app = { url, frame, left, main, secondary, bottom, sheet, curtain, fullscreen: false, back: false };
    this.setBack(false);
    frame.addEventListener("load", () => this.appReady());
    this.overlay.replaceChildren(sheet);
    this.app.bridge = new Bridge(this, frame);
    this.element.dataset.app = "open";
  }

  appReady() { this.app.curtain?.classList.add("away"); }

  /** Asked by the app itself: at once. Asked by the person: see pressLeft. */
  closeApp() {
    this.minimise();
    if (!this.view && !this.chatList) this.showChats();
  }

  minimise() {
    this.app.bridge?.end();
    this.app = {};
    this.overlay.replaceChildren();
    delete this.element.dataset.app;
    delete this.element.dataset.fullscreen;
    ["--app-header", "--app-background", "--app-bottom"].forEach((name) => this.element.style.removeProperty(name));
  }

  async pressLeft() {
    if (this.app.back) {
      this.app.bridge.tell("back_button_pressed");
      return;
    }
    if (this.app.confirm) {
      const answer = await dialog(this, {
        message: this.words("Changes that you made may not be saved."),
        buttons: [{ id: "stay", type: "cancel" }, { id: "close", type: "destructive", text: this.words("Close anyway") }],
      });
      if (answer !== "close") return;
    }
    this.closeApp();
  }

  appMenu() {
    const { settings, bridge, url } = this.app;
    menu(this, [
      settings ? { text: this.words("Settings"), icon: "gear", act: () => bridge.tell("settings_button_pressed") } : null,
      { text: this.words("Reload page"), icon: "reload", act: () => this.openApp(url) },
      ...(this.framed ? [] : this.toolItems()),
    ].filter(Boolean));
  }

  setBack(visible) {
    this.app.back = visible;
    this.app.left?.replaceChildren(icon(visible ? "back" : "close"), el("span", {}, this.words(visible ? "Back" : "Close")));
  }

  setFullscreen(on) {
    this.app.fullscreen = on;
    this.element.toggleAttribute("data-fullscreen", on);
    this.app.bridge.tell("fullscreen_changed", { is_fullscreen: on });
    this.app.bridge.safeAreas();
  }

  setSwipes(allowed) { this.element.dataset.verticalSwipes = allowed ? "allowed" : "off"; }

  paint(name, colour) {
    const named = { bg_color: true, secondary_bg_color: true, bottom_bar_bg_color: true };
    const value = colour in named ? this.theme[colour] : colour;
    if (value) this.element.style.setProperty(name, value);
    if (name === "--app-header" && value) this.element.dataset.headerInk = isLight(value) ? "dark" : "light";
  }

  setButton(which, button) {
    const node = this.app[which];
    if (!node) return;
    node.hidden = !button.is_visible || !button.text;
    node.disabled = button.is_active === false;
    node.replaceChildren(button.is_progress_visible ? el("span", { class: "spinner" }) : button.text ?? "");
    node.style.background = button.color ?? "";
    node.style.color = button.text_color ?? "";
    node.classList.toggle("shine", Boolean(button.has_shine_effect));
    if (which === "secondary") this.app.bottom.dataset.position = button.position ?? "left";
    this.app.bottom.hidden = this.app.main.hidden && this.app.secondary.hidden;
  }

  /** Haptics, for the eye: the phone's edge lights up for a moment. */
  pulse({ type, impact_style, notification_type }) {
    this.element.dataset.haptic = [type, impact_style ?? notification_type].filter(Boolean).join(":");
    const strength = { heavy: 1, rigid: 0.9, medium: 0.7, light: 0.45, soft: 0.4, success: 0.9, error: 1, warning: 0.9 };
    const colour = { success: "#3fb950", error: "#f25555", warning: "#e8a33d" }[notification_type] ?? "#50a8eb";
    this.glass.animate(
      [{ boxShadow: `inset 0 0 0 0 ${colour}00` }, { boxShadow: `inset 0 0 22px 3px ${colour}`, offset: 0.3 }, { boxShadow: `inset 0 0 0 0 ${colour}00` }],
      { duration: 180 + 160 * (strength[impact_style ?? notification_type] ?? 0.3), easing: "ease-out" },
    );
  }
}

function isLight(colour) {
  const channels = /^#(..)(..)(..)$/.exec(colour)?.slice(1).map((part) => parseInt(part, 16));
  return channels ? channels[0] * 0.299 + channels[1] * 0.587 + channels[2] * 0.114 > 150 : false;
}
