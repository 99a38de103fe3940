/** On the first card of somebody's first round: who sees what of their swipes. Said once on each phone. */
import { onCleanup } from "solid-js";

import { useApp } from "../app/context";
import "./secrecy.css";
import { t } from "../text/texts";

export default function Secrecy() {
  const app = useApp();
  onCleanup(() => {
    app.keep.set("secrecy", "told");
  });
  return (
    <p class="secrecy" data-testid="secrecy" role="status">
      {t("secret-swipes")}
    </p>
  );
}
