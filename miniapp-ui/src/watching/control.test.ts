import { readFileSync } from "node:fs";

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { describe, expect, it } from "vitest";

import type { Words } from "../text/words";
import { type Ruled, borrowerOf, controlPassed, inControl, whoControls } from "./control";

const [ANNA, BEN, VERA, GLEB] = [1, 2, 3, 4];

function wordsIn(language: string): Words {
  const file = new URL(`../../../locales/${language}/watching.ftl`, import.meta.url);
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(readFileSync(file, "utf8")));
  return (id, args) => bundle.formatPattern(bundle.getMessage(id)?.value ?? "", args);
}

function room(
  change: Partial<Ruled> & { control?: Ruled["access"]["control"]; lent?: number | null } = {},
): Ruled {
  const { control = "host", lent = null, ...rest } = change;
  return {
    host: ANNA,
    access: { control },
    members: [
      { id: VERA, name: "Vera", role: "participant" },
      { id: BEN, name: "Ben", role: "moderator" },
      { id: ANNA, name: "Anna", role: "host" },
    ],
    screen: lent === null ? {} : { lent_to: lent },
    ...rest,
  };
}

describe("who controls what is shown", () => {
  it("are those whose role the room asks for, the host first", () => {
    expect(inControl(room())).toEqual([ANNA]);
    expect(inControl(room({ control: "moderators" }))).toEqual([ANNA, BEN]);
    expect(inControl(room({ control: "everyone" }))).toEqual([ANNA, BEN, VERA]);
  });

  it("is also who has it on loan, last, and only while they are in the room", () => {
    expect(inControl(room({ lent: VERA }))).toEqual([ANNA, VERA]);
    expect(inControl(room({ control: "moderators", lent: BEN }))).toEqual([ANNA, BEN]);
    expect(inControl(room({ lent: GLEB }))).toEqual([ANNA]);
    expect(borrowerOf(room({ screen: null }))).toBeNull();
  });
});

describe.each(["ru", "en"] as const)("what is said of a loan in %s", (language) => {
  const word = wordsIn(language);

  it("names who has it and who is away, and is said once", () => {
    const lent = room({ lent: VERA });
    const line = controlPassed(word, BEN, null, lent);
    expect(line).toContain("Vera");
    expect(line).toContain("Anna");
    expect(controlPassed(word, BEN, VERA, lent)).toBeNull();
    expect(whoControls(word, BEN, lent), "who may not is told the same later").toBe(line);
    expect(controlPassed(word, VERA, null, lent)).not.toContain("Vera");
    expect(controlPassed(word, VERA, VERA, room({ lent: BEN }))).toContain("Ben");
  });

  it("says who has it again, and nothing where the film is over or everyone may", () => {
    expect(controlPassed(word, BEN, VERA, room())).toContain("Anna");
    expect(controlPassed(word, BEN, VERA, room({ screen: null }))).toBeNull();
    expect(controlPassed(word, BEN, VERA, room({ control: "everyone" }))).toBeNull();
  });
});
