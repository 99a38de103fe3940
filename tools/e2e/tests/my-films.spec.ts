/** My films: marked from a card, brought along from elsewhere, picked in a lobby, and left out of a deck. */
import { expect, test } from "../support/evening.ts";

test("a film that is marked on its card is in my list, and can be taken out and put back", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  await hers.finds("матрица", /Матрица|The Matrix/);
  await hers.start();
  await hers.topCard.click();
  await hers.part("mark-wanted").click();
  await expect(hers.part("mark-wanted")).toHaveAttribute("aria-pressed", "true");
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("details")).toHaveCount(0);

  await hers.reload();
  await hers.part("menu").click();
  await hers.part("account").click();
  await hers.part("films").click();
  await expect(hers.part("film-c30"), "the server has kept it").toBeVisible();
  await hers.part("film-c30").getByTestId("film-remove").click();
  await hers.part("film-c30").getByTestId("film-undo").click();
  await expect(hers.part("film-c30").getByTestId("film-remove")).toBeVisible();
  await hers.part("films-watched").click();
  await expect(hers.part("film-c30"), "a film has one mark").toHaveCount(0);
});

test("an export is shown before anything is marked, and what it brings is picked with one tap", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  await hers.part("menu").click();
  await hers.part("account").click();
  await hers.part("films").click();
  await hers.part("films-import").click();
  const csv =
    "Date,Name,Year,Letterboxd URI\n2026-02-03,The Matrix,1999,x\n2026-02-03,Nobody Made It,2001,y\n";
  await hers
    .part("import-file")
    .setInputFiles({ name: "watchlist.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(hers.part("import-recognised")).toContainText("1999");
  await expect(hers.part("import-typed")).toContainText("Nobody Made It (2001)");
  await hers.part("import-as-exported").click();
  await expect(hers.part("film-c30")).toBeVisible();

  await hers.reload();
  await hers.seesInLobby(1);
  await hers.part("wanted-c30").click();
  await expect(hers.part("pick-c30")).toBeVisible();
  await expect(hers.part("wanted-c30"), "it is picked").toHaveCount(0);
});

test("what somebody here has seen is left out, which all are told and nobody is named for", async ({
  evening,
}) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  await expect(his.part("leave-out-seen"), "nothing is left out yet").toHaveCount(0);
  await hers.part("leave-out-switch").click();
  await expect(his.part("leave-out-seen")).toBeVisible();
  await expect(his.part("leave-out-switch"), "it is the host's choice").toHaveCount(0);
  await expect(his.part("leave-out-seen")).not.toContainText(anna.first_name);
});
