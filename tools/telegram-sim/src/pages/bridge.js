// The Mini App's side door: what the framed app asks of Telegram, and what Telegram tells it.
// Messages are JSON strings {eventType, eventData}, as in Telegram's web clients.

import { patch, store } from "./store.js";

const nothing = { top: 0, bottom: 0, left: 0, right: 0 };

/** Answers one framed app; `phone` is the phone that shows it. */
export class Bridge {
  constructor(phone, frame) {
    this.phone = phone;
    this.frame = frame;
    this.listener = (event) => {
      if (event.source !== frame.contentWindow || typeof event.data !== "string") return;
      let message;
      try { message = JSON.parse(event.data); } catch { return; }
      const handle = Object.hasOwn(handlers, message.eventType) ? handlers[message.eventType] : null;
      if (handle) handle.call(this, message.eventData ?? {});
      else console.info("telegram-sim: the Mini App asked for", message.eventType, message.eventData);
    };
    window.addEventListener("message", this.listener);
    this.resized = new ResizeObserver(() => this.viewport());
    this.resized.observe(frame);
  }

  end() {
    window.removeEventListener("message", this.listener);
    this.resized.disconnect();
  }

  /** Tells the app something. */
  tell(eventType, eventData) {
    this.frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), "*");
  }

  theme() {
    this.tell("theme_changed", { theme_params: this.phone.theme });
  }

  viewport() {
    this.tell("viewport_changed", {
      width: this.frame.clientWidth,
      height: this.frame.clientHeight,
      is_expanded: true,
      is_state_stable: true,
    });
  }

  safeAreas() {
    const full = this.phone.app.fullscreen;
    this.tell("safe_area_changed", full ? { ...nothing, top: this.phone.statusHeight } : nothing);
    this.tell("content_safe_area_changed", full ? { ...nothing, top: 46 } : nothing);
  }

  storageKey(kind, key) {
    return `${kind}:${this.phone.user}:${key}`;
  }

  clearStorage(kind) {
    const prefix = this.storageKey(kind, "");
    Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => localStorage.removeItem(key));
  }
}

function storage(kind, done) {
  return {
    [`web_app_${kind}_save_key`]({ req_id, key, value }) {
      if (value === null || value === undefined) localStorage.removeItem(this.storageKey(kind, key));
      else localStorage.setItem(this.storageKey(kind, key), value);
      this.tell(`${kind}_key_saved`, { req_id });
    },
    [`web_app_${kind}_get_key`]({ req_id, key }) {
      this.tell(`${kind}_key_received`, { req_id, value: localStorage.getItem(this.storageKey(kind, key)), ...done });
    },
    [`web_app_${kind}_clear`]({ req_id }) {
      this.clearStorage(kind);
      this.tell(`${kind}_cleared`, { req_id });
    },
  };
}

const unsupported = (eventType, eventData) => function () { this.tell(eventType, eventData); };

const handlers = {
  iframe_ready() { this.theme(); },
  iframe_will_reload() { /* The frame reloads itself; the launch data is still in its address. */ },
  web_app_ready() { this.phone.appReady(); },
  web_app_expand() { this.viewport(); },
  web_app_close() { this.phone.closeApp(); },

  web_app_request_theme() { this.theme(); },
  web_app_request_viewport() { this.viewport(); },
  web_app_request_safe_area() { this.safeAreas(); },
  web_app_request_content_safe_area() { this.safeAreas(); },
  web_app_request_fullscreen() {
    if (this.phone.app.fullscreen) this.tell("fullscreen_failed", { error: "ALREADY_FULLSCREEN" });
    else this.phone.setFullscreen(true);
  },
  web_app_exit_fullscreen() { this.phone.setFullscreen(false); },

  web_app_set_header_color({ color, color_key }) { this.phone.paint("--app-header", color ?? this.phone.theme[color_key]); },
  web_app_set_background_color({ color }) { this.phone.paint("--app-background", color); },
  web_app_set_bottom_bar_color({ color }) { this.phone.paint("--app-bottom", color); },

  web_app_setup_back_button({ is_visible }) { this.phone.setBack(is_visible); },
  web_app_setup_settings_button({ is_visible }) { this.phone.app.settings = is_visible; },
  web_app_setup_closing_behavior({ need_confirmation }) { this.phone.app.confirm = need_confirmation; },
  web_app_setup_swipe_behavior({ allow_vertical_swipe }) { this.phone.setSwipes(allow_vertical_swipe); },
  web_app_setup_main_button(button) { this.phone.setButton("main", button); },
  web_app_setup_secondary_button(button) { this.phone.setButton("secondary", button); },
  web_app_trigger_haptic_feedback(feedback) { this.phone.pulse(feedback); },

  async web_app_open_popup(popup) {
    const button_id = await this.phone.ask(popup);
    this.tell("popup_closed", button_id === null ? {} : { button_id });
  },
  async web_app_request_write_access() {
    const bot = store.world.bot.first_name;
    const answer = await this.phone.ask({
      message: this.phone.words("Allow {0} to message you?", bot),
      buttons: [{ id: "no", type: "cancel" }, { id: "yes", type: "default", text: this.phone.words("Allow") }],
    });
    if (answer === "yes") await patch(`/users/${this.phone.user}`, { reachable: true });
    this.tell("write_access_requested", { status: answer === "yes" ? "allowed" : "cancelled" });
  },
  async web_app_open_link({ url }) { await this.phone.offerLink(url); },
  async web_app_open_tg_link({ path_full }) { await this.phone.follow(`https://t.me${path_full}`); },
  async web_app_switch_inline_query({ query, chat_types = [] }) {
    await this.phone.switchInline(query, chat_types.length === 0);
  },
  async web_app_send_prepared_message({ id }) {
    if (typeof id !== "string" || id === "") return this.tell("prepared_message_failed", { error: "MESSAGE_EXPIRED" });
    const error = await this.phone.sharePrepared(id);
    if (error) this.tell("prepared_message_failed", { error });
    else this.tell("prepared_message_sent");
  },

  web_app_read_text_from_clipboard({ req_id }) {
    this.tell("clipboard_text_received", { req_id, data: this.phone.clipboard });
  },
  web_app_invoke_custom_method({ req_id }) {
    this.tell("custom_method_invoked", { req_id, error: "METHOD_INVALID" });
  },
  ...storage("device_storage", {}),
  ...storage("secure_storage", { can_restore: false }),

  web_app_request_phone: unsupported("phone_requested", { status: "cancelled" }),
  web_app_check_home_screen: unsupported("home_screen_checked", { status: "unsupported" }),
  web_app_add_to_home_screen: unsupported("home_screen_failed", { error: "UNSUPPORTED" }),
  web_app_biometry_get_info: unsupported("biometry_info_received", { available: false }),
  web_app_check_location: unsupported("location_checked", { available: false }),
  web_app_request_location: unsupported("location_requested", { available: false }),
  web_app_start_accelerometer: unsupported("accelerometer_failed", { error: "UNSUPPORTED" }),
  web_app_start_gyroscope: unsupported("gyroscope_failed", { error: "UNSUPPORTED" }),
  web_app_start_device_orientation: unsupported("device_orientation_failed", { error: "UNSUPPORTED" }),
  web_app_request_emoji_status_access: unsupported("emoji_status_access_requested", { status: "cancelled" }),
  web_app_set_emoji_status: unsupported("emoji_status_failed", { error: "USER_DECLINED" }),
  web_app_request_file_download: unsupported("file_download_requested", { status: "cancelled" }),
  web_app_open_scan_qr_popup: unsupported("scan_qr_popup_closed"),
  web_app_open_invoice({ slug }) { this.tell("invoice_closed", { slug, status: "cancelled" }); },
  web_app_hide_keyboard() {},
  web_app_toggle_orientation_lock() {},
  // Media has to be https, and a text as short as for those without Premium: https://core.telegram.org/bots/webapps#storyshareparams
  web_app_share_to_story(story) {
    const { media_url, text = "", widget_link } = story;
    const https = (url) => typeof url === "string" && url.startsWith("https://");
    const known = Object.keys(story).every((key) => ["media_url", "text", "widget_link"].includes(key));
    if (known && https(media_url) && text.length <= 200 && (widget_link === undefined || https(widget_link.url))) this.phone.shareStory(story);
    else console.error("telegram-sim: no such story can be shared", story);
  },
};
