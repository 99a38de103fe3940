// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { describe, expect, it, vi } from "vitest";

import { FakeRoom } from "../testing/fakeRoom";
import { OTHER } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, show, showInRoom } from "../testing/screen";
import { t } from "../text/texts";
// Loaded with the test instead of within its time: how long that takes says nothing about the screen.
import "../talk/Talk";
import { Invite } from "./Invite";
import RoomMenu from "./RoomMenu";
import { RoomScreen } from "./RoomScreen";

const CODE = "7H3M00NS";
const call = `GET /api/rooms/${CODE}`;
const access = { listed: false, password: false, capacity: 100, control: "everyone" };
const preview = { code: CODE, name: "Friday", phase: "lobby", host_name: "Other", members: 2, access };

describe.each(LANGUAGES)("a room in %s", (language) => {
  it("that I am in is shown in its phase", async () => {
    const server = new FakeRoom(["a", "b"]);
    const here = await around(language, server, { [call]: server.view() });
    show(here, () => <RoomScreen code={CODE} room={null} />);
    expect(await screen.findByTestId("swipe")).toBeTruthy();
    server.happens({ type: "finished", results: [], finalists: 0 });
    expect(await screen.findByTestId("results")).toBeTruthy();
  });

  it("that I am not in says who invites, and lets me in", async () => {
    const server = new FakeRoom([]);
    const join = `POST /api/rooms/${CODE}/join`;
    const here = await around(language, server, { [call]: preview, [join]: problem(409, "room_full") });
    show(here, () => <RoomScreen code={CODE} room={null} />);
    const button = await screen.findByTestId("preview-join");
    expectSpoken(language, "preview");
    fireEvent.click(button);
    await expect.poll(() => here.said).toEqual([t("refused-room_full")]);
    here.answers[join] = server.view();
    fireEvent.click(button);
    expect(await screen.findByTestId("lobby")).toBeTruthy();
  });

  it.each([
    ["not-found", problem(404, "room_not_found")],
    ["removed", problem(403, "not_a_member")],
  ])("that is %s says so and leads home", async (testid, answer) => {
    const here = await around(language, undefined, { [call]: answer });
    show(here, () => <RoomScreen code={CODE} room={null} />);
    await screen.findByTestId(testid);
    expectSpoken(language, testid);
    fireEvent.click(screen.getByText(t("back-home")));
    expect(here.went).toEqual([{ screen: "home" }]);
  });

  it("that cannot be reached comes as soon as it can be", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeRoom([]);
    const here = await around(language, server, { [call]: problem(502, "unknown") });
    show(here, () => <RoomScreen code={CODE} room={null} />);
    await screen.findByTestId("unreachable");
    here.answers[call] = server.view();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await screen.findByTestId("lobby")).toBeTruthy();
    vi.useRealTimers();
  });

  it("from which I am removed while I am in it says so", async () => {
    const server = new FakeRoom([]);
    const here = await around(language, server);
    show(here, () => <RoomScreen code={CODE} room={server.view()} />);
    await expect.poll(() => server.opens.length).toBe(1);
    server.closeRoom("not_a_member");
    expect(await screen.findByTestId("removed")).toBeTruthy();
  });

  it("has its talk beside whatever it shows, and goes on while people talk", async () => {
    const server = new FakeRoom([]);
    const here = await around(language, server, {
      "GET /api/titles": { items: [], next: null },
      [`GET /api/rooms/${CODE}/messages`]: { items: [], more: false },
    });
    show(here, () => <RoomScreen code={CODE} room={server.view()} />);
    const bar = await screen.findByTestId("talk-peek", undefined, { timeout: 5_000 });
    server.says("Hello");
    expect((await screen.findByTestId("talk-unread")).textContent).toBe("1");
    const profile = { ...server.room.members[0], id: 1003, name: "Third" } as never;
    server.happens({ type: "joined", member: 1003, profile });
    fireEvent.input(screen.getByTestId("search-input"), { target: { value: "Solaris" } });
    fireEvent.click(await screen.findByTestId("add-text"));
    expect(await screen.findByTestId("pick-xserver")).toBeTruthy();
    expect(bar.isConnected, "the bar stays").toBe(true);
  });

  it("says that the network is away, and that nothing is lost", async () => {
    const server = new FakeRoom([]);
    const here = await around(language, server);
    show(here, () => <RoomScreen code={CODE} room={server.view()} />);
    await expect.poll(() => server.opens.length).toBe(1);
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    server.reachable = false;
    server.close(1006);
    expect((await screen.findByTestId("offline-banner")).textContent).toBe(t("offline-banner"));
    vi.restoreAllMocks();
  });
});

describe.each(LANGUAGES)("a room's menu in %s", (language) => {
  it("lets its host see to it: settings, members, leaving", async () => {
    const server = new FakeRoom([]);
    const commands = `POST /api/rooms/${CODE}/commands`;
    const here = await around(language, server, { [commands]: { seq: 9 } });
    showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
    expectSpoken(language, "room-menu");
    fireEvent.click(screen.getByTestId(`person-${OTHER}`));
    fireEvent.click(await screen.findByTestId(`remove-${OTHER}`));
    fireEvent.click(await screen.findByTestId("confirm"));
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ type: "remove", member: OTHER });
    fireEvent.click(await screen.findByTestId("leave"));
    fireEvent.click(await screen.findByTestId("confirm"));
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ type: "leave" });
    await expect.poll(() => here.went).toEqual([{ screen: "home" }]);
  });

  it("says why leaving did not work, and stays", async () => {
    const commands = `POST /api/rooms/${CODE}/commands`;
    const here = await around(language, new FakeRoom([]), { [commands]: problem(503, "unavailable") });
    showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
    fireEvent.click(screen.getByTestId("leave"));
    fireEvent.click(await screen.findByTestId("confirm"));
    await expect.poll(() => here.said).toEqual([t("refused-unavailable")]);
    expect(here.went).toEqual([]);
  });

  it("changes the settings before anybody has answered", async () => {
    const here = await around(language, new FakeRoom([]));
    showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
    fireEvent.click(screen.getByTestId("settings"));
    fireEvent.input(await screen.findByTestId("room-name"), { target: { value: "Sunday" } });
    fireEvent.click(screen.getByTestId("save-settings"));
    await expect.poll(() => here.server.room.name).toBe("Sunday");
  });
});

describe.each(LANGUAGES)("an invitation in %s", (language) => {
  it("is copied, or shown to be copied by hand where that is not let", async () => {
    const here = await around(language);
    const server = new FakeRoom([]);
    show(here, () => (
      <Invite room={{ ...server.view(), invite_url: "https://t.me/bot/app?startapp=7H3M00NS" }} />
    ));
    fireEvent.click(screen.getByTestId("copy-link"));
    const sheet = await screen.findByTestId("copy-text");
    expect((sheet as HTMLInputElement).value).toContain(CODE);
    expectSpoken(language, "copy-sheet");
  });

  it("is a code for a camera", async () => {
    const here = await around(language);
    const server = new FakeRoom([]);
    show(here, () => (
      <Invite room={{ ...server.view(), invite_url: "https://t.me/bot/app?startapp=7H3M00NS" }} />
    ));
    fireEvent.click(screen.getByTestId("qr"));
    await screen.findByTestId("qr-sheet");
    expect(await screen.findByText(CODE)).toBeTruthy();
  });
});
