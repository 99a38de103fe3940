/** A title's face: its poster if it has one, else one that is drawn from what is known of it. */
import { Show, createEffect, createMemo, createSignal, createUniqueId } from "solid-js";

import type { Title } from "../../generated/wire";
import { mix } from "../../telegram/contrast";
import { design } from "./design";
import { measured } from "./measured";
import { genreName } from "../../text/names";

/**
 * `full`: large enough for genres and the original name. `small`: the scene and the name. `mark`: beside the
 * name in a list, the scene alone.
 */
export type PosterSize = "full" | "small" | "mark";

export function Poster(props: { title: Title; size: PosterSize }) {
  const [broken, setBroken] = createSignal(false);
  return (
    <Show when={!broken() && props.title.poster} fallback={<Drawn title={props.title} size={props.size} />}>
      {(source) => (
        <div
          ref={measured}
          class="poster photo"
          classList={{ [props.size]: true }}
          style={{ "background-image": props.title.placeholder ? `url(${props.title.placeholder})` : "" }}
        >
          <img
            ref={decoded}
            src={props.size === "full" ? source() : source().replace("/w500/", "/w185/")}
            alt=""
            draggable={false}
            decoding="async"
            onError={() => setBroken(true)}
          />
          <Words title={props.title} size={props.size} />
        </div>
      )}
    </Show>
  );
}

/** Decoded as soon as it has come, and not in the frame in which it is first seen. */
function decoded(picture: HTMLImageElement): void {
  picture.onload = () => {
    picture.decode().catch(() => undefined);
  };
}

function Drawn(props: { title: Title; size: PosterSize }) {
  const look = createMemo(() => design(props.title));
  const id = createUniqueId();
  const fade = `fade-${id}`;

  let field!: SVGSVGElement;
  createEffect(() => {
    const { colours, scene } = look();
    // Our own numbers and colours only: see motifs.ts.
    field.innerHTML =
      `<defs><linearGradient id="${fade}" x1="0" y1="0" x2="0" y2="1">` +
      `<stop offset=".46" stop-color="${colours.deep}" stop-opacity="0"/>` +
      `<stop offset=".64" stop-color="${colours.deep}" stop-opacity=".86"/>` +
      `<stop offset="1" stop-color="${colours.deep}"/></linearGradient></defs>` +
      `<rect width="200" height="300" fill="${colours.ground}"/>${scene}` +
      (props.size === "mark" ? "" : `<rect width="200" height="300" fill="url(#${fade})"/>`);
  });

  return (
    <div
      ref={measured}
      class="poster drawn"
      classList={{ [look().voice]: true, [props.title.kind]: true, [props.size]: true }}
      style={{
        "--ground": look().colours.deep,
        "--ink": look().colours.ink,
        "--accent": look().colours.bright,
        "--meta": mix(look().colours.bright, 0.4, look().colours.ink),
        "--frame": mix(look().colours.ink, 0.62, look().colours.deep),
        "--far-frame": mix(look().colours.ink, 0.34, look().colours.deep),
        "--letters": String(look().size),
      }}
    >
      <svg viewBox="0 0 200 300" preserveAspectRatio="xMidYMin slice" aria-hidden="true" ref={field} />
      <Show when={props.title.kind === "series" && props.size !== "mark"}>
        <span class="frames" aria-hidden="true" />
      </Show>
      <Words title={props.title} size={props.size} />
    </div>
  );
}

/** What a title is called, in the reader's language: a poster may say it in another one, or not at all. */
function Words(props: { title: Title; size: PosterSize }) {
  const meta = () => [props.title.year, ...props.title.genres.slice(0, 2).map(genreName)].filter(Boolean);
  const original = () =>
    props.title.original_name !== null && props.title.original_name !== props.title.name
      ? props.title.original_name
      : null;
  return (
    <Show when={props.size !== "mark"}>
      <div class="words">
        <span class="name">{props.title.name}</span>
        <Show when={props.size === "full"}>
          <Show when={original()}>{(name) => <span class="original">{name()}</span>}</Show>
          <span class="meta">{meta().join(" · ")}</span>
        </Show>
      </div>
    </Show>
  );
}
