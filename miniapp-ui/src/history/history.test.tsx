// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { PastMatch, RoomMark, UnmatchedRound } from "../generated/wire";
import { FakeRoom } from "../testing/fakeRoom";
import { ME, OTHER, film } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, showInRoom } from "../testing/screen";
import Results from "../swiping/Results";
import { t } from "../text/texts";
import HistorySheet from "./HistorySheet";
import NeverLine from "./NeverLine";
import { byEvening } from "./evenings";
import { FACES, changed, faceOf } from "./faces";

const PATH = "/api/rooms/7H3M00NS";
const NOTHING: RoomMark = { watched_at: null, never: false, faces: [] };

function past(number: number, id: string, at: string, mark = NOTHING): PastMatch {
  return { number, round: 1, title: film(id), at, mark };
}

function without(round: number, at: string): UnmatchedRound {
  return { round, at, cards: 12, members: [ME, OTHER, 99] };
}

const local = (day: number, hour: number) => new Date(2026, 4, day, hour).toISOString();

describe("evenings", () => {
  it("have what was found until deep in the night, and come newest first", () => {
    const matches = [
      past(4, "d", local(9, 20)),
      past(3, "c", local(9, 1)),
      past(2, "b", local(8, 23)),
      past(1, "a", local(1, 21)),
    ];
    const evenings = byEvening(matches);
    expect(evenings.map(({ matches }) => matches.map(({ number }) => number))).toEqual([[4], [3, 2], [1]]);
    expect(new Date(evenings[1]?.at ?? 0).getDate(), "named by the day they began").toBe(8);
    expect(byEvening([])).toEqual([]);
  });

  it("are there also where nothing matched, in the order of their rounds", () => {
    const matches = [{ ...past(2, "b", local(8, 23)), round: 4 }, past(1, "a", local(1, 21))];
    const unmatched = [without(5, local(9, 20)), without(3, local(8, 22)), without(2, local(2, 20))];
    const evenings = byEvening(matches, unmatched);
    const found = evenings.map(({ matches, unmatched }) => [
      matches.map(({ number }) => number),
      unmatched.map(({ round }) => round),
    ]);
    expect(found).toEqual([
      [[], [5]],
      [[2], [3]],
      [[], [2]],
      [[1], []],
    ]);
  });

  it("lose no match, whatever the times", () => {
    const times = fc.array(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }));
    fc.assert(
      fc.property(times, (dates) => {
        const matches = dates.map((date, n) => past(n, String(n), date.toISOString()));
        expect(byEvening(matches).flatMap((evening) => evening.matches)).toEqual(matches);
      }),
    );
  });
});

describe("a mark", () => {
  const face = fc.constantFrom(...FACES.map(([face]) => face));
  const someone = fc.integer({ min: 1, max: 5 });

  it("has one face of each, whatever they say and how often", () => {
    const says = fc.array(fc.tuple(someone, fc.option(face)));
    fc.assert(
      fc.property(says, (said) => {
        let mark = NOTHING;
        const last = new Map<number, string | null>();
        for (const [member, face] of said) {
          mark = changed(mark, { face }, member, "now");
          expect(changed(mark, { face }, member, "later"), "twice is once").toEqual(mark);
          last.set(member, face);
        }
        for (const [member, face] of last) expect(faceOf(mark, member)).toBe(face);
        expect(new Set(mark.faces.map(({ member }) => member)).size).toBe(mark.faces.length);
      }),
    );
  });

  it("keeps what is not spoken of, and a face says that it was watched", () => {
    const marked = changed({ ...NOTHING, never: true }, { face: "love" }, ME, "now");
    expect(marked).toEqual({ never: true, watched_at: "now", faces: [{ member: ME, face: "love" }] });
    expect(changed(marked, { watched: true }, ME, "later").watched_at, "the first time counts").toBe("now");
    expect(changed(marked, { watched: false }, ME, "later").watched_at).toBeNull();
  });
});

describe.each(LANGUAGES)("the history in %s", (language) => {
  const answers = (items: PastMatch[], never = [] as PastMatch[], unmatched = [] as UnmatchedRound[]) => ({
    [`GET ${PATH}/history`]: { items, unmatched, more: false },
    [`GET ${PATH}/never`]: { items: never.map(({ title }) => title) },
  });
  const match = past(1, "heat", local(8, 20));

  it("shows each evening, and what is thought of a film can be said", async () => {
    const mark = { ...NOTHING, watched_at: "now", faces: [{ member: OTHER, face: "asleep" as const }] };
    const here = await around(language, new FakeRoom([]), {
      ...answers([{ ...match, mark }]),
      [`PUT ${PATH}/history`]: { ...mark, faces: [...mark.faces, { member: ME, face: "love" }] },
    });
    showInRoom(here, (room) => <HistorySheet room={room} close={() => undefined} />);
    const row = await screen.findByTestId("past-heat");
    expect(row.textContent).toContain("😴");
    fireEvent.click(row);
    expect(row.getAttribute("aria-expanded")).toBe("true");
    expectSpoken(language, "history");
    fireEvent.click(screen.getByTestId("face-love"));
    expect(screen.getByTestId("face-love").getAttribute("aria-pressed"), "at once").toBe("true");
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ title: "heat", face: "love" });
    expect(row.textContent).toContain("😴😍");
    expect(screen.getByTestId("mark-watched").getAttribute("aria-checked")).toBe("true");
  });

  it("shows an evening on which nothing matched, with who was there", async () => {
    const server = new FakeRoom([]);
    const here = await around(language, server, answers([], [], [without(1, local(8, 20))]));
    showInRoom(here, (room) => <HistorySheet room={room} close={() => undefined} />);
    const row = await screen.findByTestId("unmatched-1");
    for (const { name } of server.room.members) expect(row.textContent).toContain(name);
    expect(row.textContent).toContain("12");
    expect(screen.queryByTestId("history-none"), "there is a history").toBeNull();
    expectSpoken(language, "history");
  });

  it("takes back what could not be said, and says so", async () => {
    const here = await around(language, new FakeRoom([]), {
      ...answers([match]),
      [`PUT ${PATH}/history`]: problem(503, "unavailable"),
    });
    showInRoom(here, (room) => <HistorySheet room={room} close={() => undefined} />);
    fireEvent.click(await screen.findByTestId("past-heat"));
    fireEvent.click(screen.getByTestId("mark-watched"));
    await expect.poll(() => here.said).toEqual([t("refused-unavailable")]);
    expect(screen.getByTestId("mark-watched").getAttribute("aria-checked")).toBe("false");
  });

  it("says when there is none, and offers to try again when it does not come", async () => {
    const here = await around(language, new FakeRoom([]), {
      ...answers([]),
      [`GET ${PATH}/history`]: problem(503, "unavailable"),
    });
    showInRoom(here, (room) => <HistorySheet room={room} close={() => undefined} />);
    const again = await screen.findByText(t("retry"));
    Object.assign(here.answers, answers([]));
    fireEvent.click(again);
    await screen.findByTestId("history-none");
  });

  it("lists what is never dealt, and deals it again", async () => {
    const here = await around(language, new FakeRoom([]), {
      ...answers([], [match]),
      [`PUT ${PATH}/history`]: NOTHING,
    });
    showInRoom(here, (room) => <NeverLine room={room} />);
    fireEvent.click(await screen.findByTestId("never-line"));
    fireEvent.click(await screen.findByTestId("again-heat"));
    await expect
      .poll(() => here.asked.find(({ call }) => call.startsWith("PUT"))?.body)
      .toEqual({ title: "heat", never: false });
  });

  it("is left by a title of the results that nobody wants to see again, and a refusal is taken back", async () => {
    const server = new FakeRoom([]);
    const results = [{ title: film("heat"), likes: 1 }];
    server.room = { ...server.room, phase: "finished", results };
    const here = await around(language, server, {
      ...answers([]),
      [`PUT ${PATH}/history`]: { ...NOTHING, never: true },
    });
    showInRoom(here, (room) => <Results room={room} />);
    fireEvent.click(await screen.findByTestId("result-heat"));
    const never = await screen.findByTestId("never-switch");
    fireEvent.click(never);
    expect(never.getAttribute("aria-checked"), "at once").toBe("true");
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ title: "heat", never: true });
    here.answers[`PUT ${PATH}/history`] = problem(422, "invalid");
    fireEvent.click(never);
    await expect.poll(() => here.said).toEqual([t("refused-invalid")]);
    expect(never.getAttribute("aria-checked")).toBe("true");
  });

  it("says nothing in the lobby where everything is dealt", async () => {
    const here = await around(language, new FakeRoom([]), answers([]));
    showInRoom(here, (room) => <NeverLine room={room} />);
    await expect.poll(() => here.asked.length).toBe(1);
    expect(screen.queryByTestId("never-line")).toBeNull();
  });
});
