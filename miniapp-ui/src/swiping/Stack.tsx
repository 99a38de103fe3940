/**
 * The stack of cards. A card keeps its element from the moment it is dealt until it has flown away, so that
 * nothing is drawn twice and the finger never loses it.
 */
import { For, createMemo, createSignal, onCleanup, onMount } from "solid-js";
import { unwrap } from "solid-js/store";

import type { Title, Verdict } from "../generated/wire";
import { afterFrame } from "../parts/idle";
import { plain } from "../room/useRoom";
import { Card, type Throw, UNTHROWN, fly } from "./Card";

export interface StackHandle {
  /** Throws the top card to the side of the verdict, as a finger would. */
  fling: (verdict: Verdict) => void;
}

/** A title of its own, and what it is compared by: each swipe looks at all of them. */
interface Copy {
  text: string;
  title: Title;
}

/** What comes after a throw finds it done. */
const ENDS_THE_WAIT = ["pointerdown", "keydown", "click", "pagehide"] as const;

export function Stack(props: {
  cards: Title[];
  /** Whether the top card can be thrown up. */
  up: boolean;
  swipe: (title: Title, verdict: Verdict) => void;
  open: (title: Title) => void;
  cross: () => void;
  handle: (handle: StackHandle) => void;
}) {
  const [flying, setFlying] = createSignal<Title[]>([]);
  /** Whether a finger is down: whatever can wait does. */
  const [held, setHeld] = createSignal(false);
  const calm = createMemo(() => !held() && flying().length === 0);
  const elements = new Map<string, HTMLElement>();
  /** Where a card that comes back flies in from. */
  const gone = new Map<string, Verdict>();

  /** The first three. */
  const ahead = createMemo(() => props.cards.slice(0, 3));
  const order = createMemo(() => ahead().map((title) => title.id), [], { equals: isSame });
  const shown = createMemo(() => {
    // A third is laid below while nothing moves.
    const here = ahead().filter(({ id }, place) => place < 2 || elements.has(id) || calm());
    const ids = new Set(here.map((title) => title.id));
    return [...flying().filter((title) => !ids.has(title.id)), ...here];
  });
  const ids = createMemo(() => shown().map((title) => title.id), [], { equals: isSame });
  /** A title that says what it said stays the same object, so that its poster is not drawn again with every swipe. */
  const byId = createMemo((before: Map<string, Copy>) => {
    const same = (title: Title): Copy => {
      const known = before.get(title.id);
      const text = JSON.stringify(unwrap(title));
      return known?.text === text ? known : { text, title: JSON.parse(text) as Title };
    };
    return new Map(shown().map((title) => [title.id, same(title)]));
  }, new Map<string, Copy>());
  const depth = (id: string) => order().indexOf(id);
  const without = (id: string) => (before: Title[]) => before.filter((title) => title.id !== id);

  /** A card that was thrown, until the frame in which it begins to fly is drawn. */
  let due: { title: Title; verdict: Verdict; focused: boolean } | null = null;
  const swipeDue = () => {
    if (due === null) return;
    const { title, verdict, focused } = due;
    due = null;
    gone.set(title.id, verdict);
    props.swipe(title, verdict);
    // The focus moves to the next card.
    if (focused) elements.get(props.cards[0]?.id ?? "")?.focus({ preventScroll: true });
  };

  const throwAway = (title: Title, verdict: Verdict, thrown: Throw) => {
    swipeDue();
    const thisOne = plain(title);
    const card = elements.get(thisOne.id);
    setFlying((before) => [...without(thisOne.id)(before), thisOne]);
    due = {
      title: thisOne,
      verdict,
      focused: card !== undefined && document.activeElement === card,
    };
    const land = () => {
      swipeDue();
      setFlying(without(thisOne.id));
    };
    // A card that leaves the hand goes on moving in the next frame, and the rest follows.
    if (thrown === UNTHROWN) swipeDue();
    else afterFrame(swipeDue);
    if (card) void fly(card, verdict, thrown).then(land);
    else land();
  };

  onMount(() => {
    const lift = () => setHeld(false);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, lift, true);
    for (const next of ENDS_THE_WAIT) addEventListener(next, swipeDue, true);
    onCleanup(() => {
      swipeDue();
      for (const end of ["pointerup", "pointercancel"]) removeEventListener(end, lift, true);
      for (const next of ENDS_THE_WAIT) removeEventListener(next, swipeDue, true);
    });
    props.handle({
      fling(verdict) {
        const top = props.cards[0];
        if (top) throwAway(top, verdict, UNTHROWN);
      },
    });
  });

  return (
    <div class="stack-of-cards" onPointerDown={() => setHeld(true)}>
      <For each={ids()}>
        {(id) => (
          <Card
            title={byId().get(id)?.title}
            depth={depth(id)}
            calm={calm()}
            from={gone.get(id) ?? null}
            up={props.up}
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

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, place) => id === other[place]);
}
