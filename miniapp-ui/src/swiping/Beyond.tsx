/** What the server knows of a title beyond its card: who made it, its trailer, where to watch it, and whose data that is. */
import { For, Show, createEffect, createMemo, createSignal, onCleanup } from "solid-js";

import { useApp } from "../app/context";
import type { Offer, OfferKind, Title, TitleDetails } from "../generated/wire";
import { OutLink } from "../parts/OutLink";
import { t } from "../text/texts";
import { isHttps } from "./isHttps";
import "./beyond.css";

/** In which order offers are named: what costs least first. */
const KINDS: readonly OfferKind[] = ["stream", "free", "rent", "buy"];

export function Beyond(props: { title: Title }) {
  const app = useApp();
  const [known, setKnown] = createSignal<TitleDetails | null>(null);
  createEffect(() => {
    const { id, kind } = props.title;
    setKnown(null);
    // What somebody typed is nobody's title, and nobody knows more of it.
    if (kind === "text") return;
    let gone = false;
    onCleanup(() => (gone = true));
    app.api.titleDetails(id).then(
      (details) => {
        if (!gone) setKnown(details);
      },
      // Without it the card's own words are there.
      () => undefined,
    );
  });
  return <Show when={known()}>{(details) => <All details={details()} />}</Show>;
}

function All(props: { details: TitleDetails }) {
  const people = () => {
    const rows: [string, string][] = [
      [t("directors", { count: props.details.directors.length }), props.details.directors.join(", ")],
      [t("cast"), props.details.cast.join(", ")],
    ];
    return rows.filter(([, names]) => names !== "");
  };
  const offers = createMemo(() =>
    KINDS.map((kind) => [kind, props.details.watch.filter((offer) => offer.kind === kind)] as const).filter(
      ([, some]) => some.length > 0,
    ),
  );
  const names = (source: string) => props.details.attribution.includes(source);
  return (
    <div class="beyond" data-testid="beyond">
      <Show when={people().length > 0}>
        <dl class="facts people">
          <For each={people()}>
            {([name, value]) => (
              <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            )}
          </For>
        </dl>
      </Show>
      <Show when={isHttps(props.details.trailer)}>
        {(url) => (
          <OutLink class="outside" href={url()} testid="trailer">
            {t("trailer")}
          </OutLink>
        )}
      </Show>
      <Show when={offers().length > 0}>
        <section aria-labelledby="where-to-watch">
          <h3 id="where-to-watch">{t("where-to-watch")}</h3>
          <For each={offers()}>{([kind, some]) => <Offers kind={kind} offers={some} />}</For>
        </section>
      </Show>
      <Show when={props.details.incomplete}>
        <p class="note" data-testid="details-incomplete">
          {t("details-incomplete")}
        </p>
      </Show>
      <Show when={names("TMDB") || names("JustWatch")}>
        <p class="beyond-sources" data-testid="sources">
          <Show when={names("TMDB")}>{t("source-tmdb")}</Show>{" "}
          <Show when={names("JustWatch")}>{t("source-justwatch")}</Show>
        </p>
      </Show>
    </div>
  );
}

function Offers(props: { kind: OfferKind; offers: Offer[] }) {
  return (
    <div class="offers">
      <p class="offers-kind">{t(`offer-${props.kind}`)}</p>
      <ul>
        <For each={props.offers}>
          {(offer) => (
            <li>
              <Show when={isHttps(offer.url)} fallback={<span class="outside idle">{offer.provider}</span>}>
                {(url) => (
                  <OutLink class="outside" href={url()}>
                    {offer.provider}
                  </OutLink>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
