// One message: bubble, preview card, photo, keyboard.

import { avatar, el, icon, ink, time } from "./dom.js";
import { richText } from "./richtext.js";
import { fullName, store } from "./store.js";
import { words } from "./words.js";

/** The element of a message as `viewer` sees it in a group or in private. */
export function bubble(message, { viewer, group, first, actions, say = words("en") }) {
  const service = serviceText(message, say);
  if (service) {
    return el("div", { class: "service", "data-message": message.message_id }, el("span", {}, service));
  }
  const own = message.from.id === viewer;
  const body = el("div", { class: "bubble" }, parts(message, { own, group, first, actions, say }));
  const row = el("div", {
    class: `message ${own ? "own" : "other"} ${first ? "first" : ""}`,
    "data-message": message.message_id,
  });
  if (group && !own) {
    row.append(first ? avatar(message.from.id, fullName(message.from), 34) : el("span", { class: "gap" }));
  }
  const column = el("div", { class: "column" }, body);
  const keyboard = message.reply_markup?.inline_keyboard;
  if (keyboard) column.append(keys(message, keyboard, actions));
  row.append(column);
  return row;
}

function parts(message, { own, group, first, actions, say }) {
  const found = [];
  if (group && !own && first) {
    found.push(el("div", { class: "author", style: { color: ink(message.from.id) } },
      fullName(message.from), message.from.is_bot ? el("small", {}, say("bot")) : null));
  }
  if (message.via_bot) found.push(el("div", { class: "via" }, `via @${message.via_bot.username}`));
  const reply = message.reply_to_message;
  if (reply) {
    found.push(el("div", { class: "quote" }, el("b", {}, fullName(reply.from)),
      el("span", {}, reply.text ?? reply.caption ?? "…")));
  }
  const preview = previewCard(message);
  const above = message.link_preview_options?.show_above_text;
  if (preview && above) found.push(preview);
  if (message.photo_url && !message.show_caption_above_media) found.push(picture(message.photo_url));
  if (message.dice) found.push(el("div", { class: "dice" }, `${message.dice.emoji} ${message.dice.value}`));
  const text = message.text ?? message.caption;
  const foot = el("span", { class: "foot" },
    message.edit_date ? el("span", {}, say("edited")) : null, time(message.date));
  found.push(el("div", { class: "text" },
    text ? richText(text, message.entities ?? message.caption_entities, actions) : null, foot));
  if (message.photo_url && message.show_caption_above_media) found.push(picture(message.photo_url));
  if (preview && !above) found.push(preview);
  if (message.reaction) found.push(el("span", { class: "reaction" }, message.reaction.emoji));
  return found;
}

const picture = (url) => el("img", { class: "photo", src: url, alt: "", loading: "lazy" });

/** The link preview: its image if it loads, else a plain card. */
function previewCard(message) {
  const options = message.link_preview_options;
  if (options?.is_disabled) return null;
  const found = (message.entities ?? []).find((entity) => entity.type === "url");
  const url = options?.url ?? (found && message.text.slice(found.offset, found.offset + found.length));
  if (!url) return null;
  let site = url;
  try { site = new URL(url.includes("://") ? url : `https://${url}`).hostname; } catch { return null; }
  const card = el("div", { class: `preview ${options?.prefer_large_media ? "large" : ""}` }, el("b", {}, site));
  const image = el("img", {
    src: url.includes("://") ? url : `https://${url}`,
    alt: "",
    onload: () => card.classList.add("pictured"),
    onerror: () => image.remove(),
  });
  card.append(image);
  return card;
}

function keys(message, rows, actions) {
  return el("div", { class: "keyboard" }, rows.map((row, y) =>
    el("div", { class: "keys" }, row.map((button, x) => {
      const kind = button.web_app ? "app" : button.url ? "link" : button.switch_inline_query !== undefined ? "forward" : null;
      const node = el("button", {
        class: "key",
        type: "button",
        onclick: async () => {
          node.classList.add("waiting");
          try { await actions.tap(message, { row: y, column: x }); } finally { node.classList.remove("waiting"); }
        },
      }, button.text, kind ? icon(kind) : null);
      return node;
    }))));
}

/** What a service message says; nothing for ordinary ones. */
export function serviceText(message, say) {
  const who = fullName(message.from);
  if (message.new_chat_members) {
    const names = message.new_chat_members.map(fullName).join(", ");
    return names === who ? say("{0} joined the group", who) : say("{0} added {1}", who, names);
  }
  if (message.left_chat_member) return say("{0} left the group", fullName(message.left_chat_member));
  if (message.pinned_message) return say("{0} pinned a message", who);
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return say("The group became a supergroup");
  if (message.forum_topic_created) return say("Topic “{0}” was created", message.forum_topic_created.name);
  if (message.write_access_allowed) return say("{0} allowed {1} to send messages", who, store.world.bot.first_name);
  return null;
}

/** One line of a message, for lists. */
export function summary(message, say) {
  if (!message) return "";
  return serviceText(message, say) ?? message.text ?? message.caption ?? (message.photo_url ? say("Photo") : "…");
}
