/** A browser that plays nothing on a page that nobody has touched. */
import { Film } from "../support/film.ts";
import { expect, Stage, test } from "../support/players.ts";

// What records a page runs in it, which counts as a touch.
test.use({ trace: "off" });

test("a browser that wants a tap first gets it from the film itself", async ({ evening, phone, film }) => {
  await film.serve(phone);
  const { stage, outcome } = await Stage.playsByItself(phone, evening.server.url, "file", Film.file);
  expect(outcome, "nobody has touched this page").toBe("blocked");
  await stage.hears("blocked");
  await stage.document.getByRole("button", { name: "Tap to join" }).click();
  await stage.hears("playing");
  await expect(stage.document.getByRole("button", { name: "Tap to join" })).toBeHidden();
});
