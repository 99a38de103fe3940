// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@solidjs/testing-library";
import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { inMemory } from "../net/keep";
import type { Language } from "../text/texts";
import { ANNA, BEN, ME, bubble, choose, said, stubLayout, talkIn, write } from "./testing/shown";

beforeAll(stubLayout);
afterEach(cleanup);

/** What the tests look for, in both languages. */
const WORDS: Record<Language, Record<string, string>> = {
  en: {
    reply: "Reply",
    edit: "Edit",
    delete: "Delete",
    sure: "Delete for everyone?",
    deleted: "Message deleted",
    again: "Send again",
    fire: "React with 🔥",
    edited: "edited",
    unread: "New messages",
    retry: "Try again",
  },
  ru: {
    reply: "Ответить",
    edit: "Изменить",
    delete: "Удалить",
    sure: "Удалить у всех?",
    deleted: "Сообщение удалено",
    again: "Отправить ещё раз",
    fire: "Реакция 🔥",
    edited: "изм.",
    unread: "Новые сообщения",
    retry: "Попробовать снова",
  },
};
const w = (language: Language, word: string) => WORDS[language][word] ?? word;

describe.each<Language>(["en", "ru"])("a room's talk in %s", (language) => {
  it("invites to say something where nobody has, and a tap says it", async () => {
    const { room } = await talkIn(language);
    const empty = await screen.findByTestId("talk-empty");
    const [starter] = within(empty).getAllByRole("button");
    const words = starter?.textContent ?? "";
    fireEvent.click(starter ?? empty);
    await said(words);
    expect(room.sent).toContain(`say ${words}`);
  });

  it("shows what I send at once, and as sent when the room has it", async () => {
    const { room } = await talkIn(language, (fake) => {
      fake.misses(ANNA, "Hello");
      fake.answers = "never";
    });
    await said("Hello");
    write("  On my way  ");
    const mine = await said("On my way");
    expect(mine.querySelector(".delivery.waiting"), "it is not there yet").not.toBeNull();
    expect(screen.getByTestId<HTMLTextAreaElement>("composer").value, "the field is free").toBe("");
    const key = room.sent.filter((sent) => sent.startsWith("say"));
    expect(key).toEqual(["say On my way"]);
  });

  it("says why something was not sent, sends it again under the same key, or drops it", async () => {
    const { room } = await talkIn(language, (fake) => {
      fake.misses(ANNA, "Hello");
      fake.answers = "refused:too_many";
    });
    await said("Hello");
    write("Too fast");
    await screen.findByText(w(language, "again"));
    expect(bubble("Too fast").querySelector(".delivery.failed")).not.toBeNull();
    room.answers = "done";
    fireEvent.click(screen.getByText(w(language, "again")));
    await waitFor(() => expect(bubble("Too fast").querySelector(".delivery.sent")).not.toBeNull());
    expect(screen.getAllByText("Too fast"), "it is there once").toHaveLength(1);
    room.answers = "refused:invalid";
    write("Never");
    await said("Never");
    fireEvent.click(await screen.findByText(w(language, "delete")));
    await waitFor(() => expect(screen.queryByText("Never")).toBeNull());
  });

  it("keeps what is written, what it answers and what was not sent over a reload", async () => {
    const keep = inMemory();
    await talkIn(
      language,
      (fake) => {
        fake.misses(ANNA, "Hello");
        fake.answers = "never";
      },
      { keep },
    );
    await said("Hello");
    write("On its way");
    await said("On its way");
    await choose(bubble("Hello"), w(language, "reply"));
    fireEvent.input(screen.getByTestId("composer"), { target: { value: "half a sen" } });
    cleanup();
    const { room } = await talkIn(language, (fake) => fake.misses(ANNA, "Hello"), { keep });
    await said("On its way");
    expect(room.sent).toContain("say On its way");
    expect(screen.getByTestId<HTMLTextAreaElement>("composer").value).toBe("half a sen");
    expect(screen.getByTestId("composer-mode").textContent).toContain("Anna");
  });

  it("edits what I said, and leaves what I was writing", async () => {
    const { room } = await talkIn(language, (fake) => fake.misses(ME, "Helo", { key: "k" }));
    await said("Helo");
    fireEvent.input(screen.getByTestId("composer"), { target: { value: "a draft" } });
    await choose(bubble("Helo"), w(language, "edit"));
    expect(screen.getByTestId<HTMLTextAreaElement>("composer").value).toBe("Helo");
    write("Hello");
    const mine = await said("Hello");
    expect(mine.textContent).toContain(w(language, "edited"));
    expect(room.sent).toContain("edit 1 Hello");
    expect(screen.getByTestId<HTMLTextAreaElement>("composer").value).toBe("a draft");
  });

  it("says that an edit was refused, and shows what the room has", async () => {
    const { room, notified } = await talkIn(language, (fake) => fake.misses(ME, "As it was", { key: "k" }));
    await said("As it was");
    room.answers = "refused:not_allowed";
    await choose(bubble("As it was"), w(language, "edit"));
    write("Otherwise");
    await waitFor(() => expect(notified).toHaveLength(1));
    await said("As it was");
  });

  it("takes back what I said, but not before I am asked", async () => {
    const { room } = await talkIn(language, (fake) => fake.misses(ME, "Oops", { key: "k" }));
    await said("Oops");
    await choose(bubble("Oops"), w(language, "delete"));
    expect(room.sent.filter((sent) => sent.startsWith("unsay"))).toEqual([]);
    fireEvent.click(await screen.findByRole("menuitem", { name: w(language, "sure") }));
    await screen.findByText(w(language, "deleted"));
    expect(room.sent).toContain("unsay 1");
    expect(screen.queryByText("Oops")).toBeNull();
  });

  it("offers to change only what is mine", async () => {
    await talkIn(language, (fake) => fake.misses(ANNA, "Hers"));
    fireEvent.contextMenu(await said("Hers"));
    await screen.findByTestId("message-menu");
    expect(screen.queryByRole("menuitem", { name: w(language, "edit") })).toBeNull();
    expect(screen.queryByRole("menuitem", { name: w(language, "delete") })).toBeNull();
  });

  it("answers a message, and shows what it answers", async () => {
    const { room } = await talkIn(language, (fake) => fake.misses(BEN, "Comedy?"));
    await said("Comedy?");
    await choose(bubble("Comedy?"), w(language, "reply"));
    expect(screen.getByTestId("composer-mode").textContent).toContain("Ben");
    write("Yes");
    const mine = await said("Yes");
    expect(mine.querySelector(".quote")?.textContent).toBe("BenComedy?");
    expect(room.all.at(-1)?.reply_to).toBe(1);
    expect(screen.queryByTestId("composer-mode"), "the next one answers nothing").toBeNull();
  });

  it("no longer answers what is taken back meanwhile", async () => {
    const { room } = await talkIn(language, (fake) => fake.misses(BEN, "Comedy?"));
    await said("Comedy?");
    await choose(bubble("Comedy?"), w(language, "reply"));
    room.changes(1, { text: "", deleted: true });
    await waitFor(() => expect(screen.queryByTestId("composer-mode")).toBeNull());
  });

  it("takes one reaction of mine, and takes it away again", async () => {
    const { room } = await talkIn(language, (fake) =>
      fake.misses(ANNA, "Popcorn", { reactions: { "🔥": [BEN] } }),
    );
    await said("Popcorn");
    fireEvent.contextMenu(bubble("Popcorn"));
    fireEvent.click(await screen.findByRole("menuitemradio", { name: w(language, "fire") }));
    await waitFor(() => expect(bubble("Popcorn").querySelector(".reaction-count")?.textContent).toBe("2"));
    const mine = bubble("Popcorn").querySelector<HTMLElement>(".reaction");
    expect(mine?.getAttribute("aria-pressed")).toBe("true");
    if (mine) fireEvent.click(mine);
    await waitFor(() => expect(bubble("Popcorn").querySelector(".reaction-count")?.textContent).toBe("1"));
    expect(room.sent.filter((sent) => sent.startsWith("react"))).toEqual(["react 1 🔥", "react 1 null"]);
  });

  it("counts what is new on the bar, and draws a line above it in the panel", async () => {
    const { room } = await talkIn(
      language,
      (fake) => {
        fake.misses(ME, "Mine", { key: "k" });
        fake.marks = { [ME]: 1 };
        fake.misses(ANNA, "New one");
      },
      { closed: true },
    );
    room.hears(BEN, "New two");
    await waitFor(() => expect(screen.getByTestId("talk-unread").textContent).toBe("2"));
    fireEvent.click(screen.getByTestId("talk-peek"));
    await said("New two");
    expect(screen.getByTestId("divider").textContent).toBe(w(language, "unread"));
    const rows = [...document.querySelectorAll("[data-testid=divider], [data-testid=message]")];
    expect(rows.map((row) => row.getAttribute("data-number") ?? "line")).toEqual(["1", "line", "2", "3"]);
    await waitFor(() => expect(room.sent).toContain("read 3"), { timeout: 3_000 });
    expect(screen.queryByTestId("talk-unread"), "nothing is new any more").toBeNull();
  });

  it("says what went wrong where nothing could be loaded, and loads it when asked again", async () => {
    const { room } = await talkIn(language, (fake) => {
      fake.misses(ANNA, "Hello");
      fake.offline = true;
    });
    await screen.findByTestId("talk-failed");
    room.offline = false;
    fireEvent.click(screen.getByText(w(language, "retry")));
    await said("Hello");
  });

  it("says in its head that there is no connection", async () => {
    const { setConnected } = await talkIn(language);
    const before = (await screen.findByTestId("talk-status")).textContent;
    setConnected(false);
    expect(screen.getByTestId("talk-status").textContent).not.toBe(before);
  });
});

describe("a long talk", () => {
  it("fetches older pages as somebody nears its beginning, each once", async () => {
    const { room } = await talkIn("en", (fake) => {
      for (let count = 1; count <= 120; count += 1) fake.misses(ANNA, `Line ${count}`);
      fake.marks = { [ME]: 120 };
    });
    await screen.findByTestId("talk-scroll");
    const scroller = screen.getByTestId("talk-scroll");
    await waitFor(() => {
      scroller.scrollTop = 0;
      fireEvent.scroll(scroller);
      expect(room.fetched.filter((query) => query.before !== undefined)).toEqual([
        { before: 71, limit: 50 },
        { before: 21, limit: 50 },
      ]);
    });
  });
});

describe("the panel", () => {
  it("goes by Escape, innermost first, and gives the focus back to the bar", async () => {
    await talkIn("en", (fake) => fake.misses(ANNA, "Hello"), { closed: true });
    const bar = screen.getByTestId("talk-peek");
    bar.focus();
    fireEvent.click(bar);
    fireEvent.contextMenu(await said("Hello"));
    await screen.findByTestId("message-menu");
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(screen.queryByTestId("message-menu")).toBeNull();
    fireEvent.keyDown(document.body, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("talk")).toBeNull());
    expect(document.activeElement).toBe(bar);
  });

  it("keeps the Tab key inside", async () => {
    await talkIn("en");
    const panel = await screen.findByTestId("talk");
    const close = screen.getByTestId("talk-close");
    close.focus();
    fireEvent.keyDown(close, { key: "Tab", shiftKey: true });
    expect(panel.contains(document.activeElement)).toBe(true);
    expect(document.activeElement, "what is disabled is passed over").toBe(screen.getByTestId("composer"));
    fireEvent.keyDown(document.activeElement ?? panel, { key: "Tab" });
    expect(document.activeElement).toBe(close);
  });

  it("tells those who listen what was said", async () => {
    const { room } = await talkIn("en", (fake) => fake.misses(ANNA, "Hello"));
    await said("Hello");
    room.hears(BEN, "Good evening");
    await waitFor(() => expect(screen.getByTestId("talk-news").textContent).toContain("Good evening"));
  });

  it("sends nothing that is empty or too long, and says by how much", async () => {
    const { room } = await talkIn("en");
    await screen.findByTestId("composer");
    write("   ");
    write("х".repeat(2_001));
    expect(room.sent.filter((sent) => sent.startsWith("say"))).toEqual([]);
    expect(screen.getByText("1 character too many")).toBeTruthy();
  });
});
