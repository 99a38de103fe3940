/**
 * The wire to the Telegram around the page: methods out, events in, and which version has which method.
 *
 * Written here and not taken from `@tma.js/bridge`, which checks every event with two libraries: 6 KB that each phone would load
 * before its first card. Its types are used as they are, and a test holds the versions here against its own (bridge.test.ts).
 * Protocol: https://docs.telegram-mini-apps.com/platform/about.
 *
 * Promises: only what the page around it says is heard, and only under its exact name. Must never: judge a payload; whoever hears it does.
 */
import type {
  EventName,
  MethodName,
  MethodNameWithOptionalParams,
  MethodNameWithRequiredParams,
  MethodNameWithoutParams,
  MethodParams,
} from "@tma.js/bridge";

/** Since which version of the client each method that the app uses is there. */
export const SINCE = {
  iframe_ready: "6.0",
  iframe_will_reload: "6.0",
  web_app_close: "6.0",
  web_app_expand: "6.0",
  web_app_open_link: "6.0",
  web_app_ready: "6.0",
  web_app_request_theme: "6.0",
  web_app_request_viewport: "6.0",
  web_app_setup_closing_behavior: "6.0",
  web_app_open_tg_link: "6.1",
  web_app_setup_back_button: "6.1",
  web_app_set_background_color: "6.1",
  web_app_set_header_color: "6.1",
  web_app_trigger_haptic_feedback: "6.1",
  web_app_request_write_access: "6.9",
  web_app_setup_swipe_behavior: "7.7",
  web_app_share_to_story: "7.8",
  web_app_set_bottom_bar_color: "7.10",
  web_app_request_safe_area: "8.0",
  web_app_request_content_safe_area: "8.0",
  web_app_request_fullscreen: "8.0",
  web_app_exit_fullscreen: "8.0",
  web_app_send_prepared_message: "8.0",
  web_app_toggle_orientation_lock: "8.0",
} as const satisfies Partial<Record<MethodName, string>>;

/** A method that the app uses. */
export type Method = keyof typeof SINCE;

/** Since when a header may have any colour. */
const ANY_HEADER_COLOUR = "6.9";

/** Whether a client of this version has the method. */
export function supports(method: Method, version: string): boolean {
  return isSince(SINCE[method], version);
}

/** Whether a client of this version takes a header's colour by its number. */
export function takesHeaderColour(version: string): boolean {
  return isSince(ANY_HEADER_COLOUR, version);
}

/** 7.10 comes after 7.9. */
function isSince(first: string, version: string): boolean {
  const [major = 0, minor = 0] = first.split(".").map(Number);
  const [hasMajor = 0, hasMinor = 0] = version.split(".").map(Number);
  return hasMajor === major ? hasMinor >= minor : hasMajor > major;
}

/** What clients put into the page, and what they call in it. */
interface Client {
  TelegramWebviewProxy?: { postEvent?: (method: string, params?: string) => void };
  external?: { notify?: (message: string) => void };
}

/** Tells the client. Throws where there is none, or where it lacks what it should have. */
export function postEvent<M extends MethodNameWithRequiredParams & Method>(
  method: M,
  params: MethodParams<M>,
): void;
export function postEvent(method: Method & MethodNameWithoutParams): void;
export function postEvent<M extends MethodNameWithOptionalParams & Method>(
  method: M,
  params?: MethodParams<M>,
): void;
export function postEvent(method: Method, params?: unknown): void {
  const message = JSON.stringify({ eventType: method, eventData: params });
  const client = window as unknown as Client;
  if (isFramed()) {
    // A page in a frame cannot know which of Telegram's addresses frames it; the policy's frame-ancestors guards that, and nothing
    // secret is ever posted.
    window.parent.postMessage(message, "*");
  } else if (client.TelegramWebviewProxy?.postEvent) {
    client.TelegramWebviewProxy.postEvent(method, JSON.stringify(params));
  } else if (client.external?.notify) client.external.notify(message);
  else throw new Error("there is no Telegram around the page");
}

function isFramed(): boolean {
  try {
    return window.self !== window.top;
  } catch {
    return true;
  }
}

type Listener = (payload: unknown) => void;

/** Who listens, by the event's name; and in which window, since tests have one each. */
let listeners = new Map<string, Set<Listener>>();
let listening: unknown = null;

/** Listens until the returned function is called. */
export function on(name: EventName, listener: Listener): () => void {
  if (listening !== window) {
    listening = window;
    listeners = new Map();
    listen();
  }
  const here = listeners.get(name) ?? new Set();
  listeners.set(name, here.add(listener));
  return () => {
    here.delete(listener);
  };
}

function emit(name: unknown, payload: unknown): void {
  if (typeof name !== "string") return;
  for (const listener of [...(listeners.get(name) ?? [])]) listener(payload);
}

/** Clients in whose frame the page is post messages; the others call one of three functions. */
function listen(): void {
  window.addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || typeof data !== "string") return;
    const { eventType, eventData } = parsed(data) ?? {};
    emit(eventType, eventData);
  });
  const page = window as unknown as Place;
  receive(page, ["TelegramGameProxy", "receiveEvent"]);
  receive(page, ["Telegram", "WebView", "receiveEvent"]);
  receive(page, ["TelegramGameProxy_receiveEvent"]);
}

function parsed(data: string): { eventType?: unknown; eventData?: unknown } | null {
  try {
    return JSON.parse(data) as ReturnType<typeof parsed>;
  } catch {
    // Not Telegram's.
    return null;
  }
}

type Place = Record<string, unknown>;

/** A function at this path of the page. Whoever was called there before still is. */
function receive(page: Place, path: string[]): void {
  try {
    const name = path.pop() ?? "";
    const place = path.reduce((at, step) => (at[step] ??= {}) as Place, page);
    const before = place[name];
    place[name] = (...event: [unknown, unknown]) => {
      if (typeof before === "function") (before as (...event: unknown[]) => void)(...event);
      emit(...event);
    };
  } catch {
    // A client that guards the objects through which it would speak: the page works without hearing it there.
  }
}
