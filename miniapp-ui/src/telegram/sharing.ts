/**
 * Sharing more than a link: a message that the bot has prepared (since 8.0), and a story (since 7.8).
 *
 * Promises: what a client cannot do is not offered. Must never: take silence for an answer, since some clients never say what became of it.
 * https://core.telegram.org/bots/webapps#storyshareparams
 */
import { postEvent } from "./bridge";
import { fields, hear } from "./events";
import { type Client, has, posts } from "./posts";

/** What became of a message: `failed` is where a plain link may still do. */
export type Sent = "sent" | "declined" | "failed";

/** A story's text may be so long for everybody, in units of UTF-16. */
const STORY_TEXT = 200;
/** Clients that have stories: on desktops and in browsers the method is there, and does nothing. */
const WITH_STORIES = ["android", "android_x", "ios"];

let superseded: () => void = () => undefined;

/** Whether the client sends what the bot has prepared. */
export function sendsPrepared(client: Client): boolean {
  return has(client, "web_app_send_prepared_message");
}

/** Lets the person choose a chat for a prepared message, by its id. Resolves when the client says what became of it, or when another is sent. */
export function sendPrepared(client: Client, id: string): Promise<Sent> {
  superseded();
  return new Promise((resolve) => {
    const end = (sent: Sent) => {
      for (const stop of listening) stop();
      resolve(sent);
    };
    const listening = [
      hear("prepared_message_sent", () => {
        end("sent");
      }),
      hear("prepared_message_failed", (payload) => {
        end(fields(payload).error === "USER_DECLINED" ? "declined" : "failed");
      }),
    ];
    superseded = () => {
      end("declined");
    };
    const asked = posts(client, "web_app_send_prepared_message", () => {
      postEvent("web_app_send_prepared_message", { id });
    });
    if (!asked) end("failed");
  });
}

/** A picture that a story can be made of: Telegram fetches it, by https alone. */
export function storyPicture(client: Client, picture: string | null, page: string): string | null {
  const possible = has(client, "web_app_share_to_story") && WITH_STORIES.includes(client.launch.platform);
  if (!possible || picture === null) return null;
  const url = new URL(picture, page);
  return url.protocol === "https:" ? url.href : null;
}

/** Opens the client's own editor for a story. */
export function shareStory(client: Client, media_url: string, text: string, link: string): void {
  posts(client, "web_app_share_to_story", () => {
    postEvent("web_app_share_to_story", {
      media_url,
      text: text.slice(0, STORY_TEXT),
      // Shown in stories of those with Premium.
      widget_link: { url: link },
    });
  });
}
