/** Ways to bring somebody in: Telegram's own sharing, the link, a code for a camera. */
import { Show, createResource, createSignal } from "solid-js";

import { useApp } from "../app";
import type { Room } from "../generated/wire";
import { Icon } from "../parts/icons";
import { Sheet } from "../parts/Sheet";
import { t } from "../text/texts";

export function Invite(props: { room: Room }) {
  const app = useApp();
  const [qr, setQr] = createSignal(false);
  const url = () => props.room.invite_url ?? "";
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url() || props.room.code);
    } catch {
      // Frames often may not write to the clipboard: the old way still works there.
      copyOldWay(url() || props.room.code);
    }
    app.tg.haptic("tick");
    app.say(t("copied"));
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
      const { encode } = await import("uqr");
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

function copyOldWay(text: string): void {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  // Deprecated, and the only way left where the clipboard's interface is denied.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  document.execCommand("copy");
  field.remove();
}
