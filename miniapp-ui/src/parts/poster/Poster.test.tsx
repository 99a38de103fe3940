// @vitest-environment jsdom
import { fireEvent, render } from "@solidjs/testing-library";
import { expect, it } from "vitest";

import { film } from "../../testing/rooms";
import "../../testing/screen";
import { Poster } from "./Poster";

const BLUR = "data:image/png;base64,iVBORw0KGgo=";

it("a poster that is not there yet is its placeholder, one that does not come is drawn", () => {
  const title = { ...film("a"), poster: "/api/posters/tmdb/w500/a.jpg", placeholder: BLUR };
  const { container } = render(() => <Poster title={title} size="full" />);
  const picture = container.querySelector("img");
  expect(container.querySelector<HTMLElement>(".photo")?.style.backgroundImage).toContain(BLUR);
  if (picture !== null) fireEvent.error(picture);
  expect(container.querySelector("img")).toBe(null);
  expect(container.querySelector(".drawn")).not.toBe(null);
});

it("a poster without a placeholder has none", () => {
  const title = { ...film("a"), poster: "/api/posters/a", placeholder: null };
  const { container } = render(() => <Poster title={title} size="small" />);
  expect(container.querySelector<HTMLElement>(".photo")?.style.backgroundImage).toBe("");
});

it("a poster of any language has the title's name on it in the reader's, but for one beside the name", () => {
  const title = { ...film("a"), name: "Маяк", poster: "/api/posters/a", placeholder: null };
  for (const [size, said] of [
    ["full", "Маяк"],
    ["small", "Маяк"],
    ["mark", ""],
  ] as const) {
    const { container } = render(() => <Poster title={title} size={size} />);
    expect(container.querySelector(".name")?.textContent ?? "", size).toBe(said);
  }
});
