// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { describe, expect, it } from "vitest";

import type { Member, Room } from "../generated/wire";
import Company from "../room/Company";
import RoomMenu from "../room/RoomMenu";
import { FakeRoom } from "../testing/fakeRoom";
import { ME, OTHER, emptyRoom } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, showInRoom } from "../testing/screen";
import { t } from "../text/texts";
import { fold } from "./fold";
import { standing } from "./standing";
import { Swipe } from "./Swipe";

const commands = "POST /api/rooms/7H3M00NS/commands";
const VERA: Member = { ...emptyRoom().members[1], id: 7, name: "Vera" } as Member;

/** A round of four cards in which the other one is somewhere. */
function swiping(other: Partial<Member> = {}, more: Member[] = []): FakeRoom {
  const server = new FakeRoom(["a", "b", "c", "d"]);
  const [me, them] = server.room.members as [Member, Member];
  server.room = { ...server.room, members: [me, { ...them, ...other }, ...more] };
  return server;
}

const nudgedRoom = (room: Room, by: number) => ({
  ...room,
  members: room.members.map((member) => (member.id === OTHER ? { ...member, nudged_by: by } : member)),
});

describe("where somebody stands", () => {
  it("is seen of their cards first, and then of whether they are here", () => {
    const member = VERA;
    expect(standing({ ...member, swiped: 4, away: true }, 4)).toBe("done");
    expect(standing({ ...member, swiped: 1, away: true, online: true }, 4)).toBe("away");
    expect(standing({ ...member, swiped: 1, online: false }, 4)).toBe("offline");
    expect(standing({ ...member, swiped: 1, online: true }, 4)).toBe("here");
    expect(standing({ ...member, swiped: 0 }, 0), "nobody is done with nothing").toBe("here");
  });

  it("forgets nudges with the round", () => {
    const nudged = fold(emptyRoom(), { type: "nudged", by: ME, member: OTHER }, ME).room;
    expect(nudged.members[1]?.nudged_by).toBe(ME);
    expect(fold(nudged, { type: "restarted", round: 2 }, ME).room.members[1]?.nudged_by).toBeNull();
  });
});

describe.each(LANGUAGES)("the others in %s", (language) => {
  it("have a ring that closes with their cards, and a label that says the same", async () => {
    const here = await around(language, swiping({ swiped: 3, online: true }));
    showInRoom(here, (room) => <Swipe room={room} />);
    const face = screen.getByTestId(`progress-${OTHER}`);
    expect(face.dataset).toMatchObject({ swiped: "3", state: "here" });
    const ring = face.querySelector<SVGElement>(".ring :last-child");
    expect(ring?.style.getPropertyValue("stroke-dashoffset")).toBe("25");
    const label = face.querySelector("button")?.getAttribute("aria-label");
    expect(label).toContain("Other");
    expect(label).toContain("3");
  });

  it("who are done have a check, and those who are away a moon", async () => {
    const here = await around(language, swiping({ swiped: 4 }, [{ ...VERA, away: true, online: false }]));
    showInRoom(here, (room) => <Swipe room={room} />);
    for (const [id, state] of [
      [OTHER, "done"],
      [VERA.id, "away"],
    ] as const) {
      const face = screen.getByTestId(`progress-${id}`);
      expect(face.dataset.state).toBe(state);
      expect(face.querySelector(".face-mark svg")).not.toBeNull();
    }
  });

  it("are nudged from their face, once", async () => {
    const server = swiping();
    const here = await around(language, server, {
      [commands]: { seq: 4, room: nudgedRoom({ ...server.view(), seq: 4 }, ME) },
    });
    showInRoom(here, (room) => <Swipe room={room} />);
    fireEvent.click(screen.getByTestId(`progress-${OTHER}`).querySelector("button") as HTMLElement);
    const nudge = await screen.findByTestId("nudge");
    expectSpoken(language, "person-sheet");
    fireEvent.click(nudge);
    await screen.findByTestId("nudged");
    expect(screen.queryByTestId("nudge"), "not twice in a round").toBeNull();
    expect(here.asked.at(-1)?.body).toEqual({ type: "nudge", member: OTHER, round: 1 });
  });

  it("cannot be nudged when they are done, and a refusal is said", async () => {
    const here = await around(language, swiping({ swiped: 4 }, [VERA]), {
      [commands]: problem(409, "wrong_phase"),
    });
    const close = () => undefined;
    const { unmount } = showInRoom(here, (room) => <RoomMenu room={room} at={OTHER} close={close} />);
    await screen.findByTestId("person-sheet");
    expect(screen.queryByTestId("nudge")).toBeNull();
    unmount();
    showInRoom(here, (room) => <RoomMenu room={room} at={VERA.id} close={close} />);
    fireEvent.click(await screen.findByTestId("nudge"));
    await expect.poll(() => here.said).toEqual([t("refused-wrong_phase")]);
  });

  it("are all in the room's menu, for whoever is no host as well", async () => {
    const server = swiping({}, [VERA]);
    server.room = { ...server.room, host: OTHER };
    const here = await around(language, server);
    showInRoom(here, (room) => <RoomMenu room={room} close={() => undefined} />);
    fireEvent.click(await screen.findByTestId(`person-${VERA.id}`));
    await screen.findByTestId("person-sheet");
    expect(screen.getByTestId("nudge")).toBeTruthy();
    expect(screen.queryByTestId("hand-over"), "that is the host's").toBeNull();
    expect(screen.queryByTestId(`remove-${VERA.id}`)).toBeNull();
  });

  it("are announced when they come late or go", async () => {
    const server = swiping();
    const here = await around(language, server);
    showInRoom(here, (room) => {
      const change = (members: Member[]) => {
        server.room = { ...server.room, seq: server.room.seq + 1, members };
        room.live.adopt(server.view());
      };
      const [me, other] = server.view().members as [Member, Member];
      queueMicrotask(() => {
        change([me, other, VERA]);
        change([me, VERA]);
      });
      return <Company room={room} />;
    });
    await expect.poll(() => here.said).toHaveLength(2);
    expect(here.said).toEqual([
      t("toast-joined", { name: "Vera", others: 0 }),
      t("toast-left", { name: "Other", others: 0 }),
    ]);
  });

  it("who nudge me are named, once", async () => {
    const server = swiping();
    const here = await around(language, server);
    showInRoom(here, (room) => {
      const members = server
        .view()
        .members.map((member) => (member.id === ME ? { ...member, nudged_by: OTHER } : member));
      queueMicrotask(() => {
        for (let times = 0; times < 2; times += 1) {
          server.room = { ...server.room, seq: server.room.seq + 1, members };
          room.live.adopt(server.view());
        }
      });
      return <Company room={room} />;
    });
    await expect.poll(() => here.said).toEqual([t("toast-nudged", { name: "Other" })]);
  });
});
