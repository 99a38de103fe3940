/** A list of titles from somewhere else becomes as many picks, once it was looked at. */
import { expect, test } from "../support/evening.ts";

const list = [
  "1. Матрица",
  "2) «Солярис» (1972)",
  "☑️ The Matrix, 1999",
  "",
  "- [x] Кино, которого нет",
  `5. ${"Очень длинное название ".repeat(6)}`,
  "6. Fargo",
  "7. Раз",
  "8. Два",
  "9. Три",
].join("\r\n");

test("a pasted list is shown title by title, and then picked", async ({ evening }) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  await his.finds("солярис", /Солярис|Solaris/);

  await hers.pastes(list);
  const rows = hers.parts("listed-");
  await expect(rows, "one film is there once, and an empty line is none").toHaveCount(8);
  await expect(hers.part("listed-c30"), "the catalogue's title").toContainText("1999");
  await expect(hers.part("search-input"), "nothing of it is in the field").toHaveValue("");
  await expect(hers.parts("pick-"), "nothing is picked before she has said so").toHaveCount(0);
  await expect(hers.part("add-list")).toContainText("5");
  await expect(rows.filter({ hasText: "Очень длинное" })).toContainText("100");
  await expect(rows.filter({ hasText: "Три" }), "a sixth does not fit").toContainText("5");

  await rows.filter({ hasText: "Fargo" }).getByRole("button").click();
  await expect(rows).toHaveCount(7);
  await hers.part("add-list").click();
  await expect(rows).toHaveCount(0);
  await expect(hers.parts("pick-")).toHaveCount(5);
  await expect(hers.parts("pick-typed:"), "the server has taken them all").toHaveCount(0);
  await hers.part("pick-c30").getByRole("button").click();
  await expect(hers.parts("pick-")).toHaveCount(4);

  await hers.start();
  const deck = await hers.swipes(() => "like");
  expect(deck.dealt, "his Solaris is hers").toHaveLength(4);
});

test("a list that a keyboard puts in by itself is a list too, and one line is one line", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  await hers.pastes("  Солярис (1972)\n");
  await expect(hers.part("search-input")).toHaveValue(/Солярис \(1972\)/);
  await expect(hers.part("pasted-list")).toHaveCount(0);
  await hers.part("search-input").fill("");
  await hers.part("search-input").focus();
  await hers.page.keyboard.insertText("Раз\nДва");
  await expect(hers.parts("listed-")).toHaveCount(2);
  await hers.part("add-list").click();
  await expect(hers.parts("pick-")).toHaveCount(2);
});

test("a typed title that is in the catalogue becomes it, and can be taken away at once", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  await hers.part("search-input").fill("the matrix");
  await hers.part("add-text").click();
  await expect(hers.part("pick-c30")).toBeVisible();
  await expect(hers.parts("pick-")).toHaveCount(1);
  await hers.part("pick-c30").getByRole("button").click();
  await expect(hers.parts("pick-")).toHaveCount(0);

  await hers.network("stall");
  await hers.part("search-input").fill("the matrix");
  await hers.part("add-text").click();
  await hers.parts("pick-").getByRole("button").click();
  await expect(hers.parts("pick-")).toHaveCount(0);
  await hers.network("up");
  await hers.types("Что-то ещё");
  await expect(hers.parts("pick-")).toHaveCount(1);
});

test("what is only near is offered below what was typed, and never taken for it", async ({ evening }) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  await hers.part("search-input").fill("matrix 4");
  const offers = hers.app.locator(".results-list [data-testid]");
  await expect(offers.first()).toHaveAttribute("data-testid", "add-text");
  await hers.part("search-input").fill("matri");
  await expect(offers.first()).toHaveAttribute("data-testid", "search-result-c30");
  await expect(hers.part("add-text")).toBeVisible();
  const typed = await hers.types("Matrix 4");
  expect(typed).not.toBe("c30");
});
