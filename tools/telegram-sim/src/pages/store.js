// What the page knows of the world: read once, then kept fresh by /sim/events.

const listeners = new Set();
const messages = new Map();

export const store = { world: null };

async function call(method, path, body) {
  const response = await fetch(`/sim${path}`, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const patch = (path, body) => call("PATCH", path, body);

/** Calls back after every change, with the chat that changed or null for everything. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (chat) => listeners.forEach((listener) => listener(chat));

export const user = (id) => store.world.users.find((found) => found.id === id);
export const chat = (id) => store.world.chats.find((found) => found.id === id);
export const phone = (id) => store.world.phones.find((found) => found.user === id);
export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

/** The chats of a person: groups they are in, and the bot. */
export function chatsOf(id) {
  return store.world.chats.filter((found) => found.members.includes(id) && !found.migrated_to);
}

export function titleOf(found) {
  return found.type === "private" ? store.world.bot.first_name : found.title;
}

/** Messages of a chat in order; fetched when first asked for. */
export function messagesOf(id) {
  const known = messages.get(id);
  if (known) return [...known.values()].sort((a, b) => a.message_id - b.message_id);
  messages.set(id, new Map());
  get(`/chats/${id}/messages`).then((answer) => {
    answer.messages.forEach((message) => keep(id, message));
    tell(id);
  });
  return [];
}

function keep(id, message) {
  const known = messages.get(id) ?? messages.set(id, new Map()).get(id);
  const old = known.get(message.message_id);
  if (old && old.revision > message.revision) return;
  if (message.deleted) known.delete(message.message_id);
  else known.set(message.message_id, message);
}

async function refresh() {
  store.world = await get("/world");
}

let refreshing = null;
function refreshSoon() {
  refreshing ??= Promise.resolve().then(async () => {
    refreshing = null;
    await refresh();
    tell(null);
  });
}

/** Reads the world and follows it. */
export async function start() {
  const events = new EventSource("/sim/events");
  let seen = false;
  events.onopen = () => {
    // After a lost connection everything may have changed.
    if (seen) {
      messages.clear();
      refreshSoon();
    }
    seen = true;
  };
  events.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.kind === "message") {
      keep(event.chat, event.message);
      tell(event.chat);
    } else {
      if (event.reload) messages.clear();
      refreshSoon();
    }
  };
  await refresh();
  return store;
}
