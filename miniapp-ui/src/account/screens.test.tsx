// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { describe, expect, it } from "vitest";

import { LANGUAGES, USER, around, expectSpoken, problem, show } from "../testing/screen";
import { t } from "../text/texts";
import Achievements from "./Achievements";
import { ACHIEVEMENTS } from "./badges";
import AccountSheet from "./AccountSheet";
import Devices from "./Devices";

const session = {
  id: "s1",
  created_at: "2026-05-12T18:00:00Z",
  last_used_at: "2026-05-12T18:00:00Z",
  user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148",
  current: true,
};

describe.each(LANGUAGES)("the account in %s", (language) => {
  const other = language === "en" ? "ru" : "en";

  it("remembers where somebody watches, and takes it back where the server does not", async () => {
    const here = await around(language, undefined, { "PATCH /api/me": { ...USER, region: "FR" } });
    show(here, () => <AccountSheet close={() => undefined} />);
    const select = await screen.findByTestId<HTMLSelectElement>("region");
    expect(select.value).toBe("");
    fireEvent.change(select, { target: { value: "FR" } });
    await expect.poll(() => here.asked).toMatchObject([{ call: "PATCH /api/me", body: { region: "FR" } }]);
    here.answers["PATCH /api/me"] = problem(503, "unavailable");
    fireEvent.change(select, { target: { value: "" } });
    await expect.poll(() => here.excused).toHaveLength(1);
    expect(here.asked.at(-1)).toMatchObject({ body: { region: null } });
  });

  it("speaks another language at once", async () => {
    const here = await around(language, undefined, { "PATCH /api/me": { ...USER, language: other } });
    show(here, () => <AccountSheet close={() => undefined} />);
    expectSpoken(language, "account-sheet");
    fireEvent.click(screen.getByTestId(`language-${other}`));
    await expect.poll(() => here.asked).toMatchObject([{ call: "PATCH /api/me", body: { language: other } }]);
    await expect.poll(() => document.documentElement.lang).toBe(other);
  });

  it("erases everything only after a question", async () => {
    const here = await around(language, undefined, { "DELETE /api/me": new Response(null, { status: 204 }) });
    show(here, () => <AccountSheet close={() => undefined} />);
    fireEvent.click(screen.getByTestId("erase"));
    expect(here.asked).toEqual([]);
    fireEvent.click(await screen.findByTestId("confirm"));
    await expect.poll(() => here.app.forgotten).toHaveBeenCalled();
  });

  it("says why something could not be changed", async () => {
    const here = await around(language, undefined, { "PATCH /api/me": problem(503, "unavailable") });
    show(here, () => <AccountSheet close={() => undefined} />);
    fireEvent.click(screen.getByTestId("notifications"));
    await expect.poll(() => here.said).toEqual([t("refused-unavailable")]);
  });
});

describe.each(LANGUAGES)("the devices in %s", (language) => {
  it("are listed, and signed out", async () => {
    const sessions = [session, { ...session, id: "s2", current: false }];
    const here = await around(language, undefined, {
      "GET /api/me/sessions": sessions,
      "DELETE /api/me/sessions/s2": new Response(null, { status: 204 }),
    });
    show(here, () => <Devices close={() => undefined} />);
    expect(await screen.findAllByTestId("device")).toHaveLength(2);
    fireEvent.click(screen.getByTestId("device-out"));
    await expect.poll(() => here.asked.at(-1)?.call).toBe("DELETE /api/me/sessions/s2");
    await expect.poll(() => screen.queryAllByTestId("device")).toHaveLength(1);
    expectSpoken(language, "devices-sheet");
  });

  it("can be asked for again when they do not come", async () => {
    const here = await around(language, undefined, { "GET /api/me/sessions": problem(503, "unavailable") });
    show(here, () => <Devices close={() => undefined} />);
    const again = await screen.findByTestId("devices-again");
    here.answers["GET /api/me/sessions"] = [session];
    fireEvent.click(again);
    expect(await screen.findAllByTestId("device")).toHaveLength(1);
  });
});

const stats = {
  seconds_watched: 7_260,
  films_finished: 1,
  rooms_created: 1,
  rooms_joined: 2,
  messages: 12,
  swipes: 41,
  matches: 3,
  achievements: [{ id: "first_match", at: "2026-05-12T18:00:00Z" }],
};

describe.each(LANGUAGES)("the achievements in %s", (language) => {
  it("are all shown: the earned ones with their day, the others with how to earn them", async () => {
    const here = await around(language, undefined, { "GET /api/me/stats": stats });
    show(here, () => <Achievements close={() => undefined} />);
    const earned = await screen.findByTestId("achievement-first_match");
    expect(earned.dataset.earned).toBe("true");
    expect(earned.querySelector("time")?.dateTime).toBe("2026-05-12T18:00:00Z");
    for (const { id } of ACHIEVEMENTS.filter(({ id }) => id !== "first_match")) {
      const locked = screen.getByTestId(`achievement-${id}`);
      expect(locked.dataset.earned, id).toBe("false");
      expect(locked.querySelector("time"), id).toBeNull();
      expect(locked.querySelector("b")?.textContent, id).not.toBe("");
      expect(locked.querySelector("span")?.textContent, id).not.toBe("");
    }
    expect(screen.getByTestId("stats").querySelectorAll("b")).toHaveLength(6);
    expectSpoken(language, "achievements-sheet");
  });

  it("can be asked for again when the numbers do not come", async () => {
    const here = await around(language, undefined, { "GET /api/me/stats": problem(503, "unavailable") });
    show(here, () => <Achievements close={() => undefined} />);
    const again = await screen.findByTestId("achievements-again");
    here.answers["GET /api/me/stats"] = stats;
    fireEvent.click(again);
    expect(await screen.findByTestId("achievement-first_match")).toBeDefined();
  });
});
