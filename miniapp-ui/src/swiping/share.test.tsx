// @vitest-environment jsdom
/** Telling a chat, or everybody, what matched: by what the client can do, and by a link where that fails. */
import { fireEvent, screen } from "@solidjs/testing-library";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { around, problem, show } from "../testing/screen";
import { film } from "../testing/rooms";
import { ShareMatch } from "./ShareMatch";

const LINK = "https://t.me/sovpalo_bot/app?startapp=7H3M00NS";
const CALL = "POST /api/rooms/7H3M00NS/share";

type Page = Record<string, unknown> & {
  Telegram?: { WebView: { receiveEvent: (name: string, payload?: unknown) => void } };
};

/** What the client around the page was asked for. */
let asked: { method: string; params: unknown }[] = [];
const tells = (name: string, payload?: unknown) => {
  (window as unknown as Page).Telegram?.WebView.receiveEvent(name, payload);
};

async function shown(version: string, answer: unknown, poster: string | null = null, platform = "ios") {
  const here = await around("en", undefined, { [CALL]: answer });
  const { launch } = here.app.tg;
  here.app.tg = { ...here.app.tg, present: true, launch: { ...launch, version, platform } };
  const byLink = vi.spyOn(here.app.tg, "share").mockReturnValue();
  show(here, () => <ShareMatch title={{ ...film("a"), poster }} number={3} code="7H3M00NS" link={LINK} />);
  return { here, byLink };
}

describe("sharing a match", () => {
  beforeEach(() => {
    asked = [];
    const postEvent = (method: string, params: string) => asked.push({ method, params: JSON.parse(params) });
    (window as unknown as Page).TelegramWebviewProxy = { postEvent };
  });
  afterEach(() => {
    delete (window as unknown as Page).TelegramWebviewProxy;
  });

  const prepared = { method: "web_app_send_prepared_message", params: { id: "kept" } };

  it("sends the bot's message where the client can, once for two taps", async () => {
    const { here, byLink } = await shown("8.0", { id: "kept" });
    fireEvent.click(screen.getByTestId("match-share"));
    fireEvent.click(screen.getByTestId("match-share"));
    await expect.poll(() => asked).toEqual([prepared]);
    expect(here.asked).toEqual([{ call: CALL, body: { match: 3 } }]);
    tells("prepared_message_sent");
    expect(byLink).not.toHaveBeenCalled();
  });

  it("leaves whoever changed their mind in peace", async () => {
    const { byLink } = await shown("8.0", { id: "kept" });
    fireEvent.click(screen.getByTestId("match-share"));
    await expect.poll(() => asked).toEqual([prepared]);
    tells("prepared_message_failed", { error: "USER_DECLINED" });
    await Promise.resolve();
    expect(byLink).not.toHaveBeenCalled();
  });

  it.each(["MESSAGE_EXPIRED", "UNSUPPORTED", undefined])(
    "offers the link where Telegram says %s",
    async (error) => {
      const { byLink } = await shown("8.0", { id: "kept" });
      fireEvent.click(screen.getByTestId("match-share"));
      await expect.poll(() => asked).toEqual([prepared]);
      tells("prepared_message_failed", { error });
      await expect.poll(() => byLink.mock.calls).toEqual([[LINK, "It’s a match: Film a"]]);
    },
  );

  it.each([
    ["the bot cannot prepare one", problem(503, "unavailable")],
    ["nobody answers", new TypeError("Failed to fetch")],
  ])("offers the link where %s", async (_, answer) => {
    const { byLink } = await shown("8.0", answer);
    fireEvent.click(screen.getByTestId("match-share"));
    await expect.poll(() => byLink.mock.calls.length).toBe(1);
    expect(asked).toEqual([]);
  });

  it("asks for no message that the client could not send", async () => {
    const { here, byLink } = await shown("7.10", { id: "kept" });
    fireEvent.click(screen.getByTestId("match-share"));
    expect(byLink).toHaveBeenCalledOnce();
    expect(here.asked).toEqual([]);
  });

  it("makes a story of a poster that Telegram can fetch", async () => {
    await shown("7.8", null, "https://posters.example/a.jpg");
    fireEvent.click(screen.getByTestId("match-story"));
    expect(asked).toEqual([
      {
        method: "web_app_share_to_story",
        params: {
          media_url: "https://posters.example/a.jpg",
          text: "It’s a match: Film a",
          widget_link: { url: LINK },
        },
      },
    ]);
  });

  it.each([
    ["an older client", "7.7", "https://posters.example/a.jpg", "ios"],
    ["a desktop", "8.0", "https://posters.example/a.jpg", "tdesktop"],
    ["a title without a picture", "8.0", null, "ios"],
    ["a picture that is not https", "8.0", "/api/posters/a", "ios"],
  ])("offers no story to %s", async (_, version, poster, platform) => {
    await shown(version, null, poster, platform);
    expect(screen.queryByTestId("match-story")).toBe(null);
  });
});
