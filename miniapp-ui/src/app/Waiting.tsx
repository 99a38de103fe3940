/** The server asked for a pause: says how long it still is, and goes on by itself. */
import { createSignal, onCleanup, onMount } from "solid-js";

import { Notice } from "../parts/Notice";
import { t } from "../text/texts";

export default function Waiting(props: { seconds: number; over: () => void }) {
  const [left, setLeft] = createSignal(0);
  onMount(() => {
    const until = Date.now() + props.seconds * 1000;
    setLeft(props.seconds);
    const timer = setInterval(() => {
      // By the clock: a page in the background counts slowly.
      setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
      if (left() > 0) return;
      clearInterval(timer);
      props.over();
    }, 250);
    onCleanup(() => {
      clearInterval(timer);
    });
  });
  return (
    <Notice
      scene="sci-fi"
      title={t("pause-title")}
      lead={t("pause-lead", { count: Math.max(1, left()) })}
      testid="waiting-for-server"
    />
  );
}
