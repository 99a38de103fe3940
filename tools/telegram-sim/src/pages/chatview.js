// A chat on a phone or on the desk: messages, composer, commands, inline mode.

import { avatar, el, icon } from "./dom.js";
import { bubble } from "./bubble.js";
import { chat, messagesOf, post, store, subscribe, titleOf, user } from "./store.js";
import { words } from "./words.js";

/**
 * Shows one chat. `viewer()` is whose eyes these are; `outcome(result, viewer)` receives what a tap
 * or a link leads to; `back`, when given, is the way to the list of chats.
 */
export class ChatView {
  constructor({ chat: id, viewer, outcome, back = null, toast }) {
    this.id = id;
    this.viewer = viewer;
    this.outcome = outcome;
    this.toast = toast;
    this.shown = new Map();
    this.title = el("span", { class: "title" });
    this.subtitle = el("span", { class: "subtitle" });
    this.face = el("span", { class: "face" });
    this.list = el("div", { class: "messages", role: "log", "aria-label": "Messages" });
    this.scroller = el("div", { class: "scroller" }, this.list);
    this.foot = el("div", { class: "composer-area" });
    this.element = el("section", { class: "chat" },
      el("header", { class: "bar" },
        back ? el("button", { class: "round", type: "button", "aria-label": "Chats", onclick: back }, icon("back")) : null,
        this.face, el("div", { class: "titles" }, this.title, this.subtitle)),
      this.scroller, this.foot);
    this.compose();
    // Pictures grow when they load: who reads the end keeps reading the end.
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => {
      this.atEnd = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 60;
    });
    this.grown = new ResizeObserver(() => { if (this.atEnd) this.toEnd(); });
    this.grown.observe(this.list);
    this.grown.observe(this.scroller);
    this.stop = subscribe((changed) => { if (changed === null || changed === this.id) this.render(); });
    this.render();
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  remove() {
    this.stop();
    this.grown.disconnect();
    this.element.remove();
  }

  get actions() {
    return {
      follow: (url) => this.act(() => post(`/users/${this.viewer()}/open`, { url, chat: this.id })),
      say: (text) => this.say(text),
      tap: (message, button) => this.act(() =>
        post(`/chats/${this.id}/messages/${message.message_id}/tap`, { user: this.viewer(), button })),
    };
  }

  get words() { return words(user(this.viewer()).language_code); }

  async act(call) {
    try {
      await this.outcome(await call(), this.viewer(), this);
    } catch (error) {
      this.toast(error.message);
    }
  }

  async say(text) {
    if (!text.trim()) return;
    try {
      await post(`/chats/${this.id}/messages`, { user: this.viewer(), text });
    } catch (error) {
      this.toast(error.message);
    }
  }

  render() {
    const found = chat(this.id);
    if (!found) return;
    const group = found.type !== "private";
    const name = titleOf(found);
    this.title.textContent = name;
    const people = found.members.length + (group && ["member", "administrator"].includes(found.bot) ? 1 : 0);
    this.subtitle.textContent = found.action === "typing" ? this.words("typing…") : group ? this.words.members(people) : this.words("bot");
    this.face.replaceChildren(avatar(group ? found.id : store.world.bot.id, name, 40));
    this.renderMessages(group);
    this.renderFoot(found);
  }

  renderMessages(group) {
    const messages = messagesOf(this.id);
    const kept = new Set();
    let before = null;
    messages.forEach((message, index) => {
      const first = !before || before.from.id !== message.from.id || before.new_chat_members !== undefined;
      before = message;
      const mark = `${message.revision}:${first}:${this.viewer()}:${user(this.viewer()).language_code}`;
      kept.add(message.message_id);
      let entry = this.shown.get(message.message_id);
      if (!entry || entry.mark !== mark) {
        const element = bubble(message, { viewer: this.viewer(), group, first, actions: this.actions, say: this.words });
        if (!entry) element.classList.add("arriving");
        entry?.element.remove();
        entry = { mark, element };
        this.shown.set(message.message_id, entry);
      }
      if (this.list.children[index] !== entry.element) this.list.insertBefore(entry.element, this.list.children[index] ?? null);
    });
    for (const [id, entry] of this.shown) {
      if (!kept.has(id)) {
        entry.element.remove();
        this.shown.delete(id);
      }
    }
    this.element.classList.toggle("empty", messages.length === 0);
    if (this.atEnd) this.toEnd();
  }

  compose() {
    this.input = el("textarea", {
      rows: 1,
      placeholder: "Message",
      "aria-label": "Message",
      oninput: () => this.typed(),
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          this.send();
        }
      },
    });
    this.offers = el("div", { class: "offers", hidden: true });
    this.menu = el("button", { class: "menu", type: "button", hidden: true, onclick: () => this.openMenu() });
    this.sendButton = el("button", { class: "send", type: "button", "aria-label": "Send", onclick: () => this.send() }, icon("send"));
    this.composer = el("div", { class: "composer" }, this.menu, this.input, this.sendButton);
    this.startButton = el("button", { class: "start", type: "button", onclick: () => this.say("/start") }, "START");
    this.foot.append(this.offers, this.composer, this.startButton);
  }

  renderFoot(found) {
    const me = user(this.viewer());
    const fresh = found.type === "private" && (!me.reachable || me.blocked_bot) && messagesOf(this.id).length === 0;
    this.composer.hidden = fresh;
    this.startButton.hidden = !fresh;
    const button = store.world.bot.menu_button;
    const own = found.type === "private" && button.type !== "default";
    this.menu.hidden = !own;
    this.menu.replaceChildren(icon(button.type === "web_app" ? "app" : "menu"), button.text ?? this.words("Menu"));
    this.list.dataset.hint = found.type === "private"
      ? store.world.bot.description ?? this.words("Press START to talk to the bot.")
      : this.words("Write {0} to begin.", `/new@${store.world.bot.username}`);
    this.input.placeholder = this.words("Message");
    this.startButton.textContent = this.words("START");
  }

  async openMenu() {
    await this.act(() => post(`/users/${this.viewer()}/menu`));
  }

  async send() {
    const text = this.input.value;
    this.input.value = "";
    this.typed();
    await this.say(text);
    this.toEnd();
  }

  /** Puts a text into the composer, as if it had been typed. */
  write(text) {
    this.input.value = text;
    this.typed();
    this.input.focus({ preventScroll: true });
  }

  typed() {
    const text = this.input.value;
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
    clearTimeout(this.asking);
    const mention = `@${store.world.bot.username} `;
    if (text.toLowerCase().startsWith(mention.toLowerCase())) {
      this.asking = setTimeout(() => this.ask(text.slice(mention.length)), 200);
    } else if (/^\/\w*$/.test(text)) {
      this.offerCommands(text.slice(1));
    } else {
      this.offers.hidden = true;
    }
  }

  offerCommands(start) {
    const found = chat(this.id);
    const scopes = found.type === "private" ? ["all_private_chats", "default"] : ["all_group_chats", "default"];
    const language = user(this.viewer()).language_code;
    const sets = store.world.bot.commands;
    const pick = scopes.flatMap((scope) => [language, ""].map((code) =>
      sets.find((set) => set.scope.type === scope && set.language_code === code))).find(Boolean);
    const commands = (pick?.commands ?? []).filter((one) => one.command.startsWith(start));
    const suffix = found.type === "private" ? "" : `@${store.world.bot.username}`;
    this.offers.hidden = commands.length === 0;
    this.offers.replaceChildren(...commands.map((one) =>
      el("button", {
        class: "offer command",
        type: "button",
        onclick: () => {
          this.input.value = "";
          this.typed();
          this.say(`/${one.command}${suffix}`);
        },
      }, el("b", {}, `/${one.command}`), el("span", {}, one.description))));
  }

  async ask(query) {
    const viewer = this.viewer();
    let answer;
    try {
      answer = await post("/inline", { user: viewer, chat: this.id, query });
    } catch (error) {
      this.toast(error.message);
      return;
    }
    const results = answer.results.map((result) =>
      el("button", {
        class: "offer",
        type: "button",
        onclick: async () => {
          this.input.value = "";
          this.offers.hidden = true;
          await this.act(async () => {
            await post(`/inline/${answer.query_id}/choose`, { result: result.id });
            return { kind: "none" };
          });
        },
      }, avatar(store.world.bot.id, result.title ?? "?", 40, result.thumbnail_url),
      el("span", { class: "titles" }, el("b", {}, result.title), el("span", {}, result.description))));
    if (answer.button) {
      results.unshift(el("button", {
        class: "offer wide",
        type: "button",
        onclick: () => this.act(() => answer.button.web_app
          ? post("/launch", { user: viewer })
          : post(`/users/${viewer}/open`, { url: `https://t.me/${store.world.bot.username}?start=${answer.button.start_parameter}` })),
      }, answer.button.text));
    }
    this.offers.hidden = results.length === 0;
    this.offers.replaceChildren(...results);
  }
}
