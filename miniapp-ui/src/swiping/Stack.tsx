/**
 * The stack of cards. A card keeps its element from the moment it is dealt until it has flown away, so that
 * nothing is drawn twice and the finger never loses it.
 */
import { For, createEffect, createMemo, createSignal, on, onCleanup, onMount, untrack } from "solid-js";

import type { Title, Verdict } from "../generated/wire";
import { Poster } from "../parts/poster/Poster";
import { design } from "../parts/poster/design";
import { plain } from "../room/useRoom";
import { t } from "../text/texts";
import { type Side, holdable } from "./drag";

export interface StackHandle {
  /** Throws the top card to a side, as a finger would. */
  fling: (side: Side) => void;
}

interface Flight {
  title: Title;
  side: Side;
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function Stack(props: {
  cards: Title[];
  swipe: (title: Title, verdict: Verdict) => void;
  open: (title: Title) => void;
  cross: () => void;
  handle: (handle: StackHandle) => void;
}) {
  const [flights, setFlights] = createSignal<Flight[]>([]);
  const elements = new Map<string, HTMLElement>();
  /** Where a card that comes back flies in from. */
  const gone = new Map<string, Side>();

  const shown = createMemo(() => {
    const here = props.cards.slice(0, 3);
    const ids = new Set(here.map((title) => title.id));
    const flying = flights().filter((flight) => !ids.has(flight.title.id));
    return [...flying.map((flight) => flight.title), ...here];
  });
  const ids = createMemo(() => shown().map((title) => title.id));
  const byId = createMemo(() => new Map(shown().map((title) => [title.id, plain(title)])));
  const depth = (id: string) => props.cards.slice(0, 3).findIndex((title) => title.id === id);

  const throwAway = (title: Title, side: Side, x: number, y: number, speed: number) => {
    const card = elements.get(title.id);
    setFlights((before) => [
      ...before.filter((one) => one.title.id !== title.id),
      { title: plain(title), side },
    ]);
    gone.set(title.id, side);
    const land = () => setFlights((before) => before.filter((one) => one.title.id !== title.id));
    if (card) {
      void fly(card, side, x, y, speed).then(land);
    } else land();
    props.swipe(title, side);
  };

  onMount(() => {
    props.handle({
      fling(side) {
        const top = props.cards[0];
        if (top) throwAway(top, side, 0, 0, 0);
      },
    });
  });

  return (
    <div class="stack-of-cards">
      <For each={ids()}>
        {(id) => (
          <Card
            title={byId().get(id)}
            depth={depth(id)}
            from={gone.get(id) ?? null}
            below={() => elements.get(props.cards[1]?.id ?? "")}
            ref={(card) => elements.set(id, card)}
            leave={() => elements.delete(id)}
            throwAway={throwAway}
            open={props.open}
            cross={props.cross}
          />
        )}
      </For>
    </div>
  );
}

function Card(props: {
  title: Title | undefined;
  /** 0 on top, -1 in flight. */
  depth: number;
  from: Side | null;
  below: () => HTMLElement | undefined;
  ref: (card: HTMLElement) => void;
  leave: () => void;
  throwAway: (title: Title, side: Side, x: number, y: number, speed: number) => void;
  open: (title: Title) => void;
  cross: () => void;
}) {
  let card!: HTMLDivElement;
  let likeStamp!: HTMLSpanElement;
  let skipStamp!: HTMLSpanElement;

  // Of the third card only an edge shows: its picture is drawn when the one before it has flown away.
  const [drawn, setDrawn] = createSignal(untrack(() => props.depth < 2));
  createEffect(() => {
    if (props.depth < 2) setDrawn(true);
    else {
      const later = setTimeout(() => setDrawn(true), 420);
      onCleanup(() => {
        clearTimeout(later);
      });
    }
  });

  const stamp = (progress: number) => {
    likeStamp.style.opacity = String(Math.max(0, progress));
    skipStamp.style.opacity = String(Math.max(0, -progress));
  };
  const rest = () => {
    card.style.transform = placeOf(props.depth);
  };

  onMount(() => {
    props.ref(card);
    rest();
    if (props.depth === 0 && props.from) void comeBack(card, props.from);
    else if (props.depth > 0) {
      card.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 160, easing: "ease-out" });
    }
    const free = holdable(card, {
      move(x, y, progress) {
        if (props.depth !== 0) return;
        card.style.transform = lifted(x, y);
        stamp(progress);
        const below = props.below();
        if (below) below.style.transform = placeOf(1 - Math.abs(progress));
      },
      fling(side, x, y, speed) {
        if (props.depth === 0 && props.title) props.throwAway(props.title, side, x, y, speed);
      },
      back(x, y) {
        if (props.depth !== 0) return;
        stamp(0);
        rest();
        if (x !== 0 || y !== 0) {
          card.animate([{ transform: lifted(x, y) }, { transform: placeOf(0) }], {
            duration: calm.matches ? 0 : 320,
            easing: "cubic-bezier(.2, 1.4, .4, 1)",
          });
        }
        const below = props.below();
        if (below) below.style.transform = placeOf(1);
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
        if (before === undefined) return;
        if (now === -1) return;
        if (before === -1) {
          for (const animation of card.getAnimations()) animation.cancel();
          stamp(0);
          rest();
          if (props.from) void comeBack(card, props.from);
          return;
        }
        const start = card.style.transform;
        rest();
        card.animate([{ transform: start }, { transform: placeOf(now) }], {
          duration: calm.matches ? 0 : 220,
          easing: "cubic-bezier(.2, .9, .3, 1)",
        });
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
      role="group"
      aria-label={props.title ? t("card-label", { title: props.title.name }) : undefined}
      aria-hidden={props.depth !== 0}
      style={{ "background-color": props.title ? design(props.title).colours.deep : "" }}
    >
      {drawn() && props.title && <Poster title={props.title} size="full" />}
      <span class="stamp like" ref={likeStamp} aria-hidden="true">
        {t("stamp-like")}
      </span>
      <span class="stamp skip" ref={skipStamp} aria-hidden="true">
        {t("stamp-skip")}
      </span>
    </div>
  );
}

/** Where a card lies, by how many are above it; fractions while the one above is being dragged. */
function placeOf(depth: number): string {
  return `translate3d(0, ${depth * 14}px, 0) scale(${1 - depth * 0.045})`;
}

function lifted(x: number, y: number): string {
  return `translate3d(${x}px, ${y}px, 0) rotate(${x * 0.045}deg)`;
}

function fly(card: HTMLElement, side: Side, x: number, y: number, speed: number): Promise<unknown> {
  const way = side === "like" ? 1 : -1;
  const away = window.innerWidth + card.offsetWidth * 0.4;
  const duration = Math.max(180, Math.min(380, speed > 0 ? (away - Math.abs(x)) / speed : 340));
  const stamp = card.querySelector<HTMLElement>(`.stamp.${side}`);
  if (stamp) stamp.style.opacity = "1";
  const frames = calm.matches
    ? [{ opacity: 1 }, { opacity: 0 }]
    : [{ transform: lifted(x, y) }, { transform: lifted(way * away, y + (y || 30) * 0.6) }];
  return card
    .animate(frames, {
      duration,
      easing: speed > 0.5 ? "ease-out" : "cubic-bezier(.4, 0, .7, .6)",
      fill: "forwards",
    })
    .finished.catch(() => undefined);
}

function comeBack(card: HTMLElement, side: Side): Promise<unknown> {
  const way = side === "like" ? 1 : -1;
  const frames = calm.matches
    ? [{ opacity: 0 }, { opacity: 1 }]
    : [{ transform: lifted(way * window.innerWidth, 30) }, { transform: placeOf(0) }];
  return card
    .animate(frames, { duration: 300, easing: "cubic-bezier(.2, 1.1, .3, 1)" })
    .finished.catch(() => undefined);
}
