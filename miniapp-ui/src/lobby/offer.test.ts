import { describe, expect, it } from "vitest";

import { film } from "../testing/rooms";
import { type Answer, offerOf } from "./offer";

const answer = (query: string, more: Partial<NonNullable<Answer["page"]>> = {}): Answer => ({
  query,
  page: { items: [film("c1")], near: false, read_as: null, ...more },
  late: false,
});
/** A search that failed or takes long. */
const none = (query: string): Answer => ({ query, page: null, late: true });

describe("what is offered to be added by hand", () => {
  it("is what was typed, after what was found", () => {
    expect(offerOf("Solaris", answer("Solaris"))).toEqual({
      text: "Solaris",
      first: false,
      unknownLink: null,
    });
  });

  it("comes first where what was found is only near", () => {
    expect(offerOf("Rocky 2", answer("Rocky 2", { near: true })).first).toBe(true);
  });

  it("waits for the answer, so that nothing found pushes it away, and does not take an earlier one for it", () => {
    const nothing = { text: null, first: false, unknownLink: null };
    expect(offerOf("Rocky 2", null)).toEqual(nothing);
    expect(offerOf("Rocky", answer("Rocky 2", { near: true }))).toEqual(nothing);
  });

  it("is there without an answer that failed or takes long, and stays first when that comes", () => {
    const first = { text: "Rocky 2", first: true, unknownLink: null };
    expect(offerOf("Rocky 2", none("Rocky 2"))).toEqual(first);
    expect(offerOf("Rocky 2", { ...answer("Rocky 2"), late: true })).toEqual(first);
  });

  it("is the name in an address or a file's name", () => {
    const link = { kind: "link", site: "Letterboxd", name: "Solaris (2002)" } as const;
    const slug = "https://letterboxd.com/film/solaris-2002/";
    expect(offerOf(slug, answer(slug, { read_as: link, near: true })).text).toBe("Solaris (2002)");
    const file = { kind: "file", name: "The Matrix (1999)" } as const;
    expect(offerOf("The.Matrix.1999.mkv", answer("The.Matrix.1999.mkv", { read_as: file })).text).toBe(
      "The Matrix (1999)",
    );
  });

  it.each([
    ["IMDb", "IMDb"],
    [null, "none"],
  ])("is nothing for a link that is not known, and says whose it is (%s)", (site, said) => {
    const url = "https://www.imdb.com/title/tt9999999/";
    const read_as = { kind: "link", site, name: null } as const;
    expect(offerOf(url, answer(url, { read_as, items: [] }))).toEqual({
      text: null,
      first: false,
      unknownLink: said,
    });
  });

  it("is nothing for a link whose film was found, and nothing needs to be said", () => {
    const url = "https://www.imdb.com/title/tt0133093/";
    const read_as = { kind: "link", site: "IMDb", name: null } as const;
    expect(offerOf(url, answer(url, { read_as }))).toEqual({ text: null, first: false, unknownLink: null });
  });

  it.each([
    "https://www.imdb.com/title/tt0133093/",
    "www.kinopoisk.ru/film/301/",
    "imdb.com/title/tt0133093",
    "tt0133093",
    "see https://boxd.it/2a3b",
    "The.Matrix.1999.1080p.mkv",
  ])("is never a text that is no name, not even without an answer: %s", (text) => {
    expect(offerOf(text, none(text)).text).toBeNull();
  });

  it.each(["Face/Off", "M*A*S*H", "Mr. Robot", "9/11", "S.W.A.T.", "Tт", "1+1", "8 1/2", "WWW. Что?"])(
    "is a name that only looks a little like that: %s",
    (text) => {
      expect(offerOf(text, none(text)).text).toBe(text);
    },
  );
});
