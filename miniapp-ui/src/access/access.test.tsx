// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { describe, expect, it } from "vitest";

import type { Access, Preview, RoomSummary } from "../generated/wire";
import RoomMenu from "../room/RoomMenu";
import Stranger from "../room/Stranger";
import { FakeRoom } from "../testing/fakeRoom";
import { OTHER, emptyRoom } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, show, showInRoom } from "../testing/screen";
import { t } from "../text/texts";
import RoomsToFind, { PAGE } from "./RoomsToFind";

const CODE = "7H3M00NS";
const commands = `POST /api/rooms/${CODE}/commands`;
const access = { listed: true, password: false, capacity: 8, control: "everyone" } as const;

function summary(change: Partial<RoomSummary> = {}): RoomSummary {
  return {
    ...{ code: CODE, name: "Friday", phase: "lobby", round: 1, host: OTHER, matches: 0, last_match: null },
    ...{ members: [], people: 3, updated_at: "2026-01-01T00:00:00.000Z", screen: null, access },
    ...change,
  };
}

describe.each(LANGUAGES)("rooms to find in %s", (language) => {
  const list = "GET /api/rooms/public";

  it("say what is on, how full they are and which need a password, and lead into one", async () => {
    const plays = summary({ screen: { title: "Stalker", playing: true } });
    const locked = summary({ code: "2", access: { ...access, password: true } });
    const here = await around(language, undefined, { [list]: [plays, locked] });
    show(here, () => <RoomsToFind />);
    const row = await screen.findByTestId(`found-${CODE}`);
    expect(row.textContent).toContain("Stalker");
    expect(row.textContent).toContain("3/8");
    expect(row.querySelector(".find-lock")).toBeNull();
    expect(screen.getByTestId("found-2").querySelector(".find-lock")).not.toBeNull();
    expectSpoken(language, "rooms-to-find");
    fireEvent.click(row);
    expect(here.went).toEqual([{ screen: "room", code: CODE, room: null }]);
  });

  it("are looked for as one types, and it is said when there are none", async () => {
    const here = await around(language, undefined, { [list]: [summary()] });
    show(here, () => <RoomsToFind />);
    await screen.findByTestId(`found-${CODE}`);
    here.answers[list] = [];
    fireEvent.input(screen.getByTestId("find-search"), { target: { value: "solaris" } });
    expect((await screen.findByTestId("find-nothing")).textContent).toContain(t("find-no-hit"));
  });

  it("that do not exist yet can be made", async () => {
    const here = await around(language, undefined, { [list]: [] });
    show(here, () => <RoomsToFind />);
    fireEvent.click(await screen.findByTestId("find-new-room"));
    expect(here.went).toEqual([{ screen: "new" }]);
  });

  it("come page by page, and none of them twice", async () => {
    const page = Array.from({ length: PAGE }, (_, n) => summary({ code: `A${String(n)}` }));
    const here = await around(language, undefined, { [list]: page });
    show(here, () => <RoomsToFind />);
    const more = await screen.findByTestId("find-more");
    here.answers[list] = [summary({ code: "A0" }), summary({ code: "B" })];
    fireEvent.click(more);
    await screen.findByTestId("found-B");
    expect(screen.getAllByTestId("found-A0")).toHaveLength(1);
    expect(screen.queryByTestId("find-more")).toBeNull();
  });

  it("can be asked for again when they do not come", async () => {
    const here = await around(language, undefined, { [list]: problem(503, "unavailable") });
    show(here, () => <RoomsToFind />);
    const again = await screen.findByText(t("retry"));
    here.answers[list] = [summary()];
    fireEvent.click(again);
    await screen.findByTestId(`found-${CODE}`);
  });
});

describe.each(LANGUAGES)("the door of a room in %s", (language) => {
  const about = { code: CODE, name: "Friday", host_name: "Ben", members: 2, invite_url: null };
  const preview = (change: Partial<Access>): Preview => ({
    ...about,
    phase: "lobby",
    access: { ...access, ...change },
  });
  const join = `POST /api/rooms/${CODE}/join`;

  it("asks for the password, and says when it is wrong", async () => {
    const here = await around(language, undefined, { [join]: problem(403, "wrong_password") });
    const joined: string[] = [];
    show(here, () => (
      <Stranger preview={preview({ password: true })} joined={(room) => joined.push(room.code)} />
    ));
    const button = screen.getByTestId<HTMLButtonElement>("preview-join");
    expect(button.disabled, "there is nothing to say yet").toBe(true);
    fireEvent.input(screen.getByTestId("preview-password"), { target: { value: " сезам " } });
    fireEvent.click(button);
    expect((await screen.findByTestId("preview-wrong")).textContent).toBe(t("refused-wrong_password"));
    expect(here.asked.at(-1)?.body).toEqual({ password: "сезам" });
    expectSpoken(language, "preview");
    here.answers[join] = emptyRoom();
    fireEvent.click(button);
    await expect.poll(() => joined).toEqual([CODE]);
  });

  it("says when the room is full", async () => {
    const here = await around(language);
    show(here, () => <Stranger preview={preview({ capacity: 2 })} joined={() => undefined} />);
    expect(screen.getByTestId("preview-full").textContent).toBe(t("preview-full"));
  });
});

describe.each(LANGUAGES)("what a host decides in %s", (language) => {
  it("is who gets in and who controls what is on", async () => {
    const here = await around(language, new FakeRoom([]), { [commands]: { seq: 9 } });
    showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
    fireEvent.click(screen.getByTestId("access"));
    await screen.findByTestId("access-sheet");
    expectSpoken(language, "access-sheet");
    const said = (access: object) =>
      expect.poll(() => here.asked.at(-1)?.body).toEqual({ type: "configure", access });
    fireEvent.click(screen.getByTestId("access-listed"));
    await said({ listed: true });
    fireEvent.click(screen.getByTestId("access-capacity-8"));
    await said({ capacity: 8 });
    fireEvent.click(screen.getByTestId("access-control-host"));
    await said({ control: "host" });
    fireEvent.click(screen.getByTestId("access-password"));
    fireEvent.input(await screen.findByTestId("access-password-field"), { target: { value: " сезам " } });
    fireEvent.click(screen.getByTestId("access-password-save"));
    await said({ password: "сезам" });
  });

  it("is who is a moderator and who is the host", async () => {
    const here = await around(language, new FakeRoom([]), { [commands]: { seq: 9 } });
    showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
    fireEvent.click(screen.getByTestId(`person-${OTHER}`));
    await screen.findByTestId("person-sheet");
    expectSpoken(language, "person-sheet");
    fireEvent.click(screen.getByTestId("make-moderator"));
    await expect
      .poll(() => here.asked.at(-1)?.body)
      .toEqual({ type: "role", member: OTHER, role: "moderator" });
    fireEvent.click(screen.getByTestId("hand-over"));
    fireEvent.click(await screen.findByTestId("confirm"));
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ type: "hand_over", member: OTHER });
  });
});

describe.each(LANGUAGES)("who was removed, in %s", (language) => {
  const removed = [{ id: 7, name: "Vera" }];

  it("is let in again by the host, and then not listed any more", async () => {
    const server = new FakeRoom([]);
    Object.assign(server.room, { removed });
    const here = await around(language, server, { [commands]: { seq: 9 } });
    showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
    const list = await screen.findByTestId("removed-people");
    expect(list.textContent).toContain("Vera");
    expectSpoken(language, "removed-people");
    fireEvent.click(screen.getByTestId("let-in-7"));
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ type: "let_in", member: 7 });
  });

  it("is not shown to others, nor where there is nobody", async () => {
    for (const change of [{ host: OTHER, removed }, { removed: [] }, {}]) {
      const server = new FakeRoom([]);
      Object.assign(server.room, change);
      const here = await around(language, server);
      const { unmount } = showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
      expect(screen.queryByTestId("removed-people")).toBeNull();
      unmount();
    }
  });
});

describe("a listed room", () => {
  it("can be reported by who is in it", async () => {
    const report = `POST /api/rooms/${CODE}/report`;
    const server = new FakeRoom([]);
    Object.assign(server.room, { host: OTHER, access });
    const here = await around("en", server, { [report]: {} });
    showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
    fireEvent.click(screen.getByTestId("report"));
    fireEvent.click(await screen.findByTestId("report-spam"));
    await expect.poll(() => here.said).toEqual([t("report-thanks")]);
    expect(here.asked.at(-1)).toEqual({ call: report, body: { reason: t("report-spam") } });
  });
});
