// @vitest-environment jsdom
import { screen } from "@solidjs/testing-library";
import { describe, expect, it } from "vitest";

import { FakeRoom } from "../testing/fakeRoom";
import { film } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, show } from "../testing/screen";
import { t } from "../text/texts";
import Details from "./Details";

const CALL = "GET /api/titles/a";
const KNOWN = {
  ...film("a"),
  directors: ["Jean Director"],
  cast: ["Ada", "Ben"],
  trailer: "https://www.youtube.com/watch?v=abcdefghijk",
  watch: [
    { provider: "Shop", url: "https://www.themoviedb.org/movie/1/watch", kind: "rent" },
    { provider: "Stream", url: "https://www.themoviedb.org/movie/1/watch", kind: "stream" },
    { provider: "Trap", url: "javascript:alert(1)", kind: "buy" },
  ],
  attribution: ["TMDB", "JustWatch"],
  incomplete: false,
};

const details = async (language: (typeof LANGUAGES)[number], answer: unknown, title = film("a")) => {
  const here = await around(language, new FakeRoom([]), { [CALL]: answer });
  show(here, () => <Details title={title} close={() => undefined} />);
  await screen.findByTestId("details");
  return here;
};

describe.each(LANGUAGES)("what is known of a title in %s", (language) => {
  it("is who made it, its trailer, where to watch it, and whose data that is", async () => {
    await details(language, KNOWN);
    const beyond = await screen.findByTestId("beyond");
    expectSpoken(language, "beyond");
    expect(beyond.textContent).toContain("Jean Director");
    expect(beyond.textContent).toContain("Ada, Ben");
    expect(screen.getByTestId<HTMLAnchorElement>("trailer").href).toBe(KNOWN.trailer);
    const offers = [...beyond.querySelectorAll("li")].map((offer) => offer.textContent);
    expect(offers, "what costs least comes first").toEqual(["Stream", "Shop", "Trap"]);
    const sources = screen.getByTestId("sources").textContent;
    expect(sources).toContain(t("source-tmdb"));
    expect(sources).toContain(t("source-justwatch"));
  });

  it("leads to pages of the web and nowhere else", async () => {
    await details(language, { ...KNOWN, trailer: "javascript:alert(1)" });
    const beyond = await screen.findByTestId("beyond");
    expect(screen.queryByTestId("trailer")).toBeNull();
    for (const link of beyond.querySelectorAll("a")) expect(link.protocol).toBe("https:");
  });

  it("is no less than the card says where nobody answers", async () => {
    const here = await details(language, problem(503, "unavailable"));
    await expect.poll(() => here.asked.some(({ call }) => call === CALL)).toBe(true);
    expect(screen.queryByTestId("beyond")).toBeNull();
    expectSpoken(language, "details");
  });

  it("names no source where it is nobody's data, and says where more may be known", async () => {
    const nothing = { directors: [], cast: [], trailer: null, watch: [], attribution: [], incomplete: true };
    await details(language, { ...film("a"), ...nothing });
    expect((await screen.findByTestId("details-incomplete")).textContent).toBe(t("details-incomplete"));
    expect(screen.queryByTestId("sources")).toBeNull();
  });

  it("is not asked of what somebody typed", async () => {
    const here = await details(language, KNOWN, { ...film("a"), kind: "text" });
    expect(here.asked.filter(({ call }) => call === CALL)).toEqual([]);
  });
});
