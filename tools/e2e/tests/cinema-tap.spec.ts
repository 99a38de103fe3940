/** A browser that plays nothing on a page that nobody has touched, in a cinema in which a film runs. */
import { APART, apart, goesToCinema, plays, putsOn } from "../support/cinema.ts";
import { expect, test } from "../support/evening.ts";
import { Film } from "../support/film.ts";

// What records a page runs in it, which counts as a touch.
test.use({ trace: "off" });

/** Says on the console what comes of each `play`: to ask the page would count as a touch, too. */
const SAYS = `{
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    const came = play.call(this);
    came.then(() => console.log("film: runs"), (error) => console.log("film: " + error.name));
    return came;
  };
}`;

test("who comes while a film runs taps once, and is in step", async ({ evening }) => {
  const film = await Film.make({ duration_s: 120 });
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.phone(ben);
  for (const phone of [hers, his]) await film.serve(phone.page.context());
  try {
    await goesToCinema(hers);
    await putsOn(hers, Film.file);
    await plays(hers);

    await his.page.context().addInitScript(SAYS);
    const refused = his.page.waitForEvent("console", (message) =>
      ["film: NotAllowedError", "film: runs"].includes(message.text()),
    );
    await his.open(card);
    expect((await refused).text(), "nobody has touched this page").toBe("film: NotAllowedError");
    await his.part("tap-to-join").click();
    await plays(his);
    await expect(his.part("tap-to-join")).toHaveCount(0);
    await expect.poll(() => apart(hers, his), "where the others are").toBeLessThan(APART);
  } finally {
    await film.dispose();
  }
});
