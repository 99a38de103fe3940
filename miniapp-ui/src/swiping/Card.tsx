/** One card of the stack: held, thrown, and back again. */
import { Show, createEffect, createSignal, on, onCleanup, onMount, untrack } from "solid-js";

import type { Title, Verdict } from "../generated/wire";
import { whenIdle } from "../parts/idle";
import { movesLess } from "../parts/motion";
import { Icon } from "../parts/icons";
import { Poster } from "../parts/poster/Poster";
import { coloursOf } from "../parts/poster/design";
import { t } from "../text/texts";
import { type Direction, type Point, type Pull, holdable } from "./drag";
import { type Movement, flight, spring } from "./throwing";

/** What a throw means. */
const MEANING = { left: "skip", right: "like", up: "super_like" } as const satisfies Record<
  Direction,
  Verdict
>;
const SIDES: readonly Direction[] = ["left", "right"];
const ALL: readonly Direction[] = [...SIDES, "up"];
/** No finger throws a veto: it goes where skips go. */
const WAY = { skip: "left", like: "right", super_like: "up", veto: "left" } as const satisfies Record<
  Verdict,
  Direction
>;

/** How a card leaves the hand: where it is, and how fast, in px/ms. */
export interface Throw {
  at: Point;
  speed: Point;
}

/** Nobody's hand: a button, or a key. */
export const UNTHROWN: Throw = { at: { x: 0, y: 0 }, speed: { x: 0, y: 0 } };

export function Card(props: {
  title: Title | undefined;
  /** 0 on top, -1 in flight. */
  depth: number;
  /** Whether no card is held and none flies. */
  calm: boolean;
  /** Where a card that was taken back comes from. */
  from: Verdict | null;
  /** Whether it can be thrown up. */
  up: boolean;
  below: () => HTMLElement | undefined;
  ref: (card: HTMLElement) => void;
  leave: () => void;
  throwAway: (title: Title, verdict: Verdict, thrown: Throw) => void;
  open: (title: Title) => void;
  cross: () => void;
}) {
  let card!: HTMLDivElement;
  const tints = {} as Record<Direction, HTMLDivElement>;

  // As it was when the finger came: asking later would have the page laid out again.
  let width = 1;

  // Below the first card a picture is drawn while nothing moves, or else in the moment in which it has to be there.
  const [drawn, setDrawn] = createSignal(
    untrack(() => props.depth === 0 || (props.depth === 1 && props.calm)),
  );
  createEffect(() => {
    if (props.depth === 0) setDrawn(true);
    else if (props.calm && !drawn()) onCleanup(whenIdle(() => setDrawn(true)));
  });

  const tint = ({ towards, progress }: Pull) => {
    for (const way of ALL) tints[way].style.opacity = String(towards === way ? progress : 0);
  };
  const untinted: Pull = { towards: null, progress: 0 };
  const rest = () => {
    card.style.transform = placeOf(props.depth);
  };
  const settle = (movement: Movement) => {
    if (movesLess()) return;
    const { path, ...timing } = movement;
    card.animate(
      path.map((at) => ({ transform: lifted(at, width) })),
      timing,
    );
  };

  onMount(() => {
    props.ref(card);
    rest();
    if (props.depth === 0 && props.from) comeBack(card, props.from);
    else if (props.depth > 0) {
      card.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 160, easing: "ease-out" });
    }
    const free = holdable(card, () => (props.up ? ALL : SIDES), {
      hold() {
        if (props.depth !== 0) return null;
        width = card.offsetWidth || 1;
        return stopped(card);
      },
      move(at, pull) {
        if (props.depth !== 0) return;
        card.style.transform = lifted(at, width);
        tint(pull);
        const below = props.below();
        if (below) below.style.transform = placeOf(1 - pull.progress);
      },
      fling(towards, at, speed) {
        if (props.depth !== 0 || !props.title) return;
        props.throwAway(props.title, MEANING[towards], { at, speed });
      },
      back(at, speed) {
        if (props.depth !== 0) return;
        tint(untinted);
        rest();
        if (at.x !== 0 || at.y !== 0) settle(spring(at, speed));
        const below = props.below();
        if (below) move(below, placeOf(1));
      },
      tap() {
        if (props.depth === 0 && props.title) props.open(props.title);
      },
      cross: () => {
        props.cross();
      },
    });
    onCleanup(() => {
      free();
      props.leave();
    });
  });
  createEffect(
    on(
      () => props.depth,
      (now, before) => {
        if (before === undefined || now === -1) return;
        if (before === -1) {
          for (const animation of card.getAnimations()) animation.cancel();
          tint(untinted);
          rest();
          if (props.from) comeBack(card, props.from);
        } else move(card, placeOf(now));
      },
    ),
  );

  return (
    <div
      ref={card}
      class="card"
      classList={{ top: props.depth === 0, flying: props.depth === -1, third: props.depth === 2 }}
      data-testid={props.title ? `card-${props.title.id}` : undefined}
      data-top={props.depth === 0 ? "true" : undefined}
      role="button"
      tabindex={props.depth === 0 ? 0 : undefined}
      aria-label={props.title ? t("card-label", { title: props.title.name }) : undefined}
      aria-hidden={props.depth !== 0}
      style={{ "background-color": props.title ? coloursOf(props.title).deep : "" }}
    >
      <Show when={drawn() && props.title}>{(title) => <Poster title={title()} size="full" />}</Show>
      <div class="tint like" ref={tints.right} aria-hidden="true">
        <span class="stamp">{t("stamp-like")}</span>
      </div>
      <div class="tint skip" ref={tints.left} aria-hidden="true">
        <span class="stamp">{t("stamp-skip")}</span>
      </div>
      <div class="tint super_like" ref={tints.up} aria-hidden="true">
        <span class="stamp">
          <Icon name="star" filled />
        </span>
      </div>
    </div>
  );
}

/** Where a card lies, by how many are above it; fractions while the one above is being dragged. */
function placeOf(depth: number): string {
  return `translate3d(0, ${depth * 14}px, 0) scale(${1 - depth * 0.045})`;
}

/** How far a card tilts that is its whole width away, in degrees. */
const TILT = 16;

function lifted({ x, y }: Point, width: number): string {
  return `translate3d(${x}px, ${y}px, 0) rotate(${(x / (width || 1)) * TILT}deg)`;
}

/** From where it is to where it belongs. */
function move(card: HTMLElement, place: string): void {
  const start = card.style.transform;
  if (start === place) return;
  card.style.transform = place;
  if (movesLess()) return;
  card.animate([{ transform: start }, { transform: place }], {
    duration: 220,
    easing: "cubic-bezier(.2, .9, .3, 1)",
  });
}

/** Stops what moves the card, and leaves it where it is seen. */
function stopped(card: HTMLElement): Point {
  const moving = card.getAnimations();
  if (moving.length === 0) return { x: 0, y: 0 };
  const { e: x, f: y } = new DOMMatrix(getComputedStyle(card).transform);
  for (const animation of moving) animation.cancel();
  card.style.transform = lifted({ x, y }, card.offsetWidth);
  return { x, y };
}

/** Flies away; resolves when it is out of sight. Where things move less, it fades where it lies. */
export async function fly(card: HTMLElement, verdict: Verdict, { at, speed }: Throw): Promise<void> {
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = card.parentElement?.getBoundingClientRect().left ?? 0;
  const field = { page: window.innerWidth, left, width, height };
  const { path, ...timing } = flight(WAY[verdict], at, speed, field);
  const tint = card.querySelector<HTMLElement>(`.tint.${MEANING[WAY[verdict]]}`);
  if (tint) tint.style.opacity = "1";
  const frames = movesLess()
    ? [{ opacity: 1 }, { opacity: 0 }]
    : path.map((point) => ({ transform: lifted(point, width) }));
  await card.animate(frames, { ...timing, fill: "forwards" }).finished.catch(() => undefined);
}

function comeBack(card: HTMLElement, verdict: Verdict): void {
  const way = WAY[verdict];
  const aside = { x: (way === "right" ? 1 : -1) * window.innerWidth, y: 30 };
  const away = way === "up" ? { x: 0, y: -window.innerHeight } : aside;
  const frames = movesLess()
    ? [{ opacity: 0 }, { opacity: 1 }]
    : [{ transform: lifted(away, card.offsetWidth) }, { transform: placeOf(0) }];
  card.animate(frames, { duration: 300, easing: "cubic-bezier(.2, 1.1, .3, 1)" });
}
