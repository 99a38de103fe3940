/** Ways to bring somebody in: Telegram's own sharing, the link, a code for a camera. */
import { Show, createResource, createSignal, onMount } from "solid-js";

import { useApp } from "../app/context";
import type { Room } from "../generated/wire";
import { Icon } from "../parts/icons";
import { untilFetched } from "../net/untilFetched";
import { copied } from "../parts/clipboard";
import { Sheet } from "../parts/Sheet";
import { t } from "../text/texts";
import "./room.css";

export function Invite(props: { room: Room }) {
  const app = useApp();
  const [qr, setQr] = createSignal(false);
  const url = () => props.room.invite_url ?? "";
  const [byHand, setByHand] = createSignal(false);
  const toCopy = () => url() || props.room.code;
  const copy = async () => {
    app.tg.haptic("tick");
    if (await copied(toCopy())) app.say(t("copied"));
    else setByHand(true);
  };
  return (
    <section class="invite" aria-label={t("invite")}>
      <div class="invite-row">
        <Show when={url()}>
          <button
            class="tile"
            data-testid="share"
            onClick={() => {
              app.tg.share(url(), t("share-text", { room: props.room.name }));
            }}
          >
            <Icon name="share" />
            {t("share")}
          </button>
        </Show>
        <button class="tile" data-testid="copy-link" onClick={() => void copy()}>
          <Icon name="link" />
          {t("copy-link")}
        </button>
        <Show when={url()}>
          <button class="tile" data-testid="qr" onClick={() => setQr(true)}>
            <Icon name="qr" />
            {t("qr-code")}
          </button>
        </Show>
      </div>
      <Show when={byHand()}>
        <Sheet title={t("copy-by-hand")} close={() => setByHand(false)} testid="copy-sheet">
          <p class="lead">{t("copy-by-hand-lead")}</p>
          <Selected text={toCopy()} />
        </Sheet>
      </Show>
      <Show when={qr()}>
        <Sheet title={props.room.name} close={() => setQr(false)} testid="qr-sheet">
          <QrCode url={url()} />
          <p class="lead centre">{t("qr-lead")}</p>
          <p class="code-large">{props.room.code}</p>
        </Sheet>
      </Show>
    </section>
  );
}

function QrCode(props: { url: string }) {
  const [drawing] = createResource(
    () => props.url,
    async (url) => {
      const { encode } = await untilFetched(
        () => import("uqr"),
        () => undefined,
      );
      const { data, size } = encode(url, { ecc: "M", border: 2 });
      const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
      return { size, path: squares.join("") };
    },
  );
  return (
    <Show when={drawing()} fallback={<div class="bone qr" />}>
      {(code) => (
        <svg class="qr" viewBox={`0 0 ${code().size} ${code().size}`} role="img" aria-label={t("qr-code")}>
          <path d={code().path} />
        </svg>
      )}
    </Show>
  );
}

/** A text that is selected already, for the fingers to copy. */
function Selected(props: { text: string }) {
  let field: HTMLTextAreaElement | undefined;
  const select = () => field?.select();
  // Once the sheet has taken the focus, and again whenever somebody touches it.
  onMount(() => requestAnimationFrame(select));
  return (
    <textarea
      class="field by-hand"
      data-testid="copy-text"
      aria-label={t("copy-link")}
      readonly
      rows={2}
      ref={field}
      onFocus={select}
      onClick={select}
    >
      {props.text}
    </textarea>
  );
}
