/** Over the next card, after somebody's first super-like or veto: what comes of it. Said once on each phone. */
import { onCleanup } from "solid-js";

import { useApp } from "../app/context";
import type { Verdict } from "../generated/wire";
import { t } from "../text/texts";
import "./secrecy.css";

export default function Signalled(props: { verdict: Verdict; people: number }) {
  const app = useApp();
  // eslint-disable-next-line solid/reactivity -- what was signalled stays what it was
  const key = `signal.${props.verdict}`;
  onCleanup(() => {
    app.keep.set(key, "told");
  });
  return (
    <p class="secrecy" data-testid="signalled" role="status">
      {props.verdict === "veto"
        ? t("signalled-veto", { count: props.people })
        : t("signalled-super-like", { count: props.people })}
    </p>
  );
}
