// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { describe, expect, it } from "vitest";

import { emptyRoom, film } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, show } from "../testing/screen";
import { t } from "../text/texts";
import Home from "./Home";
import NewRoom from "./NewRoom";

const CODE = "7H3M00NS";
const members = [
  { id: 1001, name: "Anna", photo_url: null },
  { id: 1002, name: "Ben", photo_url: null },
];
const summary = {
  ...{ code: CODE, name: "Friday", phase: "swiping", members, matches: 0, last_match: null },
  updated_at: "2020-05-08T12:00:00.000Z",
};

describe.each(LANGUAGES)("home in %s", (language) => {
  it("lists my rooms and leads into one", async () => {
    const here = await around(language, undefined, { "GET /api/rooms": [summary] });
    show(here, () => <Home />);
    fireEvent.click(await screen.findByTestId(`room-${CODE}`));
    expect(here.went).toMatchObject([{ screen: "room", code: CODE }]);
    expectSpoken(language, "home");
  });

  it("tells two rooms of one name apart by who was there, when, and what matched", async () => {
    const poster = "/api/posters/heat";
    const matched = { ...summary, matches: 3, last_match: { ...film("heat"), poster } };
    const today = {
      ...summary,
      code: "2",
      members: members.slice(0, 1),
      updated_at: new Date().toISOString(),
    };
    const here = await around(language, undefined, { "GET /api/rooms": [matched, today] });
    show(here, () => <Home />);
    const row = await screen.findByTestId(`room-${CODE}`);
    expect(row.textContent).toContain("2020");
    expect(row.textContent).toContain("Film heat +2");
    expect(row.querySelector(".row-faces")?.getAttribute("aria-label")).toBe(
      t("with-people", { names: "Ben" }),
    );
    expect(screen.getByTestId("room-2").textContent).toContain(t("today"));
    expect(screen.getByTestId("room-2").querySelector(".row-faces"), "I was alone").toBeNull();
    expect(row.querySelector("img")?.getAttribute("src")).toBe(poster);
    expect(screen.getByTestId("room-2").querySelector("img")).toBeNull();
  });

  it("says so when there are none yet, and leads to a new one", async () => {
    const here = await around(language, undefined, { "GET /api/rooms": [] });
    show(here, () => <Home />);
    await screen.findByText(t("no-rooms"));
    fireEvent.click(screen.getByTestId("new-room"));
    expect(here.went).toEqual([{ screen: "new" }]);
  });

  it("offers to try again when they do not come", async () => {
    const here = await around(language, undefined, { "GET /api/rooms": problem(503, "unavailable") });
    show(here, () => <Home />);
    const again = await screen.findByText(t("retry"));
    here.answers["GET /api/rooms"] = [summary];
    fireEvent.click(again);
    await screen.findByTestId(`room-${CODE}`);
  });

  it("shows what is unread, as the list says it and as the connection tells it later", async () => {
    const messages = { last: 9, read: 6, unread: 3 };
    const here = await around(language, undefined, { "GET /api/rooms": [{ ...summary, messages }] });
    show(here, () => <Home />);
    const badge = await screen.findByTestId(`unread-${CODE}`);
    expect(badge.textContent).toBe("3");
    expect(badge.getAttribute("aria-label")).toMatch(language === "en" ? /3 unread/ : /3 непрочитанных/);
    here.server.say({
      type: "unread",
      room: CODE,
      messages: { last: 200, read: 6, unread: 194 },
      message: null,
    });
    expect(screen.getByTestId(`unread-${CODE}`).textContent).toBe("99+");
    here.server.say({
      type: "unread",
      room: CODE,
      messages: { last: 200, read: 200, unread: 0 },
      message: null,
    });
    expect(screen.queryByTestId(`unread-${CODE}`)).toBeNull();
  });

  it("takes a room's code and says when it is none", async () => {
    const here = await around(language, undefined, { "GET /api/rooms": [] });
    show(here, () => <Home />);
    const field = screen.getByTestId("join-code");
    fireEvent.input(field, { target: { value: "12" } });
    fireEvent.click(screen.getByTestId("join-submit"));
    expect(screen.getByRole("alert")).toBeTruthy();
    fireEvent.input(field, { target: { value: "7h3m oons" } });
    fireEvent.click(screen.getByTestId("join-submit"));
    expect(here.went).toMatchObject([{ screen: "room", code: CODE }]);
  });
});

describe.each(LANGUAGES)("a new room in %s", (language) => {
  it("is made with one tap, and back leads home from it", async () => {
    const here = await around(language, undefined, { "POST /api/rooms": emptyRoom() });
    here.app.go({ screen: "new" });
    show(here, () => <NewRoom />);
    expectSpoken(language, "new-room-screen");
    fireEvent.click(screen.getByTestId("create-room"));
    await expect.poll(() => here.went.at(-1)).toMatchObject({ screen: "room", code: CODE });
    expect(here.asked).toMatchObject([{ call: "POST /api/rooms", body: { rule: { kind: "unanimous" } } }]);
  });

  it("that cannot be made says why and can be tried again", async () => {
    const here = await around(language, undefined, { "POST /api/rooms": problem(429, "too_many") });
    show(here, () => <NewRoom />);
    const create = screen.getByTestId<HTMLButtonElement>("create-room");
    fireEvent.click(create);
    await expect.poll(() => here.said).toHaveLength(1);
    expect(create.disabled).toBe(false);
  });
});
